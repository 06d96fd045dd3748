"""Both tails of families with a distribution function, in logarithms."""

# All are called alike, whatever they need.
# ruff: noqa: ARG001, ARG005

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jointbridge.backends.laws.functions import LOG_2, log_normal_cdf, log_risk

_LOG_PI = math.log(math.pi)


@dataclass(frozen=True)
class Tails:
    """How much mass lies on either side of a value.

    Attributes:
        parameters: The base's attributes that the others are given, in order.
        below: `(m, x, *parameters)` to the log of the distribution function.
        above: The same of the rest.
        middle: `(m, *parameters)` to a value where nothing is extreme.
    """

    parameters: tuple[str, ...]
    below: Callable[..., Any]
    above: Callable[..., Any]
    middle: Callable[..., Any]


def _symmetric(log_cdf: Callable[[Any, Any], Any]) -> Tails:
    return Tails(
        ("loc", "scale"),
        lambda m, x, loc, scale: log_cdf(m, (x - loc) / scale),
        lambda m, x, loc, scale: log_cdf(m, (loc - x) / scale),
        lambda m, loc, scale: loc,
    )


def _cauchy(m: Any, z: Any) -> Any:
    # The slope of atan2 squares z, which overflows; there 1 / -z is the same.
    far = z < -1e8
    size = m.where(far, -z, m.ones_like(z))
    angle = m.atan2(m.ones_like(z), m.where(far, m.ones_like(z), -z))
    return m.where(far, -m.log(size), m.log(angle)) - _LOG_PI


def _laplace(m: Any, z: Any) -> Any:
    lower = m.minimum(z, m.zeros_like(z)) - LOG_2
    upper = m.log1p(-0.5 * m.exp(-m.maximum(z, m.zeros_like(z))))
    return m.where(z < 0, lower, upper)


def _waiting(
    hazard: Callable[..., Any],
    log_hazard: Callable[..., Any],
    middle: Callable[..., Any],
    *parameters: str,
) -> Tails:
    """From the hazard gathered up to a value, and its logarithm."""
    return Tails(
        parameters,
        lambda m, x, *given: log_risk(
            m, hazard(m, x, *given), log_hazard(m, x, *given)
        ),
        lambda m, x, *given: -hazard(m, x, *given),
        middle,
    )


def _log_weibull(m: Any, x: Any, scale: Any, concentration: Any) -> Any:
    return concentration * (m.log(x) - m.log(scale))


def _gumbel(m: Any, x: Any, loc: Any, scale: Any) -> Any:
    return (loc - x) / scale


def _bounded(m: Any, x: Any) -> Any:
    """A number whose exponential is one in every width."""
    most = 80 * m.ones_like(x)
    return m.minimum(m.maximum(x, -most), most)


def _log_normal(m: Any, x: Any, loc: Any, scale: Any) -> Any:
    return (m.log(x) - loc) / scale


#: By the name of the family, which its classes share.
TAILS = {
    "Cauchy": _symmetric(_cauchy),
    "Exponential": _waiting(
        lambda m, x, rate: x * rate,
        lambda m, x, rate: m.log(x) + m.log(rate),
        lambda m, rate: 1 / rate,
        "rate",
    ),
    "Gumbel": Tails(
        ("loc", "scale"),
        lambda m, x, *given: -m.exp(_gumbel(m, x, *given)),
        lambda m, x, *given: log_risk(
            m, m.exp(_bounded(m, _gumbel(m, x, *given))), _gumbel(m, x, *given)
        ),
        lambda m, loc, scale: loc,
    ),
    "Laplace": _symmetric(_laplace),
    "LogNormal": Tails(
        ("loc", "scale"),
        lambda m, x, *given: log_normal_cdf(m, _log_normal(m, x, *given)),
        lambda m, x, *given: log_normal_cdf(m, -_log_normal(m, x, *given)),
        lambda m, loc, scale: m.exp(_bounded(m, loc)),
    ),
    "Logistic": _symmetric(lambda m, z: -m.softplus(-z)),
    "Normal": _symmetric(log_normal_cdf),
    "Weibull": _waiting(
        lambda m, x, *given: m.exp(_log_weibull(m, x, *given)),
        _log_weibull,
        lambda m, scale, concentration: scale,
        *("scale", "concentration"),
    ),
}


def censored(m: Any, base: Any, x: Any, flags: Any, side: str) -> Any:
    """The log density of a distribution; where flagged, the log mass on one side.

    Args:
        m: The library's functions.
        base: A distribution of the library, of a class in `TAILS`.
        x: The value.
        flags: 1 where all that is known is the side.
        side: `below` or `above`.
    """
    found = TAILS[type(base).__name__]
    given = [getattr(base, name) for name in found.parameters]
    # Each is asked about values of its own alone: no gradient of the other leaks.
    middle = found.middle(m, *given) + m.zeros_like(x)
    known = flags == 1
    mass = getattr(found, side)(m, m.where(known, x, middle), *given)
    return m.where(known, mass, base.log_prob(m.where(known, middle, x)))
