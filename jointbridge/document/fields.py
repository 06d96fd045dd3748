"""The table of fields: every object of the format, as a row.

The reader, the writer and the JSON Schema all come from it.
"""

from __future__ import annotations

from typing import Any

from jointbridge.document import arrays
from jointbridge.document.context import FAILED, Context, wrong
from jointbridge.document.forms import (
    AXIS,
    BINDINGS,
    DISTRIBUTION,
    EXPRESSION,
    HINTS,
    NAME,
    PLATES,
    SHAPE,
    SIZE,
    STEPS,
    SUPPORT,
    WORDS,
    pairs,
    read_name,
)
from jointbridge.document.lexical import describe, join
from jointbridge.document.rows import (
    Field,
    Form,
    Row,
    read_row,
    row_schema,
    tagged,
    write_row,
)
from jointbridge.errors import LimitError
from jointbridge.expression import Support
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Param,
    Plate,
    Sample,
    Scan,
    Unread,
)

_VALUE = Field("value", EXPRESSION, "an expression, or a number")

LET = Row(
    Let,
    "a name for an expression, not reported",
    (Field("let", NAME, "its name", "name"), _VALUE),
)


SAMPLE = Row(
    Sample,
    "a random variable",
    (
        Field("sample", NAME, "its name", "name"),
        Field("dist", DISTRIBUTION, "as in Normal(loc=0, scale=1)"),
        Field("plates", PLATES, "plates, left to right; null is 1", default=()),
        Field("shape", SHAPE, "copies inside one draw", default=()),
        Field("observed", EXPRESSION, "the value that was seen", default=None),
        Field("mask", EXPRESSION, "where false, counts as 0", default=None),
        Field("scale", EXPRESSION, "multiplies the log density", default=None),
        Field("hints", HINTS, "words for inference engines", default=()),
    ),
)

#: What may stand in the body of a scan, by the key that it is recognised by.
INNER = {row.tag: row for row in (LET, SAMPLE)}


def _body(value: Any, path: str, context: Context) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise wrong(f"expected a list of lets and samples, got {describe(value)}")
    if len(value) > context.limits.max_sites:
        message = f"a body of {len(value):,} statements"
        raise LimitError(f"{message}; at most {context.limits.max_sites:,} are read")
    return tuple(
        tagged(INNER, item, join(path, number), context, "a statement of a body")
        for number, item in enumerate(value)
    )


BODY = Form(
    _body,
    lambda found: [
        write_row(SAMPLE if isinstance(s, Sample) else LET, s) for s in found
    ],
    {"type": "array", "items": {"anyOf": [{"$ref": f"#/$defs/{t}"} for t in INNER]}},
)

_ROWS = [
    SAMPLE,
    Row(
        Deterministic,
        "a value computed from others, reported beside the draws",
        (Field("deterministic", NAME, "its name", "name"), _VALUE),
    ),
    LET,
    Row(
        Factor,
        "a term added to the log density",
        (Field("factor", NAME, "its name", "name"), _VALUE),
    ),
    Row(
        Param,
        "a learnable value without a density",
        (
            Field("param", NAME, "its name", "name"),
            Field("init", EXPRESSION, "its value where none is given"),
            Field("support", SUPPORT, "as in positive", default=Support("real")),
        ),
    ),
    Row(
        Scan,
        "a recurrence: carries updated once for each slice",
        (
            Field("scan", NAME, "its name", "name"),
            Field("carry", BINDINGS, "carried names with their first values"),
            Field("over", BINDINGS, "names with arrays to walk along", default=()),
            Field("length", STEPS, "the number of steps", default=None),
            Field("body", BODY, "lets and samples of one step", default=()),
            Field("next", BINDINGS, "the next value of every carry"),
            Field("collect", BINDINGS, "what each step gives", default=()),
        ),
    ),
]

#: Statements by the key that they are recognised by.
STATEMENTS = {row.tag: row for row in _ROWS}
_BY_TYPE = {row.make: row for row in _ROWS}


def _statements(value: Any, path: str, context: Context) -> Any:
    if not isinstance(value, list):
        raise wrong(f"expected a list of statements, got {describe(value)}")
    if len(value) > context.limits.max_sites:
        message = f"{len(value):,} sites; at most {context.limits.max_sites:,} are read"
        raise LimitError(message)
    found = []
    for number, item in enumerate(value):
        where = join(path, number)
        made = tagged(STATEMENTS, item, where, context, "a statement")
        found.append(_unread(item, where) if made is FAILED else made)
    return tuple(found)


def _unread(item: Any, path: str) -> Unread:
    """The names that a statement with a mistake would have defined."""
    fields = item if isinstance(item, dict) else {}
    given = [fields[tag] for tag in STATEMENTS if tag in fields]
    collected = fields.get("collect")
    given += list(collected) if isinstance(collected, dict) else []
    body = fields.get("body")
    inner = [s for s in body if isinstance(s, dict)] if isinstance(body, list) else []
    given += [s["sample"] for s in inner if "sample" in s]
    return Unread(tuple(n for n in given if isinstance(n, str)) or (path,))


SITES = Form(
    _statements,
    lambda found: [write_row(_BY_TYPE[type(s)], s) for s in found],
    {
        "type": "array",
        "items": {"anyOf": [{"$ref": f"#/$defs/{t}"} for t in STATEMENTS]},
    },
)

# -- the document -------------------------------------------------------------

_OF = Row(
    lambda of, axis: (of, axis),
    "the size of an axis of data",
    (
        Field("of", NAME, "an entry of data"),
        Field("axis", AXIS, "its axis; negative ones count from the right", default=0),
    ),
)


def _sizes(value: Any, path: str, context: Context) -> tuple[tuple[str, Any], ...]:
    """Names of plates with a size, or with the data axis that has it."""
    found = []
    for name, size in pairs(value, "plates with sizes"):
        where = join(path, name)
        context.attempt(read_name, name, where)
        if isinstance(size, dict):
            found.append((name, read_row(_OF, size, where, context)))
        else:
            found.append((name, context.attempt(SIZE.read, size, where)))
    return tuple(found)


def _write_plate(plate: Plate) -> Any:
    if plate.of is None:
        return plate.size
    return {"of": plate.of[0], "axis": plate.of[1]}


_PLATE_SCHEMA = {"anyOf": [SIZE.schema, row_schema(_OF)]}
SIZES = Form(
    _sizes,
    lambda plates: {plate.name: _write_plate(plate) for plate in plates},
    {"type": "object", "additionalProperties": _PLATE_SCHEMA},
)

#: Everything but the version, which decides how the rest is read.
DOCUMENT = Row(
    dict,
    "a joint distribution",
    (
        Field("name", NAME, "what the joint is called", default="joint"),
        Field("description", WORDS, "words for people", default=""),
        Field("plates", SIZES, "names of independent copies", default=()),
        Field("data", arrays.DATA, "arrays that are known, or bound later", default=()),
        Field("sites", SITES, "statements, in order", "statements"),
    ),
)

#: What the JSON Schema refers to.
DEFINITIONS = {
    **{tag: row_schema(row) for tag, row in STATEMENTS.items()},
    **arrays.DEFINITIONS,
}
