"""Unconstrained coordinates: the reference's maps, dependent supports, gradients."""

import numpy as np
import pytest
import torch

from jointbridge import backends
from jointbridge.backends.compiled import Compiled
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse

SUPPORTS = {
    "real": "real",
    "positive": "positive",
    "nonnegative": "nonnegative",
    "unit interval": "unit_interval",
    "open unit interval": "open_unit_interval",
    "circular": "circular",
    "greater than": "greater_than(-2.0)",
    "greater than a site": "greater_than(t)",
    "greater or equal": "greater_than_eq(t)",
    "less than": "less_than(t)",
    "less or equal": "less_than_eq(1.5)",
    "interval": "interval(-1.0, 2.5)",
    "interval from a site": "interval(t, t + exp(t))",
    "simplex": "simplex(4)",
    "ordered": "ordered(4)",
    "positive ordered": "positive_ordered(4)",
    "correlation": "corr_cholesky(4)",
    "correlation matrix": "corr_matrix(4)",
    "factor": "lower_cholesky(4)",
    "covariance": "positive_definite(4)",
    "zero sum": "zero_sum(4)",
}


def _spec(support):
    node = parse(f"ImproperUniform(support={support})")
    t = Sample("t", parse("Normal(loc=0.0, scale=1.0)"))
    return Spec((t, Sample("x", node, shape=(2,))))


@pytest.mark.parametrize("name", SUPPORTS)
def test_maps_are_the_reference(name):
    spec = _spec(SUPPORTS[name])
    ours, reference = (Compiled(spec, backends.get(b)) for b in ("pyro", "numpyro"))
    random = np.random.default_rng(3)
    free = {n: random.normal(size=(3, *t.shape)) for n, t in ours.free_types.items()}
    close = {"rtol": 1e-12, "atol": 1e-12}
    values, wanted = ours.constrain(free), reference.constrain(free)
    for site, x in values.items():
        np.testing.assert_allclose(x, wanted[site], **close)
        assert x.dtype == torch.float64
    for site, x in ours.unconstrain(values).items():
        np.testing.assert_allclose(x, free[site], rtol=1e-8, atol=1e-8)
    value, gradient = ours.value_and_grad_unconstrained(free)
    wanted_value, wanted_gradient = reference.value_and_grad_unconstrained(free)
    np.testing.assert_allclose(value, wanted_value, **close)
    for site, x in gradient.items():
        np.testing.assert_allclose(x, wanted_gradient[site], rtol=1e-10, atol=1e-10)


def test_gradients_are_found_whatever_the_mode():
    spec = Spec(
        (
            Sample("tau", parse("HalfCauchy(scale=5.0)")),
            Sample("u", parse("Uniform(low=0.0, high=tau)")),
        )
    )
    compiled = Compiled(spec, backends.get("pyro"))
    expected = compiled.value_and_grad({"tau": 2.0, "u": 0.5})[1]
    for mode in (torch.no_grad, torch.inference_mode):
        with mode():
            found = Compiled(spec, backends.get("pyro"))
            gradient = found.value_and_grad({"tau": 2.0, "u": 0.5})[1]
        assert gradient == expected
    # A value inside its support has no influence on the density of a Uniform.
    assert expected["u"] == 0.0


def test_using_the_backend_leaves_no_trace():
    state = torch.get_rng_state()
    before = (
        torch.get_default_dtype(),
        torch.distributions.Distribution._validate_args,
    )
    spec = _spec("simplex(3)")
    compiled = Compiled(Spec(spec.statements[:1]), backends.get("pyro"), "float64")
    one, two = (compiled.sample(7)["t"] for _ in range(2))
    assert one == two
    assert torch.equal(torch.get_rng_state(), state)
    after = (torch.get_default_dtype(), torch.distributions.Distribution._validate_args)
    assert after == before
