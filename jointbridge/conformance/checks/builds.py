"""Level 1: the distribution is built, scores one draw and many, in the width asked for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from jointbridge.backends.compiled import Compiled
from jointbridge.conformance.checks.measure import (
    TOLERANCES,
    Measure,
    fact,
    number,
)
from jointbridge.conformance.checks.row import Check
from jointbridge.conformance.points import Point
from jointbridge.conformance.subject import Subject
from jointbridge.spec import Sample, Spec

#: The shape of copies that share their parameters.
COPIES = (2, 3)


def _run(subject: Subject) -> Iterator[Measure]:
    points = subject.at("typical")
    yield from _one_draw(subject, points[0])
    yield from _copies(subject, points[0])


def _one_draw(subject: Subject, point: Point) -> Iterator[Measure]:
    """No axes of draws: one number, of the width asked for."""
    compiled = subject.compiled
    values = {n: x[0] for n, x in subject.batch([point]).items()}
    got = compiled.numpy(compiled.log_prob(values))
    yield fact(got.shape, (), "shape of one draw's log density", point)
    yield fact(str(got.dtype), subject.dtype, "width of the log density", point)
    yield _density(subject, point, float(got), 1, "log density of one draw")


def _copies(subject: Subject, point: Point) -> Iterator[Measure]:
    """Copies with shared parameters, and two axes of draws in front of them."""
    spec = Spec((Sample("x", subject.case.at(point.params), shape=COPIES),), "copies")
    compiled = Compiled(spec, subject.backend, subject.dtype)
    value = subject.batch([point])["x"][0]
    many = np.broadcast_to(value, (1, 2, *COPIES, *value.shape))
    got = compiled.numpy(compiled.log_prob({"x": many}))
    yield fact(got.shape, (1, 2), "shape of the log density of draws", point)
    count = int(np.prod(COPIES))
    for x in got.ravel():
        yield _density(subject, point, float(x), count, "log density of copies")


def _density(
    subject: Subject, point: Point, got: float, copies: int, what: str
) -> Measure:
    return number(
        got,
        str(copies * Decimal(str(point.exact))),
        subject.dtype,
        tolerance=TOLERANCES[subject.dtype].density,
        scale=copies * point.condition,
        point=point,
        what=what,
    )


CHECKS = [
    Check(
        "builds",
        1,
        "built; one draw, many draws, shared parameters; shapes and widths",
        _run,
    )
]
