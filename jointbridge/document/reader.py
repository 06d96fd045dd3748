"""A file to a spec, or to everything that is wrong with it.

bytes ─ lexical ─► JSON value ─ table of fields ─► Spec ─ analysis ─► Spec
              every problem, with code, path and hint
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from jointbridge.analysis import Analysis, analyse
from jointbridge.document.context import FAILED, Context
from jointbridge.document.fields import DOCUMENT
from jointbridge.document.files import read_bounded, read_stdin
from jointbridge.document.lexical import describe, join, read_json
from jointbridge.document.limits import DEFAULT, Limits
from jointbridge.document.rows import read_fields
from jointbridge.document.sidecar import check_leftovers
from jointbridge.errors import LimitError, Problem, SpecError, did_you_mean
from jointbridge.expression import EXPRESSIONS, walk
from jointbridge.spec import (
    UNREAD,
    UNREAD_SIZE,
    Data,
    Plate,
    Scan,
    Spec,
    Type,
    nodes,
)
from jointbridge.validity import examine

_NO_TYPE = Type()

#: The newest version of the format that is read, and the one that is written.
VERSION = (1, 0)
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")


def loads(
    text: str | bytes, *, limits: Limits = DEFAULT, folder: Path | None = None
) -> Spec:
    """The spec that a text says.

    Args:
        text: A JSON document.
        limits: What is refused for its size.
        folder: Where the document's files of arrays lie.

    Returns:
        The spec, without any error; there may be warnings.

    Raises:
        SpecError: It is not a valid spec; every error is listed.
        LimitError: It exceeds a limit.
    """
    spec, problems = _examine(text, limits, folder)
    errors = [p for p in problems if p.severity == "error"]
    if spec is None or errors:
        raise SpecError(errors)
    return spec


def load(path: str | PathLike[str], *, limits: Limits = DEFAULT) -> Spec:
    """The spec in a file; the path `-` is standard input.

    Args:
        path: A JSON file; its files of arrays lie in the same folder.
        limits: What is refused for its size.

    Returns:
        The spec, without any error; there may be warnings.

    Raises:
        FileError: The file cannot be read.
        SpecError: It is not a valid spec; every error is listed.
        LimitError: It exceeds a limit.
    """
    text, folder = _read(path, limits)
    return loads(text, limits=limits, folder=folder)


def validate(
    path_or_text: str | bytes | PathLike[str], *, limits: Limits = DEFAULT
) -> list[Problem]:
    """Everything that is wrong or suspicious in a file or a text.

    Args:
        path_or_text: A path, or the text of a JSON document.
        limits: What is refused for its size.

    Returns:
        Errors and warnings; none for a perfect spec. Bad content never raises.

    Raises:
        FileError: The file cannot be read.
    """
    try:
        folder = None
        if _is_text(path_or_text):
            text: Any = path_or_text
        else:
            text, folder = _read(path_or_text, limits)  # type: ignore[arg-type]
        return _examine(text, limits, folder)[1]
    except (SpecError, LimitError) as error:
        return list(error.problems)


def _is_text(given: str | bytes | PathLike[str]) -> bool:
    if not isinstance(given, str):
        return isinstance(given, bytes)
    return not given.strip() or given.lstrip()[0] in '{["\ufeff' or "\n" in given


def _read(path: str | PathLike[str], limits: Limits) -> tuple[bytes, Path | None]:
    if str(path) == "-":
        return read_stdin(limits.max_bytes), None
    raw = read_bounded(Path(path), limits.max_bytes)
    # Arrays lie beside the file itself, not beside a link to it.
    return raw, Path(path).resolve().parent


def _examine(
    text: str | bytes, limits: Limits, folder: Path | None
) -> tuple[Spec | None, list[Problem]]:
    context = Context(limits, folder)
    spec = _spec(read_json(text, limits), context)
    if context.problems:
        # The statements that could be read are examined all the same.
        rest = [] if spec is FAILED else analyse(spec).errors
        return None, [*context.problems, *rest]
    found = examine(spec)
    if not found.errors:
        _check_sizes(found, limits)
    return spec, found.problems


# -- the document -------------------------------------------------------------


def _spec(value: Any, context: Context) -> Any:
    if not isinstance(value, dict):
        message = f"expected an object, got {describe(value)}"
        return context.report("structure", "$", message)
    if not _check_version(value, context):
        return FAILED
    extensions = tuple((k, v) for k, v in value.items() if k.startswith("x-"))
    own = {k: v for k, v in value.items() if not _is_foreign(k)}
    read = read_fields(DOCUMENT, own, "$", context)
    check_leftovers(context)
    if "statements" not in read or FAILED in read.values():
        return FAILED
    plates = tuple(_plates(read.pop("plates"), read["data"], context))
    return Spec(**read, plates=plates, extensions=extensions)


def _is_foreign(key: str) -> bool:
    # $schema is for editors: it is never fetched, and says nothing here.
    return key in ("jointbridge", "$schema") or key.startswith("x-")


def _check_version(value: dict[str, Any], context: Context) -> bool:
    """Whether the rest can be read; a newer format would only confuse."""
    ours = ".".join(map(str, VERSION))
    path = "$.jointbridge"
    if "jointbridge" not in value:
        context.report("missing-field", "$", *_no_version(value, ours))
        return True
    given = value["jointbridge"]
    match = _VERSION.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        message = f"expected a format version, got {describe(given)}"
        context.report("version", path, message, f'write it as a text: "{ours}"')
        return True
    major, minor = map(int, match.groups())
    if major == VERSION[0] and minor <= VERSION[1]:
        return True
    if (major, minor) > VERSION:
        message = f"format {given} needs a newer jointbridge, which reads up to {ours}"
        hint = "pip install --upgrade jointbridge"
    else:
        message, hint = f"format {given} was never released", f'write "{ours}"'
    context.report("version", path, message, hint)
    return False


def _no_version(value: dict[str, Any], ours: str) -> tuple[str, str]:
    hint = f'write "jointbridge": "{ours}"'
    for key in list(value)[:8]:
        if did_you_mean(key[:80], ["jointbridge"]).startswith("did"):
            hint += f" in place of {key!r}"
    return "misses 'jointbridge', the format version", hint


def _plates(
    sizes: tuple[tuple[str, Any], ...], data: tuple[Data, ...], context: Context
) -> Iterator[Plate]:
    types = {d.name: d.type for d in data}
    for name, size in sizes:
        if isinstance(size, int):
            yield Plate(name, size)
            continue
        of, axis = size if size is not FAILED else (name, 0)
        where = join("$.plates", name)
        if size is FAILED or types.get(of, _NO_TYPE).kind == UNREAD:
            yield Plate(name, UNREAD_SIZE)
        elif of not in types:
            hint = did_you_mean(of, types)
            context.report("unknown-name", where, f"no data {of!r}", hint)
        elif not -types[of].rank <= axis < types[of].rank:
            message = f"{of!r} is {types[of]}: it has no axis {axis}"
            context.report("shape", where, message)
        else:
            yield Plate(name, types[of].shape[axis], size)


# -- sizes --------------------------------------------------------------------


def _check_sizes(found: Analysis, limits: Limits) -> None:
    """Refuse what no machine should allocate, before anything does."""
    for path, type_ in _types(found):
        if type_.size > limits.max_elements:
            message = f"{type_} has {type_.size:,} elements"
            raise LimitError(
                f"{message}; at most {limits.max_elements:,} are allowed", path=path
            )


def _types(found: Analysis) -> Iterator[tuple[str, Type]]:
    """The type of every value in the spec, named or not."""
    for name, site in found.sites.items():
        yield name, site.type
    for number, statement in enumerate(found.spec.statements):
        for field, node in nodes(statement):
            scope = found.scope
            if isinstance(statement, Scan) and not field.startswith(("carry", "over")):
                scope = found.scans[statement.name][0]
            for top in walk(node):
                if isinstance(top, EXPRESSIONS):
                    yield f"$.sites[{number}].{field}", scope.type(top)
