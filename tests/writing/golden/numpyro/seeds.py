"""Germination on 21 plates by seed and root extract, with a random effect of plate.

Data typed in: Crowder (1978), Beta-binomial Anova for proportions, Table 3; the
example Seeds of BUGS.
"""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def seeds(n, x1, x2, r=None):
    alpha0 = numpyro.sample("alpha0", dist.Normal(0.0, 1.0))
    alpha1 = numpyro.sample("alpha1", dist.Normal(0.0, 1.0))
    alpha2 = numpyro.sample("alpha2", dist.Normal(0.0, 1.0))
    alpha12 = numpyro.sample("alpha12", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    with numpyro.plate("dish", len(n)):
        b = numpyro.sample("b", dist.Normal(0.0, sigma))
        numpyro.sample(
            "r",
            dist.Binomial(
                n, logits=alpha0 + alpha1 * x1 + alpha2 * x2 + alpha12 * x1 * x2 + b
            ),
            obs=r,
        )


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
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(seeds), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
