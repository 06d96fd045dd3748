"""Tumours in 71 groups of rats: a Beta population of binomial rates.

The prior is flat in the mean and in the inverse root of the sample size, Gelman et
al. (2013), Bayesian Data Analysis, section 5.3. Data typed in: Tarone (1982), as in
Table 5.1 there.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.distributions import constraints
from numpyro.infer import MCMC, NUTS


def rat_tumors(n, y=None):
    alpha = numpyro.sample("alpha", dist.ImproperUniform(constraints.positive, (), ()))
    beta = numpyro.sample("beta", dist.ImproperUniform(constraints.positive, (), ()))
    numpyro.factor("hyperprior", -2.5 * jnp.log(alpha + beta))
    with numpyro.plate("group", len(n)):
        theta = numpyro.sample("theta", dist.Beta(alpha, beta))
        numpyro.sample("y", dist.Binomial(n, probs=theta), obs=y)


# fmt: off
DATA = {
    "n": np.array([
        20, 20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 18, 18, 17, 20, 20, 20, 20, 19, 19,
        18, 18, 25, 24, 23, 20, 20, 20, 20, 20, 20, 10, 49, 19, 46, 27, 17, 49, 47, 20,
        20, 13, 48, 50, 20, 20, 20, 20, 20, 20, 20, 48, 19, 19, 19, 22, 46, 49, 20, 20,
        23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14,
    ]),
    "y": np.array([
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10, 4, 4, 4, 4, 4, 4, 4, 10,
        4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4,
    ]),
}
# fmt: on

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(rat_tumors), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
