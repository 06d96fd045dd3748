"""Weeks in remission of 42 leukaemia patients, twelve without a relapse when last seen.

A relapse counts with its density, being without one with the survival function. Data
typed in: Freireich et al. (1963), 6-mercaptopurine (treated) against placebo.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def weibull_survival(weeks, relapse, treated):
    alpha = pyro.sample("alpha", dist.Normal(0.0, 5.0))
    beta = pyro.sample("beta", dist.Normal(0.0, 2.0))
    shape = pyro.sample("shape", dist.Gamma(2.0, 1.0))
    scale = torch.exp(alpha + beta * treated)
    pyro.factor(
        "likelihood",
        torch.where(
            relapse,
            dist.Weibull(scale, shape).log_prob(weeks),
            -((weeks / scale) ** shape),
        ).sum(),
    )


# fmt: off
DATA = {
    "weeks": np.array([
        6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0,
        22.0, 23.0, 25.0, 32.0, 32.0, 34.0, 35.0, 1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0,
        5.0, 5.0, 8.0, 8.0, 8.0, 8.0, 11.0, 11.0, 12.0, 12.0, 15.0, 17.0, 22.0, 23.0,
    ]),
    "relapse": np.array([
        True, True, True, False, True, False, True, False, False, True, True, False,
        False, False, True, True, False, False, False, False, False, True, True, True,
        True, True, True, True, True, True, True, True, True, True, True, True, True,
        True, True, True, True, True,
    ]),
    "treated": np.array([
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(weibull_survival)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
