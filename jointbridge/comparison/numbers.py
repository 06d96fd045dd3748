"""Two arrays become one verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Relative errors up to which numbers agree, by float width and check.
TOLERANCES = {
    "float64": {
        "transform": 1e-10,
        "log density": 1e-10,
        "gradient": 1e-8,
        "unconstrained": 1e-10,
        "unconstrained gradient": 1e-8,
    },
    "float32": {
        "transform": 1e-4,
        "log density": 1e-4,
        "gradient": 1e-3,
        "unconstrained": 1e-4,
        "unconstrained gradient": 1e-3,
    },
}

#: Errors up to which a disagreement is a loss of digits rather than another number.
ACCURACY = {"float64": 1e-5, "float32": 1e-2}


@dataclass(frozen=True)
class Difference:
    """The worst disagreement of two batches of numbers.

    Attributes:
        error: |got - expected| / max(1, |expected|), the scale taken over one draw.
        draw: The draw in which it is worst.
        expected: The reference's number there.
        got: The other's number there.
    """

    error: float
    draw: int
    expected: float
    got: float


def difference(expected: np.ndarray, got: np.ndarray) -> Difference:
    """The worst relative error over draws (the first axis) and elements.

    Equal infinities agree; NaN on one side, or on both, is an infinite error: a number
    was asked for.
    """
    count = len(expected)
    a = np.asarray(expected, float).reshape(count, -1)
    b = np.asarray(got, float).reshape(count, -1)
    if a.shape != b.shape:
        return Difference(np.inf, 0, np.nan, np.nan)
    if a.size == 0:
        return Difference(0.0, 0, 0.0, 0.0)
    finite = np.where(np.isfinite(a), np.abs(a), 0.0)
    scale = np.maximum(1.0, finite.max(1, keepdims=True))
    with np.errstate(invalid="ignore"):
        error = np.where(a == b, 0.0, np.abs(a - b) / scale)
    error = np.where(np.isnan(error), np.inf, error)
    draw, element = np.unravel_index(np.argmax(error), error.shape)
    worst = float(error[draw, element])
    return Difference(
        worst, int(draw), float(a[draw, element]), float(b[draw, element])
    )


def verdict(error: float, check: str, dtype: str) -> str:
    """The word for a relative error."""
    if error <= TOLERANCES[dtype][check]:
        return "agree"
    return "accuracy loss" if error <= ACCURACY[dtype] else "differs"
