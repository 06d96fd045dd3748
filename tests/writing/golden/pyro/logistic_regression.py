"""Thermal distress of O-rings in 23 shuttle flights by temperature at launch.

Data typed in: degrees Fahrenheit and whether any ring was in distress, Dalal,
Fowlkes and Hoadley (1989), Risk analysis of the space shuttle.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def logistic_regression(temperature, distress):
    distress = distress.double()
    alpha = pyro.sample("alpha", dist.Normal(0.0, 2.5))
    beta = pyro.sample("beta", dist.Normal(0.0, 2.5))
    with pyro.plate("flight", len(temperature)):
        pyro.sample(
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
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(logistic_regression)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
