"""Level 4: unconstrained coordinates, there and back, with the log Jacobian."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from jointbridge.conformance.checks.gradients import worst
from jointbridge.conformance.checks.maps import MAPS, Map
from jointbridge.conformance.checks.measure import TOLERANCES, Measure, number
from jointbridge.conformance.checks.row import Check, NotApplicable
from jointbridge.conformance.oracles.arithmetic import MPMATH, mp
from jointbridge.conformance.points import Point
from jointbridge.conformance.subject import Subject
from jointbridge.evaluate import Evaluator
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.support import SUPPORTS


def _run(subject: Subject) -> Iterator[Measure]:
    if subject.discrete:
        raise NotApplicable("values that count have no unconstrained coordinates")
    if subject.certain:
        raise NotApplicable("a point mass has no density of coordinates")
    points, free = subject.mapped
    numpy = subject.compiled.numpy
    found = map(numpy, (free["x"], *_there(subject, free)))
    for point, u, score, gradient, back in zip(points, *found, strict=True):
        yield from _at(subject, point, u, float(score), gradient, back)


def _there(subject: Subject, free: Mapping[str, Any]) -> tuple[Any, ...]:
    """The density of coordinates, its gradient and the values, of one function."""
    program, backend = subject.compiled.program, subject.backend

    def all_of(free: dict[str, Any]) -> tuple[Any, ...]:
        score, gradients = backend.value_and_grad(program.log_prob_free)(free)
        return score, gradients["x"], program.constrain(free)[0]["x"]

    with backend.precision(subject.dtype):
        found: tuple[Any, ...] = backend.jit(all_of)(dict(free))
    return found


def _at(
    subject: Subject,
    point: Point,
    u: np.ndarray,
    score: float,
    gradient: np.ndarray,
    back: np.ndarray,
) -> Iterator[Measure]:
    """The value again, the formula's value, the density and its gradient."""
    tolerances = TOLERANCES[subject.dtype]
    value, log_det, total = _exact(subject, point)
    pairs = zip(_flat(value(u.tolist())), _flat(point.value), strict=True)
    yield worst(
        ((x, float(e)) for e, x in pairs), subject.dtype, "value of the map", point
    )
    pairs = zip(np.ravel(back), _flat(point.value), strict=True)
    yield worst(pairs, subject.dtype, "value, there and back", point)
    jacobian = log_det(u.tolist())
    yield number(
        score,
        mp.nstr(total(u.tolist()), 30),
        subject.dtype,
        tolerance=tolerances.density * _steepness(u),
        scale=max(point.condition, abs(float(jacobian))),
        point=point,
        what="unconstrained log density",
    )
    exact = _gradient(total, u)
    yield worst(
        zip(np.ravel(gradient), exact, strict=True),
        subject.dtype,
        "gradient of the unconstrained log density",
        point,
    )


def _steepness(u: np.ndarray) -> float:
    """How much a rounding of the coordinates moves the value, at least 1."""
    return float(max(1.0, np.abs(u).max(initial=0.0)))


def _gradient(total: Callable[[Any], Any], u: np.ndarray) -> list[float]:
    """By central differences with many digits."""
    shape, flat = u.shape, [mp.mpf(float(x)) for x in np.ravel(u)]

    def moved(index: int, number: Any) -> Any:
        changed = [*flat[:index], number, *flat[index + 1 :]]
        return total(_shaped(changed, shape))

    return [
        float(mp.diff(lambda z, i=i: moved(i, z), x, h=mp.mpf(2) ** -60))
        for i, x in enumerate(flat)
    ]


def _shaped(flat: list[Any], shape: tuple[int, ...]) -> Any:
    if not shape:
        return flat[0]
    step = len(flat) // shape[0]
    return [
        _shaped(flat[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])
    ]


def _flat(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [x for part in value for x in _flat(part)]
    return [value]


def _exact(subject: Subject, point: Point) -> tuple[Callable[[Any], Any], ...]:
    """The map's value and log Jacobian, and the density of coordinates."""
    support = subject.site.support
    row = SUPPORTS[support.name]
    formula = MAPS[support.name](*_bounds(support, point))
    depth = len(subject.site.type.shape) - row.rank
    params = {n: MPMATH.read(x) for n, x in point.params.items()}

    def value(u: Any) -> Any:
        return _mapped(formula, MPMATH.read(u), depth)

    def log_det(u: Any) -> Any:
        return _summed(formula, MPMATH.read(u), depth)

    def total(u: Any) -> Any:
        u = MPMATH.read(u)
        return MPMATH.read(subject.case.exact(value(u), params)) + log_det(u)

    return value, log_det, total


def _mapped(formula: Map, u: Any, depth: int) -> Any:
    return [_mapped(formula, x, depth - 1) for x in u] if depth else formula.forward(u)


def _summed(formula: Map, u: Any, depth: int) -> Any:
    if depth:
        return mp.fsum(_summed(formula, x, depth - 1) for x in u)
    return formula.log_det(u)


def _bounds(support: Any, point: Point) -> list[Any]:
    """The bounds of a support at a point."""
    env = {n: np.asarray(x, float) for n, x in point.params.items()}
    scope = Scope({n: Type(x.shape, "float") for n, x in env.items()})
    evaluate = Evaluator(NumpyArrays(), scope, env)
    given: Mapping[str, Any] = dict(support.params)
    return [mp.mpf(float(evaluate(given[n]))) for n in SUPPORTS[support.name].bounds]


CHECKS = [
    Check(
        "unconstrained",
        4,
        "unconstrained coordinates: map, log Jacobian, density and gradient",
        _run,
    )
]
