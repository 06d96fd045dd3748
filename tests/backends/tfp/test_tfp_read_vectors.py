"""TFP spreads a location over the event that the scale has; so does what is read."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jointbridge as jb
from jointbridge.backends.tfp.library import tfd

LOCATIONS = [
    pytest.param(lambda m: m, id="scalar"),
    pytest.param(lambda m: m[..., None], id="one-component"),
    pytest.param(lambda m: m[..., None] * jnp.ones(3), id="full"),
]


@pytest.mark.parametrize("location", LOCATIONS)
def test_a_location_is_spread_over_the_event(location):
    values = {"m": np.array(0.3), "y": np.array([0.5, 1.0, -2.0])}
    with jax.enable_x64():
        joint = tfd.JointDistributionNamed(
            {
                "m": tfd.Normal(np.float64(0), np.float64(1)),
                "y": lambda m: tfd.MultivariateNormalTriL(location(m), 2 * jnp.eye(3)),
            }
        )
        wanted = float(joint.log_prob(values))
        read = jb.from_tfp(joint)
    np.testing.assert_allclose(read.log_prob(values), wanted, rtol=1e-12)
