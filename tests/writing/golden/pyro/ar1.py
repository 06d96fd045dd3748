"""The level of Lake Huron, 1875 to 1972: an AR(1) process seen with noise.

The innovations are the sites; the level is scanned from them. Data typed in: feet,
Brockwell and Davis (1991), Time Series: Theory and Methods, Series A.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def ar1(y):
    mu = pyro.sample("mu", dist.Normal(579.0, 2.0))
    phi = pyro.sample("phi", dist.Uniform(-1.0, 1.0))
    sigma = pyro.sample("sigma", dist.HalfNormal(1.0))
    tau = pyro.sample("tau", dist.HalfNormal(1.0))
    year = pyro.plate("year", len(y))
    with year:
        innovation = pyro.sample("innovation", dist.Normal(0.0, 1.0))
    level_carry = mu
    level = []
    for level_slice in innovation:
        level_t = mu + phi * (level_carry - mu) + sigma * level_slice
        level.append(level_t)
        level_carry = level_t
    level = torch.stack(level)
    with year:
        pyro.sample("y", dist.Normal(level, tau), obs=y)


# fmt: off
DATA = {
    "y": np.array([
        580.38, 581.86, 580.97, 580.8, 579.79, 580.39, 580.42, 580.82, 581.4, 581.32,
        581.44, 581.68, 581.17, 580.53, 580.01, 579.91, 579.14, 579.16, 579.55, 579.67,
        578.44, 578.24, 579.1, 579.09, 579.35, 578.82, 579.32, 579.01, 579.0, 579.8,
        579.83, 579.72, 579.89, 580.01, 579.37, 578.69, 578.19, 578.67, 579.55, 578.92,
        578.09, 579.37, 580.13, 580.14, 579.51, 579.24, 578.66, 578.86, 578.05, 577.79,
        576.75, 576.75, 577.82, 578.64, 580.58, 579.48, 577.38, 576.9, 576.94, 576.24,
        576.84, 576.85, 576.9, 577.79, 578.18, 577.51, 577.23, 578.42, 579.61, 579.05,
        579.26, 579.22, 579.38, 579.1, 577.95, 578.12, 579.75, 580.85, 580.41, 579.96,
        579.61, 578.76, 578.18, 577.21, 577.13, 579.1, 578.25, 577.91, 576.89, 575.96,
        576.8, 577.68, 578.38, 578.52, 579.74, 579.31, 579.89, 579.96,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(ar1)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
