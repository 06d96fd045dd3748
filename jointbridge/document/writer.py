"""A spec to text: one canonical form, made for people and for diffs.

One statement a line, one entry of data a line where they do not all fit on one, ten
numbers a line in a long array: a change in one place changes one line.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from jointbridge.document.fields import DOCUMENT
from jointbridge.document.files import write_all
from jointbridge.document.reader import VERSION
from jointbridge.document.rows import write_row
from jointbridge.document.sidecar import (
    SUFFIX,
    array_digest,
    large,
    reference,
    sidecar_bytes,
)
from jointbridge.spec import Data, Spec

_WIDTH = 88
_NUMBERS_PER_LINE = 10


def dumps(spec: Spec) -> str:
    """The text of a spec, with every array written out.

    Args:
        spec: The spec.

    Returns:
        A JSON document; `loads` gives the same spec again, floats bit for bit.
    """
    return _text(_document(spec, {}))


def save(spec: Spec, path: str | PathLike[str], *, overwrite: bool = False) -> None:
    """Write a spec to a file, all of it or nothing.

    Arrays of more than 4096 elements go into one `.safetensors` file beside it.

    Args:
        spec: The spec.
        path: The JSON file.
        overwrite: Whether files that exist may be replaced.

    Raises:
        FileError: A file exists, or cannot be written; old files are untouched.
    """
    path = Path(path).resolve()
    beside = path.with_suffix(SUFFIX)
    arrays = large(spec.data)
    stored = {data.name: reference(data, beside.name) for data in arrays}
    contents = {beside: sidecar_bytes(arrays)} if arrays else {}
    contents[path] = _text(_document(spec, stored)).encode()
    write_all(contents, overwrite=overwrite)


def digest(spec: Spec) -> str:
    """A fingerprint of what a spec says.

    Args:
        spec: The spec.

    Returns:
        A sha256: equal for specs that differ only in description, extensions, and the
        order of plates and data.
    """
    bare = replace(
        spec,
        description="",
        extensions=(),
        plates=tuple(sorted(spec.plates, key=lambda plate: plate.name)),
        data=tuple(sorted(spec.data, key=lambda data: data.name)),
    )
    stored = {d.name: {"sha256": array_digest(d)} for d in large(spec.data)}
    return hashlib.sha256(_text(_document(bare, stored)).encode()).hexdigest()


def _document(spec: Spec, stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON value of a spec, with references in place of some arrays."""
    # Declared data has no numbers to write out.
    data = tuple(Data(d.name, d.type) if d.name in stored else d for d in spec.data)
    made = write_row(DOCUMENT, replace(spec, data=data))
    for name, entry in stored.items():
        made["data"][name] |= entry
    version = ".".join(map(str, VERSION))
    return {"jointbridge": version, **made, **dict(spec.extensions)}


# -- layout -------------------------------------------------------------------


def _text(document: Mapping[str, Any]) -> str:
    lines = []
    for key, value in document.items():
        laid = _sites(value) if key == "sites" else _lay(value, 2, len(key) + 6)
        lines.append(f"  {_line(key)}: {laid}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _sites(statements: list[dict[str, Any]]) -> str:
    # A scan has statements of its own; every other statement is a line.
    laid = [_lay(s, 4, 4) if "scan" in s else _line(s) for s in statements]
    return _block(laid, "[]", 2)


def _lay(value: Any, indent: int, used: int) -> str:
    """The text of a value: one line where it fits, else one line an item."""
    if not isinstance(value, (list, dict)) or not value:
        return _line(value)
    if _brief(value) and used + len(line := _line(value)) < _WIDTH:
        return line
    inner = indent + 2
    if isinstance(value, dict):
        items = [
            f"{_line(k)}: {_lay(v, inner, inner + len(k) + 5)}"
            for k, v in value.items()
        ]
        return _block(items, "{}", indent)
    if isinstance(value[0], (list, dict)):
        return _block([_lay(item, inner, inner) for item in value], "[]", indent)
    rows = range(0, len(value), _NUMBERS_PER_LINE)
    chunks = [_line(value[at : at + _NUMBERS_PER_LINE])[1:-1] for at in rows]
    return _block(chunks, "[]", indent)


def _brief(value: list[Any] | dict[str, Any]) -> bool:
    """Whether it may fit on a line at all; a long array need not be tried."""
    return len(value) < _WIDTH


def _block(items: list[str], brackets: str, indent: int) -> str:
    if not items:
        return brackets
    space = "\n" + " " * (indent + 2)
    end = "\n" + " " * indent
    return brackets[0] + space + f",{space}".join(items) + end + brackets[1]


def _line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text if text.isprintable() else _INVISIBLE.sub(_escape, text)


_INVISIBLE = re.compile(r"[^\x20-\x7e]")


def _escape(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1]
