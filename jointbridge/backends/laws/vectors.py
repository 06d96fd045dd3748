"""Laws of vectors; sums and the like run along the last axis."""

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.functions import (
    HALF_LOG_2_PI,
    LOG_2,
    lgamma_step,
    log_ndtr,
    log_normal,
)
from jointbridge.backends.laws.law import Law


def _log_weights(m: Any, probs: Any, logits: Any) -> Any:
    return m.log(probs) if logits is None else logits


def _relaxed_one_hot(
    m: Any, x: Any, temperature: Any, probs: Any = None, logits: Any = None
) -> Any:
    size, weights = x.shape[-1], _log_weights(m, probs, logits)
    at_edge = x == 0
    log_x = m.log(m.where(at_edge, m.ones_like(x), x))
    front = m.lgamma(size * m.ones_like(temperature)) + (size - 1) * m.log(temperature)
    each = m.sum(weights - (temperature[..., None] + 1) * log_x)
    found = front + each
    found = found - size * m.logsumexp(weights - temperature[..., None] * log_x)
    # Where `zeros` entries fall to 0 together, the density goes with this power of them.
    zeros = m.sum(m.where(at_edge, m.ones_like(x), m.zeros_like(x)))
    power = (size - zeros) * temperature - zeros
    limit = m.where(power > 0, -math.inf, m.where(power < 0, math.inf, math.nan))
    return m.where(zeros > 0, limit, found)


def _draw_relaxed_one_hot(
    m: Any, r: Any, temperature: Any, probs: Any = None, logits: Any = None
) -> Any:
    weights = _log_weights(m, probs, logits)
    z = (weights - m.log(r.exponential())) / temperature[..., None]
    return m.exp(z - m.logsumexp(z)[..., None])


def _plackett_luce(m: Any, x: Any, scores: Any) -> Any:
    ranked = m.take(scores, x)
    left = m.reverse(m.cumsum(m.reverse(ranked)))
    return m.sum(m.log(ranked) - m.log(left))


def _draw_plackett_luce(m: Any, r: Any, scores: Any) -> Any:
    return m.argsort(r.exponential() / scores)


#: Where powers of a normal are a continued fraction, and how long.
_FAR, _DEPTH = 2.0, 60

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
        return log_ndtr(m, t)
    last = m.exp(log_ndtr(m, t))
    found = m.exp(log_normal(t)) + t * last
    for k in range(1, n):
        last, found = found, t * found + k * last
    return m.log(found)


def _far_power(m: Any, n: int, t: Any) -> Any:
    """By the ratios of the powers around -t, each from the next."""
    ratio, found = 0 * t, log_normal(t)
    for k in range(_DEPTH + n, 0, -1):
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
    z = r.normal()
    beside = z - m.sum(z * mean_direction)[..., None] * mean_direction
    share, rest = m.expit(odds), m.expit(-odds)
    along, across = share - rest, 2 * m.sqrt(share * rest)
    return along * mean_direction + across * _direction(m, beside)


LAWS = {
    "PlackettLuce": Law(_plackett_luce, _draw_plackett_luce),
    "PowerSpherical": Law(_power_spherical, _draw_power_spherical),
    "ProjectedNormal": Law(_projected_normal, _draw_projected_normal),
    "RelaxedOneHotCategorical": Law(_relaxed_one_hot, _draw_relaxed_one_hot),
}
