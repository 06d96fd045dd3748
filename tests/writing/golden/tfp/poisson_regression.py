"""A randomised controlled trial with three outcomes and three treatments.

The columns of X are an intercept, two outcomes and two treatments. Data typed in:
Dobson (1990), An Introduction to Generalized Linear Models, page 93.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def poisson_regression(X):
    X = jnp.asarray(X)
    return tfd.JointDistributionSequential(
        [
            tfd.Sample(tfd.Normal(jnp.array(0.0), 2.0), X.shape[1], name="beta"),
            lambda beta: tfd.Independent(
                tfd.Poisson(log_rate=X @ beta), 1, name="counts"
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(counts):
    return {"counts": counts.astype(float)}


# fmt: off
DATA = {
    "X": np.array([
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 0, 1, 0, 0],
        [1, 0, 0, 1, 0],
        [1, 1, 0, 1, 0],
        [1, 0, 1, 1, 0],
        [1, 0, 0, 0, 1],
        [1, 1, 0, 0, 1],
        [1, 0, 1, 0, 1],
    ]),
    "counts": np.array([18, 17, 15, 20, 10, 20, 25, 13, 12]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = poisson_regression(DATA["X"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["counts"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
