"""How far the expressions of two steps are alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from jointbridge.expression import (
    EXPRESSIONS,
    Call,
    Distribution,
    Expression,
    Index,
    Number,
    Sequence,
    Support,
)

Sizes: TypeAlias = tuple[int, ...]
#: The values of one expression in all steps; None where there is none yet.
Values: TypeAlias = tuple[Any, ...]


class Different(Exception):  # noqa: N818 - no error: the steps say different things
    """The steps are not those of one loop."""


def known(values: Values) -> Values:
    """The values that there are."""
    return tuple(v for v in values if v is not None)


def is_start(values: Values, whole: Values) -> bool:
    """Whether values are the first ones of others."""
    pairs = zip(values, whole, strict=True)
    return all(a is None or a is b for a, b in pairs)


def is_row(node: Index) -> bool:
    """Whether an index takes one place of the first axis."""
    first, *rest = node.items
    plain = not any(isinstance(item, EXPRESSIONS) for item in rest)
    return plain and isinstance(first, Number) and type(first.value) is int


def computed(first: Any, like: Any, place: int) -> Call | None:
    """A first value as a call like the others, with a number in the place of a step."""
    match like:
        case Call("add", (_, _)):
            number, other = Number(0.0), first
        case Call("multiply", args) if args[1 - place] is first:
            number, other = Number(1.0), first
        case Call("multiply", args) if first == Number(0.0):
            number, other = first, args[1 - place]
        case _:
            return None
    return Call(like.function, (other, number) if place else (number, other))


def turned(node: Any, like: Any) -> Any:
    """`a * b` as `b * a`, where that is more like another product."""
    match node, like:
        case Call("add" | "multiply", (a, b)), Call(_, (c, d)):
            better = (a is d) + (b is c) > (a is c) + (b is d)
            return Call(node.function, (b, a)) if better else node
    return node


def frame(node: Any) -> Any:
    """What a node is without its parts; None where it has none."""
    match node:
        case Call(function, args, options):
            return function, len(args), options
        case Sequence(items):
            return "sequence", len(items)
        case Index(_, items):
            plain = (None if isinstance(i, EXPRESSIONS) else (i,) for i in items)
            return "index", tuple(plain)
        case Distribution(family, params):
            return family, tuple(n for n, _ in params)
        case Support(name, params, sizes):
            return name, tuple(n for n, _ in params), sizes
    return None


def require_places(values: Values, shape: Callable[[Expression], Sizes]) -> None:
    """Says no where indices go on over the end of their array.

    Raises:
        Different: They do, or it cannot be told.
    """
    first, last, behind = known(values)[0], known(values)[-1], values.count(None)
    if any(item is ... for item in first.items):
        raise Different
    items = [i for i in zip(first.items, last.items, strict=True) if i[0] is not None]
    for axis, (start, end) in enumerate(items):
        if isinstance(end, Number) and end is not start:
            size = shape(last.base)[axis]
            if end.value + behind >= size:
                raise Different
