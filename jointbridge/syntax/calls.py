"""Arguments to the fields of a row: what makes calls, distributions and supports."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any

from jointbridge.errors import SpecError, did_you_mean
from jointbridge.expression import (
    Call,
    Distribution,
    Name,
    Node,
    Number,
    Sequence,
    Support,
    Transform,
    is_many,
)
from jointbridge.families import FAMILIES, TRANSFORMS
from jointbridge.functions import FUNCTIONS, REQUIRED, Function
from jointbridge.support import SUPPORTS
from jointbridge.syntax.printer import show

_WHOLE: dict[str, Callable[..., int]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "negative": operator.neg,
}


def fold(node: Any) -> Any:
    """The value of arithmetic on literal integers, or None."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Call) and node.function in _WHOLE:
        values = [fold(arg) for arg in node.args]
        if all(type(v) is int for v in values):
            return _WHOLE[node.function](*values)
    return None


def make_call(name: str, args: list[Any], keywords: Mapping[str, Any]) -> Call:
    """A call with its arguments sorted into arrays and static options.

    Raises:
        SpecError: An argument is missing, given twice or unknown.
    """
    row = FUNCTIONS[name]
    given = _fill(name, row.order, args, keywords)
    if row.variadic:
        return _variadic(row, given, args)
    for field in row.order:
        if field not in given and row.options.get(field, REQUIRED) is REQUIRED:
            raise _arguments(name, f"misses {field!r}", row.signature)
    arrays = tuple(given[a] for a in row.arguments)
    return Call(name, arrays, _options(row, given))


def _variadic(row: Function, given: dict[str, Any], args: list[Any]) -> Call:
    # stack([a, b], axis=0) and einsum("ij,j->i", a, b)
    items = given.get("xs")
    if "subscripts" in row.options:
        text = given.get("subscripts")
        if not isinstance(text, str):
            raise _arguments(row.name, "needs its subscripts as a text", row.signature)
        return Call(row.name, tuple(args[1:]), (("subscripts", text),))
    if isinstance(items, Sequence):
        items = items.items
    if not items or not isinstance(items, (tuple, list)):
        raise _arguments(row.name, "needs a list, as in [a, b]", row.signature)
    return Call(row.name, tuple(items), _options(row, given))


def _options(row: Function, given: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (name, given[name])
        for name, default in row.options.items()
        if name in given and given[name] != default
    )


def _fill(
    name: str,
    order: tuple[str, ...],
    args: list[Any],
    keywords: Mapping[str, Any],
    known: Collection[str] = (),
) -> dict[str, Any]:
    """Arguments by name; `known` are the names that only keywords may fill."""
    known = known or order
    if len(args) > len(order) and name != "einsum":
        problem = f"takes {len(order)} arguments, got {len(args)}"
        raise _arguments(name, problem, ", ".join(order))
    given = dict(zip(order, args, strict=False))
    for key, value in keywords.items():
        if key in given:
            raise _arguments(name, f"gets {key!r} twice", ", ".join(order))
        if key not in known:
            problem = f"has no argument {key!r}"
            hint = did_you_mean(key, known)
            raise SpecError(f"{name} {problem}", code="arguments", hint=hint)
        given[key] = value
    return given


def _arguments(name: str, problem: str, known: str) -> SpecError:
    return SpecError(f"{name} {problem}", code="arguments", hint=f"it takes {known}")


def make_distribution(
    family: str, args: list[Any], keywords: Mapping[str, Any]
) -> Distribution:
    """A distribution with every argument under its parameter's name.

    Raises:
        SpecError: A parameter is missing, unknown or given twice.
    """
    row = FAMILIES[family]
    given = _fill(family, row.positional, args, keywords, row.parameters)
    for names in row.choices.values():
        chosen = [n for n in names if n in given]
        if len(chosen) != 1:
            problem = f"needs exactly one of {', '.join(names)}, got {len(chosen)}"
            raise _arguments(family, problem, row.signature)
    for parameter in row.parameters.values():
        name = parameter.name
        if not parameter.choice and name not in given and parameter.default is None:
            raise _arguments(family, f"misses {name!r}", row.signature)
        if name in given:
            given[name] = _fit(family, name, parameter.special, given[name])
    params = tuple((n, given[n]) for n in row.parameters if n in given)
    return Distribution(family, params)


def _fit(family: str, name: str, special: str | None, value: Any) -> Node:
    """`value` where the parameter takes that sort of node."""
    if special == "support" and isinstance(value, Name) and value.name in SUPPORTS:
        value = make_support(value.name, [], {})
    if _sort(value) == (special if special in _NODES else "value"):
        return value  # type: ignore[no-any-return]
    message = f"{family}: {name} takes {special or 'a value'}, got {show(value)}"
    raise SpecError(message, code="arguments")


_SORTS = {
    "transform": Transform,
    "support": Support,
    "distribution": Distribution,
}


_NODES = {*_SORTS, "distributions"}


def _sort(value: Any) -> str:
    """The sort of parameter that takes a node."""
    if is_many(value):
        return "distributions"
    return next((n for n, cls in _SORTS.items() if isinstance(value, cls)), "value")


def make_transform(
    name: str, args: list[Any], keywords: Mapping[str, Any]
) -> Transform:
    """A transform with every parameter under its name.

    Raises:
        SpecError: A parameter is missing or unknown.
    """
    row = TRANSFORMS[name]
    given = _fill(name, tuple(row.parameters), args, keywords)
    missing = [n for n in row.parameters if n not in given]
    if missing:
        raise _arguments(name, f"misses {missing[0]!r}", ", ".join(row.parameters))
    return Transform(name, tuple((n, given[n]) for n in row.parameters))


def make_support(name: str, args: list[Any], keywords: Mapping[str, Any]) -> Support:
    """A support: `interval(0, 1)` has bounds, `simplex(3)` the size of its vector.

    Raises:
        SpecError: A bound or the size is missing.
    """
    row = SUPPORTS[name]
    if row.rank and not row.bounds:
        sizes = [*args, *keywords.values()]
        good = len(sizes) == 1 and isinstance(sizes[0], Number)
        if not good or type(sizes[0].value) is not int or set(keywords) - {"size"}:
            raise _arguments(name, "takes its size as a whole number", f"{name}(3)")
        return Support(name, (), (sizes[0].value,) * row.rank)
    bounds = _fill(name, row.bounds, args, keywords)
    missing = [b for b in row.bounds if b not in bounds]
    if missing:
        raise _arguments(name, f"misses {missing[0]!r}", ", ".join(row.bounds))
    return Support(name, tuple((b, bounds[b]) for b in row.bounds))
