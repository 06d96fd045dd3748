"""The library's own objects, where they may follow another convention than the catalogue.

What jointbridge scores, draws and maps is guarded and follows the catalogue on every
library; a user who takes the library's own distribution meets these.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from jointbridge.conformance.checks.density import measured, some
from jointbridge.conformance.checks.gradients import missing, worst
from jointbridge.conformance.checks.measure import Measure, fact, kind
from jointbridge.conformance.checks.row import Check, NotApplicable
from jointbridge.conformance.library import Answer
from jointbridge.conformance.points import Point
from jointbridge.conformance.subject import Subject
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Name

OURS = "jointbridge."


def _region(name: str) -> Callable[[Subject], Iterator[Measure]]:
    """Its log densities in a region."""

    def run(subject: Subject) -> Iterator[Measure]:
        for point in some(subject, name):
            found = subject.library.answers[id(point)]
            got = found.score if isinstance(found, Answer) else found
            yield measured(subject, point, got, convention=True)

    return run


def _gradients(subject: Subject) -> Iterator[Measure]:
    """The exact derivative at an edge where there is one; never NaN there or outside."""
    slopes = _slopes(subject)
    if not slopes:
        raise NotApplicable("its support has no edges, or no derivative there")
    for point, slope in slopes:
        exact = (point.gradient or {}).get("x")
        if point.region == "edge" and exact is not None:
            pairs = zip(slope.flat, np.ravel(np.asarray(exact, float)), strict=True)
            yield worst(pairs, subject.dtype, "d/dx", point, convention=True)
        said = "NaN" if np.isnan(slope).any() else "no NaN"
        yield replace(fact(said, "no NaN", "d/dx", point), convention=True)


def _slopes(subject: Subject) -> list[tuple[Point, np.ndarray]]:
    points = [p for p in subject.at("edge", "outside") if not missing(p.value)]
    found = [(p, subject.library.answers[id(p)]) for p in points]
    return [
        (p, x.slope) for p, x in found if isinstance(x, Answer) and x.slope is not None
    ]


# -- arguments by position ------------------------------------------------------


def _positions(subject: Subject) -> Iterator[Measure]:
    """The catalogue's parameters by position mean what they mean by name."""
    native = subject.library.native
    if native.constructor != subject.case.family:
        raise NotApplicable(f"the library spells it {native.constructor}")
    own = _parameters(subject.backend.constructor(native.constructor))
    ours = subject.family.positional[: len(subject.case.params)]
    if set(ours) != set(subject.case.params):
        raise NotApplicable("not all its parameters are given by position")
    spelled = {
        argument.node.name: name
        for name, argument in native.arguments.items()
        if isinstance(getattr(argument, "node", None), Name)
    }
    wanted = [spelled.get(n, n) for n in ours]
    got, expected = ", ".join(own[: len(ours)]), ", ".join(wanted)
    yield replace(fact(got, expected, "arguments by position"), convention=True)


def _parameters(constructor: Callable[..., Any]) -> Sequence[str]:
    """The names that positions fill, in their order.

    Raises:
        NotApplicable: It is none of the library's.
    """
    while isinstance(constructor, partial):
        constructor = constructor.func
    if constructor.__module__.startswith(OURS):
        raise NotApplicable("its class is jointbridge's own")
    return list(inspect.signature(constructor).parameters)


# -- kinds and maps -------------------------------------------------------------


def _kinds(subject: Subject) -> Iterator[Measure]:
    """Counts are drawn as integers, other values as floats."""
    if subject.family.improper:
        raise NotApplicable("it has no draws")
    drawn = subject.library.draws()
    wanted = "integers" if subject.discrete else subject.dtype
    yield replace(fact(kind(drawn), wanted, "kind of draws"), convention=True)


def _map(subject: Subject) -> Iterator[Measure]:
    """The bijector that the library chooses is the contract's."""
    if subject.discrete:
        raise NotApplicable("values that count have no unconstrained coordinates")
    points, free = subject.mapped
    for point, u in zip(points, subject.compiled.numpy(free["x"]), strict=True):
        yield replace(_mapped(subject, point, u), convention=True)


def _mapped(subject: Subject, point: Point, free: np.ndarray) -> Measure:
    """Where a point's coordinates are sent: to the point, or it is another map."""
    what, shape = "value of the library's own bijector", np.shape(point.value)
    got = _image(subject, free)
    if isinstance(got, str):
        return fact(got, "a bijector", what, point)
    if got.shape != shape:
        return fact(got.shape, shape, f"shape of the {what}", point)
    pairs = zip(np.ravel(got), np.ravel(np.asarray(point.value, float)), strict=True)
    found = worst(pairs, subject.dtype, what, point, convention=True)
    return found if found.verdict == "agree" else replace(found, error=np.inf)


def _image(subject: Subject, free: np.ndarray) -> np.ndarray | str:
    """What the library's own bijector makes of coordinates, or why nothing."""
    try:
        got = subject.library.mapped(free)
    except UnsupportedError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a library raises is an answer
        return f"raises {type(error).__name__}"
    return "none" if got is None else got


F64 = ("float64",)
CHECKS = [
    Check("library edges", 2, "the library's own answer at edges", _region("edge")),
    Check("library outside", 2, "the library's own answer outside", _region("outside")),
    Check(
        "library parameters",
        2,
        "the library's own answer to parameters outside their domain",
        _region("bad"),
    ),
    Check(
        "library gradients",
        3,
        "the library's own gradients at edges and outside",
        _gradients,
    ),
    Check("library bijector", 4, "the library's own choice of a bijector", _map, F64),
    Check("library draws", 5, "the library's own kind of draws", _kinds, F64),
    Check("library positions", 1, "arguments by position", _positions, F64),
]
