"""Level 6: the family inside of a small joint.

    z ~ prior;  in a plate of 3: x ~ family(z, …);  y ~ Normal(z, 1.5), observed

Where no parameter is a single number, z stands beside the family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from jointbridge.backends.compiled import Compiled
from jointbridge.conformance.checks.gradients import worst
from jointbridge.conformance.checks.measure import TOLERANCES, Measure, number
from jointbridge.conformance.checks.row import Check
from jointbridge.conformance.oracles.arithmetic import MPMATH, log, mp, pi
from jointbridge.conformance.points import Point
from jointbridge.conformance.subject import Subject
from jointbridge.expression import Name
from jointbridge.spec import Data, Plate, Sample, Spec
from jointbridge.syntax import parse

#: How many copies the plate has, and what y was seen to be.
SIZE, SEEN, WIDTH = 3, 0.75, 1.5


@dataclass(frozen=True)
class Prior:
    """A prior for a parameter with its textbook density."""

    text: str
    density: Callable[[Any], Any]


def _normal(x: Any, loc: Any, scale: float) -> Any:
    return -(((x - loc) / scale) ** 2) / 2 - log(scale) - log(2 * pi) / 2


_POSITIVE = Prior("Exponential(rate=0.25)", lambda x: log(0.25) - x / 4)
_UNIT = Prior(
    "Beta(concentration1=2.0, concentration0=3.0)",
    lambda x: log(12) + log(x) + 2 * log(1 - x),
)

#: By the domain of a parameter, its prior.
PRIORS = {
    "real": Prior("Normal(loc=0.5, scale=2.0)", lambda x: _normal(x, 0.5, 2.0)),
    "positive": _POSITIVE,
    "nonnegative": _POSITIVE,
    "unit_interval": _UNIT,
    "open_unit_interval": _UNIT,
}


def _chosen(subject: Subject) -> str | None:
    """The first parameter that is one number with a domain that has a prior."""
    for name, x in subject.case.free.items():
        parameter = subject.domains.get(name)
        if np.ndim(x) == 0 and parameter and parameter.domain.name in PRIORS:
            return name
    return None


def joint_of(subject: Subject, *, observed: bool = True) -> Spec:
    """The joint around a family."""
    chosen = _chosen(subject)
    typical = dict(subject.typical)
    dist = subject.case.at(typical)
    prior = PRIORS["real"]
    if chosen:
        prior = PRIORS[subject.domains[chosen].domain.name]
        dist = subject.case.with_names(typical, {chosen: Name("z")})
    seen = Name("seen") if observed else None
    y = Sample("y", parse(f"Normal(loc=z, scale={WIDTH})"), observed=seen)
    return Spec(
        (Sample("z", parse(prior.text)), Sample("x", dist, plates=("group",)), y),
        plates=(Plate("group", SIZE),),
        data=(Data.of("seen", SEEN),) if observed else (),
    )


def _run(subject: Subject) -> Iterator[Measure]:
    points = subject.at("typical")
    points = [p for p in points if p.params == points[0].params]
    draws = subject.profile.points
    picked = [
        [points[(d + i) % len(points)] for i in range(SIZE)] for d in range(draws)
    ]
    chosen = _chosen(subject)
    z = float(subject.typical[chosen]) if chosen else 0.5
    values = np.stack([subject.batch(row)["x"] for row in picked])
    compiled = Compiled(joint_of(subject), subject.backend, subject.dtype)
    scores, gradients = compiled.value_and_grad({"z": np.full(draws, z), "x": values})
    scores = compiled.numpy(scores)
    found = {n: compiled.numpy(x) for n, x in gradients.items()}
    for draw, row in enumerate(picked):
        total = _total(subject, chosen, row)
        yield from _at(subject, total, z, row, float(scores[draw]), found, draw)


def _at(
    subject: Subject,
    total: Callable[[Any], Any],
    z: float,
    row: list[Point],
    score: float,
    gradients: dict[str, np.ndarray],
    draw: int,
) -> Iterator[Measure]:
    exact = mp.nstr(total(mp.mpf(z)), 30)
    point = replace(row[0], value=[p.value for p in row])
    yield number(
        score,
        exact,
        subject.dtype,
        tolerance=TOLERANCES[subject.dtype].density,
        scale=sum(p.condition for p in row) + 4,
        point=point,
        what="log density of the joint",
    )
    slope = float(mp.diff(total, mp.mpf(z), h=mp.mpf(2) ** -60))
    yield worst([(gradients["z"][draw], slope)], subject.dtype, "d/dz", point)
    for i, p in enumerate(row):
        if p.gradient and "x" in p.gradient:
            exact_x = np.ravel(np.asarray(p.gradient["x"], float))
            pairs = zip(np.ravel(gradients["x"][draw][i]), exact_x, strict=True)
            yield worst(pairs, subject.dtype, "d/dx in the plate", p)


def _total(
    subject: Subject, chosen: str | None, row: list[Point]
) -> Callable[[Any], Any]:
    """The log density of the joint as a function of z."""
    prior = PRIORS[subject.domains[chosen].domain.name if chosen else "real"]
    params = {n: MPMATH.read(x) for n, x in subject.typical.items()}

    def total(z: Any) -> Any:
        given = {**params, **({chosen: z} if chosen else {})}
        found = (subject.case.exact(MPMATH.read(p.value), given) for p in row)
        copies = map(MPMATH.read, found)  # those without a parameter wait for it
        return prior.density(z) + _normal(SEEN, z, WIDTH) + mp.fsum(copies)

    return total


CHECKS = [Check("joint", 6, "in a plate, with a parameter that has a prior", _run)]
