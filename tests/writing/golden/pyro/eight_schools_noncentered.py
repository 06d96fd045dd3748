"""Eight parallel experiments on coaching for the SAT, non-centred parametrisation.

Data typed in: estimated effects and their standard errors, Rubin (1981), Estimation
in parallel randomized experiments.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def eight_schools_noncentered(sigma, y=None):
    sigma = sigma.double()
    mu = pyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = pyro.sample("tau", dist.HalfCauchy(5.0))
    with pyro.plate("school", len(sigma)):
        theta_trans = pyro.sample("theta_trans", dist.Normal(0.0, 1.0))
        theta = pyro.deterministic("theta", mu + tau * theta_trans)
        pyro.sample("y", dist.Normal(theta, sigma), obs=y)


DATA = {
    "sigma": np.array([15, 10, 16, 11, 9, 11, 10, 18]),
    "y": np.array([28, 8, -3, 7, -1, 1, 18, 12]),
}

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(eight_schools_noncentered)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
