"""The shape of `x[...]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jointbridge.expression import Index, Number, Slice
from jointbridge.shapes.basic import Shape, bad, broadcast
from jointbridge.spec import Type
from jointbridge.syntax import brief

if TYPE_CHECKING:
    from jointbridge.shapes.scope import Scope


def spread(items: tuple[Any, ...], rank: int) -> list[Any]:
    """The items of an index with `...` written out, one for each axis (or None).

    Raises:
        SpecError: There are more items than axes.
    """
    used = sum(1 for i in items if i is not None and i is not ...)
    if used > rank:
        raise bad(f"{used} indices for {rank} axes")
    rest = [Slice()] * (rank - used)
    if ... not in items:
        return [*items, *rest]
    at = items.index(...)
    if ... in items[at + 1 :]:
        raise bad("two '...' in one index")
    return [*items[:at], *rest, *items[at + 1 :]]


def index(node: Index, base: Type, scope: Scope) -> Type:
    """The type of an indexed array."""
    shape: list[int] = []
    arrays: list[Shape] = []
    places: list[int] = []  # where among the items an integer or an array stands
    at = 0  # where in `shape` the arrays' own axes go
    axis = 0
    for place, item in enumerate(spread(node.items, base.rank)):
        if item is None:
            shape.append(1)
            continue
        size = base.shape[axis]
        axis += 1
        if isinstance(item, Slice):
            shape.append(_slice_length(item, size))
            continue
        places.append(place)
        if isinstance(item, Number):
            _check_integer(item, size, node)
            continue
        kind = scope.type(item)
        if kind.kind != "int":
            raise bad(
                f"an index must be int, got {kind}, in {brief(node)}", code="kind"
            )
        if not arrays:
            at = len(shape)
        arrays.append(kind.shape)
    if not arrays:
        return Type(tuple(shape), base.kind)
    if places != list(range(places[0], places[-1] + 1)):
        raise bad(
            f"index arrays must stand side by side, in {brief(node)}",
            "index in two steps, as x[i][:, j]",
        )
    shape[at:at] = broadcast(*arrays)
    return Type(tuple(shape), base.kind)


def _slice_length(item: Slice, size: int) -> int:
    if item.step is not None and item.step < 1:
        raise bad("a slice steps forward", "use x[idx] with an index array")
    return len(range(*slice(item.start, item.stop, item.step).indices(size)))


def _check_integer(item: Number, size: int, node: Index) -> None:
    if type(item.value) is not int or not -size <= item.value < size:
        raise bad(f"index {item.value} of an axis of {size}, in {brief(node)}")
