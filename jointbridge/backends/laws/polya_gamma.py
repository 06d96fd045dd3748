"""The law of a PolyaGamma(1, 0) below 2.5.

It is a sum of exponentials, and has two alternating series. The first term of each is more
than the density; where they meet, both are that but for a part in 180:

    Levy(0, 1/4), twice      below 1 / (2 pi)
    2 pi exp(-pi^2 x / 2)    above
"""

from __future__ import annotations

import math
from typing import Any

from jointbridge.backends.laws.functions import HALF_LOG_2_PI
from jointbridge.backends.laws.law import Law

_END, _MEET = 2.5, 0.5 / math.pi

#: The rate of the exponential, and the mass of it above where the series meet.
_RATE = 0.5 * math.pi**2
_TAIL = 4 / math.pi * math.exp(-_RATE * _MEET)

#: The log of the mass below the end; the next term of its series is 1e-48.
_LOG_MASS = math.log1p(-4 / math.pi * math.exp(-_RATE * _END))


def _log_share(m: Any, x: Any) -> Any:
    """Log of the density over the first term of its series."""
    decay = m.maximum(1 / x, 4 * math.pi**2 * x)
    found = 0 * decay
    for n in (1, 2, 3):
        term = (2 * n + 1) * m.exp(-n * (n + 1) / 2 * decay)
        found = found - term if n % 2 else found + term
    return m.log1p(found)


def _log_first(m: Any, x: Any) -> Any:
    """Log of the first term."""
    near = -HALF_LOG_2_PI - 1.5 * m.log(x) - 0.125 / x
    return m.where(x < _MEET, near, 2 * HALF_LOG_2_PI - _RATE * x)


def _truncated_polya_gamma(m: Any, x: Any) -> Any:
    inside = m.where(x > 0, x, m.ones_like(x))
    found = _log_first(m, inside) + _log_share(m, inside) - _LOG_MASS
    return m.where(x > 0, found, -math.inf)


def _draw_truncated_polya_gamma(m: Any, r: Any) -> Any:
    """By rejection from the first terms, each where it is the larger part."""

    def propose(r: Any) -> tuple[Any, Any]:
        near = r.uniform() * (2 + _TAIL) < 2
        z = r.normal()
        x = m.where(near, 0.25 / (z * z), _MEET + r.exponential() / _RATE)
        below = x < _MEET
        fits = (near & below) | ~(near | below)
        return x, fits & (x < _END) & (m.log(r.uniform()) < _log_share(m, x))

    return r.accepted(propose)


LAWS = {
    "TruncatedPolyaGamma": Law(
        _truncated_polya_gamma, _draw_truncated_polya_gamma, reparameterized=False
    ),
}
