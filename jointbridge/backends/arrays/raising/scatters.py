"""Setting and adding to places of an array: `x.at[k].set(y)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from jointbridge.backends.arrays.raising.indexing import component, place
from jointbridge.backends.arrays.raising.layout import joined, sliced
from jointbridge.backends.arrays.raising.views import ALL
from jointbridge.expression import Call, Expression, Number

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand


def _scatter(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    x, index, new = operands
    numbers = equation.params["dimension_numbers"]
    adds = equation.primitive.name == "scatter-add"
    dims = tuple(numbers.scatter_dims_to_operand_dims)
    inserted = tuple(numbers.inserted_window_dims)
    if not numbers.operand_batching_dims:
        sizes = _windows(x, new, inserted, numbers.update_window_dims)
        if len(index.shape) == 1 and all(sizes[d] == 1 for d in dims):
            return _at_one(raiser, x, index, new, dims, inserted, adds)
        if len(index.shape) == 1 and len(dims) == 1 and index.array is not None:
            return _at_window(raiser, x, int(index.array[0]), new, dims[0], adds)
        if len(index.shape) == 2 and adds and dims == inserted == (0,):
            return _at_several(raiser, x, index, new)
    raise raiser.refusal(
        equation,
        "with places of this sort",
        "set single places or one slice, or write it with where(), one_hot() and @",
    )


def _windows(
    x: Operand, new: Operand, inserted: Sequence[int], axes: Sequence[int]
) -> list[int]:
    """How many items are set along each axis."""
    sizes = iter([new.shape[a] for a in axes])
    return [1 if d in inserted else next(sizes) for d in range(len(x.shape))]


def _at_one(
    raiser: Raiser,
    x: Operand,
    index: Operand,
    new: Operand,
    dims: Sequence[int],
    inserted: Sequence[int],
    adds: bool,
) -> Expression:
    """`where(arange(0, n) == k, new, x)`."""
    rank = len(x.shape)
    tests = []
    for k, d in enumerate(dims):
        steps = Call("arange", (), (("start", 0), ("stop", x.shape[d])))
        column = raiser.view(steps, [ALL, *(None,) * (rank - 1 - d)])
        at = place(raiser, component(raiser, index, k), x.shape[d])
        tests.append(Call("equal", (column, at)))
    mask = reduce(lambda a, b: Call("logical_and", (a, b)), tests)
    # The new values, with an axis of 1 where an index has taken one away.
    node = new.node if not new.own else new.full
    axes = [None if d in inserted else ALL for d in range(rank)]
    node = raiser.view(node, axes) if new.own else node
    if adds:
        return Call("add", (x.node, Call("where", (mask, node, Number(0.0)))))
    return Call("where", (mask, node, x.node))


def _at_window(
    raiser: Raiser, x: Operand, start: int, new: Operand, d: int, adds: bool
) -> Expression:
    """`concatenate([x[:a], new, x[b:]])`."""
    stop = start + new.shape[d]
    edges = [(0, start), (start, stop), (stop, x.shape[d])]
    parts: list[Any] = []
    for low, high in edges:
        bounds = [(0, n, 1) for n in x.shape]
        bounds[d] = (low, high, 1)
        shape = (*x.shape[:d], high - low, *x.shape[d + 1 :])
        part = raiser.broadcast(sliced(raiser, x, bounds), shape)
        parts.append(part if high > low else None)
    parts[1] = Call("add", (parts[1], new.node)) if adds else new.full
    nodes = [p for p in parts if p is not None]
    return joined(nodes, d - len(x.shape), len(x.shape))


def _at_several(
    raiser: Raiser, x: Operand, index: Operand, new: Operand
) -> Expression | None:
    """`x + y @ one_hot(i, n)`."""
    i = place(raiser, component(raiser, index, 0), x.shape[0])
    hot: Expression = Call("one_hot", (i,), (("size", x.shape[0]),))
    added: Expression
    if len(x.shape) == 1 and not new.own:
        count = Call("sum", (hot,), (("axis", -2),))
        one = new.array is not None and bool((new.array == 1).all())
        added = count if one else Call("multiply", (new.node, count))
    elif len(x.shape) == 1:
        added = Call("matmul", (new.full, hot))
    elif len(x.shape) == 2:
        added = Call("matmul", (Call("transpose", (hot,)), new.full))
    else:
        return None
    zero = x.array is not None and not x.array.any()
    return added if zero else Call("add", (x.node, added))


RULES: dict[str, Callable[..., Any]] = {"scatter": _scatter, "scatter-add": _scatter}
