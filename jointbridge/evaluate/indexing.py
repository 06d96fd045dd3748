"""Indexing, where draws are indexed along with what they index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from jointbridge.arrays import Array
from jointbridge.expression import Index, Number, Slice
from jointbridge.shapes import spread

if TYPE_CHECKING:
    from jointbridge.evaluate import Evaluator

_ALL = slice(None)


def _static(item: Any) -> bool:
    return isinstance(item, (Number, Slice, type(None)))


def _basic(item: Any) -> Any:
    if isinstance(item, Slice):
        return slice(item.start, item.stop, item.step)
    return item.value if isinstance(item, Number) else item


def index(evaluate: Evaluator, node: Index) -> Array:
    """`x[items]`, any array of it with leading axes of draws."""
    x, rank = evaluate(node.base), evaluate.scope.type(node.base).rank
    items = spread(node.items, rank)
    arrays = [i for i in items if not _static(i)]
    if not arrays:
        return x[(..., *map(_basic, items))]
    # Integers first, then the arrays: NumPy would move a lone integer's axis.
    if any(isinstance(i, Number) for i in items):
        kept = (i for i in items if i is not None)
        x = x[(..., *(_basic(i) if isinstance(i, Number) else _ALL for i in kept))]
        items = [i for i in items if not isinstance(i, Number)]
    ranks = [evaluate.scope.type(i).rank for i in arrays]
    most = max(ranks)
    places = [
        evaluate.pad(evaluate(i), r, most) for i, r in zip(arrays, ranks, strict=True)
    ]
    if all(len(p.shape) <= most for p in places):
        found = iter(places)
        return x[(..., *(_basic(i) if _static(i) else next(found) for i in items))]
    return _gather(evaluate, x, items, places, most)


def _gather(
    evaluate: Evaluator, x: Array, items: list[Any], places: list[Array], most: int
) -> Array:
    """Index arrays that differ between draws: draws are indexed along with them."""
    x = x[(..., *(_basic(i) if _static(i) else _ALL for i in items))]
    own = [n for n, i in enumerate(items) if not _static(i)]
    rest = [n for n in range(len(items)) if n not in own]
    draws = len(x.shape) - len(items)
    order = (*range(draws), *(draws + n for n in (*own, *rest)))
    known = tuple(x.shape[:draws])
    lead = np.broadcast_shapes(known, *(evaluate.draws(p, most) for p in places))
    # An axis of 1 stays one: its draw is that of all.
    heads = [
        evaluate.number(
            np.arange(n).reshape((n,) + (1,) * (draws - 1 - k + most)), "int"
        )
        for k, n in enumerate(known)
    ]
    x = evaluate.function("permute", x, order)
    x = x[(*heads, *places)]
    # Now draws, index axes, other axes: put the index axes where they belong.
    start, before = own[0], len(lead)
    after = before + most
    order = (
        *range(before),
        *range(after, after + start),
        *range(before, after),
        *range(after + start, len(x.shape)),
    )
    return evaluate.function("permute", x, order)
