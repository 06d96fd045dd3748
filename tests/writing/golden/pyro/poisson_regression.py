"""A randomised controlled trial with three outcomes and three treatments.

The columns of X are an intercept, two outcomes and two treatments. Data typed in:
Dobson (1990), An Introduction to Generalized Linear Models, page 93.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def poisson_regression(X, counts=None):
    X = X.double()
    beta = pyro.sample("beta", dist.Normal(0.0, 2.0).expand([X.shape[1]]).to_event(1))
    with pyro.plate("cell", len(X)):
        pyro.sample("counts", dist.Poisson(torch.exp(X @ beta)), obs=counts)


# fmt: off
DATA = {
    "X": np.array([
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 0, 1, 0, 0],
        [1, 0, 0, 1, 0],
        [1, 1, 0, 1, 0],
        [1, 0, 1, 1, 0],
        [1, 0, 0, 0, 1],
        [1, 1, 0, 0, 1],
        [1, 0, 1, 0, 1],
    ]),
    "counts": np.array([18, 17, 15, 20, 10, 20, 25, 13, 12]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(poisson_regression)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
