"""Eight parallel experiments on coaching for the SAT, non-centred parametrisation.

Data typed in: estimated effects and their standard errors, Rubin (1981), Estimation
in parallel randomized experiments.
"""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def eight_schools_noncentered(sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("school", len(sigma)):
        theta_trans = numpyro.sample("theta_trans", dist.Normal(0.0, 1.0))
        theta = numpyro.deterministic("theta", mu + tau * theta_trans)
        numpyro.sample("y", dist.Normal(theta, sigma), obs=y)


DATA = {
    "sigma": np.array([15, 10, 16, 11, 9, 11, 10, 18]),
    "y": np.array([28, 8, -3, 7, -1, 1, 18, 12]),
}

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(eight_schools_noncentered), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
