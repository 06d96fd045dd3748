"""Primitives that move items about: broadcasts, reshapes, slices, joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from jointbridge.backends.arrays.raising.views import ALL
from jointbridge.expression import Call, Expression, Index, Number, Slice
from jointbridge.expression import Sequence as Vector
from jointbridge.spec import Type

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand

Shape = tuple[int, ...]


def _broadcast(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    """Nothing but, where axes come in between, `[:, None]`."""
    x = operands[0]
    rank = len(equation.params["shape"])
    places = equation.params["broadcast_dimensions"]
    first = len(x.shape) - len(x.own)
    kept = set(places[first:])
    if not kept:
        return x.node
    items = [ALL if a in kept else None for a in range(min(kept), rank)]
    return _kept(raiser, x.node, items)


def _kept(raiser: Raiser, node: Any, items: Sequence[Any]) -> Expression:
    """`sum(x, axis=-1)[:, None]` is `sum(x, axis=-1, keepdims=True)`."""
    if not (isinstance(node, Call) and None in items and "axis" in dict(node.options)):
        return raiser.view(node, items)
    options = dict(node.options)
    axes = options["axis"] if isinstance(options["axis"], tuple) else (options["axis"],)
    added = {a - len(items) for a, item in enumerate(items) if item is None}
    first = raiser.type(node.args[0]).rank
    reduces = node.function in _REDUCE and not options.get("keepdims")
    if reduces and added == set(axes) and len(items) == first:
        return Call(node.function, node.args, (*node.options, ("keepdims", True)))
    return raiser.view(node, items)


_REDUCE = {"sum", "prod", "mean", "min", "max", "any", "all", "logsumexp"}


def _squeeze(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    (x,) = operands
    return without(raiser, x, equation.params["dimensions"])


def without(raiser: Raiser, x: Operand, axes: Sequence[int]) -> Expression:
    """An operand without axes of size 1."""
    first = len(x.shape) - len(x.own)
    items = [Number(0) if a in axes else ALL for a in range(first, len(x.shape))]
    return raiser.view(x.node, items)


def _reshape(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    x = operands[0]
    shape = tuple(equation.params["new_sizes"])
    if not x.own or Type(x.own).size == 1:
        return without(raiser, x, range(len(x.shape)))
    if _squeezed(shape) != _squeezed(x.shape):
        node: Any = x.full
        if isinstance(node, Call) and node.function == "reshape":
            node = node.args[0]
        return Call("reshape", (node,), (("shape", shape),))
    return _with_ones(raiser, x, shape)


def _squeezed(shape: Sequence[int]) -> list[int]:
    return [n for n in shape if n != 1]


def _with_ones(raiser: Raiser, x: Operand, shape: Shape) -> Expression:
    """The operand where only axes of size 1 come and go."""
    gone = [a for a, n in enumerate(x.shape) if n == 1]
    node = without(raiser, x, gone)
    left = len(_squeezed(x.shape)) - raiser.type(node).rank
    items: list[Any] = []
    for size in shape:
        if size == 1:
            items.append(None)
        elif left:
            left -= 1
            items = []  # what is to the left of a broadcast axis needs no axis
        else:
            items.append(ALL)
    while items and items[0] is None:
        items.pop(0)
    return raiser.view(node, items)


def _transpose(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    (x,), order = operands, tuple(equation.params["permutation"])
    long = [a for a in order if x.padded[a] != 1]
    if long == sorted(long):
        return _moved(raiser, x, order)
    return transposed(raiser.broadcast(x.node, x.padded), order)


def _moved(raiser: Raiser, x: Operand, order: Shape) -> Expression:
    """A transpose that only axes of size 1 take part in."""
    first = len(x.shape) - len(x.own)
    gone = [a for a in range(len(x.shape)) if x.padded[a] == 1]
    node = without(raiser, x, [a for a in gone if a >= first])
    items = [None if x.padded[a] == 1 else ALL for a in order]
    while items and items[0] is None:
        items.pop(0)
    return raiser.view(node, items)


def transposed(node: Any, order: Shape) -> Expression:
    """The axes in another order; of a transpose and an einsum, one of either."""
    if isinstance(node, Call) and node.function == "einsum":
        left, right = node.option("subscripts").split("->")
        text = f"{left}->{''.join(right[a] for a in order)}"
        return Call("einsum", node.args, (("subscripts", text),))
    if isinstance(node, Call) and node.function == "transpose":
        rank = len(order)
        before = node.option("axes") or tuple(reversed(range(rank)))
        order, node = tuple(before[a] for a in order), node.args[0]
    if order == tuple(range(len(order))):
        return node
    if order == tuple(reversed(range(len(order)))):
        return Call("transpose", (node,))
    return Call("transpose", (node,), (("axes", order),))


# -- slices and joins -----------------------------------------------------------


def _slice(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    (x,), params = operands, equation.params
    starts, stops = params["start_indices"], params["limit_indices"]
    steps = params["strides"] or (1,) * len(starts)
    return sliced(raiser, x, list(zip(starts, stops, steps, strict=True)))


def sliced(
    raiser: Raiser, x: Operand, bounds: Sequence[tuple[int, int, int]]
) -> Expression:
    """An operand cut along every axis; one that is not spelled out stays as it is."""
    first = len(x.shape) - len(x.own)
    items = []
    for a in range(first, len(x.shape)):
        start, stop, step = bounds[a]
        items.append(ALL if x.padded[a] == 1 else _cut(start, stop, step, x.shape[a]))
    return raiser.view(x.node, items)


def _cut(start: int, stop: int, step: int, size: int) -> Slice:
    """The slice as one would write it."""
    end: int | None = stop
    if stop >= size:
        end = None
    elif stop == size - 1 and size > 3 and not start:
        end = -1
    return Slice(start or None, end, None if step == 1 else step)


def _split(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    (x,), axis = operands, equation.params["axis"]
    found, start = [], 0
    for size in equation.params["sizes"]:
        bounds = [(0, n, 1) for n in x.shape]
        bounds[axis] = (start, start + size, 1)
        found.append(sliced(raiser, x, bounds))
        start += size
    return found


def _concatenate(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    axis = equation.params["dimension"] - len(operands[0].shape)
    if len(operands[0].shape) == 1 and all(o.shape == (1,) for o in operands):
        return _vector(raiser, operands)
    # All items in one shape, axes that none of them has left out.
    rank = max(len(o.own) for o in operands)
    rank = max(rank, -axis)
    sizes = [max(o.padded[a] for o in operands) for a in range(-rank, 0)]
    nodes = []
    for o in operands:
        shape = list(sizes)
        shape[axis] = o.shape[axis]
        nodes.append(raiser.broadcast(o.node, tuple(shape)))
    return Call("concatenate", tuple(nodes), _axis(axis, rank))


def joined(nodes: Sequence[Expression], axis: int, rank: int) -> Expression:
    """Arrays of one rank behind each other along a negative axis."""
    if len(nodes) == 1:
        return nodes[0]
    return Call("concatenate", tuple(nodes), _axis(axis, rank))


def _vector(raiser: Raiser, operands: Sequence[Operand]) -> Expression:
    return Vector(tuple(without(raiser, o, (0,)) for o in operands))


def _axis(axis: int, rank: int) -> tuple[tuple[str, Any], ...]:
    return () if axis + rank == 0 else (("axis", axis),)


def _stack(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    rank = len(operands[0].shape) + 1
    axis = equation.params["axis"] - rank
    if rank == 1:
        return Vector(tuple(o.node for o in operands))
    # What is to the right of the new axis must be there, for it to be in its place.
    nodes = [o.node for o in operands]
    if max(len(o.own) for o in operands) + 1 < -axis:
        nodes[0] = operands[0].with_axes((axis + 1,))
    own = max(raiser.type(n).rank for n in nodes)
    return Call("stack", tuple(nodes), _axis(axis, own + 1))


def _tile(_: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    (x,), node = operands, operands[0].full
    for axis, times in enumerate(equation.params["reps"]):
        if times > 1:
            at = axis - len(x.shape)
            node = Call("concatenate", (node,) * times, _axis(at, len(x.shape)))
    return node


def _pad(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    x, filling = operands
    config = equation.params["padding_config"]
    if any(low < 0 or high < 0 or gap for low, high, gap in config):
        return None
    node, shape = x.full, list(x.shape)
    for axis, (low, high) in enumerate((int(c[0]), int(c[1])) for c in config):
        parts = []
        for size in (low, high):
            edge = (*shape[:axis], size, *shape[axis + 1 :])
            parts.append(raiser.broadcast(filling.node, edge) if size else None)
        pieces = tuple(p for p in (parts[0], node, parts[1]) if p is not None)
        if len(pieces) > 1:
            node = Call("concatenate", pieces, _axis(axis - len(shape), len(shape)))
        shape[axis] += low + high
    return node


def _reverse(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    (x,) = operands
    node = x.node
    for a in equation.params["dimensions"]:
        axis = a - len(x.shape)
        if axis >= -len(x.own) and x.own[axis] > 1:
            node = flipped(raiser, node, axis)
    return node


def flipped(raiser: Raiser, node: Expression, axis: int) -> Expression:
    """The items along an axis in reverse: `x[3 - arange(0, 4)]`."""
    shape = raiser.type(node).shape
    size = shape[axis]
    steps = Call("arange", (), (("start", 0), ("stop", size)))
    back = Call("subtract", (Number(size - 1), steps))
    return Index(node, (*(ALL,) * (len(shape) + axis), back))


RULES: dict[str, Callable[..., Any]] = {
    "broadcast_in_dim": _broadcast,
    "squeeze": _squeeze,
    "expand_dims": _broadcast,
    "reshape": _reshape,
    "transpose": _transpose,
    "slice": _slice,
    "split": _split,
    "concatenate": _concatenate,
    "stack": _stack,
    "tile": _tile,
    "pad": _pad,
    "rev": _reverse,
}
