"""Torch's functions whose words depend on shapes or static options: a rule for each."""

# ruff: noqa: ARG001 - all rules are called alike

from __future__ import annotations

from typing import Any

import torch

from jointbridge.backends.pyro.torch_calls import canonical
from jointbridge.backends.pyro.tracing.indexing import INDEXING
from jointbridge.backends.pyro.tracing.matrices import MATRICES
from jointbridge.backends.pyro.tracing.nodes import Node
from jointbridge.backends.pyro.tracing.raising import Raiser
from jointbridge.backends.pyro.tracing.reductions import (
    REDUCTIONS,
    Rule,
    negative_axes,
    reduction,
)
from jointbridge.expression import Call, Expression, Index, Number, Sequence, Slice

# -- shapes -------------------------------------------------------------------


def _same(r: Raiser, node: Node, x: Node, *_: Any, **__: Any) -> Expression:
    return r(x)


def _detached(r: Raiser, node: Node, x: Node, *_: Any, **__: Any) -> Expression:
    if x.origin.sites:
        r.notebook.note("dropped", node.where, "a gradient is cut here, in torch")
    return r(x)


def _reshape(r: Raiser, node: Node, x: Node, *_: Any, **__: Any) -> Expression:
    found, shape = r(x), tuple(node.value.shape)
    if not r.shape(found) and isinstance(found, Number):
        return found
    if tuple(x.value.shape) == shape:
        return found
    return r.call("reshape", r.full(x), shape=shape)


def _unsqueeze(r: Raiser, node: Node, x: Node, dim: int) -> Expression:
    found = r(x)
    if isinstance(found, Number):
        return found
    before = dim if dim >= 0 else node.value.dim() + dim
    return Index(r.full(x), (*[Slice()] * before, None))


def _squeeze(r: Raiser, node: Node, x: Node, dim: Any = None) -> Expression:
    sizes, rank = x.value.shape, x.value.dim()
    dims = range(-rank, 0) if dim is None else negative_axes(dim, rank)
    gone = tuple(d for d in dims if sizes[d] == 1)
    found = r(x)
    if not gone or isinstance(found, Number):
        return found
    return r.call("squeeze", r.full(x), axis=gone[0] if len(gone) == 1 else gone)


def _permuted(r: Raiser, x: Node, order: list[int]) -> Expression:
    found = r(x)
    if isinstance(found, Number) or order == sorted(order):
        return found
    rank = len(order)
    axes = None if order == list(range(rank))[::-1] else tuple(a - rank for a in order)
    return r.call("transpose", r.full(x), axes=axes)


def _permute(r: Raiser, node: Node, x: Node, *dims: Any, **__: Any) -> Expression:
    flat = dims[0] if len(dims) == 1 and isinstance(dims[0], (tuple, list)) else dims
    return _permuted(r, x, [d % x.value.dim() for d in flat])


def _swap(r: Raiser, node: Node, x: Node, dim0: int = -2, dim1: int = -1) -> Expression:
    rank = x.value.dim()
    if rank < 2:
        return r(x)
    order = list(range(rank))
    order[dim0 % rank], order[dim1 % rank] = order[dim1 % rank], order[dim0 % rank]
    return _permuted(r, x, order)


def _broadcast(r: Raiser, node: Node, x: Node, *_: Any, **__: Any) -> Expression:
    return r(x)


def _repeat(r: Raiser, node: Node, x: Node, *args: Any, **kwargs: Any) -> Expression:
    """Copies along axes of 1 need not be written; others are an index."""
    shape, wanted = tuple(x.value.shape), tuple(node.value.shape)
    padded = (1,) * (len(wanted) - len(shape)) + shape
    if all(a in (1, b) for a, b in zip(padded, wanted, strict=True)):
        return r(x)
    return _moved(r, node, x, *args, **kwargs)


def _moved(r: Raiser, node: Node, x: Node, *args: Any, **kwargs: Any) -> Expression:
    """What only moves elements about: found out by moving their numbers."""
    places = torch.arange(x.value.numel()).reshape(x.value.shape)
    name = node.call.removeprefix("linalg_")
    function = getattr(torch.Tensor, name, None) or getattr(torch, name)
    moved = function(places, *args, **kwargs)
    flat = r.full(x)
    if x.value.dim() > 1:
        flat = r.call("reshape", flat, shape=(x.value.numel(),))
    index = r.constants.value(moved, f"{node.label or name}_index", node.where)
    return Index(flat, (index,))


# -- joining ------------------------------------------------------------------


def _stack(r: Raiser, node: Node, xs: Any, dim: int = 0, **_: Any) -> Expression:
    if isinstance(xs, Node):  # an array, taken row by row
        raise r.refuse(node, "of an array")
    items = tuple(r.full(x) for x in xs)
    rank = node.value.dim()
    axis = dim - rank if dim >= 0 else dim
    return Sequence(items) if axis == -rank else r.call("stack", *items, axis=axis)


def _cat(r: Raiser, node: Node, xs: Any, dim: int = 0, **options: Any) -> Expression:
    dim = options.get("axis", dim)
    items = tuple(r.full(x) for x in xs if x.value.numel())
    rank = node.value.dim()
    axis = dim - rank if dim >= 0 else dim
    if len(items) == 1:
        return items[0]
    return r.call("concatenate", *items, axis=0 if axis == -rank else axis)


def _pad(r: Raiser, node: Node, x: Node, pad: Any, *args: Any, **kw: Any) -> Expression:
    mode = kw.get("mode", args[0] if args else "constant")
    if mode != "constant":
        raise r.refuse(node, f"mode {mode!r}")
    value = kw.get("value", args[1] if len(args) > 1 else None)
    found, shape = r.full(x), list(x.value.shape)
    for place in range(len(pad) // 2):
        axis = len(shape) - 1 - place
        before, after = pad[2 * place], pad[2 * place + 1]
        if before < 0 or after < 0:
            raise r.refuse(node, "a negative width")
        parts = []
        for width, inner in ((before, None), (0, found), (after, None)):
            if inner is not None:
                parts.append(inner)
            elif width:
                size = (*shape[:axis], width, *shape[axis + 1 :])
                parts.append(r.call("full", Number(float(value or 0.0)), shape=size))
        shape[axis] += before + after
        if len(parts) > 1:
            found = r.call("concatenate", *parts, axis=axis - len(shape))
    return found


# -- kinds --------------------------------------------------------------------


def _cast(r: Raiser, node: Node, x: Node, *_: Any, **__: Any) -> Expression:
    found = r(x)
    kind, dtype = r.kind(found), node.value.dtype
    if dtype == torch.bool:
        zero = Number(0)
        return found if kind == "bool" else Call("not_equal", (found, zero))
    if dtype.is_floating_point:
        if kind == "bool" and not isinstance(found, Number):
            return r.call("cast", found, kind="float")
        return found
    return found if kind == "int" else r.constants.whole(found)


def _filled(r: Raiser, node: Node, *args: Any, **kwargs: Any) -> Expression:
    return r(kwargs.get("fill_value", args[-1]))


def _tensor(r: Raiser, node: Node, data: Any, **_: Any) -> Expression:
    """`torch.tensor([mu, sigma])`: torch cuts the gradient, the value is the same."""
    if node.origin.sites:
        text = "torch.tensor cuts the gradient here; torch.stack would not"
        r.notebook.note("dropped", node.where, text)
    return r(data)


# -- one of several results --------------------------------------------------


def _output(r: Raiser, node: Node, parent: Node, place: int) -> Expression:
    """One of several results of a call."""
    rule = OUTPUTS.get(canonical(parent.call))
    if rule is None:
        raise r.refuse(parent)
    return rule(r, parent, place)


def _extreme(name: str) -> Rule:
    def rule(r: Raiser, parent: Node, place: int) -> Expression:
        if place:
            raise r.refuse(parent, "the places of the extremes")
        return reduction(name)(r, parent, *parent.args, **(parent.kwargs or {}))

    return rule


def _piece(r: Raiser, parent: Node, place: int) -> Expression:
    """One of the pieces of `split` and `chunk`."""
    x, kwargs = parent.args[0], parent.kwargs or {}
    dim = kwargs.get("dim", parent.args[2] if len(parent.args) > 2 else 0)
    dim %= x.value.dim()
    start = sum(p.shape[dim] for p in parent.value[:place])
    stop = start + parent.value[place].shape[dim]
    return Index(r.full(x), (*[Slice()] * dim, Slice(start, stop)))


def _row(r: Raiser, parent: Node, place: int) -> Expression:
    """One of the rows of `unbind`."""
    x, kwargs = parent.args[0], parent.kwargs or {}
    dim = kwargs.get("dim", parent.args[1] if len(parent.args) > 1 else 0)
    found = r(x)
    if isinstance(found, Sequence) and dim == 0:
        return found.items[place]
    dim %= x.value.dim()
    return Index(r.full(x), (*[Slice()] * dim, Number(place)))


def _factor(r: Raiser, parent: Node, place: int) -> Expression:
    """`cholesky_ex`: the factor, and that it exists."""
    return r.call("cholesky", r.full(parent.args[0])) if place == 0 else Number(0)


def _spread_out(r: Raiser, parent: Node, place: int) -> Expression:
    flat = parent.args[0] if isinstance(parent.args[0], (tuple, list)) else parent.args
    return r(flat[place])


OUTPUTS: dict[str, Rule] = {
    "max": _extreme("max"),
    "min": _extreme("min"),
    "split": _piece,
    "chunk": _piece,
    "tensor_split": _piece,
    "unbind": _row,
    "cholesky_ex": _factor,
    "broadcast_tensors": _spread_out,
}

RULES: dict[str, Rule] = {
    **REDUCTIONS,
    **MATRICES,
    **dict.fromkeys(("clone", "contiguous", "requires_grad", "alias"), _same),
    **dict.fromkeys(("cpu", "cuda", "dropout"), _same),
    **dict.fromkeys(("detach", ".data"), _detached),
    **dict.fromkeys(("reshape", "view", "flatten", "unflatten", "ravel"), _reshape),
    "view_as": _reshape,
    "reshape_as": _reshape,
    "unsqueeze": _unsqueeze,
    "squeeze": _squeeze,
    "permute": _permute,
    **dict.fromkeys((".T", ".mT", "t", "transpose", "swapaxes", "swapdims"), _swap),
    **dict.fromkeys(("expand", "expand_as", "broadcast_to"), _broadcast),
    **dict.fromkeys(("repeat", "tile"), _repeat),
    **dict.fromkeys(
        ("flip", "fliplr", "flipud", "roll", "repeat_interleave", "rot90", "movedim"),
        _moved,
    ),
    "stack": _stack,
    "cat": _cat,
    "pad": _pad,
    **dict.fromkeys(
        ("to", "type", "type_as", "float", "double", "half", "long", "int", "bool"),
        _cast,
    ),
    **dict.fromkeys(("full", "full_like", "new_full", "fill"), _filled),
    **dict.fromkeys(("tensor", "as_tensor", "scalar_tensor"), _tensor),
    "output": _output,
    **INDEXING,
}
