"""Tumours in 71 groups of rats: a Beta population of binomial rates.

The prior is flat in the mean and in the inverse root of the sample size, Gelman et
al. (2013), Bayesian Data Analysis, section 5.3. Data typed in: Tarone (1982), as in
Table 5.1 there.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.bijectors as tfb
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


def rat_tumors(n):
    n = jnp.asarray(n)
    return tfd.JointDistributionSequential(
        [
            Flat(tfb.Exp(), (), name="alpha"),
            Flat(tfb.Exp(), (), name="beta"),
            lambda beta, alpha: Factor(-2.5 * jnp.log(alpha + beta), name="hyperprior"),
            lambda hyperprior, beta, alpha: tfd.Sample(
                tfd.Beta(alpha, beta), len(n), name="theta"
            ),
            lambda theta: tfd.Independent(
                tfd.Binomial(n.astype(float), probs=theta), 1, name="y"
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(y):
    return {"hyperprior": jnp.zeros(0), "y": y.astype(float)}


# fmt: off
DATA = {
    "n": np.array([
        20, 20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 18, 18, 17, 20, 20, 20, 20, 19, 19,
        18, 18, 25, 24, 23, 20, 20, 20, 20, 20, 20, 10, 49, 19, 46, 27, 17, 49, 47, 20,
        20, 13, 48, 50, 20, 20, 20, 20, 20, 20, 20, 48, 19, 19, 19, 22, 46, 49, 20, 20,
        23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14,
    ]),
    "y": np.array([
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10, 4, 4, 4, 4, 4, 4, 4, 10,
        4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = rat_tumors(DATA["n"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
