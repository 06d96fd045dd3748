"""The level of Lake Huron, 1875 to 1972: an AR(1) process seen with noise.

The innovations are the sites; the level is scanned from them. Data typed in: feet,
Brockwell and Davis (1991), Time Series: Theory and Methods, Series A.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import lax, random


def ar1(y):
    def make_y(innovation, tau, sigma, phi, mu):
        def step(level_carry, level_slice):
            level_t = mu + phi * (level_carry - mu) + sigma * level_slice
            return level_t, level_t

        _, level = lax.scan(step, mu, innovation)
        return tfd.Independent(tfd.Normal(level, tau), 1, name="y")

    return tfd.JointDistributionSequential(
        [
            tfd.Normal(jnp.array(579.0), 2.0, name="mu"),
            tfd.Uniform(jnp.array(-1.0), 1.0, name="phi"),
            tfd.HalfNormal(jnp.array(1.0), name="sigma"),
            tfd.HalfNormal(jnp.array(1.0), name="tau"),
            tfd.Sample(tfd.Normal(jnp.array(0.0), 1.0), len(y), name="innovation"),
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
        580.38, 581.86, 580.97, 580.8, 579.79, 580.39, 580.42, 580.82, 581.4, 581.32,
        581.44, 581.68, 581.17, 580.53, 580.01, 579.91, 579.14, 579.16, 579.55, 579.67,
        578.44, 578.24, 579.1, 579.09, 579.35, 578.82, 579.32, 579.01, 579.0, 579.8,
        579.83, 579.72, 579.89, 580.01, 579.37, 578.69, 578.19, 578.67, 579.55, 578.92,
        578.09, 579.37, 580.13, 580.14, 579.51, 579.24, 578.66, 578.86, 578.05, 577.79,
        576.75, 576.75, 577.82, 578.64, 580.58, 579.48, 577.38, 576.9, 576.94, 576.24,
        576.84, 576.85, 576.9, 577.79, 578.18, 577.51, 577.23, 578.42, 579.61, 579.05,
        579.26, 579.22, 579.38, 579.1, 577.95, 578.12, 579.75, 580.85, 580.41, 579.96,
        579.61, 578.76, 578.18, 577.21, 577.13, 579.1, 578.25, 577.91, 576.89, 575.96,
        576.8, 577.68, 578.38, 578.52, 579.74, 579.31, 579.89, 579.96,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = ar1(DATA["y"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
