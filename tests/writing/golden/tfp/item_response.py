"""Item response theory: 20 persons answer 6 items that discriminate (2PL).

After the Stan User's Guide, Item-Response Theory Models. Data simulated with
numpy.random.default_rng(7): one row an item, one column a person.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def item_response(y):
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(jnp.array(0.0), 2.0, name="mu_b"),
            tfd.HalfCauchy(loc=jnp.array(0.0), scale=2.0, name="sigma_b"),
            tfd.Sample(tfd.LogNormal(jnp.array(0.0), 0.5), (len(y), 1), name="a"),
            lambda a, sigma_b, mu_b: tfd.Sample(
                tfd.Normal(mu_b, sigma_b), (len(y), 1), name="b"
            ),
            tfd.Sample(tfd.Normal(jnp.array(0.0), 1.0), y.shape[1], name="theta"),
            lambda theta, b, a: tfd.Independent(
                tfd.Bernoulli(logits=a * (theta - b)), 2, name="y"
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
        [1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0],
        [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
        [1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1],
        [1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0],
        [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1],
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = item_response(DATA["y"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["y"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
