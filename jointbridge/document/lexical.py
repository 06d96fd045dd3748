"""Bytes to a JSON value, refusing everything that JSON or a stranger may slip in.

    bytes ─ size ─ looks like? ─ UTF-8 ─ depth ─ json ─ duplicates, surrogates ─► value

Depth is measured on the text, before anything recurses into it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from jointbridge.document.limits import Limits
from jointbridge.errors import LimitError, Problem, SpecError

#: First bytes of files that are often handed over by mistake.
_MAGIC = {
    b"PK\x03\x04": "a zip, as npz files are",
    b"PK\x05\x06": "an empty zip",
    b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle",
    b"\x80\x05": "a pickle",
    b"\x93NUMPY": "an npy array",
    b"\x89HDF": "an HDF5 file",
    b"\x1f\x8b": "a gzip",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_BOM = b"\xef\xbb\xbf"

# Possessive, so that an open quote costs one pass and no more.
_BRACKET = re.compile(
    r'"(?:[^"\\]++|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL
)

#: More digits than any float has; far below Python's own guard, which raises.
_MAX_DIGITS = 310


def read_json(text: str | bytes, limits: Limits) -> Any:
    """The JSON value that `text` says.

    Raises:
        SpecError: It is not JSON, or says something twice.
        LimitError: It is too large or too deeply nested.
    """
    decoded = _decode(_encode(text), limits)
    _check_depth(decoded, limits.max_depth)
    return _parse(decoded)


def _fail(message: str, hint: str = "", code: str = "json") -> NoReturn:
    raise SpecError(message, code=code, path="$", hint=hint)


def _encode(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        _fail(f"a lone surrogate at character {error.start}")


def _decode(raw: bytes, limits: Limits) -> str:
    if len(raw) > limits.max_bytes:
        message = f"{len(raw):,} bytes; at most {limits.max_bytes:,} are read"
        raise LimitError(message, path="$", hint="put large arrays beside the file")
    if not raw.strip():
        _fail("the file is empty", 'a spec starts with {"jointbridge": "1.0", …}')
    for magic, kind in _MAGIC.items():
        if raw.startswith(magic):
            _fail(f"not a jointbridge file (looks like {kind})")
    if raw[8:9] == b"{" and int.from_bytes(raw[:8], "little") < len(raw):
        _fail("not a jointbridge file (looks like safetensors)", "give its JSON file")
    if raw.startswith(_BOM):
        _fail("the file starts with a byte order mark", "save it as UTF-8 without BOM")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        _fail(f"byte {error.start} is not UTF-8", "save the file as UTF-8")


def _check_depth(text: str, limit: int) -> None:
    depth = 0
    for match in _BRACKET.finditer(text):
        depth += (match["open"] is not None) - (match["close"] is not None)
        if depth > limit:
            line = text.count("\n", 0, match.start()) + 1
            message = f"nested more than {limit} deep, in line {line}"
            raise LimitError(message, path="$")


def _parse(text: str) -> Any:
    twice: list[tuple[Any, str]] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            keys = [key for key, _ in items]
            repeated = sorted({key for key in keys if keys.count(key) > 1})
            twice.extend((made, key) for key in repeated)
        return made

    try:
        value = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_float=_float,
            parse_int=_int,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        _fail(f"not JSON: {error.msg}, at {place}", _hint(text, error.pos))
    except RecursionError:
        raise LimitError("nested too deep to read", path="$") from None
    problems = [*_duplicates(value, twice), *_surrogates(text, value)]
    if problems:
        raise SpecError(problems)
    return value


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        _fail(f"{text[:40]} is out of the range of floats")
    return value


def _int(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        _fail(f"an integer of {len(text)} digits is out of range")
    return int(text)


def _constant(text: str) -> NoReturn:
    hint = 'in data, write "nan", "inf" or "-inf" beside "allow_nonfinite": true'
    _fail(f"{text} is not JSON", hint)


def _hint(text: str, position: int) -> str:
    rest, before = text[position:].lstrip(), text[:position].rstrip()
    if rest.startswith(("//", "/*", "#")):
        return 'JSON has no comments; write a "description", or a key like "x-note"'
    if rest.startswith(("}", "]")) or before.endswith(","):
        return "JSON has no trailing commas"
    if rest.startswith("'"):
        return "JSON has double quotes"
    if rest.startswith(("True", "False", "None")):
        return "JSON says true, false and null"
    return ""


def _duplicates(value: Any, twice: list[tuple[Any, str]]) -> Iterator[Problem]:
    if not twice:
        return
    places = {id(item): path for path, item in walk(value)}
    for made, key in twice:
        # What a repeated key shadows is reported by the repetition itself.
        if path := places.get(id(made)):
            yield Problem("structure", join(path, key), f"the key {key!r} is repeated")


def _surrogates(text: str, value: Any) -> Iterator[Problem]:
    if "\\ud" not in text and "\\uD" not in text:
        return
    for path, item in walk(value):
        strings = [item, *item] if isinstance(item, dict) else [item]
        if any(isinstance(s, str) and re.search("[\ud800-\udfff]", s) for s in strings):
            yield Problem("json", path, "a lone surrogate is no character")


def walk(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Every value inside a JSON value, with its path."""
    stack = [(path, value)]
    while stack:
        path, top = stack.pop()
        yield path, top
        if isinstance(top, dict):
            stack += [(join(path, k), v) for k, v in top.items()]
        elif isinstance(top, list):
            stack += [(join(path, i), v) for i, v in enumerate(top)]


def join(path: str, key: str | int) -> str:
    """The path of an item: `$.sites[2].dist`, `$.data["a b"]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    key = key if len(key) <= 80 else key[:79] + "…"
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{json.dumps(key)}]"


def describe(value: Any) -> str:
    """What a JSON value is, in words."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case int() | float():
            return f"the number {value!r:.40}"
        case str():
            return f"the text {value!r}" if len(value) < 40 else f"{value[:39]!r}…"
        case list():
            return "a list"
    return "an object"
