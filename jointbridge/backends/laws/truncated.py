"""Truncated distributions whose interval lies on one side of the middle.

There the density and the mass are both as small as a tail, and the difference of their
logarithms is what is left of two large numbers.  Relative to the edge `near` that is
closer to the middle, nothing large appears:

    far            near ───── middle                log f(x) - log f(near) = step
     ├──── x ───────┤                               log F(near) - log f(near) = over
"""

# All are called alike, whatever they need.
# ruff: noqa: ARG005

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jointbridge.backends.laws.functions import (
    TAIL,
    log1mexp,
    log_mills,
    log_normal,
)


@dataclass(frozen=True)
class Fall:
    """The lower tail of a standard distribution that is symmetric about 0.

    Attributes:
        step: `(m, gap, near)` to log f(near + gap) - log f(near), both below 0.
        over: `(m, near)` to log F(near) - log f(near).
    """

    step: Callable[..., Any]
    over: Callable[..., Any]


def _normal_over(m: Any, z: Any) -> Any:
    deep = z < -TAIL
    far = log_mills(m, m.where(deep, -z, m.ones_like(z) * TAIL))
    z = m.where(deep, m.zeros_like(z), z)
    return m.where(deep, far, m.log_ndtr(z) - log_normal(z))


#: By the name of the class; densities that fall like a power lose nothing.
FALLS = {
    "Laplace": Fall(lambda _, gap, near: gap, lambda m, near: m.zeros_like(near)),
    "Logistic": Fall(
        lambda m, gap, near: gap - 2 * (m.softplus(near + gap) - m.softplus(near)),
        lambda m, near: m.softplus(near),
    ),
    "Normal": Fall(lambda _, gap, near: -0.5 * gap * (2 * near + gap), _normal_over),
}


def is_far(m: Any, base: Any, low: Any, high: Any) -> Any:
    """Where an interval lies on one side of a base's middle; None for no such base.

    Args:
        m: The library's functions.
        base: A distribution with `loc` and `scale`.
        low: The lower edge, or None.
        high: The upper edge, or None.
    """
    if type(base).__name__ not in FALLS or (low is None and high is None):
        return None
    nowhere = m.zeros_like(base.loc) > 0
    above = nowhere if low is None else low >= base.loc
    return above | (nowhere if high is None else high <= base.loc)


def far_density(m: Any, base: Any, x: Any, low: Any, high: Any) -> Any:
    """The log density inside an interval that is far; a number elsewhere too."""
    fall, far = FALLS[type(base).__name__], is_far(m, base, low, high)
    near, other, sign = _ends(m, base, low, high)

    def below(distance: Any) -> Any:
        """On the standard scale, mirrored to the lower tail; harmless where not far."""
        z = sign * distance / base.scale
        return m.where(far, z, -m.ones_like(z))

    start = below(near - base.loc)
    found = fall.step(m, below(x - near), start) - fall.over(m, start)
    if other is not None:
        gap = below(other - near)
        found = found - log1mexp(
            m,
            fall.step(m, gap, start) + fall.over(m, start + gap) - fall.over(m, start),
        )
    return found - m.log(base.scale)


def _ends(m: Any, base: Any, low: Any, high: Any) -> tuple[Any, Any, Any]:
    """The edge next to the middle, the other one, and -1 where they lie above it."""
    one = m.ones_like(base.loc)
    if low is None or high is None:
        return (low, None, -one) if high is None else (high, None, one)
    above = low >= base.loc
    ends = m.where(above, low, high), m.where(above, high, low)
    return *ends, m.where(above, -one, one)
