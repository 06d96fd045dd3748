"""Regression on a smooth unknown function: a Gaussian process with its noise.

Data simulated with numpy.random.default_rng(20): a noisy sine at 20 places.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def gaussian_process(x):
    x = jnp.asarray(x)

    def make_y(sigma, alpha, rho):
        L = jnp.linalg.cholesky(
            alpha**2 * jnp.exp(-0.5 * ((x[:, None] - x) / rho) ** 2)
            + (sigma**2 + 1e-06) * jnp.eye(len(x)),
        )
        return tfd.MultivariateNormalTriL(scale_tril=L, name="y")

    return tfd.JointDistributionSequential(
        [
            tfd.InverseGamma(jnp.array(5.0), scale=5.0, name="rho"),
            tfd.HalfNormal(jnp.array(1.0), name="alpha"),
            tfd.HalfNormal(jnp.array(1.0), name="sigma"),
            make_y,
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(y):
    return {"y": y}


# fmt: off
DATA = {
    "x": np.array([
        -2.97, -2.68, -2.57, -2.56, -2.47, -2.41, -2.27, -1.38, -1.32, -1.19, -1.02,
        -0.54, -0.31, -0.23, 0.14, 0.84, 1.16, 1.84, 1.88, 2.92,
    ]),
    "y": np.array([
        -0.46, -0.2, -0.78, -0.54, -0.19, -1.18, -1.05, -1.13, -0.95, -1.27, -0.9,
        -0.52, -0.27, -0.71, 0.27, 1.06, 1.0, 0.82, 0.83, -0.31,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = gaussian_process(DATA["x"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
