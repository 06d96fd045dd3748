"""Radon in houses: intercepts that vary by county and follow its uranium.

After Gelman and Hill (2007), Data Analysis Using Regression, chapter 12. Data
simulated with numpy.random.default_rng(12): 60 houses in 12 counties.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def radon(county_idx, floor, log_uranium, log_radon=None):
    gamma_0 = pyro.sample("gamma_0", dist.Normal(0.0, 5.0))
    gamma_1 = pyro.sample("gamma_1", dist.Normal(0.0, 5.0))
    sigma_alpha = pyro.sample("sigma_alpha", dist.HalfNormal(1.0))
    with pyro.plate("county", len(log_uranium)):
        alpha = pyro.sample(
            "alpha", dist.Normal(gamma_0 + gamma_1 * log_uranium, sigma_alpha)
        )
    beta = pyro.sample("beta", dist.Normal(0.0, 5.0))
    sigma_y = pyro.sample("sigma_y", dist.HalfNormal(1.0))
    with pyro.plate("house", len(county_idx)):
        pyro.sample(
            "log_radon",
            dist.Normal(alpha[county_idx] + beta * floor, sigma_y),
            obs=log_radon,
        )


# fmt: off
DATA = {
    "county_idx": np.array([
        0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 6, 6, 6,
        6, 7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9, 10, 10, 10, 10,
        10, 10, 10, 10, 10, 11, 11, 11, 11,
    ]),
    "floor": np.array([
        1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0,
        0, 0, 0, 1, 0, 0, 0, 0,
    ]),
    "log_uranium": np.array([
        -0.0, 0.42, 0.3, 0.29, 0.65, -0.48, -0.25, -0.53, -0.04, 0.4, -0.01, 0.2,
    ]),
    "log_radon": np.array([
        -0.72, 2.13, 0.96, 2.12, 1.13, 1.04, 1.84, 2.09, 0.88, 0.42, 1.87, 1.4, 4.02,
        0.95, 1.01, 1.98, 0.81, 1.39, 2.72, 1.38, 1.68, -0.25, 1.75, 1.81, 1.51, 1.02,
        1.54, 1.54, 0.74, 1.72, -0.33, -0.37, 1.02, 1.17, 0.73, 1.85, 2.4, 1.29, 1.77,
        2.33, 2.01, 0.85, 1.56, 2.03, 0.86, 1.76, 0.77, 0.72, 0.63, 1.47, 1.63, 1.63,
        0.31, 1.18, 1.65, 1.45, 2.12, 2.24, 2.44, 2.23,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(radon)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
