"""Every family against 50 digits: densities, gradients, edges and what lies outside."""

import numpy as np
import pytest
from jointbridge.conformance.oracles.arithmetic import mp

from jointbridge.backends.compiled import Compiled
from jointbridge.conformance.cases import CASES
from jointbridge.expression import Distribution, Name, Transform, walk
from jointbridge.families import FAMILIES, TRANSFORMS
from jointbridge.spec import Sample, Spec
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse

FLAT = parse("ImproperUniform(real)")

#: Relative error allowed against the oracle, by float width: (density, gradient).
TOLERANCE = {"float64": (1e-12, 1e-9), "float32": (2e-5, 2e-4)}


def _case(name):
    """The distribution, its free parameters, values and oracle."""
    case = CASES[name]

    def density(value, *given):
        return case.exact(value, dict(zip(case.free, given, strict=True)))

    return case.distribution, case.free, case.values, density


def _spec(dist, params, event):
    """Flat priors for the parameters, then one value `x`."""
    flat = tuple(Sample(n, FLAT, shape=np.shape(x)) for n, x in params.items())
    return Spec((*flat, Sample("x", dist)))


def _mp(value):
    if isinstance(value, (list, tuple)):
        return [_mp(x) for x in value]
    return mpf(float(value))


def _round(value, dtype):
    """What the narrower floats hold: the oracle must see the same numbers."""
    array = np.asarray(value)
    return array if array.dtype.kind == "i" else array.astype(dtype)


def _moved(parameter, draw):
    return parameter * (1 + 0.003 * draw) if np.ndim(parameter) == 0 else parameter


def _batch(params, values, dtype):
    """Values with parameters that differ a little from draw to draw."""
    found = {
        n: np.stack([_round(_moved(x, i), dtype) for i in range(len(values))])
        for n, x in params.items()
    }
    return {**found, "x": _round(values, dtype)}


def _relative(got, expected):
    return abs(got - expected) / max(1, abs(expected))


def _inexact(backend, name):
    """The relative error that a backend itself declares for a family, and why."""
    return backend.table.inexact.get(name.split()[0])


ALL = list(CASES)


def test_every_family_has_a_case():
    used = {n.split()[0] for n in ALL}
    assert set(FAMILIES) - used == {"Delta", "ImproperUniform"}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_density(backend, name, dtype):
    dist, params, values, oracle = _case(name)
    compiled = Compiled(_spec(dist, params, ()), backend, dtype)
    batch = _batch(params, values, dtype)
    got = compiled.numpy(compiled.log_prob_parts(batch)["x"])
    worst = 0.0
    for draw, value in enumerate(batch["x"]):
        given = [_mp(batch[n][draw].tolist()) for n in params]
        expected = oracle(_mp(value.tolist()), *given)
        worst = max(worst, float(_relative(mpf(float(got[draw])), expected)))
    allowed = TOLERANCE[dtype][0]
    declared = _inexact(backend, name)
    if declared and dtype == "float64":
        message = f"{name} is exact now ({worst:.1e}): drop the row in `inexact`"
        assert worst > allowed or " " in name, message
        allowed = declared.error
    assert worst <= allowed, f"{backend.title} {name} {dtype}: {worst:.2e}, got {got}"


@pytest.mark.parametrize("name", ALL)
def test_gradient(backend, name):
    """Gradients for the value and for every parameter that moves freely."""
    dist, params, values, oracle = _case(name)
    compiled = Compiled(_spec(dist, params, ()), backend)
    batch = _batch(params, values, "float64")
    _, gradients = compiled.value_and_grad(batch)
    moving = [n for n in gradients if not _curved(compiled, dist, n)]
    declared = _inexact(backend, name)
    allowed = declared.error if declared else TOLERANCE["float64"][1]
    for site in moving:
        got = compiled.numpy(gradients[site])
        for draw in range(len(values)):
            expected = _numerical(oracle, batch, list(params), site, draw)
            scale = max(1.0, np.abs(expected).max())
            error = np.abs(got[draw] - expected).max() / scale
            assert error <= allowed, f"{name} d/d{site}: {got[draw]} for {expected}"


def _curved(compiled, dist, site):
    """Whether a value moves on no open set, so that its gradient is a convention."""
    if site == "x":
        return SUPPORTS[compiled.sites["x"].support.name].curved
    domains = {
        n.name: row.parameters[p].domain.name
        for row, params in _rows(dist)
        for p, n in params
        if isinstance(n, Name)
    }
    return SUPPORTS[domains[site]].curved


def _rows(dist):
    """The rows of the distributions and transforms inside, with what they are given."""
    for node in walk(dist):
        if isinstance(node, Distribution):
            yield FAMILIES[node.family], node.params
        elif isinstance(node, Transform):
            yield TRANSFORMS[node.name], node.params


def _numerical(oracle, batch, names, site, draw):
    point = {n: batch[n][draw] for n in [*names, "x"]}
    flat = np.asarray(point[site], float).reshape(-1)

    def moved(index, number):
        given = {n: _mp(x.tolist()) for n, x in point.items()}
        if point[site].ndim == 0:
            given[site] = number
        else:
            shape = point[site].shape
            place = np.unravel_index(index, shape)
            target = given[site]
            for step in place[:-1]:
                target = target[step]
            target[place[-1]] = number
        return oracle(given["x"], *(given[n] for n in names))

    found = [
        float(mp.diff(lambda z, i=i: moved(i, z), mpf(float(x))))
        for i, x in enumerate(flat)
    ]
    return np.reshape(found, point[site].shape)


OUTSIDE = {
    "Normal": [np.nan],
    "LogNormal": [-1.0, 0.0, np.nan],
    "HalfNormal": [-1.0, np.nan],
    "Uniform": [-1.1, 3.6, np.nan],
    "Exponential": [-1e-9, np.inf],
    "Gamma": [-1.0, 0.0],
    "Beta": [-0.1, 1.1, 2.0],
    "Pareto": [1.69, -3.0],
    "VonMises": [3.2, -4.0],
    "Bernoulli": [2, -1],
    "Binomial": [10, -1],
    "Categorical": [3, -1],
    "Poisson": [-1],
    "Geometric": [-2],
    "OrderedLogistic": [4, -1],
    "Multinomial": [[1, 2, 3], [8, -1, 0]],
    "Dirichlet": [[0.2, 0.3, 0.6], [-0.1, 0.6, 0.5]],
    "LKJCholesky": [[[1.0, 0, 0], [0.6, 0.9, 0], [0.48, 0.6, 0.64]]],
    "Truncated below": [0.4, np.nan],
    "ZeroInflated": [-1],
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_the_support(backend, name):
    """-inf outside, NaN for NaN, and gradients that are never NaN outside."""
    dist, params, _, _ = _case(name)
    compiled = Compiled(_spec(dist, params, ()), backend)
    batch = _batch(params, OUTSIDE[name], "float64")
    got = compiled.numpy(compiled.log_prob(batch))
    missing = np.isnan(np.asarray(OUTSIDE[name], float).reshape(len(got), -1)).any(1)
    np.testing.assert_array_equal(got, np.where(missing, np.nan, -np.inf))
    if not missing.any():
        _, gradients = compiled.value_and_grad(batch)
        for site, gradient in gradients.items():
            assert not np.isnan(compiled.numpy(gradient)).any(), site


BAD = {
    "Normal": {"scale": -1.0},
    "Gamma": {"rate": 0.0},
    "Uniform": {"high": -2.0},
    "Categorical": {"probs": [0.2, 0.3, 0.6]},
    "Poisson": {"rate": -3.0},
    "OrderedLogistic": {"cutpoints": [0.3, -1.2, 1.9]},
    "Dirichlet": {"concentration": [0.7, -2.3, 1.1]},
    "Bernoulli": {"probs": 1.5},
}


@pytest.mark.parametrize("name", BAD)
def test_parameters_outside_their_domain(backend, name):
    """A parameter known only at run time gives NaN, never a finite number."""
    dist, params, values, _ = _case(name)
    compiled = Compiled(_spec(dist, params, ()), backend)
    batch = _batch({**params, **BAD[name]}, values, "float64")
    assert np.isnan(compiled.numpy(compiled.log_prob(batch))).all()
