"""Radon in houses: intercepts that vary by county and follow its uranium.

After Gelman and Hill (2007), Data Analysis Using Regression, chapter 12. Data
simulated with numpy.random.default_rng(12): 60 houses in 12 counties.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def radon(county_idx, floor, log_uranium):
    county_idx = jnp.asarray(county_idx)
    floor = jnp.asarray(floor)
    log_uranium = jnp.asarray(log_uranium)
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(jnp.array(0.0), 5.0, name="gamma_0"),
            tfd.Normal(jnp.array(0.0), 5.0, name="gamma_1"),
            tfd.HalfNormal(jnp.array(1.0), name="sigma_alpha"),
            lambda sigma_alpha, gamma_1, gamma_0: tfd.Independent(
                tfd.Normal(gamma_0 + gamma_1 * log_uranium, sigma_alpha),
                1,
                name="alpha",
            ),
            tfd.Normal(jnp.array(0.0), 5.0, name="beta"),
            tfd.HalfNormal(jnp.array(1.0), name="sigma_y"),
            lambda sigma_y, beta, alpha: tfd.Independent(
                tfd.Normal(alpha[county_idx] + beta * floor, sigma_y),
                1,
                name="log_radon",
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(log_radon):
    return {"log_radon": log_radon}


# fmt: off
DATA = {
    "county_idx": np.array([
        0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 6, 6, 6,
        6, 7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10,
        10, 10, 10, 10, 10, 11, 11, 11, 11,
    ]),
    "floor": np.array([
        1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0,
        0, 0, 0, 1, 0, 0, 0, 0,
    ]),
    "log_uranium": np.array([
        -0.0, 0.42, 0.3, 0.29, 0.65, -0.48, -0.25, -0.53, -0.04, 0.4, -0.01, 0.2,
    ]),
    "log_radon": np.array([
        -0.72, 2.13, 0.96, 2.12, 1.13, 1.04, 1.84, 2.09, 0.88, 0.42, 1.87, 1.4, 4.02,
        0.95, 1.01, 1.98, 0.81, 1.39, 2.72, 1.38, 1.68, -0.25, 1.75, 1.81, 1.51, 1.02,
        1.54, 1.54, 0.74, 1.72, -0.33, -0.37, 1.02, 1.17, 0.73, 1.85, 2.4, 1.29, 1.77,
        2.33, 2.01, 0.85, 1.56, 2.03, 0.86, 1.76, 0.77, 0.72, 0.63, 1.47, 1.63, 1.63,
        0.31, 1.18, 1.65, 1.45, 2.12, 2.24, 2.44, 2.23,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = radon(DATA["county_idx"], DATA["floor"], DATA["log_uranium"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["log_radon"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
