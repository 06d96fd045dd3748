"""The support of what comes out of a transform, in a library's own constraints."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


def image(
    constraints: Any,
    base: Any,
    limits: tuple[float, float],
    sent: Callable[[Any], Any],
) -> Any:
    """The values between the images of the ends of a base's support.

    Args:
        constraints: The library's module of constraints.
        base: The constraint of the base.
        limits: Where the transform sends -inf and inf.
        sent: Sends an end through the transform.
    """
    ends = (getattr(base, side, None) for side in ("lower_bound", "upper_bound"))
    low, high = (
        limit if end is None else sent(end)
        for end, limit in zip(ends, limits, strict=True)
    )
    below, above = _is(low, -math.inf), _is(high, math.inf)
    if below:
        return constraints.real if above else constraints.less_than(high)
    if not above:
        return constraints.interval(low, high)
    return constraints.positive if _is(low, 0.0) else constraints.greater_than(low)


def _is(end: Any, number: float) -> bool:
    return isinstance(end, float) and end == number
