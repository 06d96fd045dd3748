"""Regression on a smooth unknown function: a Gaussian process with its noise.

Data simulated with numpy.random.default_rng(20): a noisy sine at 20 places.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def gaussian_process(x, y=None):
    rho = pyro.sample("rho", dist.InverseGamma(5.0, 5.0))
    alpha = pyro.sample("alpha", dist.HalfNormal(1.0))
    sigma = pyro.sample("sigma", dist.HalfNormal(1.0))
    L = torch.linalg.cholesky(
        alpha**2 * torch.exp(-0.5 * ((x[:, None] - x) / rho) ** 2)
        + (sigma**2 + 1e-06) * torch.eye(len(x)),
    )
    pyro.sample("y", dist.MultivariateNormal(torch.zeros(len(x)), scale_tril=L), obs=y)


# fmt: off
DATA = {
    "x": np.array([
        -2.97, -2.68, -2.57, -2.56, -2.47, -2.41, -2.27, -1.38, -1.32, -1.19, -1.02,
        -0.54, -0.31, -0.23, 0.14, 0.84, 1.16, 1.84, 1.88, 2.92,
    ]),
    "y": np.array([
        -0.46, -0.2, -0.78, -0.54, -0.19, -1.18, -1.05, -1.13, -0.95, -1.27, -0.9,
        -0.52, -0.27, -0.71, 0.27, 1.06, 1.0, 0.82, 0.83, -0.31,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(gaussian_process)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
