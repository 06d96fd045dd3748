"""Numbers of NumPy are numbers like any other."""

import numpy as np

import jointbridge as jb
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.library import tfd


def test_scalars_of_numpy():
    with precision("float64"):
        native = tfd.JointDistributionNamed(
            {"x": tfd.Normal(np.float64(0), np.float64(1))}
        )
    joint = jb.from_tfp(native)
    assert type(dict(joint.spec.samples[0].dist.params)["scale"].value) is float
    assert np.isfinite(joint.log_prob({"x": 0.5}))
