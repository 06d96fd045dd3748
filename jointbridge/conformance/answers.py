"""Exact answers at a point: by balls, checked by mpmath, with a gradient and bins.

The precision is raised until the ball is small enough; mpmath's answer must then lie in
it. A derivative is a central difference with hundreds of digits, on which two steps agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from jointbridge.conformance.case import Case
from jointbridge.conformance.grids import discrete, inside, places, support_at
from jointbridge.conformance.oracles.arithmetic import FLINT, MPMATH, Arithmetic
from jointbridge.conformance.points import Point
from jointbridge.errors import JointBridgeError
from jointbridge.support import SUPPORTS

#: Bits that are tried, and how small the ball must be, relative to max(1, |answer|).
PRECISIONS, RADIUS = (256, 1024, 4096, 16384), 1e-30

#: Digits of an answer, and how well two precisions must agree on a derivative.
DIGITS, SAME = 28, 1e-20

#: Bits that are tried for a derivative, and what a difference cannot tell from 0.
STEPS, NOTHING = (512, 1024, 4096, 16384, 32768), 1e-100


class _NothingBeyondError(JointBridgeError):
    """On one side of the point the formula has no real number."""


class OracleError(JointBridgeError):
    """The two arithmetics do not agree, or neither knows."""


def answered(case: Case, point: Point) -> Point:
    """The point with its answers.

    Raises:
        OracleError: The oracle does not know, or contradicts itself.
    """
    if point.region == "bad" or not _known(point.value):
        return replace(point, exact="nan")
    if not inside(case, point.params, point.value):
        return replace(point, exact="-inf")
    exact, bound, bits = density(case, point)
    if exact == "nan":
        return replace(point, region="bad", exact=exact)
    if exact == "-inf" and point.region != "edge":
        return replace(point, region="outside", exact=exact)
    if not bits or math.isinf(float(exact)):
        return replace(point, exact=exact)  # of no number there is no derivative
    gradient = _gradient(case, point, bits)
    moved = {"x": point.value, **point.params}
    condition = sum(_product(g, moved[n]) for n, g in gradient.items())
    return replace(
        point, exact=exact, bound=bound, gradient=gradient or None, condition=condition
    )


def _known(value: Any) -> bool:
    return not np.isnan(np.asarray(value, float)).any()


def _product(gradient: Any, value: Any) -> float:
    return float(np.abs(np.asarray(gradient) * np.asarray(value, float)).sum())


# -- the log density ------------------------------------------------------------


def density(case: Case, point: Point) -> tuple[str, float, int]:
    """The log density in decimals, its bound, and the bits that it took."""
    for bits in PRECISIONS:
        ball = _score(case, point, FLINT, bits)
        if ball is math.nan:
            return "nan", 0.0, 0
        if ball == -math.inf:
            return "-inf", 0.0, 0
        size = max(1.0, abs(float(ball.mid()))) if ball.is_finite() else math.nan
        if ball.is_finite() and float(ball.rad()) <= RADIUS * size:
            _agree(case, point, ball, 2 * bits)
            radius = float(ball.rad()) + 10.0 ** (1 - DIGITS) * size
            return ball.mid().str(DIGITS, radius=False), float(f"{radius:.2g}"), bits
    return _limit(case, point), 0.0, 0


def _score(case: Case, point: Point, arithmetic: Arithmetic, bits: int) -> Any:
    with arithmetic.precision(bits):
        params = {n: arithmetic.read(x) for n, x in point.params.items()}
        found = case.exact(arithmetic.read(point.value), params)
        return found if found is math.nan else arithmetic.read(found)


def _agree(case: Case, point: Point, ball: Any, bits: int) -> None:
    found = _score(case, point, MPMATH, bits)
    with FLINT.precision(bits):
        gap = abs(FLINT.read(found) - ball)
        if not gap <= FLINT.read(RADIUS) * (1 + abs(ball)):
            raise OracleError(_at(case, point, f"balls say {ball}, mpmath {found}"))


def _limit(case: Case, point: Point) -> str:
    """Where the formula has no number, on an edge: towards what does it go?"""
    if point.region != "edge":
        raise OracleError(_at(case, point, "neither arithmetic has a number"))
    inner = np.asarray(case.values[0], float)
    edge = np.asarray(point.value, float)
    steps = [2.0**-k for k in (20, 30, 40)]
    near = [replace(point, value=(edge + t * (inner - edge)).tolist()) for t in steps]
    first, second, third = (float(density(case, p)[0]) for p in near)
    if abs(third - second) < abs(second - first) / 4:
        raise OracleError(_at(case, point, f"a limit near {third} must be written"))
    return "inf" if third > second else "-inf"


def _at(case: Case, point: Point, what: str) -> str:
    return f"{case.name} at x = {point.value}, {dict(point.params)}: {what}"


# -- the gradient ---------------------------------------------------------------


def _gradient(case: Case, point: Point, bits: int) -> dict[str, Any]:
    moved = {"x": point.value, **point.params}
    found = {}
    for name in moving(case):
        try:
            found[name] = _derivatives(case, moved, name, bits)
        except _NothingBeyondError:
            if name != "x" and not _ends(case, point, name):
                raise
    return found


def _ends(case: Case, point: Point, name: str) -> bool:
    """Whether a parameter lies on an edge of its domain, as a probability of 0 or 1."""
    domains = {n: p.domain.name for n, p, _ in places(case.distribution)}
    return domains.get(name) == "unit_interval" and point.params[name] in (0.0, 1.0)


def moving(case: Case) -> list[str]:
    """What moves on an open set, so that a derivative in every direction has a sense."""
    domains = {n: p.domain.name for n, p, _ in places(case.distribution)}
    support = SUPPORTS[support_at(case, case.free).name]
    free = [n for n in case.free if n not in domains or not SUPPORTS[domains[n]].curved]
    return free if discrete(case) or support.curved else ["x", *free]


def _derivatives(case: Case, at: Mapping[str, Any], name: str, bits: int) -> Any:
    array = np.asarray(at[name], float)
    found = [
        _derivative(case, at, name, place, bits) for place in np.ndindex(array.shape)
    ]
    return np.reshape(found, array.shape).tolist()


def _derivative(
    case: Case, at: Mapping[str, Any], name: str, place: tuple[int, ...], bits: int
) -> float:
    """A derivative on which two precisions, and two steps, agree."""
    old = None
    for more in (b for b in STEPS if b >= bits):
        with FLINT.precision(more):
            found = _difference(case, at, name, place, more // 3)
            if not found.is_finite():
                raise _NothingBeyondError(
                    f"{case.name}, {dict(at)}: {name} is on an edge"
                )
            if old is not None and abs(found - old) <= SAME * (1 + abs(found)):
                return float(found.mid()) if abs(found) > NOTHING else 0.0
            old = found
    raise OracleError(f"{case.name}, {dict(at)}: no derivative for {name}{list(place)}")


def _difference(
    case: Case, at: Mapping[str, Any], name: str, place: tuple[int, ...], bits: int
) -> Any:
    """A central difference with a step of so many bits; its rounding is in the ball."""
    step = FLINT.number(2) ** -bits
    centre = FLINT.number(float(np.asarray(at[name], float)[place]))

    def score(number: Any) -> Any:
        read = {n: FLINT.read(x) for n, x in at.items()}
        read[name] = _put(read[name], place, number)
        value = read.pop("x")
        return FLINT.read(case.exact(value, read))

    return (score(centre + step) - score(centre - step)) / (2 * step)


def _put(value: Any, place: tuple[int, ...], number: Any) -> Any:
    if not place:
        return number
    first, *rest = place
    return [
        _put(x, tuple(rest), number) if i == first else x for i, x in enumerate(value)
    ]
