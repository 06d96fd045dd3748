"""Grades that 52 tasters gave to each of four cheeses, from dislike to liking.

Data typed in as a table of counts: McCullagh and Nelder (1989), Generalized Linear
Models, Table 5.1.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.bijectors as tfb
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random

N_CHEESE = 4


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


class Flat(tfd.Distribution):
    """Density 1 wherever a bijector leads; draws are mere places to start from."""

    def __init__(self, bijector, event_shape, name):
        self.bijector = bijector
        self.shape = tfp.tf2jax.TensorShape(event_shape)
        dtype = jnp.zeros(()).dtype
        super().__init__(dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape([])

    def _event_shape(self):
        return self.shape

    def _log_prob(self, value):
        return jnp.zeros(())

    def _sample_n(self, n, seed=None):
        free = self.bijector.inverse_event_shape(self.shape)
        return self.bijector.forward(random.normal(seed, [n, *free]))

    def _default_event_space_bijector(self):
        return self.bijector


def ordered_logit(cheese_idx):
    cheese_idx = jnp.asarray(cheese_idx)
    return tfd.JointDistributionSequential(
        [
            Flat(tfb.Ascending(), (8,), name="cutpoints"),
            lambda cutpoints: Factor(
                tfd.Normal(jnp.array(0.0), 5.0).log_prob(cutpoints).sum(),
                name="cutpoints_prior",
            ),
            tfd.Sample(tfd.Normal(jnp.array(0.0), 2.0), N_CHEESE, name="beta"),
            lambda beta, cutpoints_prior, cutpoints: tfd.Independent(
                tfd.OrderedLogistic(cutpoints=cutpoints, loc=beta[cheese_idx]),
                1,
                name="grade",
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(grade):
    return {"cutpoints_prior": jnp.zeros(0), "grade": grade}


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    jax.config.update("jax_enable_x64", True)
    joint = ordered_logit(DATA["cheese_idx"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["grade"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
