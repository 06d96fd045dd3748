"""Linear regression with a horseshoe prior: few of many coefficients matter.

After Carvalho, Polson and Scott (2010), The horseshoe estimator. Data simulated with
numpy.random.default_rng(10): 30 rows, 3 of 12 coefficients are not zero.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def horseshoe(X):
    X = jnp.asarray(X)

    def make_y(sigma, z, lambda_1, tau):
        beta = tau * lambda_1 * z
        return tfd.Independent(tfd.Normal(X @ beta, sigma), 1, name="y")

    return tfd.JointDistributionSequential(
        [
            tfd.HalfCauchy(loc=jnp.array(0.0), scale=1.0, name="tau"),
            tfd.Sample(
                tfd.HalfCauchy(loc=jnp.array(0.0), scale=1.0),
                X.shape[1],
                name="lambda_1",
            ),
            tfd.Sample(tfd.Normal(jnp.array(0.0), 1.0), X.shape[1], name="z"),
            tfd.InverseGamma(jnp.array(2.0), scale=1.0, name="sigma"),
            make_y,
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(y):
    return {"y": y}


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    jax.config.update("jax_enable_x64", True)
    joint = horseshoe(DATA["X"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
