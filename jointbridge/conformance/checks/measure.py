"""One number that was computed, held against the exact one.

    got, exact ──► Measure (error, units in the last place) ──► the word of a verdict

An error is relative to max(1, |exact|, condition): nobody can be asked for more digits
than the inputs have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from jointbridge.conformance.points import Point

#: Above the tolerance and up to this, digits are lost; beyond it the answer is wrong.
LOST = 1e-3


class Tolerances(NamedTuple):
    """What counts as the same, by what is measured."""

    density: float
    gradient: float


TOLERANCES = {
    "float64": Tolerances(1e-12, 1e-9),
    "float32": Tolerances(2e-5, 2e-4),
}


@dataclass(frozen=True)
class Measure:
    """One number at one point.

    Attributes:
        got: What came out; a text where it was no number.
        exact: What should have.
        error: Relative; infinite where one of them is no finite number.
        ulps: The error in units of the last place.
        tolerance: The error up to which both are the same.
        point: Point, if anywhere.
        what: What was computed.
        convention: Whether another answer without a number is another convention.
        p_value: Of a test of draws: how likely so large a difference is.
    """

    got: Any
    exact: Any
    error: float = 0.0
    ulps: float = 0.0
    tolerance: float = 0.0
    point: Point | None = None
    what: str = "log density"
    convention: bool = False
    p_value: float | None = None

    @property
    def verdict(self) -> str:
        """The word for it, from the numbers alone."""
        if self.error <= self.tolerance:
            return "agree"
        if self.convention and math.isinf(self.error):
            return "semantics differ"
        return "accuracy loss" if self.error <= LOST else "wrong"

    @property
    def at(self) -> dict[str, Any]:
        """The point with both numbers, as plain data."""
        where = self.point
        place = {} if where is None else {"params": where.params, "value": where.value}
        return {**place, "got": self.got, "exact": self.exact, "what": self.what}


def number(
    got: float,
    exact: Any,
    dtype: str,
    *,
    tolerance: float,
    scale: float = 0.0,
    **where: Any,
) -> Measure:
    """The measure of a number.

    Args:
        got: What came out.
        exact: The exact answer, as a number or as its decimal text.
        dtype: The width of floats it was computed in.
        tolerance: The relative error that is allowed.
        scale: What the error is relative to, where that is more than the answer.
        **where: The other fields of the measure.
    """
    nearest = rounded(exact, dtype)
    if not (math.isfinite(got) and math.isfinite(nearest)):
        same = got == nearest or (math.isnan(got) and math.isnan(nearest))
        error = ulps = 0.0 if same else math.inf
    else:
        gap = float(abs(Decimal(float(got)) - Decimal(exact)))
        size = max(1.0, abs(nearest))
        error = gap / max(size, scale)
        ulps = gap / float(np.spacing(np.dtype(dtype).type(size)))
    said = float(got) if math.isfinite(got) else str(float(got))
    return Measure(said, _said(exact), error, ulps, tolerance, **where)


def rounded(exact: Any, dtype: str) -> float:
    """The number of that width that is nearest to the exact one."""
    with np.errstate(over="ignore"):
        return float(np.dtype(dtype).type(float(exact)))


def _said(exact: Any) -> Any:
    return exact if isinstance(exact, str) else float(exact)


def fact(got: Any, expected: Any, what: str, point: Point | None = None) -> Measure:
    """The measure of something that is so or is not."""
    error = 0.0 if got == expected else math.inf
    return Measure(str(got), str(expected), error, error, point=point, what=what)


def refused(got: str, exact: Any, point: Point | None, what: str) -> Measure:
    """The measure of an exception where an answer was due."""
    return Measure(
        got, exact, math.inf, math.inf, point=point, what=what, convention=True
    )


def kind(values: np.ndarray) -> str:
    """What draws are: integers of any width, or floats of one."""
    return "integers" if values.dtype.kind in "iu" else str(values.dtype)
