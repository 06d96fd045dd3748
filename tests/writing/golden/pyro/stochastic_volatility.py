"""Stochastic volatility: a stationary AR(1) process of log variance, non-centred.

After Kim, Shephard and Chib (1998), Stochastic Volatility, and the Stan User's
Guide. Data simulated with numpy.random.default_rng(30): 60 returns in percent.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def stochastic_volatility(y):
    mu = pyro.sample("mu", dist.Normal(0.0, 2.0))
    phi = pyro.sample("phi", dist.Uniform(-1.0, 1.0))
    sigma = pyro.sample("sigma", dist.HalfNormal(0.5))
    day = pyro.plate("day", len(y))
    with day:
        h_std = pyro.sample("h_std", dist.Normal(0.0, 1.0))
    first = mu + sigma * h_std[0] / torch.sqrt(1.0 - phi**2)
    rest_carry = first
    rest = []
    for rest_slice in h_std[1:]:
        h_t = mu + phi * (rest_carry - mu) + sigma * rest_slice
        rest.append(h_t)
        rest_carry = h_t
    rest = torch.stack(rest)
    h = pyro.deterministic("h", torch.cat([first[None], rest]))
    with day:
        pyro.sample("y", dist.Normal(0.0, torch.exp(h / 2)), obs=y)


# fmt: off
DATA = {
    "y": np.array([
        0.733, -0.179, 1.9, 0.959, 0.729, 0.281, 0.085, 0.299, 1.849, -0.186, -1.734,
        -0.566, -1.482, 0.459, -0.751, -0.114, -0.34, -0.069, 0.12, -0.678, -0.232,
        0.308, -0.275, -0.088, 0.487, 0.245, 0.529, -0.508, 0.251, -1.907, -2.289,
        -1.164, -1.568, 1.246, -2.155, -0.456, 0.596, 0.383, -1.3, -1.653, 3.782,
        -1.408, 0.789, 1.214, 1.121, 1.561, 1.544, 0.346, -1.306, -0.518, -0.431,
        1.561, 1.187, 0.883, 0.096, 2.021, 0.213, -0.92, 0.2, 0.697,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(stochastic_volatility)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
