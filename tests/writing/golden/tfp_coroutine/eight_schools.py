"""Eight parallel experiments on coaching for the SAT, centred parametrisation.

Data typed in: estimated effects and their standard errors, Rubin (1981), Estimation
in parallel randomized experiments.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def eight_schools(sigma):
    sigma = jnp.asarray(sigma)

    def model():
        mu = yield tfd.Normal(jnp.array(0.0), 5.0, name="mu")
        tau = yield tfd.HalfCauchy(loc=jnp.array(0.0), scale=5.0, name="tau")
        theta = yield tfd.Sample(tfd.Normal(mu, tau), len(sigma), name="theta")
        yield tfd.Independent(tfd.Normal(theta, sigma), 1, name="y")

    return tfd.JointDistributionCoroutineAutoBatched(model)


def observed(y):
    return {"y": y.astype(float)}


DATA = {
    "sigma": np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]),
    "y": np.array([28, 8, -3, 7, -1, 1, 18, 12]),
}

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = eight_schools(DATA["sigma"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
