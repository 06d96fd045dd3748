"""Indexing with values: `x[i]`, `x[:, i]`, `x[i, j]`, and setting single places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jointbridge.backends.arrays.raising.layout import transposed
from jointbridge.backends.arrays.raising.views import ALL
from jointbridge.expression import Call, Expression, Index, Number, Slice
from jointbridge.expression import Sequence as Vector
from jointbridge.shapes import spread

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand


def plain_index(node: Any, size: int) -> Any:
    """An index without what makes negative ones count from the end, as all do here."""
    match node:
        case Call(
            "where", (Call("less", (i, Number(0))), Call("add", (j, Number(n))), k)
        ):
            return i if i is j is k and n == size else node
    return node


def _unwrapped(raiser: Raiser, node: Expression, size: int) -> Expression:
    """`plain_index`, also beneath new axes."""
    if isinstance(node, Index):
        base = plain_index(node.base, size)
        items = spread(node.items, raiser.type(base).rank)
        return node if base is node.base else raiser.view(base, items)
    return plain_index(node, size)


def component(raiser: Raiser, index: Operand, k: int) -> Expression:
    """Component `k` of an array of index vectors, its last axis gone."""
    if index.array is not None:
        return raiser.text(index.array[..., k])
    return _last(raiser, index.node, index.shape[-1], k)


def _last(raiser: Raiser, node: Any, size: int, k: int) -> Any:
    own = raiser.type(node).shape
    if not own:
        return node
    if isinstance(node, Vector):
        return node.items[k]
    if isinstance(node, Call) and node.function == "full":
        return node.args[0]
    if isinstance(node, Call) and node.function == "concatenate":
        axis = node.option("axis", 0)
        if axis in (-1, len(own) - 1) and len(node.args) == size:
            return _last(raiser, node.args[k], 1, 0)
    if isinstance(node, Call) and node.function == "stack":
        axis = node.option("axis", 0)
        if axis in (-1, len(own) - 1):
            return node.args[k]
    items = [ALL] * (len(own) - 1)
    return raiser.view(node, [*items, Number(k if own[-1] > 1 else 0)])


def _gather(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    x, index = operands
    numbers, sizes = (
        equation.params["dimension_numbers"],
        equation.params["slice_sizes"],
    )
    places = tuple(numbers.start_index_map)
    wanted = [1 if d in places else n for d, n in enumerate(x.shape)]
    beside = numbers.operand_batching_dims
    if list(sizes) != [1 if d in beside else n for d, n in enumerate(wanted)]:
        raise raiser.refusal(equation, "with windows of its own")
    arrays = {
        d: place(raiser, component(raiser, index, k), x.shape[d])
        for k, d in enumerate(places)
    }
    batch = len(index.shape) - 1
    for d, a in zip(beside, numbers.start_indices_batching_dims, strict=True):
        steps = Call("arange", (), (("start", 0), ("stop", x.shape[d])))
        arrays[d] = raiser.view(steps, [ALL, *(None,) * (batch - 1 - a)])
    gone = {*numbers.collapsed_slice_dims, *beside}
    windows = [d for d in range(len(x.shape)) if d not in gone]
    total = batch + len(windows)
    axes: dict[Any, int] = dict(zip(windows, numbers.offset_dims, strict=True))
    rest = [a for a in range(total) if a not in numbers.offset_dims]
    return _arranged(raiser, _indexed(raiser, x, arrays), axes, rest, total)


def place(raiser: Raiser, node: Expression, size: int) -> Expression:
    """One index, as an int."""
    node = _unwrapped(raiser, node, size)
    if isinstance(node, Number) or raiser.type(node).kind == "int":
        return node
    return raiser.cast(node, "int")


def _indexed(
    raiser: Raiser, x: Operand, arrays: Mapping[int, Expression]
) -> tuple[Expression, list[int], int, list[int]]:
    """`x[…]`, and what its axes are: some of x, those of the arrays, more of x."""
    rank, dims = len(x.shape), sorted(arrays)
    node, order = x.with_axes([d - rank for d in dims]), list(range(rank))
    scalars = all(isinstance(a, Number) for a in arrays.values())
    if not scalars and dims != list(range(dims[0], dims[-1] + 1)):
        # Arrays must stand side by side: bring their axes to the front.
        order = [*dims, *(d for d in order if d not in dims)]
        node = transposed(x.full, tuple(order))
    there = order[rank - raiser.type(node).rank :]
    at = order.index(dims[0])
    before = [d for d in there if d not in dims and order.index(d) < at]
    after = [d for d in there if d not in dims and order.index(d) > at]
    items = [arrays.get(d, ALL) for d in there]
    if scalars:
        return raiser.view(node, items), before, 0, after
    while items[-1] == ALL:
        items.pop()
    own = max(raiser.type(a).rank for a in arrays.values())
    return Index(node, tuple(items)), before, own, after


def _arranged(
    raiser: Raiser,
    indexed: tuple[Expression, list[int], int, list[int]],
    windows: Mapping[int, int],
    batch: Sequence[int],
    total: int,
) -> Expression:
    """The axes of an indexed array where the jaxpr has them.

    Args:
        raiser: The state of the walk.
        indexed: What `_indexed` gives.
        windows: By axis of the operand, the axis of the result.
        batch: The axes of the result that are those of the arrays.
        total: The number of axes of the result.
    """
    node, before, own, after = indexed
    places = [windows[d] for d in before]
    places += batch[len(batch) - own :]
    places += [windows[d] for d in after]
    order = sorted(range(len(places)), key=places.__getitem__)
    node = transposed(node, tuple(order))
    first = min(places, default=total)
    return raiser.view(
        node, [ALL if a in places else None for a in range(first, total)]
    )


def _dynamic_slice(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    """`x[k]`, the axis kept; other windows must be the whole axis."""
    x, *starts = operands
    rank, sizes = len(x.shape), equation.params["slice_sizes"]
    moving = [d for d in range(rank) if sizes[d] != x.shape[d]]
    if any(sizes[d] != 1 for d in moving if starts[d].array is None):
        raise raiser.refusal(equation, "with a window that moves")
    node = x.with_axes([d - rank for d in moving])
    first = rank - raiser.type(node).rank
    items = [
        _window(raiser, starts[d], sizes[d], x.shape[d]) for d in range(first, rank)
    ]
    if all(isinstance(i, Slice) for i in items):
        return raiser.view(node, items)
    kept = [None if not isinstance(i, Slice) else ALL for i in items]
    while isinstance(items[-1], Slice) and items[-1] == ALL:
        items.pop()
    return raiser.view(_adjacent(node, items), kept)


def _window(raiser: Raiser, start: Operand, size: int, whole: int) -> Any:
    if size == whole:
        return ALL
    if start.array is not None:
        at = min(max(int(start.array), 0), whole - size)
        return Slice(at or None, None if at + size == whole else at + size)
    return place(raiser, start.node, whole)


def _adjacent(node: Expression, items: list[Any]) -> Expression:
    """`x[i, :, j]` in two steps: index arrays must stand side by side."""
    arrays = [k for k, i in enumerate(items) if not isinstance(i, Slice)]
    if arrays == list(range(arrays[0], arrays[-1] + 1)):
        return Index(node, tuple(items))
    last = arrays[-1]
    one = Index(node, (*(ALL,) * last, items[last]))
    rest = items[:last]
    while rest[-1] == ALL:
        rest.pop()
    return _adjacent(one, rest)


RULES: dict[str, Callable[..., Any]] = {
    "gather": _gather,
    "dynamic_slice": _dynamic_slice,
}
