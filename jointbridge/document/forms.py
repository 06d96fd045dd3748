"""The sorts of values that fields hold: names, numbers, texts of expressions."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from jointbridge.document.context import Context, wrong
from jointbridge.document.lexical import describe, join
from jointbridge.document.rows import Form
from jointbridge.errors import LimitError, SpecError, did_you_mean
from jointbridge.expression import Distribution, Number, Support, children, walk
from jointbridge.families import FAMILIES
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse, parse_support, show

MAX_AXES = 32  # as many as every NumPy takes
_LARGEST = 10**18  # integers of the expression language have at most 18 digits


def _same(value: Any) -> Any:
    return value


def _text(value: Any, what: str) -> str:
    if isinstance(value, str):
        return value
    raise wrong(f"expected {what} as a text, got {describe(value)}")


# -- names and words ----------------------------------------------------------


def read_name(value: Any, _: str, context: Context) -> str:
    """A name that can be seen, of a bounded length."""
    name = _text(value, "a name")
    if not 0 < len(name) <= context.limits.max_name:
        message = f"a name has 1 to {context.limits.max_name} characters"
        raise wrong(f"{message}, got {len(name)}", code="name")
    if any(unicodedata.category(c)[0] == "C" for c in name):
        hint = "use letters, digits, spaces and marks"
        raise wrong(f"{name!r} has a character that cannot be seen", hint, "name")
    return name


def _words(value: Any, _: str, __: Context) -> str:
    return _text(value, "a description")


_NAME_SCHEMA = {"type": "string", "minLength": 1}
NAME = Form(read_name, _same, _NAME_SCHEMA)
WORDS = Form(_words, _same, {"type": "string"})


# -- whole numbers ------------------------------------------------------------


def whole(value: Any, least: int | None = 0) -> int:
    """A JSON integer.

    Raises:
        SpecError: It is something else, or below `least`.
    """
    if type(value) is not int:
        hints = {float: "write it without a point", str: "write it without quotes"}
        message = f"expected a whole number, got {describe(value)}"
        raise wrong(message, hints.get(type(value), ""))
    if least is not None and value < least:
        raise wrong(f"expected a whole number from {least} on, got {value}")
    return value


def _shape(value: Any, _: str, context: Context) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise wrong(f"expected a list of sizes, got {describe(value)}", "as in [3]")
    if len(value) > MAX_AXES:
        raise wrong(f"a shape of {len(value)} axes; there are at most {MAX_AXES}")
    shape = tuple(whole(size) for size in value)
    # NumPy holds this bound for [0, 10**30], which has no elements, as well.
    if (number := math.prod(size or 1 for size in shape)) > context.limits.max_elements:
        message = f"shape {value} means {number:,} elements"
        most = context.limits.max_elements
        raise LimitError(f"{message}; at most {most:,} are allowed")
    return shape


_SIZE_SCHEMA = {"type": "integer", "minimum": 0}
SIZE = Form(lambda value, _, __: whole(value), _same, _SIZE_SCHEMA)
STEPS = Form(
    lambda value, _, __: whole(value, 1), _same, {"type": "integer", "minimum": 1}
)
AXIS = Form(lambda value, _, __: whole(value, None), _same, {"type": "integer"})
SHAPE = Form(_shape, list, {"type": "array", "items": _SIZE_SCHEMA})


# -- lists and objects --------------------------------------------------------


def _plates(value: Any, path: str, context: Context) -> tuple[str | None, ...]:
    if not isinstance(value, list):
        raise wrong(f"expected a list of plates, got {describe(value)}", 'as in ["n"]')
    return tuple(p if p is None else read_name(p, path, context) for p in value)


PLATES = Form(
    _plates,
    list,
    {"type": "array", "items": {"anyOf": [_NAME_SCHEMA, {"type": "null"}]}},
)


def pairs(value: Any, what: str) -> list[tuple[str, Any]]:
    """The items of a JSON object.

    Raises:
        SpecError: It is no object.
    """
    if isinstance(value, dict):
        return list(value.items())
    raise wrong(f"expected an object of {what}, got {describe(value)}")


def _hints(value: Any, path: str, context: Context) -> tuple[tuple[str, Any], ...]:
    found = pairs(value, "hints")
    for key, hint in found:
        if isinstance(hint, (list, dict)):
            message = f"expected a text, a number or true, got {describe(hint)}"
            context.report("structure", join(path, key), message)
    return tuple(found)


_SCALAR_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
HINTS = Form(_hints, dict, {"type": "object", "additionalProperties": _SCALAR_SCHEMA})


# -- expressions --------------------------------------------------------------


def _measured(node: Any, context: Context) -> Any:
    """The node, counted; a sum of many terms is as deep as it is long."""
    stack, count = [(node, 1)], 0
    while stack:
        top, depth = stack.pop()
        count += 1
        if depth > context.limits.max_depth:
            message = f"an expression more than {context.limits.max_depth} nodes deep"
            raise LimitError(message, hint="use sum([a, b, …]), or a let for a part")
        stack += [(child, depth + 1) for child in children(top)]
    context.count_nodes(count)
    return node


def _literal(value: float | bool) -> Number:
    if abs(value) >= _LARGEST and type(value) is int:
        raise wrong(f"{describe(value)} has more than 18 digits", code="kind")
    return Number(value)


def _expression(value: Any, _: str, context: Context) -> Any:
    if isinstance(value, (int, float)):
        return _measured(_literal(value), context)
    if not isinstance(value, str):
        message = f"expected an expression (a text or a number), got {describe(value)}"
        raise wrong(message, "leave the field out" if value is None else "")
    node = _measured(parse(value), context)
    if isinstance(node, (Distribution, Support)):
        message = f"a value is needed here, got {value[:80]!r}"
        raise wrong(message, "log_prob(distribution, value) is a value", "kind")
    return _exact(node)


def _exact(node: Any) -> Any:
    """The node, unless a float parameter is an integer that no float equals."""
    for top in walk(node):
        if not isinstance(top, Distribution):
            continue
        for name, value in top.params:
            domain = FAMILIES[top.family].parameters[name].domain.name
            counted = domain == "size" or (
                domain in SUPPORTS and SUPPORTS[domain].discrete
            )
            if isinstance(value, Number) and not counted and not exact(value.value):
                message = f"{top.family}: {name}={value.value} is no float"
                hint = "integers beyond 2**53 are rounded; write it with a point"
                raise wrong(message, hint, "kind")
    return node


def exact(value: float) -> bool:
    """Whether a float has exactly this value."""
    try:
        return type(value) is not int or int(float(value)) == value
    except OverflowError:
        return False


def _write_expression(node: Any) -> Any:
    literal = isinstance(node, Number) and math.isfinite(node.value)
    return node.value if literal else show(node)


EXPRESSION = Form(
    _expression, _write_expression, {"type": ["string", "number", "boolean"]}
)


def _distribution(value: Any, _: str, context: Context) -> Distribution:
    text = _text(value, "a distribution, as in 'Normal(loc=0, scale=1)',")
    try:
        node = _measured(parse(text), context)
    except SpecError as error:
        # `normal(0, 1)` was meant as a family, whatever the functions are called.
        family = text.split("(")[0].strip()
        if error.problems[0].message == f"no function {family!r}":
            raise _no_family(family) from None
        raise
    if isinstance(node, Distribution):
        return _exact(node)  # type: ignore[no-any-return]
    if text.isidentifier():
        raise _no_family(text)
    message = f"expected a distribution, got {text[:80]!r}"
    raise wrong(message, "as in Normal(loc=0, scale=1)", "kind")


def _no_family(name: str) -> SpecError:
    message = f"no family {name[:80]!r}"
    if name in FAMILIES:
        hint = f"write its parameters: {name}({FAMILIES[name].signature})"
        return wrong(f"{name!r} has no parameters", hint, "arguments")
    return wrong(message, did_you_mean(name[:80], FAMILIES), "unknown-family")


def _support(value: Any, _: str, context: Context) -> Support:
    text = _text(value, "a support, as in 'positive',")
    return _measured(parse_support(text), context)  # type: ignore[no-any-return]


DISTRIBUTION = Form(_distribution, show, {"type": "string"})
SUPPORT = Form(_support, show, {"type": "string"})


def _bindings(value: Any, path: str, context: Context) -> tuple[tuple[str, Any], ...]:
    found = []
    for key, text in pairs(value, "names with expressions"):
        where = join(path, key)
        name = context.attempt(read_name, key, where)
        found.append((name, context.attempt(_expression, text, where)))
    return tuple(found)


BINDINGS = Form(
    _bindings,
    lambda bound: {name: _write_expression(node) for name, node in bound},
    {"type": "object", "additionalProperties": EXPRESSION.schema},
)
