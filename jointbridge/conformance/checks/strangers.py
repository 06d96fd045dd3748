"""SciPy's samplers of multivariate families, by case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from jointbridge.conformance.case import Case

#: From SciPy's `stats`, the parameters, a size and a generator to draws.
Sampler = Callable[..., Any]


def _outer(tril: Any) -> np.ndarray:
    factor = np.asarray(tril)
    product: np.ndarray = factor @ factor.T
    return product


def _multinomial(stats: Any, p: Any, size: int, rng: Any) -> Any:
    return stats.multinomial.rvs(int(p["total_count"]), p["probs"], size, rng)


def _copula(stats: Any, p: Any, size: int, rng: Any) -> Any:
    scores = stats.multivariate_normal.rvs(None, p["c"], size, rng)
    return stats.expon.ppf(stats.norm.cdf(scores), scale=1 / np.asarray(p["r"]))


def _states(stats: Any, p: Any, size: int, rng: Any) -> Any:
    """Step by step."""
    noise, move = _outer(p["scale_tril"]), np.asarray(p["transition_matrix"])
    state, states = np.zeros((size, len(move))), []
    for _ in range(int(p["num_steps"])):
        new = stats.multivariate_normal.rvs(None, noise, size, rng)
        state = state @ move.T + new
        states.append(state)
    return np.stack(states, axis=1)


_SAMPLERS: Mapping[str, Sampler] = {
    "MultivariateNormal": lambda s, p, n, g: s.multivariate_normal.rvs(
        p["loc"], _outer(p["scale_tril"]), n, g
    ),
    "MultivariateNormal covariance": lambda s, p, n, g: s.multivariate_normal.rvs(
        p["loc"], p["covariance_matrix"], n, g
    ),
    "MultivariateStudentT": lambda s, p, n, g: s.multivariate_t.rvs(
        p["loc"], _outer(p["scale_tril"]), p["df"], n, g
    ),
    "MatrixNormal": lambda s, p, n, g: s.matrix_normal.rvs(
        p["loc"], _outer(p["scale_tril_row"]), _outer(p["scale_tril_column"]), n, g
    ),
    "GaussianCopula": _copula,
    "GaussianStateSpace": _states,
    "Dirichlet": lambda s, p, n, g: s.dirichlet.rvs(p["concentration"], n, g),
    "Multinomial": _multinomial,
    "Wishart matrix": lambda s, p, n, g: s.wishart.rvs(
        p["concentration"], p["scale_matrix"], n, g
    ),
    "InverseWishart matrix": lambda s, p, n, g: s.invwishart.rvs(
        p["concentration"], p["scale_matrix"], n, g
    ),
}


def draw(
    case: Case, params: Mapping[str, Any], seed: int, count: int
) -> np.ndarray | None:
    """Draws of a case with these parameters, or None where SciPy lacks the family."""
    if case.name not in _SAMPLERS:
        return None
    from scipy import stats  # costs a second to import

    literal = {n: x for n, x in case.params.items() if isinstance(x, str)}
    given = {**{n: float(x) for n, x in literal.items()}, **params}
    rng = np.random.default_rng(seed)
    return np.asarray(_SAMPLERS[case.name](stats, given, count, rng))
