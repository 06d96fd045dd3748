"""GARCH(1,1): volatility that remembers, stationary because beta1 < 1 - alpha1.

After the Stan User's Guide, Time-Series Models. Data simulated with
numpy.random.default_rng(11): 60 returns.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.bijectors as tfb
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import lax, random


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


def garch11(y_obs, sigma1):
    y_obs = jnp.asarray(y_obs)
    sigma1 = jnp.asarray(sigma1)

    def make_y(beta1, alpha1, alpha0, mu):
        def step(following_carry, following_slice):
            sigma_t = jnp.sqrt(
                alpha0
                + alpha1 * (following_slice - mu) ** 2
                + beta1 * following_carry**2,
            )
            return sigma_t, sigma_t

        _, following = lax.scan(step, sigma1, y_obs[:-1])
        sigma = jnp.concatenate([sigma1[None], following])
        return tfd.Independent(tfd.Normal(mu, sigma), 1, name="y")

    return tfd.JointDistributionSequential(
        [
            Flat(tfb.Identity(), (), name="mu"),
            Flat(tfb.Exp(), (), name="alpha0"),
            tfd.Uniform(jnp.array(0.0), 1.0, name="alpha1"),
            lambda alpha1: Flat(tfb.Sigmoid(0.0, 1.0 - alpha1), (), name="beta1"),
            make_y,
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(y_obs):
    return {"y": y_obs}


# fmt: off
DATA = {
    "y_obs": np.array([
        0.53, 1.79, 1.93, -0.16, 0.16, -0.04, 1.07, 0.44, 1.21, -1.36, 2.68, 0.34,
        1.36, 0.34, 0.11, 0.96, 1.3, 0.29, 0.35, 1.14, -0.36, -1.1, 1.02, -0.25, -1.58,
        -0.73, -0.14, -0.89, -1.41, 0.55, 1.56, 0.22, -0.27, 0.91, 1.22, 0.19, 1.03,
        1.52, 0.27, -0.31, 0.86, 0.74, 1.55, -0.9, -0.33, -0.47, -1.49, 0.69, 1.12,
        -0.3, 1.99, 1.55, 1.26, 0.95, 1.49, -0.97, 1.29, 1.2, -1.42, 1.0,
    ]),
    "sigma1": 1.0,
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = garch11(DATA["y_obs"], DATA["sigma1"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y_obs"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
