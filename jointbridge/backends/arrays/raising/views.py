"""Static indexing of expressions, several steps written as one: `x[:, None][0]` is `x[0]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jointbridge.expression import Index, Number, Slice
from jointbridge.shapes import Scope, spread

ALL = Slice()


def view(scope: Scope, node: Any, items: Sequence[Any]) -> Any:
    """`node[items]` with integers, slices and `None`, as short as can be.

    Args:
        scope: The types of names.
        node: An expression.
        items: One integer (as a `Number`) or slice for each axis, and any `None`.
    """
    items = list(items)
    if isinstance(node, Index) and all(_is_flat(scope, i) for i in node.items):
        base = spread(node.items, scope.type(node.base).rank)
        composed = _composed(base, items)
        if composed is not None and _stand_together(composed):
            return view(scope, node.base, composed)
    while items and items[-1] == ALL:
        items.pop()
    while items and items[0] is None:
        items.pop(0)  # an axis of 1 in front is there anyway
    return Index(node, tuple(items)) if items else node


def _is_flat(scope: Scope, item: Any) -> bool:
    """Whether an item is static, or one integer that is not known."""
    static = item is None or item is ... or isinstance(item, (Number, Slice))
    return static or scope.type(item).rank == 0


def _takes_axis(item: Any) -> bool:
    """Whether an item of a flat index leaves no axis."""
    return item is not None and not isinstance(item, Slice)


def _stand_together(items: Sequence[Any]) -> bool:
    """Whether integers stand side by side, where one of them is not known."""
    places = [k for k, i in enumerate(items) if _takes_axis(i)]
    if all(isinstance(items[k], Number) for k in places):
        return True
    return places == list(range(places[0], places[-1] + 1))


def _composed(base: Sequence[Any], items: Sequence[Any]) -> list[Any] | None:
    """The items of one index for two in a row; None where there is none."""
    rest, found = list(items), []
    for outer in base:
        if _takes_axis(outer):
            found.append(outer)
            continue
        while rest and rest[0] is None:
            found.append(rest.pop(0))
        inner = rest.pop(0) if rest else ALL
        if inner == ALL:
            found.append(outer)
        elif outer == ALL:
            found.append(inner)
        elif outer is None and isinstance(inner, Number):
            continue
        elif isinstance(outer, Slice) and isinstance(inner, Number):
            if (outer.start or 0) < 0:
                return None
            found.append(Number((outer.start or 0) + inner.value * (outer.step or 1)))
        else:
            return None
    return [*found, *rest]
