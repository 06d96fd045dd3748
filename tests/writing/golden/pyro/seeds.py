"""Germination on 21 plates by seed and root extract, with a random effect of plate.

Data typed in: Crowder (1978), Beta-binomial Anova for proportions, Table 3; the
example Seeds of BUGS.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def seeds(n, x1, x2, r=None):
    alpha0 = pyro.sample("alpha0", dist.Normal(0.0, 1.0))
    alpha1 = pyro.sample("alpha1", dist.Normal(0.0, 1.0))
    alpha2 = pyro.sample("alpha2", dist.Normal(0.0, 1.0))
    alpha12 = pyro.sample("alpha12", dist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", dist.HalfNormal(1.0))
    with pyro.plate("dish", len(n)):
        b = pyro.sample("b", dist.Normal(0.0, sigma))
        pyro.sample(
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
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(seeds)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
