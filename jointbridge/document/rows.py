"""What a row of the table of fields says, and how any row is read and written.

{"factor": name, "value": expression}

Row(Factor) ── Field "factor" ── NAME ────────── read, write, schema
            └─ Field "value" ─── EXPRESSION ──── read, write, schema
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jointbridge.document.context import FAILED, Context
from jointbridge.document.lexical import describe, join
from jointbridge.errors import did_you_mean

#: The default of a field that must be written.
REQUIRED: Any = object()

#: Unknown keys of one object that are reported; more would be noise.
_MAX_UNKNOWN = 20


@dataclass(frozen=True)
class Form:
    """One sort of value: how it is read from JSON, written and described.

    Attributes:
        read: `(JSON value, path, context)` to the value; raises or reports problems.
        write: The value to JSON.
        schema: What JSON Schema says of it.
    """

    read: Callable[[Any, str, Context], Any]
    write: Callable[[Any], Any]
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One key of an object: its form, its meaning and where its value belongs.

    Attributes:
        attribute: The attribute it becomes; the key itself where empty.
        default: The value where the key is not written, which is then not written.
    """

    key: str
    form: Form
    meaning: str
    attribute: str = ""
    default: Any = REQUIRED

    @property
    def target(self) -> str:
        """The attribute that the field becomes."""
        return self.attribute or self.key


@dataclass(frozen=True)
class Row:
    """One sort of object, recognised by the key of its first field."""

    make: Callable[..., Any]
    meaning: str
    fields: tuple[Field, ...]

    @property
    def tag(self) -> str:
        """The key that says which sort of object it is."""
        return self.fields[0].key

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys that may be written."""
        return frozenset(field.key for field in self.fields)


def read_row(row: Row, value: Any, path: str, context: Context) -> Any:
    """The object that `value` says, or `FAILED` with all its problems reported."""
    if not isinstance(value, dict):
        message = f"expected an object, got {describe(value)}"
        return context.report("structure", path, message)
    before = len(context.problems)
    made = read_fields(row, value, path, context)
    return FAILED if len(context.problems) > before else row.make(**made)


def read_fields(
    row: Row, value: Mapping[str, Any], path: str, context: Context
) -> dict[str, Any]:
    """The fields of an object; those with problems, reported, are `FAILED` or absent."""
    _report_unknown(row, value, path, context)
    made = {}
    for field in row.fields:
        where = join(path, field.key)
        if field.key in value:
            read = context.attempt(field.form.read, value[field.key], where)
            made[field.target] = read
        elif field.default is REQUIRED:
            context.report(
                "missing-field", path, f"misses {field.key!r}", field.meaning
            )
        else:
            made[field.target] = field.default
    return made


def _report_unknown(
    row: Row, value: Mapping[str, Any], path: str, context: Context
) -> None:
    unknown = [key for key in value if key not in row.keys]
    for key in unknown[:_MAX_UNKNOWN]:
        message = f"no field {key[:80]!r}"
        hint = did_you_mean(key[:80], row.keys)
        context.report("unknown-field", join(path, key), message, hint)


def tagged(
    rows: Mapping[str, Row], value: Any, path: str, context: Context, what: str
) -> Any:
    """The object that `value` says, by the one tag of `rows` that it has."""
    if not isinstance(value, dict):
        message = f"expected {what} as an object, got {describe(value)}"
        return context.report("structure", path, message)
    tags = [key for key in value if key in rows]
    if len(tags) == 1:
        return read_row(rows[tags[0]], value, path, context)
    if tags:
        message = f"{what} is one thing, got {' and '.join(map(repr, tags))}"
        return context.report("structure", path, message, "write two of them")
    first = next(iter(value), "")[:80]
    hint = did_you_mean(first, rows)
    message = f"expected {what} with one of {', '.join(rows)}"
    return context.report("missing-field", path, message, hint)


def write_row(row: Row, made: Any) -> dict[str, Any]:
    """The JSON object of `made`; fields at their defaults are left out."""
    values = ((field, getattr(made, field.target)) for field in row.fields)
    return {f.key: f.form.write(v) for f, v in values if v != f.default}


def row_schema(row: Row) -> dict[str, Any]:
    """What JSON Schema says of a row."""
    return {
        "type": "object",
        "description": row.meaning,
        "properties": {
            f.key: {**f.form.schema, "description": f.meaning} for f in row.fields
        },
        "required": [f.key for f in row.fields if f.default is REQUIRED],
        "additionalProperties": False,
    }
