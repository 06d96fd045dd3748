"""TFP's bijectors are the contract's: the same as NumPyro's, value and Jacobian."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jointbridge import backends
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.tfp.bijectors import BIJECTORS, CorrCholesky, Unchanged
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse

#: Supports by name, in terms of an earlier site tau where they have bounds.
SUPPORTED = {
    "real": "real",
    "positive": "positive",
    "nonnegative": "nonnegative",
    "unit_interval": "unit_interval",
    "open_unit_interval": "open_unit_interval",
    "circular": "circular",
    "greater_than": "greater_than(low=tau)",
    "greater_than_eq": "greater_than_eq(low=tau)",
    "less_than": "less_than(high=tau)",
    "less_than_eq": "less_than_eq(high=tau)",
    "interval": "interval(low=-tau, high=tau)",
    "simplex": "simplex(4)",
    "ordered": "ordered(4)",
    "positive_ordered": "positive_ordered(4)",
    "corr_cholesky": "corr_cholesky(4)",
    "corr_matrix": "corr_matrix(4)",
    "lower_cholesky": "lower_cholesky(4)",
    "positive_definite": "positive_definite(4)",
    "zero_sum": "zero_sum(4)",
}


@pytest.fixture(scope="module")
def maps():
    """Per backend: values, coordinates again, log density, at three random points."""
    sites = [Sample("tau", parse("Exponential(1.0)"))]
    sites += [
        Sample(name, parse(f"ImproperUniform({text})"), (), (2,))
        for name, text in SUPPORTED.items()
    ]
    spec = Spec(tuple(sites))
    random = np.random.default_rng(0)
    found = {}
    for name in ("numpyro", "tfp"):
        compiled = Compiled(spec, backends.get(name))
        if not found:
            free = {
                n: random.normal(scale=1.5, size=(3, *t.shape))
                for n, t in compiled.free_types.items()
            }
        values = compiled.constrain(free)
        again = compiled.unconstrain(values)
        total = compiled.log_prob_unconstrained(free)
        found[name] = jax.tree.map(np.asarray, (values, again, total))
    return free, found


def test_every_bijector_is_tested():
    assert set(SUPPORTED) == set(BIJECTORS)


@pytest.mark.parametrize("support", SUPPORTED)
def test_equal_to_numpyro(support, maps):
    free, found = maps
    (value, again, _), (expected, _, _) = found["tfp"], found["numpyro"]
    np.testing.assert_allclose(
        value[support], expected[support], rtol=1e-12, atol=1e-14
    )
    np.testing.assert_allclose(again[support], free[support], rtol=1e-9, atol=1e-9)


def test_jacobians_equal_numpyro(maps):
    _, found = maps
    np.testing.assert_allclose(found["tfp"][2], found["numpyro"][2], rtol=1e-12)


def test_corr_cholesky_is_a_bijector():
    with precision("float64"):
        bijector = CorrCholesky()
        x = jnp.asarray([0.3, -1.2, 0.7])
        forward = jax.jit(bijector.forward)
        y = forward(x)
        np.testing.assert_allclose(bijector.inverse(y + 0.0), x, rtol=1e-12)
        # The Jacobian of the entries below the diagonal, by differentiation.
        rows, columns = np.tril_indices(3, -1)
        jacobian = jax.jit(jax.jacobian(lambda x: forward(x)[rows, columns]))(x)
        log_det = bijector.forward_log_det_jacobian(x)
        np.testing.assert_allclose(log_det, np.linalg.slogdet(jacobian)[1], rtol=1e-12)
        np.testing.assert_allclose(bijector.inverse_log_det_jacobian(y + 0.0), -log_det)
        assert bijector.forward_event_shape([5, 3]) == [5, 3, 3]
        assert bijector.inverse_event_shape([5, 3, 3]) == [5, 3]
        assert bijector.inverse_event_shape_tensor(jnp.array([5, 4, 4])).tolist() == [
            5,
            6,
        ]
        assert bijector.forward_event_shape_tensor(jnp.array([5, 6])).tolist() == [
            5,
            4,
            4,
        ]


def test_counts_have_a_jacobian_of_one():
    counts = jnp.arange(6).reshape(2, 3)
    log_det = Unchanged("float32").forward_log_det_jacobian(counts, event_ndims=1)
    assert log_det.dtype == "float32"
    np.testing.assert_array_equal(log_det, 0.0)
