"""Stochastic volatility: a stationary AR(1) process of log variance, non-centred.

After Kim, Shephard and Chib (1998), Stochastic Volatility, and the Stan User's
Guide. Data simulated with numpy.random.default_rng(30): 60 returns in percent.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import lax, random


def stochastic_volatility(y):
    def make_y(h_std, sigma, phi, mu):
        first = mu + sigma * h_std[0] / jnp.sqrt(1.0 - phi**2)

        def step(rest_carry, rest_slice):
            h_t = mu + phi * (rest_carry - mu) + sigma * rest_slice
            return h_t, h_t

        _, rest = lax.scan(step, first, h_std[1:])
        h = jnp.concatenate([first[None], rest])
        return tfd.Independent(tfd.Normal(0.0, jnp.exp(h / 2)), 1, name="y")

    return tfd.JointDistributionSequential(
        [
            tfd.Normal(jnp.array(0.0), 2.0, name="mu"),
            tfd.Uniform(jnp.array(-1.0), 1.0, name="phi"),
            tfd.HalfNormal(jnp.array(0.5), name="sigma"),
            tfd.Sample(tfd.Normal(jnp.array(0.0), 1.0), len(y), name="h_std"),
            make_y,
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(y):
    return {"y": y}


# fmt: off
DATA = {
    "y": np.array([
        0.733, -0.179, 1.9, 0.959, 0.729, 0.281, 0.085, 0.299, 1.849, -0.186, -1.734,
        -0.566, -1.482, 0.459, -0.751, -0.114, -0.34, -0.069, 0.12, -0.678, -0.232,
        0.308, -0.275, -0.088, 0.487, 0.245, 0.529, -0.508, 0.251, -1.907, -2.289,
        -1.164, -1.568, 1.246, -2.155, -0.456, 0.596, 0.383, -1.3, -1.653, 3.782,
        -1.408, 0.789, 1.214, 1.121, 1.561, 1.544, 0.346, -1.306, -0.518, -0.431,
        1.561, 1.187, 0.883, 0.096, 2.021, 0.213, -0.92, 0.2, 0.697,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = stochastic_volatility(DATA["y"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
