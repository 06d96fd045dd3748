"""The Gaussian copula of families with both tails: a normal density of scores."""

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.functions import (
    HALF_LOG_2_PI,
    TAIL,
    log_mills,
    log_normal,
    log_normal_cdf,
)
from jointbridge.backends.laws.tails import TAILS

#: Below this logarithm of a mass its score is started from the tail.
_FAR = -60.0

#: What rounding may make of a correlation of 0.
_ROUNDED = 1e-6


def copula(m: Any, base: Any, normal: Any, factor: Any, x: Any) -> Any:
    """The log density of values that are correlated as their scores are.

    Args:
        m: The library's functions.
        base: A distribution of single values, of a class in `TAILS`.
        normal: The multivariate normal of the scores.
        factor: The Cholesky factor of their correlations.
        x: The values, along the last axis.
    """
    tail, upper, edge = _nearer_tail(m, base, x)
    score = _log_ndtri(m, tail)
    z = m.where(edge, m.zeros_like(tail), m.where(upper, -score, score))
    # An infinite score leaves nothing where others depend on it.
    lost = edge & (m.sum(m.abs(factor @ factor.mT)) > 1 + _ROUNDED)
    alone = base.log_prob(m.where(lost, _middle(m, base, x), x))
    found = normal.log_prob(z) - m.sum(log_normal(z)) + m.sum(alone)
    none = m.sum(m.where(lost, m.ones_like(tail), m.zeros_like(tail))) > 0
    return m.where(none, -math.inf, found)


def _middle(m: Any, base: Any, x: Any) -> Any:
    """Values where nothing is extreme."""
    found = TAILS[type(base).__name__]
    given = (getattr(base, name) for name in found.parameters)
    return found.middle(m, *given) + m.zeros_like(x)


def _nearer_tail(m: Any, base: Any, x: Any) -> tuple[Any, Any, Any]:
    """The log of the smaller of the masses on both sides.

    Returns:
        The logarithm; whether it is of the mass above; and where there is no such mass,
        so that the logarithm is of some other one.
    """
    found = TAILS[type(base).__name__]
    given = [getattr(base, name) for name in found.parameters]
    middle = _middle(m, base, x)
    above, below = found.above(m, x, *given), found.below(m, x, *given)
    upper = above < below
    edge = m.minimum(above, below) == -math.inf
    # Each is asked about values of its own alone: no gradient of the other leaks.
    above = found.above(m, m.where(upper & ~edge, x, middle), *given)
    below = found.below(m, m.where(upper | edge, middle, x), *given)
    return m.where(upper & ~edge, above, below), upper, edge


def _log_ndtri(m: Any, log_p: Any) -> Any:
    """The score below which a standard normal has a mass of exp(log_p), at most 1/2."""
    far = log_p < _FAR
    t = -2 * m.where(far, log_p, _FAR * m.ones_like(log_p))
    deep = -m.sqrt(t - m.log(t) - 2 * HALF_LOG_2_PI)
    near = m.ndtri(m.exp(m.where(far, -m.ones_like(log_p), log_p)))
    # Of the start nothing is differentiated: two of Newton's steps have its derivatives.
    z = m.stop(m.where(far, deep, near))
    for _ in range(2):
        z = z - (log_normal_cdf(m, z) - log_p) * _mills(m, z)
    return z


def _mills(m: Any, z: Any) -> Any:
    """The mass of a standard normal below z over its density."""
    deep = z < -TAIL
    far = log_mills(m, m.where(deep, -z, TAIL * m.ones_like(z)))
    shallow = m.where(deep, m.zeros_like(z), z)
    return m.exp(m.where(deep, far, log_normal_cdf(m, shallow) - log_normal(shallow)))


def uniform_of(m: Any, z: Any, smallest: float, largest: float) -> Any:
    """The mass below normal draws, rounded neither to 0 nor to 1."""
    low, high = smallest * m.ones_like(z), largest * m.ones_like(z)
    return m.minimum(m.maximum(m.exp(log_normal_cdf(m, z)), low), high)
