"""Which values are tried on each support, and which parameters in each domain.

One row for each set; a value of one number is given by its bounds, others are changed
from a typical value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

NAN, INF = math.nan, math.inf
TINY, SMALL, LARGE = 2.0**-30, 2.0**-20, 2.0**10

#: From a typical value and the bounds, values.
Values = Callable[..., Sequence[Any]]


def _none(*_: Any) -> Sequence[Any]:
    return ()


@dataclass(frozen=True)
class ValueRow:
    """Values of one support: far out, on its edges and outside."""

    tail: Values = _none
    edge: Values = _none
    outside: Values = _none


@dataclass(frozen=True)
class DomainRow:
    """Parameters of one domain: far out, and outside."""

    extreme: Values
    bad: Values


def near(bound: float, side: int) -> float:
    """A number close to a bound, and different from it in float32."""
    return bound + side * max(TINY, SMALL * abs(bound))


# -- values of one number -------------------------------------------------------


def _above(edge: float) -> ValueRow:
    return ValueRow(
        lambda x, low=edge: [near(low, 1), low + SMALL * LARGE, low + LARGE],
        lambda x, low=edge: [low],
        lambda x, low=edge: [low - 1.0, NAN, INF],
    )


_BELOW = ValueRow(
    lambda x, high: [near(high, -1), high - LARGE],
    lambda x, high: [high],
    lambda x, high: [high + 1.0, NAN, -INF],
)


def _within(low: float, high: float) -> ValueRow:
    def inner(_: Any, low: float = low, high: float = high) -> list[float]:
        width = high - low
        return [low + width * SMALL, low + width / 64, high - width * SMALL]

    return ValueRow(
        inner,
        lambda x, low=low, high=high: [low, high],
        lambda x, low=low, high=high: [low - 1.0, high + 1.0, NAN],
    )


# -- vectors and matrices -------------------------------------------------------


def _filled(x: Any, *first: float) -> list[float]:
    """The first entries as said, the rest 0."""
    return [*first, *[0.0] * (len(x) - len(first))]


def _first(x: Any, entry: float) -> Any:
    """The value with another first entry."""
    array = np.array(x, float)
    array.flat[0] = entry
    return array.tolist()


def _last(x: Any, entry: float) -> Any:
    array = np.array(x, float)
    array.flat[-1] = entry
    return array.tolist()


def _times(x: Any, factor: float) -> Any:
    return (np.asarray(x, float) * factor).tolist()


def _upper(x: Any) -> Any:
    array = np.array(x, float)
    array[0, -1] = 0.5
    return array.tolist()


def _shared(x: Any, entry: float) -> Any:
    """Ones on the diagonal, the same number elsewhere."""
    size = len(x)
    return (np.full((size, size), entry) + (1 - entry) * np.eye(size)).tolist()


def _steep(x: Any, t: float) -> Any:
    """Rows of unit length whose last entry is small."""
    array = np.zeros((len(x), len(x)))
    array[0, 0] = 1.0
    for i in range(1, len(x)):
        array[i, 0] = (1 - t * t) / (1 + t * t)
        array[i, i] = 2 * t / (1 + t * t)
    return array.tolist()


def _simplex_tail(x: Any) -> list[Any]:
    size = len(x)
    small = [SMALL] * (size - 1)
    return [[1 - sum(small), *small], [*small, 1 - sum(small)]]


VALUES = {
    "real": ValueRow(
        lambda x: [64.0, -64.0, 4096.0, -4096.0], _none, lambda x: [NAN, INF, -INF]
    ),
    "positive": _above(0.0),
    "nonnegative": _above(0.0),
    "greater_than": _above(0.0),
    "greater_than_eq": _above(0.0),
    "less_than": _BELOW,
    "less_than_eq": _BELOW,
    "unit_interval": _within(0.0, 1.0),
    "open_unit_interval": _within(0.0, 1.0),
    "interval": _within(0.0, 1.0),
    "circular": ValueRow(
        lambda x: [SMALL],
        lambda x: [-3.1415925, 3.1415925],
        lambda x: [3.25, -4.0, NAN],
    ),
    "boolean": ValueRow(_none, lambda x: [0, 1], lambda x: [-1, 2]),
    "nonnegative_integer": ValueRow(
        lambda x: [1000, 2**20], lambda x: [0], lambda x: [-1]
    ),
    "integer": ValueRow(lambda x: [1000, -1000]),
    "integer_interval": ValueRow(
        _none,
        lambda x, low, high: [low, high],
        lambda x, low, high: [low - 1, high + 1],
    ),
    "integer_greater_than_eq": ValueRow(
        lambda x, low: [low + 1000, low + 2**20],
        lambda x, low: [low],
        lambda x, low: [low - 1],
    ),
    "simplex": ValueRow(
        _simplex_tail,
        lambda x: [_filled(x, 1.0), _filled(x, 0.5, 0.5)],
        lambda x: [_times(x, 1.25), _filled(x, 1.5, -0.5), _first(x, NAN)],
    ),
    "ordered": ValueRow(
        lambda x: [_times(x, 64.0)],
        lambda x: [_times(x, 0.0)],
        lambda x: [x[::-1], _first(x, NAN)],
    ),
    "positive_ordered": ValueRow(
        lambda x: [_times(x, 64.0), _times(x, SMALL)],
        lambda x: [_first(x, 0.0)],
        lambda x: [x[::-1], _first(x, -1.0), _first(x, NAN)],
    ),
    "corr_cholesky": ValueRow(
        lambda x: [_steep(x, 2.0**-5), _steep(x, 1.0)],
        lambda x: [_steep(x, 0.0)],
        lambda x: [_times(x, 1.5), _upper(x), _last(x, NAN)],
    ),
    "lower_cholesky": ValueRow(
        lambda x: [_times(x, LARGE), _times(x, 1 / LARGE)],
        lambda x: [_last(x, 0.0)],
        lambda x: [_times(x, -1.0), _upper(x), _first(x, NAN)],
    ),
    "positive_definite": ValueRow(
        lambda x: [_times(x, LARGE), _times(x, 1 / LARGE), _shared(x, 1 - 1 / LARGE)],
        lambda x: [_shared(x, 1.0)],
        lambda x: [_times(x, -1.0), _upper(x), _first(x, NAN)],
    ),
    "corr_matrix": ValueRow(
        lambda x: [_shared(x, 1 - 1 / LARGE), _shared(x, 0.0)],
        lambda x: [_shared(x, 1.0)],
        lambda x: [_times(x, 2.0), _shared(x, 1.5), _last(x, NAN)],
    ),
    "zero_sum": ValueRow(
        lambda x: [_times(x, 64.0), _times(x, 0.0)],
        _none,
        lambda x: [_first(x, 9.0), _first(x, NAN)],
    ),
    "sphere": ValueRow(
        lambda x: [_times(x, -1.0), x[::-1]],
        _none,
        lambda x: [_times(x, 1.25), _times(x, 0.0), _first(x, NAN)],
    ),
    "atoms": ValueRow(
        _none, _none, lambda x: [near(x, 1), x + SMALL * LARGE, NAN, INF, -INF]
    ),
    "permutation": ValueRow(
        lambda x: [x[::-1]],
        _none,
        lambda x: [[0] * len(x), [*x[:-1], len(x)]],
    ),
    "multinomial": ValueRow(
        _none,
        lambda x, total: [
            [total, *[0] * (len(x) - 1)],
            [*[0] * (len(x) - 1), total],
        ],
        lambda x, total: [
            [total + 1, *[0] * (len(x) - 1)],
            [total + 1, *[0] * (len(x) - 2), -1],
        ],
    ),
}


# -- parameters -----------------------------------------------------------------


def _scaled(x: Any) -> list[Any]:
    factors = (1 / LARGE, LARGE, 2.0**-40)
    return [_times(x, f) for f in factors] + ([_first(x, LARGE)] if np.ndim(x) else [])


def _bad_positive(x: Any) -> list[Any]:
    return [_first(x, -1.0), _first(x, 0.0), _first(x, NAN)]


def _fractions(x: Any, low: float = 0.0, high: float = 1.0) -> list[Any]:
    width = high - low
    ends = [low + width * SMALL, high - width * SMALL]
    return [_first(x, e) for e in (ends if low else [*ends, 2.0**-70])]


def _probabilities(x: Any) -> list[Any]:
    return [*_fractions(x), _first(x, 0.0), _first(x, 1.0)]


def _emptied(x: Any) -> list[float]:
    """The first entry's share given to the last."""
    return [0.0, *x[1:-1], x[0] + x[-1]]


def _bad_fractions(x: Any, low: float = 0.0, high: float = 1.0) -> list[Any]:
    return [_first(x, e) for e in (low - 0.25, high + 0.5, NAN)]


def _from(x: Any, low: float) -> list[Any]:
    return [_first(x, e) for e in (near(low, 1), low + 1 / LARGE, low + LARGE)]


DOMAINS = {
    "real": DomainRow(
        lambda x: [_first(x, e) for e in (32.0, -32.0, LARGE, -LARGE)],
        lambda x: [_first(x, NAN), _first(x, INF)],
    ),
    "positive": DomainRow(_scaled, _bad_positive),
    "nonnegative": DomainRow(_scaled, lambda x: [_first(x, -1.0), _first(x, NAN)]),
    "unit_interval": DomainRow(_probabilities, _bad_fractions),
    "open_unit_interval": DomainRow(_fractions, _bad_fractions),
    "interval": DomainRow(_fractions, _bad_fractions),
    "greater_than": DomainRow(
        _from, lambda x, low: [_first(x, e) for e in (low, low - 1.0, NAN)]
    ),
    "greater_than_eq": DomainRow(
        _from, lambda x, low: [_first(x, e) for e in (low - 1.0, NAN)]
    ),
    "less_than": DomainRow(
        lambda x, high: [_first(x, e) for e in (near(high, -1), high - LARGE)],
        lambda x, high: [_first(x, e) for e in (high, high + 1.0, NAN)],
    ),
    "simplex": DomainRow(
        lambda x: [*_simplex_tail(x), _emptied(x)],
        lambda x: [_times(x, 1.25), _filled(x, 1.5, -0.5), _first(x, NAN)],
    ),
    "ordered": DomainRow(
        lambda x: [_times(x, 64.0), _times(x, 1 / LARGE)], lambda x: [x[::-1]]
    ),
    "sphere": DomainRow(
        lambda x: [_times(x, -1.0)],
        lambda x: [_times(x, 1.25), _times(x, 0.0), _first(x, NAN)],
    ),
    "lower_cholesky": DomainRow(
        lambda x: [_times(x, LARGE), _times(x, 1 / LARGE)],
        lambda x: [_times(x, -1.0), _upper(x)],
    ),
    "positive_definite": DomainRow(
        lambda x: [_times(x, LARGE), _times(x, 1 / LARGE)],
        lambda x: [_times(x, -1.0), _upper(x)],
    ),
    "corr_matrix": DomainRow(
        lambda x: [_shared(x, 1 - 1 / LARGE), _shared(x, 0.0)],
        lambda x: [_times(x, 2.0), _upper(_shared(x, 0.0)), _last(x, NAN)],
    ),
    "corr_cholesky": DomainRow(
        lambda x: [_steep(x, 2.0**-5), _steep(x, 1.0)],
        lambda x: [_times(x, 1.5), _upper(x), _last(x, NAN)],
    ),
}
