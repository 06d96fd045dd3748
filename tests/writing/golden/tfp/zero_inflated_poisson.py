"""Movements of a fetal lamb in 240 intervals of five seconds, most of them still.

Data typed in as a table of counts: Leroux and Puterman (1992), Maximum-penalized-
likelihood estimation for independent and Markov-dependent mixture models.
"""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def zero_inflated_poisson(y):
    return tfd.JointDistributionSequential(
        [
            tfd.Beta(jnp.array(1.0), 1.0, name="gate"),
            tfd.Gamma(jnp.array(2.0), 1.0, name="rate"),
            lambda rate, gate: tfd.Sample(
                tfd.Inflated(tfd.Poisson(rate), inflated_loc_probs=gate),
                len(y),
                name="y",
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(y):
    return {"y": y.astype(float)}


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    jax.config.update("jax_enable_x64", True)
    joint = zero_inflated_poisson(DATA["y"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
