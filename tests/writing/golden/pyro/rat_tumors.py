"""Tumours in 71 groups of rats: a Beta population of binomial rates.

The prior is flat in the mean and in the inverse root of the sample size, Gelman et
al. (2013), Bayesian Data Analysis, section 5.3. Data typed in: Tarone (1982), as in
Table 5.1 there.
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


def rat_tumors(n, y=None):
    alpha = pyro.sample("alpha", dist.ImproperUniform(constraints.positive, (), ()))
    beta = pyro.sample("beta", dist.ImproperUniform(constraints.positive, (), ()))
    pyro.factor("hyperprior", -2.5 * torch.log(alpha + beta))
    with pyro.plate("group", len(n)):
        theta = pyro.sample("theta", dist.Beta(alpha, beta))
        pyro.sample("y", dist.Binomial(n, probs=theta), obs=y)


# fmt: off
DATA = {
    "n": np.array([
        20, 20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 18, 18, 17, 20, 20, 20, 20, 19, 19,
        18, 18, 25, 24, 23, 20, 20, 20, 20, 20, 20, 10, 49, 19, 46, 27, 17, 49, 47, 20,
        20, 13, 48, 50, 20, 20, 20, 20, 20, 20, 20, 48, 19, 19, 19, 22, 46, 49, 20, 20,
        23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14,
    ]),
    "y": np.array([
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10, 4, 4, 4, 4, 4, 4, 4, 10,
        4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(rat_tumors, max_plate_nesting=1, init_strategy=start)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
