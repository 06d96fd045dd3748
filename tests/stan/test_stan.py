"""Log densities and gradients of real posteriors against Stan's, on every backend.

    constrained      ours - Stan = one constant, known for each posterior
    unconstrained    the same coordinates, the same gradient

Stan's numbers and the data are no part of the project: they are read from
`../shared/stan_truth` beside the checkout, or from where JOINTBRIDGE_STAN_TRUTH says.
"""

import inspect
import json
import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import jointbridge as jb
from jointbridge import backends
from jointbridge.backends.compiled import Compiled
from jointbridge.errors import BackendError
from tests.stan.models import POSTERIORS

BESIDE = Path(__file__).parents[3] / "shared" / "stan_truth"
FOLDER = Path(os.environ.get("JOINTBRIDGE_STAN_TRUTH") or BESIDE)

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"no Stan numbers in {FOLDER}; set JOINTBRIDGE_STAN_TRUTH to their folder",
)

MODELS = {
    f"{data}-{model.__name__}": (data, model)
    for data, models in POSTERIORS.items()
    for model in models
}

DENSITY = 1e-8
GRADIENT = 1e-7


@dataclass(frozen=True)
class Posterior:
    """A joint and what Stan says of it, at a handful of points."""

    joint: jb.Joint
    stan: dict[str, Any]

    def column(self, key: str) -> np.ndarray:
        return np.array([case[key] for case in self.stan["cases"]])

    @cached_property
    def values(self) -> dict[str, np.ndarray]:
        cases = [case["params"] for case in self.stan["cases"]]
        names = self.stan["parameters"]
        return {name: np.array([case[name] for case in cases]) for name in names}

    def flat(self, parts: dict[str, np.ndarray]) -> np.ndarray:
        """One row for each point, the parameters in Stan's order."""
        rows = [parts[name].reshape(len(parts[name]), -1) for name in self.values]
        return np.concatenate(rows, axis=1)


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


@cache
def posterior(name: str) -> Posterior:
    data_name, model = MODELS[name]
    data = _read(FOLDER / "data" / f"{data_name}.json")
    wanted = {key: data[key] for key in inspect.signature(model).parameters}
    arrays = {k: np.array(x) if isinstance(x, list) else x for k, x in wanted.items()}
    return Posterior(model(**arrays), _read(FOLDER / f"{name}.json"))


@pytest.fixture(params=backends.names())
def backend(request) -> str:
    try:
        backends.get(request.param)
    except BackendError as error:
        pytest.skip(str(error))
    return request.param


@pytest.mark.parametrize("name", MODELS)
def test_log_density(name, backend):
    case = posterior(name)
    ours = case.joint.log_prob(case.values, backend=backend)
    difference = ours - case.column("log_density_constrained")
    assert np.ptp(difference) < DENSITY, difference
    constant = case.stan["constant_offset"]
    assert np.all(abs(difference - constant) < DENSITY), (difference, constant)


@pytest.mark.parametrize("name", MODELS)
def test_unconstrained(name, backend):
    case = posterior(name)
    compiled = case.joint.compile(backend)
    free = _numpy(compiled, compiled.unconstrain(case.values))
    density, gradient = compiled.value_and_grad_unconstrained(free)
    gradient = _numpy(compiled, gradient)

    # Stan measures a positive ordered vector by the logs of its steps; the backends may
    # do otherwise, so there the gradient is carried over.
    ordered = {n for n in free if compiled.sites[n].support.name == "positive_ordered"}
    assert bool(ordered) is not case.stan["same_unconstrained_coordinates"]
    if ordered:
        constrained = _numpy(compiled, compiled.value_and_grad(case.values)[1])
        for site in ordered:
            steps = np.diff(case.values[site], prepend=0, axis=-1)
            free[site] = np.log(steps)
            gradient[site] = 1 + steps * _from_right(constrained[site])
    else:
        stan = case.column("log_density_unconstrained_with_jacobian")
        difference = compiled.numpy(density) - stan - case.stan["constant_offset"]
        assert np.all(abs(difference) < DENSITY), difference

    coordinates = case.column("unconstrained")
    np.testing.assert_allclose(case.flat(free), coordinates, rtol=1e-9, atol=1e-9)
    expected = case.column("gradient_unconstrained")
    size = np.maximum(1, np.max(abs(expected), axis=1, keepdims=True))
    error = abs(case.flat(gradient) - expected) / size
    assert np.all(error < GRADIENT), error


def _numpy(compiled: Compiled, parts: dict[str, Any]) -> dict[str, np.ndarray]:
    return {name: compiled.numpy(part) for name, part in parts.items()}


def _from_right(x: np.ndarray) -> np.ndarray:
    """Sums over this element and all after it."""
    return np.cumsum(x[..., ::-1], axis=-1)[..., ::-1]
