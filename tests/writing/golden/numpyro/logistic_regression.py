"""Thermal distress of O-rings in 23 shuttle flights by temperature at launch.

Data typed in: degrees Fahrenheit and whether any ring was in distress, Dalal,
Fowlkes and Hoadley (1989), Risk analysis of the space shuttle.
"""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def logistic_regression(temperature, distress=None):
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 2.5))
    beta = numpyro.sample("beta", dist.Normal(0.0, 2.5))
    with numpyro.plate("flight", len(temperature)):
        numpyro.sample(
            "distress",
            dist.Bernoulli(logits=alpha + beta * (temperature - 70) / 10),
            obs=distress,
        )


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
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(logistic_regression), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
