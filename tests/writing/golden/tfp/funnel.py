"""Neal's funnel: the scale of nine variables is a tenth one.

Neal (2003), Slice sampling, section 8. There is no data.
"""

import jax
import jax.numpy as jnp
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random

N_DIMENSION = 9


def funnel():
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(jnp.array(0.0), 3.0, name="v"),
            lambda v: tfd.Sample(
                tfd.Normal(0.0, jnp.exp(v / 2)), N_DIMENSION, name="x"
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = funnel()
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
