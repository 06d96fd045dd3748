"""Laws of values on the real line."""

# All are called alike, whatever they need.
# ruff: noqa: ARG001

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.functions import (
    LOG_2,
    TAIL,
    asinh,
    expm1_over,
    log1p_over,
    log_beta,
    log_cosh,
    log_mills,
    log_normal,
    log_sinh,
    log_sinh_over,
    logistic,
    sign,
)
from jointbridge.backends.laws.law import Law


def _skew_logistic(m: Any, x: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
    z = (x - loc) / scale
    front = m.log(asymmetry) - m.log(scale)
    return front - asymmetry * m.softplus(-z) - m.softplus(z)


def _draw_skew_logistic(m: Any, r: Any, loc: Any, scale: Any, asymmetry: Any) -> Any:
    return loc - scale * m.log(m.expm1(r.exponential() / asymmetry))


def _generalized_normal(m: Any, x: Any, loc: Any, scale: Any, power: Any) -> Any:
    distance = m.abs(x - loc) / scale
    at_loc = distance == 0
    # At `loc` itself a power has no gradient that is a number.
    safe = m.where(at_loc, m.ones_like(distance), distance)
    term = m.where(at_loc, m.zeros_like(distance), m.exp(power * m.log(safe)))
    return -term - LOG_2 - m.log(scale) - m.lgamma(1 + 1 / power)


def _draw_generalized_normal(m: Any, r: Any, loc: Any, scale: Any, power: Any) -> Any:
    distance = m.exp(r.log_gamma(1 / power) / power)
    return loc + scale * sign(m, r) * distance


def _exponentially_modified_gaussian(
    m: Any, x: Any, loc: Any, scale: Any, rate: Any
) -> Any:
    z, length = (x - loc) / scale, rate * scale
    deep = z - length < -TAIL
    # exp(length ** 2 / 2 - length * z) and the tail's own exponential cancel there.
    far = log_normal(z) + log_mills(m, m.where(deep, length - z, m.ones_like(z) * TAIL))
    low = m.where(deep, m.zeros_like(z), z - length)
    near = m.log_ndtr(low) + 0.5 * length * length - rate * (x - loc)
    return m.log(rate) + m.where(deep, far, near)


def _draw_exponentially_modified_gaussian(
    m: Any, r: Any, loc: Any, scale: Any, rate: Any
) -> Any:
    return loc + scale * r.normal() + r.exponential() / rate


def _johnson_su(
    m: Any, x: Any, skewness: Any, tailweight: Any, loc: Any, scale: Any
) -> Any:
    bent = asinh(m, (x - loc) / scale)
    front = m.log(tailweight) - m.log(scale) - log_cosh(m, bent)
    return front + log_normal(skewness + tailweight * bent)


def _draw_johnson_su(
    m: Any, r: Any, skewness: Any, tailweight: Any, loc: Any, scale: Any
) -> Any:
    return loc + scale * m.sinh((r.normal() - skewness) / tailweight)


_ASINH_2 = math.asinh(2.0)


def _log_stretch(m: Any, scale: Any, tailweight: Any) -> Any:
    """log(scale that is used * tailweight), which stays a number.

    With that scale `tailweight` leaves the point 2 of a standard normal alone.
    """
    t = _ASINH_2 * tailweight
    return m.log(scale) + math.log(2 / _ASINH_2) - log_sinh_over(m, t)


def _bent(m: Any, distance: Any, log_stretch: Any, tailweight: Any) -> tuple[Any, Any]:
    """asinh(y) and asinh(y) / tailweight of the distance over the scale, y."""
    here = distance == 0
    size = m.abs(m.where(here, m.ones_like(distance), distance))
    log_over = m.log(size) - log_stretch
    log_size = log_over + m.log(tailweight)
    zero = m.zeros_like(log_size)
    far, near = log_size > 20, (log_size < -4) & ~here
    # Near `loc` it is a line, and a few terms more.
    over = m.exp(m.where(near | here, m.minimum(log_over, 80 + zero), zero))
    square = m.exp(2 * m.where(near, log_size, zero - 9))
    series = 1 / 6 - square * (3 / 40 - square * (5 / 112 - square * (35 / 1152)))
    over = over * (1 - square * series)
    inner = m.asinh(m.exp(m.where(far | near | here, zero, log_size)))
    outer = m.where(far, log_size + LOG_2, inner)
    outer = m.where(near, over * tailweight, outer)
    ratio = m.where(near, over, outer / tailweight)
    sign = m.where(distance < 0, -1 + zero, 1 + zero)
    at_loc = m.where(here, distance * over, zero)
    return (
        m.where(here, at_loc * tailweight, sign * outer),
        m.where(here, at_loc, sign * ratio),
    )


def _sinh_arcsinh(
    m: Any, x: Any, loc: Any, scale: Any, skewness: Any, tailweight: Any
) -> Any:
    log_stretch = _log_stretch(m, scale, tailweight)
    outer, ratio = _bent(m, x - loc, log_stretch, tailweight)
    bent = ratio - skewness
    front = log_cosh(m, bent) - log_cosh(m, outer) - log_stretch
    return front + log_normal(m.sinh(bent))


def _draw_sinh_arcsinh(
    m: Any, r: Any, loc: Any, scale: Any, skewness: Any, tailweight: Any
) -> Any:
    bent = (m.asinh(r.normal()) + skewness) * tailweight
    log_scale = _log_stretch(m, scale, tailweight) - m.log(tailweight)
    away = m.exp(log_scale + log_sinh(m, m.abs(bent)))
    return loc + m.where(bent < 0, -away, away)


def _two_piece_normal(m: Any, x: Any, loc: Any, scale: Any, skewness: Any) -> Any:
    z = (x - loc) / scale
    z = m.where(z < 0, z * skewness, z / skewness)
    front = LOG_2 - m.log(skewness + 1 / skewness) - m.log(scale)
    return front + log_normal(z)


def _draw_two_piece_normal(m: Any, r: Any, loc: Any, scale: Any, skewness: Any) -> Any:
    size = m.abs(r.normal())
    left = r.uniform() * (1 + skewness * skewness) < 1
    return loc + scale * m.where(left, -size / skewness, size * skewness)


def _moyal(m: Any, x: Any, loc: Any, scale: Any) -> Any:
    z = (x - loc) / scale
    return log_normal(m.zeros_like(z)) - 0.5 * (z + m.exp(-z)) - m.log(scale)


def _draw_moyal(m: Any, r: Any, loc: Any, scale: Any) -> Any:
    return loc - scale * (LOG_2 + r.log_gamma(0.5 * m.ones_like(scale)))


def _generalized_extreme_value(
    m: Any, x: Any, loc: Any, scale: Any, concentration: Any
) -> Any:
    z = (x - loc) / scale
    inside = 1 + concentration * z > 0
    t = log1p_over(m, concentration, m.where(inside, z, m.zeros_like(z)))
    density = -m.log(scale) - (1 + concentration) * t - m.exp(-t)
    return m.where(inside, density, -math.inf * m.ones_like(density))


def _draw_generalized_extreme_value(
    m: Any, r: Any, loc: Any, scale: Any, concentration: Any
) -> Any:
    return loc + scale * expm1_over(m, concentration, -m.log(r.exponential()))


def _doublesided_maxwell(m: Any, x: Any, loc: Any, scale: Any) -> Any:
    z = (x - loc) / scale
    return 2 * m.log(m.abs(z)) + log_normal(z) - m.log(scale)


def _draw_doublesided_maxwell(m: Any, r: Any, loc: Any, scale: Any) -> Any:
    log_half_square = r.log_gamma(1.5 * m.ones_like(scale))
    return loc + scale * sign(m, r) * m.exp(0.5 * (LOG_2 + log_half_square))


def _exp_gamma(m: Any, x: Any, concentration: Any, rate: Any) -> Any:
    y = x + m.log(rate)
    return concentration * y - m.exp(y) - m.lgamma(concentration)


def _draw_exp_gamma(m: Any, r: Any, concentration: Any, rate: Any) -> Any:
    return r.log_gamma(concentration) - m.log(rate)


def _exp_inverse_gamma(m: Any, x: Any, concentration: Any, rate: Any) -> Any:
    return _exp_gamma(m, -x, concentration, rate)


def _draw_exp_inverse_gamma(m: Any, r: Any, concentration: Any, rate: Any) -> Any:
    return -_draw_exp_gamma(m, r, concentration, rate)


def _sigmoid_beta(m: Any, x: Any, concentration1: Any, concentration0: Any) -> Any:
    a, b = concentration1, concentration0
    return -a * m.softplus(-x) - b * m.softplus(x) - log_beta(m, a, b)


def _draw_sigmoid_beta(m: Any, r: Any, concentration1: Any, concentration0: Any) -> Any:
    return r.log_gamma(concentration1) - r.log_gamma(concentration0)


def _log_logistic(m: Any, x: Any, loc: Any, scale: Any) -> Any:
    z = (m.log(x) - loc) / scale
    return -m.log(x) - m.log(scale) - m.softplus(z) - m.softplus(-z)


def _draw_log_logistic(m: Any, r: Any, loc: Any, scale: Any) -> Any:
    return m.exp(loc + scale * logistic(m, r))


def _logit_normal(m: Any, x: Any, loc: Any, scale: Any) -> Any:
    below, above = m.log(x), m.log1p(-x)
    return log_normal((below - above - loc) / scale) - m.log(scale) - below - above


def _draw_logit_normal(m: Any, r: Any, loc: Any, scale: Any) -> Any:
    return m.expit(loc + scale * r.normal())


LAWS = {
    "DoublesidedMaxwell": Law(_doublesided_maxwell, _draw_doublesided_maxwell),
    "ExpGamma": Law(_exp_gamma, _draw_exp_gamma),
    "ExpInverseGamma": Law(_exp_inverse_gamma, _draw_exp_inverse_gamma),
    "ExponentiallyModifiedGaussian": Law(
        _exponentially_modified_gaussian, _draw_exponentially_modified_gaussian
    ),
    "GeneralizedExtremeValue": Law(
        _generalized_extreme_value, _draw_generalized_extreme_value
    ),
    "GeneralizedNormal": Law(_generalized_normal, _draw_generalized_normal),
    "JohnsonSU": Law(_johnson_su, _draw_johnson_su),
    "LogLogistic": Law(_log_logistic, _draw_log_logistic),
    "LogitNormal": Law(_logit_normal, _draw_logit_normal),
    "Moyal": Law(_moyal, _draw_moyal),
    "SigmoidBeta": Law(_sigmoid_beta, _draw_sigmoid_beta),
    "SinhArcsinh": Law(_sinh_arcsinh, _draw_sinh_arcsinh),
    "SkewLogistic": Law(_skew_logistic, _draw_skew_logistic),
    "TwoPieceNormal": Law(_two_piece_normal, _draw_two_piece_normal),
}
