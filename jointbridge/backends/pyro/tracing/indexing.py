"""Indexing as indexing: `x[idx]`, `x[:, 1]`, `x[..., None]`, and writing into an array."""

# ruff: noqa: ARG001 - all rules are called alike

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import torch

from jointbridge.backends.pyro.tracing.nodes import Node
from jointbridge.backends.pyro.tracing.raising import Raiser
from jointbridge.expression import Call, Expression, Index, Number, Sequence, Slice


def _items(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _getitem(r: Raiser, node: Node, x: Node, index: Any) -> Expression:
    found = r(x)
    items = _items(index)
    if isinstance(found, Number):
        return found
    if isinstance(found, Sequence) and len(items) == 1 and type(items[0]) is int:
        return found.items[items[0]]
    items = _without_dots(_without_outer(items, x), x.value.dim())
    raised = tuple(part for item in items for part in _item(r, node, item))
    if len(items) == 1 and isinstance(items[0], Node) and _is_all(items[0], x):
        return found
    if all(isinstance(i, Slice) and i == Slice() for i in raised):
        return found
    return _product(r, found, raised) or Index(r.full(x), raised)


def _without_dots(items: tuple[Any, ...], rank: int) -> tuple[Any, ...]:
    """`x[0]` for `x[..., 0, :]`, where the dots stand for no axis."""
    if not any(item is ... for item in items) or sum(map(_axes, items)) != rank:
        return items
    plain = [item for item in items if item is not ...]
    while plain and None not in plain and _is_everything(plain[-1]):
        plain.pop()
    return tuple(plain)


def _axes(item: Any) -> int:
    """How many axes of an array an item of an index stands for."""
    if item is None or item is ...:
        return 0
    node = item.node if isinstance(item, _Squeezed) else item
    flags = isinstance(node, Node) and node.value.dtype in (torch.bool, torch.uint8)
    return int(node.value.dim()) if flags else 1


def _is_everything(item: Any) -> bool:
    return isinstance(item, slice) and item in (slice(None), slice(None, None, 1))


def _product(r: Raiser, found: Expression, items: tuple[Any, ...]) -> Any:
    """`X @ v`, which torch writes as `(X @ v[:, None])[:, 0]` too."""
    match found:
        case Call("matmul", (x, Index(v, (Slice() | EllipsisType(), None)))):
            first, *last = items
            column = last == [Number(0)] and (first is ... or first == Slice())
            return Call("matmul", (x, v)) if column and r.type(v).rank == 1 else None
    return None


def _without_outer(items: tuple[Any, ...], x: Node) -> tuple[Any, ...]:
    """`Vindex` writes `:` as an array of its own axis, the others having 1 there."""
    if len(items) == x.value.dim() and isinstance(items[-1], Node):
        *others, last = items
        arrays = [i for i in others if isinstance(i, Node)]
        size = x.value.shape[len(items) - 1]
        outer = all(a.value.dim() and a.value.shape[-1] == 1 for a in arrays)
        if arrays and outer and _counts(last, size):
            return tuple(_Squeezed(i) if isinstance(i, Node) else i for i in others)
    return items


@dataclass
class _Squeezed:
    """An index array without its last axis, which is 1."""

    node: Node


def _squeezed(r: Raiser, node: Node) -> Expression:
    shape = tuple(node.value.shape)[:-1]
    if not (node.origin.free or node.origin.data):
        return r.constants.value(node.value[..., 0], "index", node.where)
    first: Any = node.args[0] if node.args else None
    if node.call == "reshape" and tuple(first.value.shape) == shape:
        return r.full(first)
    return r.call("squeeze", r.full(node), axis=-1)


def _item(r: Raiser, node: Node, item: Any) -> tuple[Any, ...]:
    match item:
        case bool():
            raise r.refuse(node, "by True or False")
        case int():
            return (Number(item),)
        case None | EllipsisType():
            return (item,)
        case slice():
            return (_slice(r, node, item),)
        case _Squeezed():
            return (r.constants.whole(_squeezed(r, item.node)),)
        case Node() if item.value.dtype in (torch.bool, torch.uint8):
            return _flags(r, node, item)
        case list() if any(isinstance(i, bool) for i in item):
            raise r.refuse(node, "by a list of flags")
    return (r.constants.whole(r.full(item)),)


def _slice(r: Raiser, node: Node, item: slice) -> Slice:
    step = item.step if item.step not in (None, 1) else None
    return Slice(item.start, item.stop, step)


def _is_all(item: Node, x: Node) -> bool:
    """Whether an index is all the places of the first axis, as a plate's indices are."""
    return _counts(item, x.value.shape[0])


def _counts(item: Node, size: int) -> bool:
    """Whether a node is 0, 1, …, size - 1 in every run."""
    if item.origin.free or item.origin.data or item.value.dim() != 1:
        return False
    return torch.equal(item.value.long(), torch.arange(size))


def _flags(r: Raiser, node: Node, item: Node) -> tuple[Any, ...]:
    """Flags that are the same in every run are the places of what they let through."""
    if item.origin.free:
        raise r.refuse(node, "by flags that rest on a site; use torch.where")
    if item.origin.data:
        text = "the places that flags let through hold for this data only"
        r.notebook.note("frozen", node.where, text)
    places = torch.nonzero(item.value, as_tuple=True)
    name = item.label or "where"
    return tuple(r.constants.value(p, f"{name}_places", node.where) for p in places)


def _setitem(r: Raiser, node: Node, x: Node, index: Any, value: Any) -> Expression:
    """An array with one place along its first axis written anew."""
    items = _items(index)
    rank = x.value.dim()
    if len(items) == 1 and items[0] is ...:
        return r(value)
    if len(items) != 1 or type(items[0]) not in (int, slice) or rank == 0:
        raise r.refuse(node, "writing into an array, other than x[i] or x[i:j]")
    size = x.value.shape[0]
    places = range(size)[items[0]] if isinstance(items[0], slice) else None
    if places is None:
        start = items[0] % size
        stop = start + 1
    elif places.step != 1:
        raise r.refuse(node, "writing into every few places")
    else:
        start, stop = places.start, places.stop
    shape = (stop - start, *x.value.shape[1:])
    written = r(value)
    if places is None and r.shape(written):
        written = Index(written, (None,))
    if r.shape(written) != shape:
        name = "broadcast_to" if r.shape(written) else "full"
        written = r.call(name, written, shape=shape)
    return _joined(r, x, start, stop, written)


def _joined(
    r: Raiser, x: Node, start: int, stop: int, written: Expression
) -> Expression:
    parts = [written]
    if start:
        parts.insert(0, _part(r, x, 0, start))
    if stop < x.value.shape[0]:
        parts.append(_part(r, x, stop, x.value.shape[0]))
    return parts[0] if len(parts) == 1 else r.call("concatenate", *parts)


def _part(r: Raiser, x: Node, start: int, stop: int) -> Expression:
    found = r(x)
    if not r.shape(found):
        return r.call("full", found, shape=(stop - start, *x.value.shape[1:]))
    last = None if stop == x.value.shape[0] else stop
    return Index(r.full(x), (Slice(start or None, last),))


def _select(r: Raiser, node: Node, x: Node, dim: int, index: Any) -> Expression:
    items = (*[slice(None)] * (dim % x.value.dim()), index)
    return _getitem(r, node, x, items)


def _narrow(r: Raiser, node: Node, x: Node, dim: int, start: int, n: int) -> Expression:
    return _select(r, node, x, dim, slice(start, start + n))


def _take(r: Raiser, node: Node, x: Node, index: Node) -> Expression:
    flat = r.call("reshape", r.full(x), shape=(x.value.numel(),))
    return Index(flat, (r.constants.whole(r.full(index)),))


def _gather(r: Raiser, node: Node, x: Node, dim: int, index: Node) -> Expression:
    """`x[arange(n)[:, None], index]`: each row has its own places."""
    rank = x.value.dim()
    items: list[Any] = []
    for axis in range(rank):
        if axis == dim % rank:
            items.append(r.constants.whole(r.full(index)))
            continue
        places: Any = r.call("arange", start=0, stop=index.value.shape[axis])
        behind = rank - 1 - axis
        items.append(Index(places, (Slice(), *[None] * behind)) if behind else places)
    return Index(r.full(x), tuple(items))


INDEXING: dict[str, Callable[..., Expression]] = {
    "getitem": _getitem,
    "setitem": _setitem,
    "select": _select,
    "narrow": _narrow,
    "index_select": _select,
    "take": _take,
    "gather": _gather,
}
