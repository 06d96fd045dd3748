"""Velocities of 82 galaxies: a mixture of three normal distributions.

Data typed in: 1000 km/s, Roeder (1990), Density estimation with confidence sets
exemplified by superclusters and voids in the galaxies.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random

N_COMPONENT = 3


def gaussian_mixture(y):
    return tfd.JointDistributionSequential(
        [
            tfd.Dirichlet(jnp.array([1.0, 1.0, 1.0]), name="theta"),
            tfd.Sample(tfd.Normal(jnp.array(20.0), 10.0), N_COMPONENT, name="mu"),
            tfd.Sample(
                tfd.InverseGamma(jnp.array(2.0), scale=1.0), N_COMPONENT, name="sigma"
            ),
            lambda sigma, mu, theta: tfd.Sample(
                tfd.MixtureSameFamily(
                    tfd.Categorical(probs=theta), tfd.Normal(mu, sigma)
                ),
                len(y),
                name="y",
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(y):
    return {"y": y}


# fmt: off
DATA = {
    "y": np.array([
        9.172, 9.35, 9.483, 9.558, 9.775, 10.227, 10.406, 16.084, 16.17, 18.419,
        18.552, 18.6, 18.927, 19.052, 19.07, 19.33, 19.343, 19.349, 19.44, 19.473,
        19.529, 19.541, 19.547, 19.663, 19.846, 19.856, 19.863, 19.914, 19.918, 19.973,
        19.989, 20.166, 20.175, 20.179, 20.196, 20.215, 20.221, 20.415, 20.629, 20.795,
        20.821, 20.846, 20.875, 20.986, 21.137, 21.492, 21.701, 21.814, 21.921, 21.96,
        22.185, 22.209, 22.242, 22.249, 22.314, 22.374, 22.495, 22.746, 22.747, 22.888,
        22.914, 23.206, 23.241, 23.263, 23.484, 23.538, 23.542, 23.666, 23.706, 23.711,
        24.129, 24.285, 24.289, 24.366, 24.717, 24.99, 25.633, 26.96, 26.995, 32.065,
        32.789, 34.279,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = gaussian_mixture(DATA["y"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
