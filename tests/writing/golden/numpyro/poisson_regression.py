"""A randomised controlled trial with three outcomes and three treatments.

The columns of X are an intercept, two outcomes and two treatments. Data typed in:
Dobson (1990), An Introduction to Generalized Linear Models, page 93.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def poisson_regression(X, counts=None):
    beta = numpyro.sample(
        "beta", dist.Normal(0.0, 2.0).expand([X.shape[1]]).to_event(1)
    )
    with numpyro.plate("cell", len(X)):
        numpyro.sample("counts", dist.Poisson(jnp.exp(X @ beta)), obs=counts)


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
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(poisson_regression), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
