"""Laws of directions: points of a sphere, whose axes are the last."""

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.functions import (
    HALF_LOG_2_PI,
    LOG_2,
    lgamma_step,
    log_mean_exp,
    log_normal,
    log_normal_cdf,
)
from jointbridge.backends.laws.law import Law
from jointbridge.errors import UnsupportedError

#: Where powers of a normal are a continued fraction, and how long.
_FAR, _LENGTH = 2.0, 60

#: How far from 1 the square of a direction's length may be.
_ROUNDED = 1e-4


def _log_power(m: Any, n: int, t: Any) -> Any:
    """Log of the mean of max(x, 0) ** n for x a normal around t."""
    far = t < -_FAR
    away = m.where(far, -t, _FAR * m.ones_like(t))
    near = m.where(far, m.ones_like(t), t)
    return m.where(far, _far_power(m, n, away), _near_power(m, n, near))


def _near_power(m: Any, n: int, t: Any) -> Any:
    """By the recurrence of the powers."""
    if n == 0:
        return log_normal_cdf(m, t)
    last = m.exp(log_normal_cdf(m, t))
    found = m.exp(log_normal(t)) + t * last
    for k in range(1, n):
        last, found = found, t * found + k * last
    return m.log(found)


def _far_power(m: Any, n: int, t: Any) -> Any:
    """By the ratios of the powers around -t, each from the next."""
    ratio, found = 0 * t, log_normal(t)
    for k in range(_LENGTH + n, 0, -1):
        ratio = k / (t + ratio)
        found = found + m.log(ratio) if k <= n else found
    return found - m.log(t + ratio)


def _projected_normal(m: Any, x: Any, concentration: Any) -> Any:
    n = x.shape[-1] - 1
    along = m.sum(concentration * x)
    across = concentration - along[..., None] * x
    beside = -0.5 * m.sum(across * across) - n * HALF_LOG_2_PI
    return _on_sphere(m, x, beside + _log_power(m, n, along))


def _on_sphere(m: Any, x: Any, found: Any) -> Any:
    """-inf where x is no direction."""
    off = m.abs(m.sum(x * x) - 1) > _ROUNDED
    return m.where(off, -math.inf, found)


def _draw_projected_normal(m: Any, r: Any, concentration: Any) -> Any:
    z = concentration + r.normal()
    return _direction(m, z)


def _direction(m: Any, z: Any) -> Any:
    return z / m.sqrt(m.sum(z * z))[..., None]


def _power_spherical(m: Any, x: Any, mean_direction: Any, concentration: Any) -> Any:
    half = 0.5 * (x.shape[-1] - 1) * m.ones_like(concentration)
    start = concentration + half
    front = lgamma_step(m, start, half) - half * math.log(math.pi)
    along = m.log1p(m.sum(mean_direction * x)) - LOG_2
    return _on_sphere(m, x, front - 2 * half * LOG_2 + concentration * along)


def _draw_power_spherical(
    m: Any, r: Any, mean_direction: Any, concentration: Any
) -> Any:
    half = 0.5 * (mean_direction.shape[-1] - 1) * m.ones_like(concentration)[..., None]
    near = r.log_gamma(concentration[..., None] + half)[..., :1]
    odds = near - r.log_gamma(half)[..., :1]
    return _around(m, r, mean_direction, m.expit(odds), m.expit(-odds))


def _around(m: Any, r: Any, mean_direction: Any, near: Any, away: Any) -> Any:
    """Directions of which (1 + cosine) / 2 is `near`, and (1 - cosine) / 2 `away`."""
    # A mean direction that was rounded would lengthen what is almost along it.
    mean, z = _direction(m, mean_direction), r.normal()
    beside = _direction(m, z - m.sum(z * mean)[..., None] * mean)
    across = 2 * m.sqrt(near * away)
    return _direction(m, (near - away) * mean + across * beside)


def _von_mises_fisher(m: Any, x: Any, mean_direction: Any, concentration: Any) -> Any:
    along = m.sum(mean_direction * x)
    front = _log_mean_pull(m, x.shape[-1], concentration)
    return _on_sphere(m, x, concentration * (along - 1) - front)


def _log_mean_pull(m: Any, size: int, concentration: Any) -> Any:
    """Log of the integral of exp(concentration * (cosine - 1)) over the sphere."""
    if size == 2:
        return 2 * HALF_LOG_2_PI + m.log(m.i0e(concentration))
    if size == 3:
        return 2 * HALF_LOG_2_PI + LOG_2 + log_mean_exp(m, -2 * concentration)
    half, width = half_dimension(size), _width(m, size, concentration)
    # By equal steps of the logit of (1 - cosine) / 2 around the top: they leave less
    # than rounding of what is smooth and ends, and so many see all of it.
    reach = 40 / half + 12 / math.sqrt(half)
    step = 0.25 / math.sqrt(1 + half)
    count = math.ceil(reach / step)
    steps = step * m.arange(-count, count + 1, concentration)
    log_odds = m.log(width)[..., None] + steps
    pull = -2 * concentration[..., None] * m.expit(log_odds)
    inner = pull - half * (m.softplus(log_odds) + m.softplus(-log_odds))
    front = half * math.log(4 * math.pi) - math.lgamma(half) + math.log(step)
    return front + m.logsumexp(inner)


_TWO_ENDS = "of two ends: Bernoulli(logits=2 * concentration)"


def half_dimension(size: int) -> float:
    """Half the dimension of a sphere.

    Raises:
        UnsupportedError: The sphere is two points.
    """
    if size < 2:
        message = "VonMisesFisher takes directions of at least 2 axes, got 1"
        raise UnsupportedError(message, hint=_TWO_ENDS)
    return 0.5 * (size - 1)


def _width(m: Any, size: int, concentration: Any) -> Any:
    """Wood (1994): the odds by which proposals are drawn towards the mean direction."""
    half = half_dimension(size)
    return half / (concentration + m.sqrt(concentration * concentration + half * half))


def _draw_von_mises_fisher(
    m: Any, r: Any, mean_direction: Any, concentration: Any
) -> Any:
    size, pull = mean_direction.shape[-1], concentration[..., None]
    half, width = half_dimension(size) * m.ones_like(pull), _width(m, size, pull)
    top = width / (1 + width)

    def propose(r: Any) -> tuple[Any, Any]:
        odds = (r.log_gamma(half) - r.log_gamma(half))[..., :1]
        away = m.expit(odds + m.log(width))
        lean = m.log((width + (1 - width) * away) * (1 + width) / (2 * width))
        limit = 2 * (half * lean - pull * (away - top))
        refused = m.log(r.uniform()[..., :1]) > limit
        # What is no number is taken, or there would be no end.
        return away, ~refused

    away = r.accepted(propose)
    return _around(m, r, mean_direction, 1 - away, away)


LAWS = {
    "PowerSpherical": Law(_power_spherical, _draw_power_spherical),
    "ProjectedNormal": Law(_projected_normal, _draw_projected_normal),
    "VonMisesFisher": Law(
        _von_mises_fisher, _draw_von_mises_fisher, reparameterized=False
    ),
}
