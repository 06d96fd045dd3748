"""Level 3: gradients for the value and for every free parameter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from jointbridge.conformance.checks.measure import (
    TOLERANCES,
    Measure,
    fact,
    number,
    rounded,
)
from jointbridge.conformance.checks.row import Check, NotApplicable
from jointbridge.conformance.points import Point
from jointbridge.conformance.subject import Subject


def _gradients(subject: Subject) -> Iterator[Measure]:
    points = [p for p in subject.at("typical", "tail", "extreme") if p.gradient]
    if not points:
        raise NotApplicable("nothing moves freely: there is no gradient to ask for")
    for point in points:
        # On the edge of a domain a derivative has but one side.
        yield from _at(subject, point, convention=subject.impossible(point))


def _at(
    subject: Subject, point: Point, *, convention: bool = False
) -> Iterator[Measure]:
    """The worst element for each of what moves at a point."""
    for name, exact in (point.gradient or {}).items():
        asked = [point.exact, *np.ravel(exact)]
        if not convention and not _finite(asked, subject.dtype):
            continue
        got = subject.gradients[name].get(id(point), np.full(np.shape(exact), np.nan))
        elements = zip(np.ravel(got), np.ravel(np.asarray(exact, float)), strict=True)
        yield worst(elements, subject.dtype, f"d/d{name}", point, convention=convention)


def _finite(exact: Iterable[Any], dtype: str) -> bool:
    """Whether floats of a width reach as far as a density and its derivatives."""
    return all(math.isfinite(rounded(e, dtype)) for e in exact)


def worst(
    elements: Any, dtype: str, what: str, point: Point, *, convention: bool = False
) -> Measure:
    """The measure of the element that is furthest off, relative to the largest one."""
    pairs = [(float(g), float(e)) for g, e in elements]
    largest = max((abs(e) for _, e in pairs if math.isfinite(e)), default=1.0)
    measures = [
        number(
            got,
            exact,
            dtype,
            tolerance=TOLERANCES[dtype].gradient,
            scale=largest,
            point=point,
            what=what,
            convention=convention,
        )
        for got, exact in pairs
    ]
    return max(measures, key=lambda m: m.error)


def _edges(subject: Subject) -> Iterator[Measure]:
    """The exact gradient where there is one; never NaN at an edge or outside."""
    points = [p for p in subject.at("edge", "outside") if not missing(p.value)]
    points = [p for p in points if not isinstance(subject.scores[id(p)], str)]
    moving = list(subject.gradients)
    if not points or not moving:
        raise NotApplicable("its support has no edges")
    for point in points:
        if point.region == "edge" and point.gradient:
            yield from _at(subject, point, convention=True)
        for name in moving:
            got = subject.gradients[name][id(point)]
            found = "NaN" if np.isnan(got).any() else "no NaN"
            measure = fact(found, "no NaN", f"d/d{name}", point)
            edge = point.region == "edge" or subject.impossible(point)
            yield replace(measure, convention=edge)


def missing(value: Any) -> bool:
    """Whether a value has a NaN."""
    return bool(np.isnan(np.asarray(value, float)).any())


CHECKS = [
    Check("gradients", 3, "gradients for the value and the parameters", _gradients),
    Check("edge gradients", 3, "gradients at edges and outside", _edges),
]
