"""The size of a closed population by data augmentation: model M_t.

Row i tells on which of four occasions animal i was caught; rows that were never
caught may be animals or not. After Kéry and Schaub (2012), Bayesian Population Analysis
using WinBUGS, section 6.2. Data simulated with numpy.random.default_rng(6): 40 animals,
augmented to 60 rows.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


class Factor(tfd.Distribution):
    """A term of the log density; its value is empty."""

    def __init__(self, term, name):
        self.term = jnp.asarray(term)
        super().__init__(
            self.term.dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name
        )

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self.term.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([0])

    def _log_prob(self, value):
        return self.term

    def _sample_n(self, n, seed=None):
        return jnp.zeros((n, 0))


def capture_recapture(y):
    y = jnp.asarray(y)

    def make_histories(p, omega):
        animal = jnp.log(omega) + jnp.sum(tfd.Bernoulli(probs=p).log_prob(y), axis=-1)
        return Factor(
            jnp.where(
                jnp.sum(y, axis=-1) > 0,
                animal,
                jnp.logaddexp(animal, jnp.log1p(-omega)),
            ).sum(),
            name="histories",
        )

    return tfd.JointDistributionSequential(
        [
            tfd.Uniform(jnp.array(0.0), 1.0, name="omega"),
            tfd.Sample(tfd.Uniform(jnp.array(0.0), 1.0), y.shape[1], name="p"),
            make_histories,
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed():
    return {"histories": jnp.zeros(0)}


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    jax.config.update("jax_enable_x64", True)
    joint = capture_recapture(DATA["y"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
