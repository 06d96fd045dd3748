"""Waiting times in cafés: intercepts and slopes that vary together.

After McElreath (2020), Statistical Rethinking, chapter 14. Data simulated with
numpy.random.default_rng(14): 8 cafés, 6 visits each, mornings and afternoons.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random

N_CAFE = 8


def varying_slopes(cafe_idx, afternoon):
    cafe_idx = jnp.asarray(cafe_idx)
    afternoon = jnp.asarray(afternoon)
    return tfd.JointDistributionSequential(
        [
            tfd.Independent(
                tfd.Normal(jnp.array([5.0, -1.0]), jnp.array([2.0, 0.5])), 1, name="mu"
            ),
            tfd.Sample(tfd.Exponential(jnp.array(1.0)), 2, name="tau"),
            tfd.CholeskyLKJ(dimension=2, concentration=jnp.array(2.0), name="L_Omega"),
            tfd.Exponential(jnp.array(1.0), name="sigma"),
            lambda sigma, L_Omega, tau, mu: tfd.Sample(
                tfd.MultivariateNormalTriL(mu, tau[:, None] * L_Omega),
                N_CAFE,
                name="ab",
            ),
            lambda ab, sigma: tfd.Independent(
                tfd.Normal(ab[:, 0][cafe_idx] + ab[:, 1][cafe_idx] * afternoon, sigma),
                1,
                name="wait",
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(wait):
    return {"wait": wait}


# fmt: off
DATA = {
    "cafe_idx": np.array([
        0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4,
        4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7,
    ]),
    "afternoon": np.array([
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
    ]),
    "wait": np.array([
        2.4, 1.8, 1.6, 1.3, 3.5, 1.8, 4.6, 2.4, 4.9, 2.3, 5.0, 1.3, 4.3, 2.9, 4.4, 3.2,
        3.5, 3.2, 3.0, 3.2, 3.5, 3.1, 3.0, 3.5, 2.2, 2.2, 2.8, 1.0, 2.5, 1.2, 1.0, 1.2,
        1.1, 1.1, 0.2, 0.6, 3.6, 4.0, 3.2, 3.7, 3.7, 2.7, 3.1, 2.8, 3.0, 2.0, 4.1, 2.8,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = varying_slopes(DATA["cafe_idx"], DATA["afternoon"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["wait"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
