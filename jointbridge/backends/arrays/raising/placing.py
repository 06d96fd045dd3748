"""Setting and adding to places that are known numbers.

    B.at[[2, 5]].set(b)                  concatenate([B, b])[B_order]
    zeros.at[tril_indices].set(l)        where(rows >= columns, l[L_order], 0)
    K.at[diag_indices].add(0.1)          K + 0.1 * eye(4)

Which value comes to stand where is found by running the same scatter on numbers.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from jointbridge.backends.arrays.raising.layout import joined
from jointbridge.backends.arrays.raising.values import constant
from jointbridge.backends.arrays.raising.views import ALL
from jointbridge.expression import Call, Expression, Index, Slice

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.scatters import Scatter


def at_known(s: Scatter) -> Expression | None:
    """A scatter to places that are constants, or that follow from known data.

    Args:
        s: The scatter.

    Returns:
        None where the places are not known, or one gets several values.
    """
    if s.index.value.numbers is None:
        return None
    order, counts = _order(s), _counts(s)
    found = _said(s, order, counts)
    if found is not None and s.index.array is None:
        s.raiser.note_folded(s.equation)
    return found


def _said(s: Scatter, order: np.ndarray, counts: np.ndarray) -> Expression | None:
    if not counts.any():
        return s.x.node
    if s.new.own:
        if counts.max() > 1:
            return _summed(s) if s.adds else None
        return _arranged(s, order)
    if s.adds:
        return s.added(_repeated(s, counts))
    if s.combine is not None and counts.max() > 1:
        return None
    return s.placed(_text(s, counts > 0, "mask"), s.new.node)


# -- what stands where --------------------------------------------------------


def _order(s: Scatter) -> np.ndarray:
    """Which of the new values stands at each place; -1 for none."""
    numbers = np.arange(prod(s.new.shape))
    return _run(s, jax.lax.scatter, np.full(s.x.shape, -1), numbers)


def _counts(s: Scatter) -> np.ndarray:
    """How many new values stand at each place."""
    ones = np.ones(s.new.shape)
    return _run(s, jax.lax.scatter_add, np.zeros(s.x.shape), ones)


def _run(s: Scatter, function: Any, old: np.ndarray, new: np.ndarray) -> np.ndarray:
    places, shaped = jnp.asarray(s.index.value.array), new.reshape(s.new.shape)
    mode = s.equation.params["mode"]
    found = function(
        jnp.asarray(old), places, jnp.asarray(shaped), s.numbers, mode=mode
    )
    return np.asarray(found)


def _text(s: Scatter, array: np.ndarray, what: str) -> Expression:
    """A constant that is named after what it helps to make."""
    name = s.raiser.place.name
    return s.raiser.written(constant(array, f"{name}_{what}" if name else what))


# -- forms --------------------------------------------------------------------


def _repeated(s: Scatter, counts: np.ndarray) -> Expression:
    """One value as often as it is added: `0.1 * eye(3)`."""
    if s.new.array is not None:
        return s.raiser.text(s.new.array.reshape(-1)[0] * counts)
    return Call("multiply", (s.new.node, _text(s, counts, "counts")))


def _arranged(s: Scatter, order: np.ndarray) -> Expression:
    """New values, each at a place of its own."""
    if s.axis is None:
        size = prod(s.new.shape)
        return _picked(s, _flat(s), order, order, size, 0)
    lane = _lane(s, order)
    if s.combine is None and s.x.own and (lane < 0).any():
        return _joined(s, lane)
    mask = lane.reshape(-1, *(1,) * (len(s.x.shape) - 1 - s.axis))
    return _picked(s, s.new.full, lane, mask, s.index.shape[0], s.axis)


def _flat(s: Scatter) -> Expression:
    if len(s.new.shape) == 1:
        return s.new.full
    return Call("reshape", (s.new.full,), (("shape", (prod(s.new.shape),)),))


def _lane(s: Scatter, order: np.ndarray) -> np.ndarray:
    """Which of the new values stands where along the one axis."""
    assert s.axis is not None
    along = np.moveaxis(order, s.axis, 0).reshape(s.x.shape[s.axis], -1)[:, 0]
    place = np.unravel_index(np.maximum(along, 0), s.new.shape)[s.axis]
    return np.where(along < 0, -1, place)


def _joined(s: Scatter, lane: np.ndarray) -> Expression:
    """`concatenate([x, y])[places]`."""
    assert s.axis is not None
    size, rank = len(lane), len(s.x.shape)
    both = joined([s.x.full, s.new.full], s.axis - rank, rank)
    places = np.where(lane < 0, np.arange(size), size + lane)
    return Index(both, (*(ALL,) * s.axis, _text(s, places, "order")))


def _picked(
    s: Scatter,
    new: Expression,
    places: np.ndarray,
    mask: np.ndarray,
    size: int,
    axis: int,
) -> Expression:
    """`where(mask, y[places], x)`."""
    node = _items(s, new, places, size, axis)
    if (mask >= 0).all():
        return node if s.combine is None else Call(s.combine[0], (s.x.node, node))
    return s.placed(_text(s, mask >= 0, "mask"), node)


def _items(
    s: Scatter, new: Expression, places: np.ndarray, size: int, axis: int
) -> Expression:
    """`y[places]`; what stands at -1 does not matter."""
    before, places = (ALL,) * axis, np.maximum(_shortened(places), 0)
    if np.array_equal(places, np.arange(size)):
        return new
    if places.size == 1:  # an axis of 1 is as good as a list
        first = int(places.item())
        return Index(new, (*before, Slice(first or None, first + 1)))
    return Index(new, (*before, _text(s, places, "order")))


def _shortened(places: np.ndarray) -> np.ndarray:
    """The places without axes along which no two of them differ."""
    last = places.max() + 1
    for axis in range(places.ndim):
        low = np.where(places < 0, last, places).min(axis, keepdims=True)
        high = places.max(axis, keepdims=True)
        if ((low == high) | (high < 0)).all():
            places = high
    while places.ndim > 1 and places.shape[0] == 1:
        places = places[0]
    return places


def _summed(s: Scatter) -> Expression | None:
    """`reshape(y @ one_hot(places, size), shape)`, where places get several values."""
    size, places = prod(s.x.shape), _single(s)
    if places is None:
        return None
    hot = Call("one_hot", (_text(s, places, "places"),), (("size", size),))
    total: Expression = Call("matmul", (_flat(s), hot))
    if len(s.x.shape) > 1:
        total = Call("reshape", (total,), (("shape", s.x.shape),))
    return s.added(total)


def _single(s: Scatter) -> np.ndarray | None:
    """For each new value its place in the flat array; None where they come in blocks."""
    if len(s.inserted) != len(s.x.shape) or len(s.dims) != len(s.x.shape):
        return None
    index = np.asarray(s.index.value.array)
    if ((index < 0) | (index >= np.take(s.x.shape, s.dims))).any():
        return None
    columns = {d: index[..., k] for k, d in enumerate(s.dims)}
    ordered = tuple(columns[d] for d in range(len(s.x.shape)))
    return np.ravel_multi_index(ordered, s.x.shape).reshape(-1)
