"""Whether two densities are one: values and gradients at shared points.

A point is given in unconstrained coordinates of what was read, and the derivatives are
taken there, so that both sides see the same numbers and no constraint is in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from jointbridge.backends.compiled import Compiled

POINTS = 3
EXACT = 1e-10
#: Smaller than the coordinates of a standard normal: no model overflows there.
SPREAD = 0.5

Density = Callable[[Mapping[str, Any]], Any]
Free = dict[str, np.ndarray]


class Score(NamedTuple):
    """A log density and its gradients in unconstrained coordinates."""

    value: np.ndarray
    gradients: dict[str, np.ndarray]


def points(compiled: Compiled, given: Mapping[str, Any], seed: int = 7) -> list[Free]:
    """Unconstrained coordinates of the latent sites; counted ones are drawn or given."""
    random = np.random.default_rng(seed)
    latent = compiled.program.analysis.latent
    counted = {n for n, site in latent.items() if site.discrete}
    drawn: dict[str, np.ndarray] = {}
    if counted - set(given):
        drawn = {
            n: compiled.numpy(x) for n, x in compiled.sample(seed, (POINTS,)).items()
        }
    found = []
    for i in range(POINTS):
        free = {
            n: SPREAD * random.normal(size=t.shape)
            for n, t in compiled.free_types.items()
            if n not in counted
        }
        free |= {n: drawn[n][i] for n in counted - set(given)}
        found.append(free | {n: np.asarray(given[n]) for n in counted & set(given)})
    return found


def values(compiled: Compiled, free: Free) -> dict[str, np.ndarray]:
    """What the coordinates stand for, site by site."""
    found = compiled.constrain(free)
    return {n: compiled.numpy(found[n]) for n in compiled.program.analysis.latent}


def scores(compiled: Compiled, density: Density, free: list[Free]) -> list[Score]:
    """A density as a function of the unconstrained coordinates of a compiled joint."""
    program, backend, arrays = (
        compiled.program,
        compiled.backend,
        compiled.program.arrays,
    )
    latent = program.analysis.latent
    kinds = {n: t.kind for n, t in compiled.free_types.items()}

    def at(moving: Mapping[str, Any], still: Mapping[str, Any]) -> Any:
        found, _ = program.constrain({**moving, **still})
        return density({n: found[n] for n in latent})

    def both(moving: Mapping[str, Any], still: Mapping[str, Any]) -> Any:
        return backend.value_and_grad(lambda m: at(m, still))(moving)

    with backend.precision("float64"):
        run, found = backend.jit(both), []
        for point in free:
            native = {n: arrays.array(x, kinds[n]) for n, x in point.items()}
            still = {n: x for n, x in native.items() if latent[n].discrete}
            moving = {n: x for n, x in native.items() if n not in still}
            value, gradients = run(moving, still)
            found.append(
                Score(
                    arrays.numpy(value),
                    {n: arrays.numpy(x) for n, x in gradients.items()},
                )
            )
    return found


def own(compiled: Compiled, free: list[Free]) -> list[Score]:
    """The density of the compiled joint itself."""
    return scores(compiled, compiled.program.log_prob_total, free)


def difference(ours: Score, theirs: Score) -> float:
    """The largest relative difference, of values and of each site's gradient.

    Numbers below 1 are compared as they are.  What is not finite is not compared: it is
    infinitely far.
    """
    pairs = [(ours.value, theirs.value)]
    pairs += [(ours.gradients[n], x) for n, x in theirs.gradients.items()]
    return max(relative(a, b) for a, b in pairs)


def relative(a: np.ndarray, b: np.ndarray) -> float:
    """The largest difference of two arrays by the largest number in them, at least 1."""
    if np.shape(a) != np.shape(b):
        return np.inf
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return np.inf
    size = max(1.0, np.max(np.abs(a), initial=0.0), np.max(np.abs(b), initial=0.0))
    return float(np.max(np.abs(a - b), initial=0.0) / size)
