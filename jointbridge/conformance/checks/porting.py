"""Levels 7 and 8: written as source that scores alike; built and read again."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

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
from jointbridge.passes import normal
from jointbridge.spec import Spec
from jointbridge.syntax import show


def _source(subject: Subject) -> Iterator[Measure]:
    """The module's own density, in the library alone."""
    made = executed(subject.backend.write(subject.literal.program.spec))
    box = subject.backend.blackbox(made, (), {})
    for point in _typical(subject):
        value = subject.batch([point])["x"][0]
        if subject.backend.count_kind == "float":
            value = value.astype(np.float64)
        got = float(box.terms({"x": value})["x"].log_prob)
        yield _density(subject, point, got, "log density of the module")


def executed(source: str) -> Callable[..., Any]:
    """The model of a written module, or what makes its joint: the last function."""
    space: dict[str, Any] = {"__name__": "written", "__file__": "written.py"}
    exec(compile(source, "written.py", "exec"), space)
    names = [n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    found: Callable[..., Any] = space[names[-1]]
    return found


def _round_trip(subject: Subject) -> Iterator[Measure]:
    """The library's own object, read again, says the same; in other words, at least."""
    spec = subject.literal.program.spec
    read = subject.backend.read(subject.literal.native(), (), {}, {}).spec
    if normal(read).statements == normal(spec).statements:
        yield fact(said(spec), said(spec), "joint, built and read")
        return
    what = f"log density of what was read: {said(read)}"
    compiled = Compiled(read, subject.backend, subject.dtype)
    for point in _typical(subject):
        value = subject.batch([point])["x"][0]
        got = float(compiled.numpy(compiled.log_prob({"x": value})))
        yield _density(subject, point, got, what)


def _typical(subject: Subject) -> list[Point]:
    """A few points with the typical parameters."""
    points = subject.at("typical")
    return subject.few([p for p in points if p.params == subject.typical])


def _density(subject: Subject, point: Point, got: float, what: str) -> Measure:
    return number(
        got,
        point.exact,
        subject.dtype,
        tolerance=TOLERANCES[subject.dtype].density,
        scale=point.condition,
        point=point,
        what=what,
    )


def said(spec: Spec) -> str:
    """The distributions of the sites, as text."""
    return "; ".join(f"{s.name} ~ {show(s.dist)}" for s in normal(spec).samples)


CHECKS = [
    Check("source", 7, "written as source, which scores alike", _source, ("float64",)),
    Check("round trip", 8, "built, read again, the same", _round_trip, ("float64",)),
]
