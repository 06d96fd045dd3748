"""Level 2: log densities in every region of values and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from jointbridge.conformance.checks.measure import (
    TOLERANCES,
    Measure,
    fact,
    number,
    refused,
)
from jointbridge.conformance.checks.row import Check, NotApplicable
from jointbridge.conformance.points import Point
from jointbridge.conformance.subject import Subject


def measured(
    subject: Subject, point: Point, got: float | str, *, convention: bool = False
) -> Measure:
    """What a log density, or the text of an exception, is against the exact one."""
    if isinstance(got, str):
        return replace(
            refused(got, point.exact, point, "log density"), convention=convention
        )
    return number(
        got,
        point.exact,
        subject.dtype,
        tolerance=TOLERANCES[subject.dtype].density,
        scale=point.condition,
        point=point,
        convention=convention,
    )


def _region(
    name: str, *, convention: bool = False
) -> Callable[[Subject], Iterable[Measure]]:
    """Jointbridge's scoring in a region."""

    def run(subject: Subject) -> Iterator[Measure]:
        for point in some(subject, name):
            score = subject.scores[id(point)]
            yield measured(subject, point, score, convention=convention)

    return run


def _typical(subject: Subject) -> Iterator[Measure]:
    yield from _region("typical")(subject)
    yield fact(subject.width, subject.dtype, "width of log densities")


def some(subject: Subject, region: str) -> list[Point]:
    """The points of a region.

    Raises:
        NotApplicable: There are none.
    """
    points = subject.at(region)
    if not points:
        raise NotApplicable(f"it has no points in the region {region!r}")
    return points


CHECKS = [
    Check("density", 2, "typical values", _typical, quick=("float64", "float32")),
    Check("tails", 2, "values far out", _region("tail"), quick=("float64", "float32")),
    Check(
        "extremes",
        2,
        "extreme parameters",
        _region("extreme"),
        quick=("float64", "float32"),
    ),
    Check("edges", 2, "edges of the support", _region("edge", convention=True)),
    Check("outside", 2, "-inf outside the support, NaN for NaN", _region("outside")),
    Check(
        "bad parameters", 2, "NaN for parameters outside their domain", _region("bad")
    ),
]
