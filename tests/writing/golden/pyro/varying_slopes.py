"""Waiting times in cafés: intercepts and slopes that vary together.

After McElreath (2020), Statistical Rethinking, chapter 14. Data simulated with
numpy.random.default_rng(14): 8 cafés, 6 visits each, mornings and afternoons.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS

N_CAFE = 8


def varying_slopes(cafe_idx, afternoon, wait=None):
    mu = pyro.sample(
        "mu",
        dist.Normal(torch.tensor([5.0, -1.0]), torch.tensor([2.0, 0.5])).to_event(1),
    )
    tau = pyro.sample("tau", dist.Exponential(1.0).expand([2]).to_event(1))
    L_Omega = pyro.sample("L_Omega", dist.LKJCholesky(2, 2.0))
    sigma = pyro.sample("sigma", dist.Exponential(1.0))
    with pyro.plate("cafe", N_CAFE):
        ab = pyro.sample(
            "ab", dist.MultivariateNormal(mu, scale_tril=tau[:, None] * L_Omega)
        )
    with pyro.plate("visit", len(cafe_idx)):
        pyro.sample(
            "wait",
            dist.Normal(ab[:, 0][cafe_idx] + ab[:, 1][cafe_idx] * afternoon, sigma),
            obs=wait,
        )


# fmt: off
DATA = {
    "cafe_idx": np.array([
        0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4,
        4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7,
    ]),
    "afternoon": np.array([
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
    ]),
    "wait": np.array([
        2.4, 1.8, 1.6, 1.3, 3.5, 1.8, 4.6, 2.4, 4.9, 2.3, 5.0, 1.3, 4.3, 2.9, 4.4, 3.2,
        3.5, 3.2, 3.0, 3.2, 3.5, 3.1, 3.0, 3.5, 2.2, 2.2, 2.8, 1.0, 2.5, 1.2, 1.0, 1.2,
        1.1, 1.1, 0.2, 0.6, 3.6, 4.0, 3.2, 3.7, 3.7, 2.7, 3.1, 2.8, 3.0, 2.0, 4.1, 2.8,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(varying_slopes)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
