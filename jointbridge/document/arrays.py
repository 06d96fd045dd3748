"""Entries of data: nested lists, declarations, and arrays that lie in another file.

[1.5, 2.0]                                    a list says its own shape and kind
{"values": [1, 2], "kind": "float"}           … or is told
{"kind": "float", "shape": [8]}               declared, bound later
{"file": …, "key": …, "kind": …, "shape": …, "sha256": …}
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jointbridge.document.context import FAILED, Context, wrong
from jointbridge.document.forms import MAX_AXES, SHAPE, exact, pairs, read_name
from jointbridge.document.lexical import describe, join
from jointbridge.document.rows import Field, Form, Row, read_row, row_schema, tagged
from jointbridge.document.sidecar import DIGEST, FILE_NAME, Stored, read_stored
from jointbridge.spec import KINDS, UNREAD, Data, Type

_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

#: The types of JSON numbers that each kind takes.
_TAKES: dict[str, set[type]] = {"bool": {bool}, "int": {int}, "float": {int, float}}


@dataclass(frozen=True)
class Values:
    """An array in nested lists; kind and shape follow from them where not given."""

    values: Any
    kind: str | None = None
    shape: tuple[int, ...] | None = None
    allow_nonfinite: bool = False


def _kind(value: Any, _: str, __: Context) -> str:
    if isinstance(value, str) and value in KINDS:
        return value
    message = f"expected one of {', '.join(KINDS)}, got {describe(value)}"
    raise wrong(message, "a width belongs to the build, not to the file", "kind")


def _flag(value: Any, _: str, __: Context) -> bool:
    if isinstance(value, bool):
        return value
    raise wrong(f"expected true or false, got {describe(value)}")


_KIND = Form(_kind, str, {"enum": list(KINDS)})
_FLAG = Form(_flag, bool, {"type": "boolean"})
_NESTED = Form(lambda value, _, __: value, list, {"$ref": "#/$defs/array"})
_NAME = Form(read_name, str, {"type": "string"})

_NONFINITE = Field(
    "allow_nonfinite", _FLAG, "whether nan and inf are meant", default=False
)
_KIND_FIELD = Field("kind", _KIND, "float, int or bool")
_SHAPE_FIELD = Field("shape", SHAPE, "the sizes of its axes")

#: The objects that an entry of data may be, by the key they are recognised by.
ENTRIES = {
    row.tag: row
    for row in (
        Row(
            Values,
            "an array in nested lists",
            (
                Field("values", _NESTED, "numbers in nested lists"),
                Field("kind", _KIND, "read from the numbers", default=None),
                Field("shape", SHAPE, "read from the lists", default=None),
                _NONFINITE,
            ),
        ),
        Row(
            Stored,
            "an array in a safetensors file in the same folder",
            (
                Field("file", FILE_NAME, "a plain file name"),
                Field("key", _NAME, "the array's name in the file"),
                _KIND_FIELD,
                _SHAPE_FIELD,
                Field("sha256", DIGEST, "of the array's bytes"),
                _NONFINITE,
            ),
        ),
    )
}
DECLARED = Row(Type, "an array that is bound later", (_KIND_FIELD, _SHAPE_FIELD))


def _data(value: Any, path: str, context: Context) -> tuple[Data, ...]:
    found = []
    for name, entry in pairs(value, "arrays"):
        where = join(path, name)
        context.attempt(read_name, name, where)
        made = context.attempt(_entry, entry, where)
        unread = Data(name, Type((), UNREAD))
        found.append(unread if made is FAILED else made(name))
    return tuple(found)


def _entry(value: Any, path: str, context: Context) -> Any:
    """A function from the name to the data."""
    if not isinstance(value, dict):
        array = _array(Values(value), context)
    elif not ENTRIES.keys() & value:
        return _declared(value, path, context)
    elif (given := tagged(ENTRIES, value, path, context, "data")) is FAILED:
        return FAILED
    elif isinstance(given, Stored):
        array = read_stored(given, context)
    else:
        array = _array(given, context)
    return lambda name: Data.of(name, array)


def _declared(value: Any, path: str, context: Context) -> Any:
    type_ = read_row(DECLARED, value, path, context)
    if type_ is FAILED:
        return FAILED
    context.count_elements(type_.size)
    return lambda name: Data(name, type_)


# -- nested lists -------------------------------------------------------------


def _array(given: Values, context: Context) -> np.ndarray:
    shape, leaves = _flatten(given.values)
    context.count_elements(len(leaves))
    if given.shape is not None and given.shape != shape:
        # [] cannot say (0, 3)
        if leaves or 0 not in given.shape:
            message = f"the shape says {list(given.shape)}, the lists {list(shape)}"
            raise wrong(message, "", "data")
        shape = given.shape
    if given.allow_nonfinite:
        leaves = [_WORDS.get(x, x) if isinstance(x, str) else x for x in leaves]
    kind = given.kind or _kind_of(leaves)
    _check_leaves(leaves, kind, shape)
    return np.array(leaves, dtype=KINDS[kind]).reshape(shape)


def _flatten(value: Any) -> tuple[tuple[int, ...], list[Any]]:
    """Shape and leaves of nested lists, level by level."""
    shape: tuple[int, ...] = ()
    level = [value]
    while level and isinstance(level[0], list):
        if len(shape) == MAX_AXES:
            raise wrong(f"more than {MAX_AXES} axes", "", "data")
        size = len(level[0])
        for number, row in enumerate(level):
            if not isinstance(row, list) or len(row) != size:
                got = f"{len(row)} items" if isinstance(row, list) else describe(row)
                place = _place(number, shape)
                raise wrong(f"ragged: {size} items first, {got} at {place}", "", "data")
        level = [item for row in level for item in row]
        shape = (*shape, size)
    for number, item in enumerate(level):
        if isinstance(item, (list, dict)):
            message = (
                f"ragged: {describe(item)} among numbers at {_place(number, shape)}"
            )
            raise wrong(message, "", "data")
    return shape, level


def _place(number: int, shape: tuple[int, ...]) -> str:
    """The index of the leaf with this number."""
    index = []
    for size in reversed(shape):
        number, rest = divmod(number, size)
        index.append(rest)
    return f"index {index[::-1]}" if shape else "the top"


def _kind_of(leaves: Iterable[Any]) -> str:
    types = set(map(type, leaves))
    for kind, takes in _TAKES.items():
        if types and types <= takes:
            return kind
    return "float"


def _check_leaves(leaves: list[Any], kind: str, shape: tuple[int, ...]) -> None:
    takes = _TAKES[kind]
    wide = kind == "int" or int in set(map(type, leaves))
    for number, leaf in enumerate(leaves):
        good = type(leaf) in takes
        if good and wide:
            good = -(2**63) <= leaf < 2**63 if kind == "int" else exact(leaf)
        if not good:
            raise _no_leaf(leaf, kind, _place(number, shape))


def _no_leaf(leaf: Any, kind: str, place: str) -> Exception:
    if isinstance(leaf, str):
        hint = 'write {"values": …, "allow_nonfinite": true}' if leaf in _WORDS else ""
        return wrong(
            f"expected a number, got {describe(leaf)} at {place}", hint, "data"
        )
    if type(leaf) in _TAKES[kind]:
        message = f"{leaf} at {place} is not exactly representable as {kind}"
        return wrong(message, "integers of a float stay within 2**53", "data")
    return wrong(f"expected {kind}, got {describe(leaf)} at {place}", "", "data")


# -- writing ------------------------------------------------------------------


def write_entry(data: Data) -> Any:
    """The JSON of an entry, all of its numbers written out."""
    if data.values is None:
        return {"kind": data.type.kind, "shape": list(data.type.shape)}
    values = data.values.tolist()
    if data.values.size == 0:
        return {"values": [], "kind": data.type.kind, "shape": list(data.type.shape)}
    if data.type.kind == "float" and not np.isfinite(data.values).all():
        words = _spell(values)
        return {"values": words, "kind": "float", "allow_nonfinite": True}
    return values


def _spell(value: Any) -> Any:
    if isinstance(value, list):
        return [_spell(item) for item in value]
    return value if math.isfinite(value) else repr(value)


DATA = Form(
    _data,
    lambda found: {data.name: write_entry(data) for data in found},
    {"type": "object", "additionalProperties": {"$ref": "#/$defs/data"}},
)

_NUMBER = {"type": ["number", "boolean"]}
_WORD = {"enum": list(_WORDS)}
_LIST = {"type": "array", "items": {"$ref": "#/$defs/array"}}

DEFINITIONS: Mapping[str, Any] = {
    "array": {"anyOf": [_NUMBER, _WORD, _LIST]},
    "data": {
        "anyOf": [
            _NUMBER,
            _LIST,
            *map(row_schema, ENTRIES.values()),
            row_schema(DECLARED),
        ]
    },
}
