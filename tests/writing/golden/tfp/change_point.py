"""Coal-mining disasters, 1851 to 1962: a rate that changed once, the year summed out.

Entry t of `log_year` is the log density of a change before year t. After the Stan
User's Guide, Latent Discrete Parameters. Data typed in: Jarrett (1979), A note on the
intervals between coal-mining disasters, as tabulated by Carlin, Gelfand and Smith.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random
from jax.scipy.special import logsumexp


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


def change_point(disasters):
    disasters = jnp.asarray(disasters)

    def make_likelihood(late, early):
        log_late = jnp.cumsum(
            tfd.Poisson(late).log_prob(jnp.asarray(disasters, dtype=float))
        )
        before = jnp.concatenate(
            [
                jnp.array([0.0]),
                jnp.cumsum(
                    tfd.Poisson(early).log_prob(jnp.asarray(disasters, dtype=float))
                )[:-1],
            ],
        )
        log_year = (
            before
            + (log_late[-1] - jnp.concatenate([jnp.array([0.0]), log_late[:-1]]))
            - jnp.log(112)
        )
        return Factor(logsumexp(log_year), name="likelihood")

    return tfd.JointDistributionSequential(
        [
            tfd.Exponential(jnp.array(1.0), name="early"),
            tfd.Exponential(jnp.array(1.0), name="late"),
            make_likelihood,
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed():
    return {"likelihood": jnp.zeros(0)}


# fmt: off
DATA = {
    "disasters": np.array([
        4, 5, 4, 1, 0, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1,
        5, 5, 3, 4, 2, 5, 2, 2, 3, 4, 2, 1, 3, 2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1,
        0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1, 1,
        0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 4, 2, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0,
        0, 0, 1, 0, 0, 1, 0, 1,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = change_point(DATA["disasters"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
