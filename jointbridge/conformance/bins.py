"""Bins of known probability for families of one value, by integrals of the oracle.

The bins are made from the density alone; that their masses add up to 1 is what a density
must do, and an oracle whose masses do not is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from jointbridge.conformance.case import Case
from jointbridge.conformance.grids import bounds_at, discrete, support_at
from jointbridge.conformance.oracles.arithmetic import FLINT, exp, mp
from jointbridge.errors import JointBridgeError
from jointbridge.families import FAMILIES
from jointbridge.support import SUPPORTS

#: How many bins, and how far from 1 their masses may add up to.
BINS, SLACK = 24, 1e-10

#: Bits that are tried: many are needed where mass piles up against an edge.
PRECISIONS = (100, 1200)

#: Measures whose density says everything about draws.
ORDINARY = ("Lebesgue", "counting")

#: The measure whose bins are single numbers.
ON_OUTCOMES = "counting on the outcomes"

#: The first edge after a mass at 0: no other draw is below.
TINY = np.finfo(np.float32).tiny

#: How many counts are summed one by one before the rest is an integral.
COUNTS = 4000

#: Where a density on the whole line must have ended, if it ends at all.
FAR = 2.0**40

#: A density as a function of one number.
Density = Callable[[Any], Any]


class MassError(JointBridgeError):
    """The oracle's density is not one: its total mass is not 1."""


def bins(case: Case, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Inner edges and masses, or None where values are not single numbers with a law.

    Raises:
        MassError: The masses do not add up to 1.
    """
    family = FAMILIES[case.family]
    measure = family.measure
    atom = "point mass at 0" in measure and not discrete(case)
    known = discrete(case) or atom or measure in (*ORDINARY, ON_OUTCOMES)
    if np.ndim(case.values[0]) or not known or family.improper:
        return None
    for bits in PRECISIONS:
        with mp.workprec(bits):
            edges, masses = _finder(case, measure)(case, params)
            if atom:
                edges = [float(TINY), *edges]
                masses = [_density(case, params)(0.0), *masses]
            total = mp.fsum(masses)
        if abs(total - 1) <= SLACK:
            return {"edges": edges, "masses": [float(m) for m in masses]}
    raise MassError(f"{case.name}: the total mass is {mp.nstr(total, 15)}, not 1")


def _finder(case: Case, measure: str) -> Callable[..., tuple[list[Any], list[Any]]]:
    """What finds the edges and masses of a case."""
    if measure == ON_OUTCOMES:
        return _chosen
    return _counted if discrete(case) else _measured


def _density(case: Case, params: Mapping[str, Any]) -> Density:
    """By balls: they have no trouble with numbers that are very far out."""

    def at(x: Any) -> Any:
        with FLINT.precision(mp.prec + 60):
            given = {n: FLINT.read(v) for n, v in params.items()}
            found = exp(FLINT.read(case.exact(FLINT.read(x), given)))
            return mp.mpf(found.mid()) if found.is_finite() else mp.mpf(0)

    return at


# -- counts ---------------------------------------------------------------------


def _counted(case: Case, params: Mapping[str, Any]) -> tuple[list[int], list[Any]]:
    mass = _density(case, params)
    low, high = _ends(case, params, infinite=None)
    if low is None:
        raise MassError(f"{case.name}: counts without a least one have no bins")
    found: list[tuple[int, Any]] = []
    k, left = int(low), mp.mpf(1)
    while left > 1e-13 and (high is None or k <= high) and k < low + COUNTS:
        found.append((k, mass(k)))
        left -= found[-1][1]
        k += 1
    done = left <= 1e-13 or (high is not None and k > high)
    rest = mp.mpf(0) if done else _rest(mass, k)
    return _gathered(found, rest, k)


def _rest(mass: Density, first: int) -> Any:
    """The sum of a heavy tail from a count on, by Euler and Maclaurin."""
    slope = (mass(first + 1) - mass(first - 1)) / 2
    return mp.quad(mass, [first, 2 * first, mp.inf]) + mass(first) / 2 - slope / 12


def _gathered(
    found: list[tuple[int, Any]], rest: Any, last: int
) -> tuple[list[int], list[Any]]:
    """Counts joined until a bin has its share; the last bin has all the rest."""
    edges, masses = [], [mp.mpf(0)]
    for k, mass in found:
        if masses[-1] * BINS >= 1:
            edges.append(k)
            masses.append(mp.mpf(0))
        masses[-1] += mass
    return ([*edges, last], [*masses, rest]) if rest else (edges, masses)


# -- outcomes -------------------------------------------------------------------


def _chosen(case: Case, params: Mapping[str, Any]) -> tuple[list[float], list[Any]]:
    """A bin for each outcome, from it to the next."""
    mass = _density(case, params)
    outcomes = [float(x) for x in json.loads(case.params["outcomes"])]
    return outcomes[1:], [mass(x) for x in outcomes]


# -- measured values ------------------------------------------------------------


def _measured(case: Case, params: Mapping[str, Any]) -> tuple[list[float], list[Any]]:
    density = _density(case, params)
    low, high = _ends(case, params, infinite=mp.inf)
    edges = _quantiles(density, low, high)
    kinks = [x for x in params.values() if not np.ndim(x)]
    low, high = _last(density, edges[0], low), _last(density, edges[-1], high)
    marks = [low, *edges, high]
    masses = [
        mp.quad(density, [a, *sorted(k for k in kinks if a < k < b), b])
        for a, b in pairwise(marks)
    ]
    return edges, masses


def _last(density: Density, inner: float, end: Any) -> Any:
    """Where a density ends, if that is before the end of the support."""
    if not mp.isinf(end) or density(mp.sign(end) * FAR):
        return end
    near, far = mp.mpf(inner), mp.sign(end) * FAR
    for _ in range(200):
        middle = (near + far) / 2
        near, far = (middle, far) if density(middle) else (near, middle)
    return far


def _ends(case: Case, params: Mapping[str, Any], *, infinite: Any) -> tuple[Any, Any]:
    """The ends of a support, as far as it has any."""
    support = support_at(case, params)
    known = dict(
        zip(SUPPORTS[support.name].bounds, bounds_at(support, params), strict=True)
    )
    low, high = _OWN.get(support.name, (None, None))
    low, high = known.get("low", low), known.get("high", high)
    if infinite is None:
        return low, high
    return -infinite if low is None else low, infinite if high is None else high


#: The ends of supports without bounds.
_OWN = {
    "positive": (0.0, None),
    "nonnegative": (0.0, None),
    "unit_interval": (0.0, 1.0),
    "open_unit_interval": (0.0, 1.0),
    "circular": (-np.pi, np.pi),
    "boolean": (0, 1),
    "nonnegative_integer": (0, None),
}


def _quantiles(density: Density, low: Any, high: Any) -> list[float]:
    """Edges that part the mass about evenly, by a sum over a grid of the whole support."""
    t = np.linspace(-14, 14, 701)
    x, slope = _spread(t, float(low), float(high))
    weights = np.array([float(density(v)) for v in x.tolist()]) * slope
    share = np.cumsum(weights) / weights.sum()
    places = np.interp(np.arange(1, BINS) / BINS, share, t)
    edges, _ = _spread(places, float(low), float(high))
    return sorted({float(f"{e:.5g}") for e in edges.tolist()})


def _spread(t: np.ndarray, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """The real line onto a support, and the slope of the map."""
    if np.isinf(low) and np.isinf(high):
        return np.sinh(t), np.cosh(t)
    if np.isinf(high):
        return low + np.exp(t), np.exp(t)
    if np.isinf(low):
        return high - np.exp(-t), np.exp(-t)
    part = 1 / (1 + np.exp(-t))
    return low + (high - low) * part, (high - low) * part * (1 - part)
