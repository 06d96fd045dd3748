"""Laws of values above an edge or between two."""

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.functions import (
    HALF_LOG_2_PI,
    LOG_2,
    expm1_over,
    log1p_over,
    log_beta,
    log_mean_exp,
    tilted,
    times_log,
)
from jointbridge.backends.laws.law import Law


def _chi(m: Any, x: Any, df: Any) -> Any:
    front = (1 - 0.5 * df) * LOG_2 - m.lgamma(0.5 * df)
    return front + (df - 1) * m.log(x) - 0.5 * x * x


def _draw_chi(m: Any, r: Any, df: Any) -> Any:
    return m.exp(0.5 * (LOG_2 + r.log_gamma(0.5 * df)))


def _dagum(m: Any, x: Any, concentration: Any, sharpness: Any, scale: Any) -> Any:
    z = sharpness * (m.log(x) - m.log(scale))
    front = m.log(concentration) + m.log(sharpness) - m.log(x)
    return front - concentration * m.softplus(-z) - m.softplus(z)


def _draw_dagum(m: Any, r: Any, concentration: Any, sharpness: Any, scale: Any) -> Any:
    odds = m.expm1(r.exponential() / concentration)
    return scale * m.exp(-m.log(odds) / sharpness)


def _fisher_snedecor(m: Any, x: Any, df1: Any, df2: Any) -> Any:
    log_ratio = m.log(x) + m.log(df1) - m.log(df2)
    a, b = 0.5 * df1, 0.5 * df2
    front = -m.log(x) - log_beta(m, a, b)
    return front - a * m.softplus(-log_ratio) - b * m.softplus(log_ratio)


def _draw_fisher_snedecor(m: Any, r: Any, df1: Any, df2: Any) -> Any:
    odds = r.log_gamma(0.5 * df1) - r.log_gamma(0.5 * df2)
    return df2 / df1 * m.exp(odds)


def _gamma_gamma(
    m: Any, x: Any, concentration: Any, mixing_concentration: Any, mixing_rate: Any
) -> Any:
    z = m.log(x) - m.log(mixing_rate)
    front = -m.log(x) - log_beta(m, concentration, mixing_concentration)
    odds = concentration * m.softplus(-z) + mixing_concentration * m.softplus(z)
    return front - odds


def _draw_gamma_gamma(
    m: Any, r: Any, concentration: Any, mixing_concentration: Any, mixing_rate: Any
) -> Any:
    odds = r.log_gamma(concentration) - r.log_gamma(mixing_concentration)
    return mixing_rate * m.exp(odds)


def _generalized_pareto(
    m: Any, x: Any, loc: Any, scale: Any, concentration: Any
) -> Any:
    z = (x - loc) / scale
    inside = (z >= 0) & (1 + concentration * z > 0)
    t = log1p_over(m, concentration, m.where(inside, z, m.zeros_like(z)))
    density = -m.log(scale) - (1 + concentration) * t
    return m.where(inside, density, -math.inf * m.ones_like(density))


def _draw_generalized_pareto(
    m: Any, r: Any, loc: Any, scale: Any, concentration: Any
) -> Any:
    return loc + scale * expm1_over(m, concentration, r.exponential())


def _inverse_gaussian(m: Any, x: Any, loc: Any, concentration: Any) -> Any:
    front = 0.5 * m.log(concentration) - 1.5 * m.log(x) - HALF_LOG_2_PI
    distance = x / loc - 1
    return front - (0.5 * concentration * distance) * (distance / x)


def _draw_inverse_gaussian(m: Any, r: Any, loc: Any, concentration: Any) -> Any:
    # Michael, Schucany and Haas (1976), their smaller root without cancellation.
    z = r.normal()
    w = loc * z * z / concentration
    root = loc / (1 + 0.5 * w + m.sqrt(w + 0.25 * w * w))
    return m.where(r.uniform() * (loc + root) <= loc, root, loc * (loc / root))


def _doubly_truncated_power_law(m: Any, x: Any, alpha: Any, low: Any, high: Any) -> Any:
    width = m.log(high) - m.log(low)
    # Relative to the end where most of the mass is.
    rising = alpha + 1 > 0
    end, power = m.log(m.where(rising, high, low)), (alpha + 1) * width
    size = m.where(rising, power, -power)
    small = size < 1
    less, more = m.where(small, size, 0 * size), m.where(small, 1 + 0 * size, size)
    slope = m.abs(m.where(small, m.ones_like(alpha), alpha + 1))
    mass = m.where(
        small,
        m.log(width) + log_mean_exp(m, -less),
        m.log(-m.expm1(-more)) - m.log(slope),
    )
    return alpha * (m.log(x) - end) - end - mass


def _draw_doubly_truncated_power_law(
    m: Any, r: Any, alpha: Any, low: Any, high: Any
) -> Any:
    width = m.log(high) - m.log(low)
    drawn = low * m.exp(width * tilted(m, r.uniform(), (alpha + 1) * width))
    return m.minimum(m.maximum(drawn, low), high)


def _logits(m: Any, probs: Any, logits: Any) -> Any:
    return logits if probs is None else m.log(probs) - m.log1p(-probs)


def _continuous_bernoulli(m: Any, x: Any, probs: Any = None, logits: Any = None) -> Any:
    t = _logits(m, probs, logits)
    return x * t - log_mean_exp(m, t)


def _draw_continuous_bernoulli(
    m: Any, r: Any, probs: Any = None, logits: Any = None
) -> Any:
    return tilted(m, r.uniform(), _logits(m, probs, logits))


def _triangular(m: Any, x: Any, low: Any, high: Any, peak: Any) -> Any:
    # Where the peak is an end, only the other side has a length.
    rising, falling, one = x < peak, x > peak, m.ones_like(x)
    up = m.log(m.where(rising, x - low, one)) - m.log(m.where(rising, peak - low, one))
    down = m.where(falling, high - x, one), m.where(falling, high - peak, one)
    share = m.where(rising, up, m.log(down[0]) - m.log(down[1]))
    return LOG_2 - m.log(high - low) + share


def _draw_triangular(m: Any, r: Any, low: Any, high: Any, peak: Any) -> Any:
    u, width = r.uniform(), high - low
    up = low + m.sqrt(u * width * (peak - low))
    down = high - m.sqrt((1 - u) * width * (high - peak))
    return m.where(u * width < peak - low, up, down)


def _affine_beta(
    m: Any, x: Any, concentration1: Any, concentration0: Any, loc: Any, scale: Any
) -> Any:
    a, b = concentration1, concentration0
    front = (1 - a - b) * m.log(scale) - log_beta(m, a, b)
    below, above = times_log(m, a - 1, x - loc), times_log(m, b - 1, loc - x + scale)
    return front + below + above


def _draw_affine_beta(
    m: Any, r: Any, concentration1: Any, concentration0: Any, loc: Any, scale: Any
) -> Any:
    odds = r.log_gamma(concentration1) - r.log_gamma(concentration0)
    return loc + scale * m.expit(odds)


LAWS = {
    "AffineBeta": Law(_affine_beta, _draw_affine_beta),
    "Chi": Law(_chi, _draw_chi),
    "ContinuousBernoulli": Law(_continuous_bernoulli, _draw_continuous_bernoulli),
    "Dagum": Law(_dagum, _draw_dagum),
    "DoublyTruncatedPowerLaw": Law(
        _doubly_truncated_power_law, _draw_doubly_truncated_power_law
    ),
    "FisherSnedecor": Law(_fisher_snedecor, _draw_fisher_snedecor),
    "GammaGamma": Law(_gamma_gamma, _draw_gamma_gamma),
    "GeneralizedPareto": Law(_generalized_pareto, _draw_generalized_pareto),
    "InverseGaussian": Law(_inverse_gaussian, _draw_inverse_gaussian),
    "Triangular": Law(_triangular, _draw_triangular),
}
