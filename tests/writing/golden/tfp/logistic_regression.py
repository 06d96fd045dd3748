"""Thermal distress of O-rings in 23 shuttle flights by temperature at launch.

Data typed in: degrees Fahrenheit and whether any ring was in distress, Dalal,
Fowlkes and Hoadley (1989), Risk analysis of the space shuttle.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def logistic_regression(temperature):
    temperature = jnp.asarray(temperature)
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(jnp.array(0.0), 2.5, name="alpha"),
            tfd.Normal(jnp.array(0.0), 2.5, name="beta"),
            lambda beta, alpha: tfd.Independent(
                tfd.Bernoulli(logits=alpha + beta * (temperature - 70) / 10),
                1,
                name="distress",
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(distress):
    return {"distress": distress}


# fmt: off
DATA = {
    "temperature": np.array([
        66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79,
        75, 76, 58,
    ]),
    "distress": np.array([
        0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = logistic_regression(DATA["temperature"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["distress"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
