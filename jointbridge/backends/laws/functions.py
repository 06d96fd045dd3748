"""Functions of functions that several laws need."""

from __future__ import annotations

import math
from typing import Any

LOG_2 = math.log(2.0)
HALF_LOG_2_PI = 0.5 * math.log(2.0 * math.pi)


#: From where Stirling's series for lgamma has all digits.
_LARGE = 10.0


def _stirling(x: Any) -> Any:
    """What lgamma is beyond (x - 1/2) log x - x + log(2 pi) / 2, for large x."""
    y = 1 / (x * x)
    series = 1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360 - y / 156)))
    return (1 / 12 - y * (1 / 360 - y * series)) / x


def lgamma_step(m: Any, x: Any, step: Any, end: Any = None) -> Any:
    """lgamma(x + step) - lgamma(x), also for large x, where both are larger still.

    Args:
        m: The library's functions.
        x: Where it starts.
        step: How far it goes.
        end: Where it ends, where that has more digits than x + step.
    """
    last = x + step if end is None else end
    large = (x > _LARGE) & (last > _LARGE)
    big, move = m.where(large, x, 0 * x + 20.0), m.where(large, step, m.ones_like(step))
    ratio, end = move / big, big + move
    far = (big - 0.5) * m.log1p(ratio) + move * (m.log(end) - 1)
    far = far + _stirling(end) - _stirling(big)
    x, last = m.where(large, m.ones_like(x), x), m.where(large, 1 + 0 * last, last)
    return m.where(large, far, m.lgamma(last) - m.lgamma(x))


def lgamma_rest(m: Any, x: Any) -> Any:
    """What lgamma is beyond (x - 1/2) log x - x + log(2 pi) / 2, for all x > 0."""
    large = x > _LARGE
    near = m.where(large, m.ones_like(x), x)
    exact = m.lgamma(near) - (near - 0.5) * m.log(near) + near - HALF_LOG_2_PI
    return m.where(large, _stirling(m.where(large, x, 0 * x + 20.0)), exact)


def deviance(m: Any, x: Any, expected: Any, off: Any) -> Any:
    """The term x log(x / expected) - off, where off is x - expected with all its digits."""
    share = off / expected
    close = m.abs(share) < 0.5
    near = m.log1p(m.where(close, share, m.zeros_like(share)))
    ratio = m.where(close, m.ones_like(share), x / expected)
    return x * m.where(close, near, m.log(ratio)) - off


def log_beta(m: Any, a: Any, b: Any) -> Any:
    """The logarithm of the beta function."""
    small, large = m.minimum(a, b), m.maximum(a, b)
    return m.lgamma(small) - lgamma_step(m, large, small)


def log_normal(z: Any) -> Any:
    """The log density of a standard normal."""
    return -0.5 * z * z - HALF_LOG_2_PI


def log_mean_exp(m: Any, t: Any) -> Any:
    """log((exp(t) - 1) / t), the mean of exp over [0, t], also near t = 0."""
    return 0.5 * t + log_sinh_over(m, 0.5 * t)


def log_sinh_over(m: Any, x: Any) -> Any:
    """log(sinh(x) / x), also near x = 0, where its slope is x / 3."""
    size = m.abs(x)
    small = size < 0.05
    far_x = m.where(small, m.ones_like(size), size)
    far = far_x + m.log1p(-m.exp(-2 * far_x)) - m.log(2 * far_x)
    square = m.where(small, x * x, m.zeros_like(x))
    near = square * (1 / 6 - square * (1 / 180 - square / 2835))
    return m.where(small, near, far)


def times_log(m: Any, times: Any, x: Any) -> Any:
    """A multiple of log(x) for x >= 0; at 0 its limit, which has no slope."""
    at_zero = x == 0
    found = times * m.log(m.where(at_zero, m.ones_like(x), x))
    rising = m.where(times > 0, -math.inf, m.where(times < 0, math.inf, 0.0))
    return m.where(at_zero, rising, found)


def log1p_over(m: Any, c: Any, z: Any) -> Any:
    """log(1 + c z) / c, which is z where c = 0; nan from the edge 1 + c z = 0 on."""
    y = c * z
    small = m.abs(y) < 1e-3
    one = m.ones_like(y)
    away = m.log1p(m.where(small, one, y)) / m.where(small, one, c)
    y = m.where(small, y, m.zeros_like(y))
    series = 1 - y * (1 / 2 - y * (1 / 3 - y * (1 / 4 - y * (1 / 5 - y / 6))))
    return m.where(small, z * series, away)


def expm1_over(m: Any, c: Any, z: Any) -> Any:
    """(exp(c z) - 1) / c, which is z where c = 0."""
    y = c * z
    small = m.abs(y) < 1e-3
    one = m.ones_like(y)
    away = m.expm1(m.where(small, one, y)) / m.where(small, one, c)
    y = m.where(small, y, m.zeros_like(y))
    series = 1 + y * (1 / 2 + y * (1 / 6 + y * (1 / 24 + y / 120)))
    return m.where(small, z * series, away)


def asinh(m: Any, x: Any) -> Any:
    """The inverse of sinh, whose slope does not overflow."""
    size = m.abs(x)
    far = size > 1e8
    away = LOG_2 + m.log(m.where(far, size, m.ones_like(size)))
    near = m.asinh(m.where(far, m.zeros_like(x), x))
    return m.where(far, m.where(x < 0, -away, away), near)


def log1mexp(m: Any, x: Any) -> Any:
    """log(1 - exp(x)) for x < 0."""
    near = x > -LOG_2
    close = m.log(-m.expm1(m.where(near, x, -m.ones_like(x))))
    away = m.log1p(-m.exp(m.where(near, -m.ones_like(x), x)))
    return m.where(near, close, away)


def log_risk(m: Any, hazard: Any, log_hazard: Any) -> Any:
    """log(1 - exp(-hazard)), also for a hazard that is no number of its own any more."""
    small = log_hazard < 0
    low = m.where(small, log_hazard, m.zeros_like(log_hazard))
    near = low + log_mean_exp(m, -m.where(small, hazard, m.zeros_like(hazard)))
    # From exp(6) on there is nothing left of exp(-hazard).
    most = 6 * m.ones_like(log_hazard)
    high = m.minimum(m.where(small, m.zeros_like(log_hazard), log_hazard), most)
    return m.where(small, near, m.log1p(-m.exp(-m.exp(high))))


#: Where Mills' ratio is a short continued fraction, and how short.
TAIL, _DEPTH = 6.0, 40


def log_mills(m: Any, t: Any) -> Any:
    """Log of the mass of a standard normal above t over its density, for t > 6."""
    found = t
    for k in range(_DEPTH, 0, -1):
        found = t + k / found
    return -m.log(found)


def log_normal_cdf(m: Any, z: Any) -> Any:
    """Log of the standard normal distribution function, gradients included."""
    deep = z < -TAIL
    far = log_normal(z) + log_mills(m, m.where(deep, -z, m.ones_like(z) * TAIL))
    return m.where(deep, far, m.log_ndtr(m.where(deep, m.zeros_like(z), z)))


def log_sinh(m: Any, x: Any) -> Any:
    """log(sinh(x)) for x > 0, however large."""
    return x + m.log(-m.expm1(-2 * x)) - LOG_2


def log_cosh(m: Any, x: Any) -> Any:
    """log(cosh(x)), however large."""
    return m.logaddexp(x, -x) - LOG_2


def tilted(m: Any, u: Any, t: Any) -> Any:
    """The quantile of the density exp(t x) on [0, 1], as its share of t.

    log(1 + u (exp(t) - 1)) / t, without overflow.
    """
    size = m.abs(t)
    small = size < 1e-6
    safe = m.where(small, m.ones_like(t), t)
    rising = safe > 0
    part = m.where(rising, u, 1 - u)
    log_part = m.log(part + (1 - part) * m.exp(-m.abs(safe)))
    share = log_part / m.abs(safe)
    found = m.where(rising, 1 + share, -share)
    return m.where(small, u, found)


def logistic(m: Any, r: Any) -> Any:
    """Standard logistic draws."""
    u = r.uniform()
    return m.log(u) - m.log1p(-u)


def sign(m: Any, r: Any) -> Any:
    """1 or -1, each as often."""
    u = r.uniform()
    return m.where(u < 0.5, -m.ones_like(u), m.ones_like(u))
