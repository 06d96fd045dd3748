"""Truncated families far out in their tails, against the mirror image and SciPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats as st

from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.truncated import Truncated

BASES = {
    "Normal": (tfd.Normal, (), st.norm),
    "Cauchy": (tfd.Cauchy, (), st.cauchy),
    "Laplace": (tfd.Laplace, (), st.laplace),
    "Logistic": (tfd.Logistic, (), st.logistic),
    "StudentT": (tfd.StudentT, (4.0,), st.t),
}
BOUNDS = {
    "middle": (-1.0, 2.0),
    "upper tail": (15.0, 20.0),
    "below": (None, -5.0),
    "above": (5.0, None),
}


@pytest.fixture(autouse=True)
def _float64():
    with precision("float64"):
        yield


def _truncated(base, bounds):
    make, shape, other = BASES[base]
    arrays = [jnp.asarray(x, "float64") for x in (*shape, 0.3, 1.2)]
    low, high = (
        None if b is None else jnp.asarray(b, "float64") for b in BOUNDS[bounds]
    )
    return Truncated(make(*arrays), low, high), other(*shape, 0.3, 1.2)


def _mass(frozen, low, high):
    """The mass between bounds, from the nearer tail."""
    low, high = -np.inf if low is None else low, np.inf if high is None else high
    if low > 0.3:
        return frozen.sf(low) - frozen.sf(high)
    return frozen.cdf(high) - frozen.cdf(low)


@pytest.mark.parametrize("bounds", ["middle", "upper tail", "below"])
@pytest.mark.parametrize("base", BASES)
def test_density_and_draws(base, bounds):
    built, frozen = _truncated(base, bounds)
    low, high = BOUNDS[bounds]
    drawn = np.asarray(built.sample(500, seed=jax.random.PRNGKey(1)))
    x = drawn[:5]
    expected = frozen.logpdf(x) - np.log(_mass(frozen, low, high))
    np.testing.assert_allclose(built.log_prob(x), expected, rtol=1e-9)
    # What is drawn is uniform on the scale of its own distribution function.
    uniform = [_mass(frozen, low, x) / _mass(frozen, low, high) for x in drawn]
    assert st.kstest(uniform, "uniform").pvalue > 1e-4
    assert built.log_prob((low or -30.0) - 1.0) == -np.inf or low is None
    assert built.log_prob((high or 30.0) + 1.0) == -np.inf or high is None


@pytest.mark.parametrize("bounds", ["below", "above", "upper tail"])
def test_gradients_of_bounds_are_finite(bounds):
    low, high = BOUNDS[bounds]
    x = jnp.asarray(16.0 if (low or 0) > 0 else -6.0)

    def density(loc):
        base = tfd.Normal(loc, jnp.ones_like(loc))
        ends = [None if b is None else loc + b for b in (low, high)]
        return Truncated(base, *ends).log_prob(x + loc)

    # Everything moves together: nothing changes.
    np.testing.assert_allclose(jax.grad(density)(jnp.asarray(0.3)), 0.0, atol=1e-8)
