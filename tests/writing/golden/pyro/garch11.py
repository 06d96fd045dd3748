"""GARCH(1,1): volatility that remembers, stationary because beta1 < 1 - alpha1.

After the Stan User's Guide, Time-Series Models. Data simulated with
numpy.random.default_rng(11): 60 returns.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.distributions import constraints
from pyro.infer import MCMC, NUTS
from torch.distributions import biject_to


def start(site):
    """A value in the support of a site, where Pyro cannot draw one."""
    bijector = biject_to(site["fn"].support)
    return bijector(torch.zeros(bijector.inverse_shape(site["fn"].shape())))


def garch11(y_obs, sigma1):
    mu = pyro.sample("mu", dist.ImproperUniform(constraints.real, (), ()))
    alpha0 = pyro.sample("alpha0", dist.ImproperUniform(constraints.positive, (), ()))
    alpha1 = pyro.sample("alpha1", dist.Uniform(0.0, 1.0))
    beta1 = pyro.sample(
        "beta1", dist.ImproperUniform(constraints.interval(0.0, 1.0 - alpha1), (), ())
    )
    following_carry = sigma1
    following = []
    for following_slice in y_obs[:-1]:
        sigma_t = torch.sqrt(
            alpha0 + alpha1 * (following_slice - mu) ** 2 + beta1 * following_carry**2
        )
        following.append(sigma_t)
        following_carry = sigma_t
    following = torch.stack(following)
    sigma = pyro.deterministic("sigma", torch.cat([sigma1[None], following]))
    with pyro.plate("time", len(y_obs)):
        pyro.sample("y", dist.Normal(mu, sigma), obs=y_obs)


# fmt: off
DATA = {
    "y_obs": np.array([
        0.53, 1.79, 1.93, -0.16, 0.16, -0.04, 1.07, 0.44, 1.21, -1.36, 2.68, 0.34,
        1.36, 0.34, 0.11, 0.96, 1.3, 0.29, 0.35, 1.14, -0.36, -1.1, 1.02, -0.25, -1.58,
        -0.73, -0.14, -0.89, -1.41, 0.55, 1.56, 0.22, -0.27, 0.91, 1.22, 0.19, 1.03,
        1.52, 0.27, -0.31, 0.86, 0.74, 1.55, -0.9, -0.33, -0.47, -1.49, 0.69, 1.12,
        -0.3, 1.99, 1.55, 1.26, 0.95, 1.49, -0.97, 1.29, 1.2, -1.42, 1.0,
    ]),
    "sigma1": 1.0,
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(garch11, max_plate_nesting=1, init_strategy=start)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
