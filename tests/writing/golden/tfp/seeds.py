"""Germination on 21 plates by seed and root extract, with a random effect of plate.

Data typed in: Crowder (1978), Beta-binomial Anova for proportions, Table 3; the
example Seeds of BUGS.
"""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random


def seeds(n, x1, x2):
    n = jnp.asarray(n)
    x1 = jnp.asarray(x1)
    x2 = jnp.asarray(x2)
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(jnp.array(0.0), 1.0, name="alpha0"),
            tfd.Normal(jnp.array(0.0), 1.0, name="alpha1"),
            tfd.Normal(jnp.array(0.0), 1.0, name="alpha2"),
            tfd.Normal(jnp.array(0.0), 1.0, name="alpha12"),
            tfd.HalfNormal(jnp.array(1.0), name="sigma"),
            lambda sigma: tfd.Sample(tfd.Normal(0.0, sigma), len(n), name="b"),
            lambda b, sigma, alpha12, alpha2, alpha1, alpha0: tfd.Independent(
                tfd.Binomial(
                    n.astype(float),
                    logits=alpha0 + alpha1 * x1 + alpha2 * x2 + alpha12 * x1 * x2 + b,
                ),
                1,
                name="r",
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(r):
    return {"r": r.astype(float)}


# fmt: off
DATA = {
    "n": np.array([
        39, 62, 81, 51, 39, 6, 74, 72, 51, 79, 13, 16, 30, 28, 45, 4, 12, 41, 30, 51,
        7,
    ]),
    "x1": np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
    "x2": np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
    "r": np.array([
        10, 23, 23, 26, 17, 5, 53, 55, 32, 46, 10, 8, 10, 8, 23, 0, 3, 22, 15, 32, 3,
    ]),
}
# fmt: on

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = seeds(DATA["n"], DATA["x1"], DATA["x2"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["r"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
