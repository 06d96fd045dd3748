"""Regression on a smooth unknown function: a Gaussian process with its noise.

Data simulated with numpy.random.default_rng(20): a noisy sine at 20 places.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def gaussian_process(x, y=None):
    rho = numpyro.sample("rho", dist.InverseGamma(5.0, 5.0))
    alpha = numpyro.sample("alpha", dist.HalfNormal(1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    L = jnp.linalg.cholesky(
        alpha**2 * jnp.exp(-0.5 * ((x[:, None] - x) / rho) ** 2)
        + (sigma**2 + 1e-06) * jnp.eye(len(x)),
    )
    numpyro.sample("y", dist.MultivariateNormal(scale_tril=L), obs=y)


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
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(gaussian_process), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
