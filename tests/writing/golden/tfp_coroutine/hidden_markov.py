"""A hidden Markov model of two states, the states summed out by the forward algorithm.

After Damiano, Peterson and Weylandt (2018), A tutorial on hidden Markov models using
Stan. Data simulated with numpy.random.default_rng(2): 60 observations.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.bijectors as tfb
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import lax, random
from jax.scipy.special import logsumexp

N_STATE = 2


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


def hidden_markov(y):
    y = jnp.asarray(y)

    def model():
        theta = yield tfd.Sample(
            tfd.Dirichlet(jnp.array([1.0, 1.0])), N_STATE, name="theta"
        )
        mu = yield Flat(tfb.Chain([tfb.Exp(), tfb.Ascending()]), (2,), name="mu")
        yield Factor(
            tfd.Normal(jnp.array([3.0, 10.0]), 1.0).log_prob(mu).sum(), name="mu_prior"
        )
        emission = tfd.Normal(mu, 1.0).log_prob(y[:, None])
        log_theta = jnp.log(theta)

        def step(gamma_carry, gamma_slice):
            gamma_t = logsumexp(gamma_carry[:, None] + log_theta, axis=0) + gamma_slice
            return gamma_t, gamma_t

        _, gamma = lax.scan(step, emission[0] - jnp.log(2), emission[1:])
        yield Factor(logsumexp(gamma[-1]), name="likelihood")

    return tfd.JointDistributionCoroutineAutoBatched(model)


def observed():
    return {"mu_prior": jnp.zeros(0), "likelihood": jnp.zeros(0)}


# fmt: off
DATA = {
    "y": np.array([
        2.48, 6.56, 10.14, 9.77, 8.45, 8.69, 8.21, 8.9, 2.39, 2.11, 3.19, 9.41, 9.78,
        7.36, 7.5, 9.13, 3.72, 3.28, 3.87, 8.58, 4.8, 7.92, 3.97, 4.32, 4.13, 1.58,
        10.22, 10.0, 9.27, 8.23, 8.8, 7.17, 9.65, 7.47, 10.2, 10.51, 2.26, 2.92, 8.11,
        3.35, 2.72, 9.89, 8.24, 8.09, 10.15, 2.16, 2.33, 2.16, 3.05, 2.3, 2.18, 2.74,
        9.91, 11.46, 8.54, 7.95, 8.04, 1.03, 2.84, 10.68,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = hidden_markov(DATA["y"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
