"""What goes wrong where the log densities of copies are added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from jointbridge.backends.blackbox import Term
from jointbridge.comparison.confusions import Confusion
from jointbridge.comparison.copies import copies_of, summed


def _unmasked(term: Term) -> float:
    if term.mask is None or bool(np.all(term.mask)):
        raise KeyError("mask")
    return summed(replace(term, mask=None), copies_of(term))


def _unscaled(term: Term) -> float:
    if term.scale is None:
        raise KeyError("scale")
    return summed(replace(term, scale=None), copies_of(term))


def _mean(term: Term) -> float:
    return term.log_prob / _count(term)


def _count(term: Term) -> int:
    count = int(np.prod(term.batch))
    if count < 2:
        raise KeyError("copies")
    return count


def _without(places: slice) -> Callable[[Term], float]:
    def score(term: Term) -> float:
        _count(term)
        keep = np.zeros(term.batch, bool)
        keep[..., places] = True
        return summed(term, np.where(keep, copies_of(term), 0.0))

    return score


def _repeated(term: Term) -> float:
    return term.log_prob * _count(term)


def _pairs(term: Term) -> float:
    """Each value against each parameter: two vectors that are broadcast to a matrix."""
    (count,) = term.batch
    if term.value is None:
        raise KeyError("value")
    wide = replace(term, batch=(count, count), mask=None, scale=None)
    return float(np.sum(copies_of(wide, value=term.value[:, None])))


SUMS: list[tuple[Confusion, Callable[[Term], float]]] = [
    (
        Confusion(
            "mask forgotten",
            "{b} counts what the mask of {a} leaves out",
            "mask the site there too",
        ),
        _unmasked,
    ),
    (
        Confusion(
            "scale forgotten",
            "{b} does not scale the log density as {a} does",
            "scale the site there too (a subsampled plate, or handlers.scale)",
        ),
        _unscaled,
    ),
    (
        Confusion(
            "mean instead of sum",
            "{b} has the mean over the copies where {a} has the sum",
            "take the sum: a log likelihood is a sum",
        ),
        _mean,
    ),
    (
        Confusion(
            "counted twice",
            "{b} counts the site twice",
            "leave one of the two out (a site and a factor, or an obs in two places)",
        ),
        lambda term: 2 * term.log_prob,
    ),
    (
        Confusion(
            "summed wrongly",
            "{b} counts the log density once for each copy: it is summed over a plate "
            "or batch axis once too often",
            "check to_event, and in which plates the site stands",
        ),
        _repeated,
    ),
    (
        Confusion(
            "summed wrongly",
            "{b} pairs each value with each parameter: shapes [n, 1] and [n] are "
            "broadcast to [n, n]",
            "give both the same shape",
        ),
        _pairs,
    ),
    (
        Confusion(
            "off by one",
            "{b} leaves the first copy out",
            "check where the slice or loop starts",
        ),
        _without(slice(1, None)),
    ),
    (
        Confusion(
            "off by one",
            "{b} leaves the last copy out",
            "check where the slice or loop ends",
        ),
        _without(slice(None, -1)),
    ),
    (
        Confusion(
            "summed wrongly",
            "{b} counts the first copy alone",
            "sum over all copies",
        ),
        _without(slice(0, 1)),
    ),
]
