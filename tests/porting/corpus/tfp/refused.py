"""TFP joints that are no list of components.

The first two come from TensorFlow's eager mode, where they run.
"""

import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
from jax import lax, random

from tests.porting.corpus.cases import Case

tfd = tfp.distributions
f64 = np.float64


def branch_on_a_site():
    @tfd.JointDistributionCoroutine
    def model():
        x = yield tfd.JointDistributionCoroutine.Root(tfd.Normal(f64(0), f64(1)))
        if x > 0:
            yield tfd.Normal(x, f64(1))
        else:
            yield tfd.Normal(x, f64(2))

    return model


def numpy_on_a_site():
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(f64(0), f64(1)),
            lambda log_scale: tfd.Normal(f64(0), np.exp(log_scale)),
        ]
    )


def while_loop():
    def grow(x):
        return lax.while_loop(lambda v: v < 5.0, lambda v: 2.0 * v + 1.0, x)

    return tfd.JointDistributionSequential(
        [tfd.HalfNormal(f64(1)), lambda x: tfd.Normal(grow(x), f64(1))]
    )


class Tent(tfd.Distribution):
    """A user's own family."""

    def __init__(self, mode, name="Tent"):
        parameters = dict(locals())
        self._mode = jnp.asarray(mode)
        super().__init__(
            dtype=self._mode.dtype,
            reparameterization_type=tfd.NOT_REPARAMETERIZED,
            validate_args=False,
            allow_nan_stats=True,
            parameters=parameters,
            name=name,
        )

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self._mode.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([])

    def _sample_n(self, n, seed=None):
        u = random.uniform(seed, (2, n), self.dtype)
        return self._mode + u[0] - u[1]

    def _log_prob(self, value):
        return jnp.log1p(-jnp.abs(value - self._mode))


def own_family():
    return tfd.JointDistributionSequential(
        [Tent(f64(0)), lambda x: tfd.Normal(x, f64(1))]
    )


CASES = (
    Case("branch-on-a-site", branch_on_a_site, refused="branch"),
    Case("numpy-on-a-site", numpy_on_a_site, refused="numpy-on-site"),
    Case("while-loop", while_loop, refused="loop"),
    Case("own-family", own_family, refused="unknown-family"),
)
