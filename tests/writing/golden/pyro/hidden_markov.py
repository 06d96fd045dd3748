"""A hidden Markov model of two states, the states summed out by the forward algorithm.

After Damiano, Peterson and Weylandt (2018), A tutorial on hidden Markov models using
Stan. Data simulated with numpy.random.default_rng(2): 60 observations.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.distributions import constraints
from pyro.infer import MCMC, NUTS
from torch.distributions import biject_to

N_STATE = 2


def start(site):
    """A value in the support of a site, where Pyro cannot draw one."""
    bijector = biject_to(site["fn"].support)
    return bijector(torch.zeros(bijector.inverse_shape(site["fn"].shape())))


def hidden_markov(y):
    with pyro.plate("state", N_STATE):
        theta = pyro.sample("theta", dist.Dirichlet(torch.tensor([1.0, 1.0])))
    mu = pyro.sample(
        "mu", dist.ImproperUniform(constraints.positive_ordered_vector, (), (2,))
    )
    pyro.factor(
        "mu_prior", dist.Normal(torch.tensor([3.0, 10.0]), 1.0).log_prob(mu).sum()
    )
    emission = dist.Normal(mu, 1.0).log_prob(y[:, None])
    log_theta = torch.log(theta)
    gamma_carry = emission[0] - torch.log(torch.tensor(2.0))
    gamma = []
    for gamma_slice in emission[1:]:
        gamma_t = torch.logsumexp(gamma_carry[:, None] + log_theta, dim=0) + gamma_slice
        gamma.append(gamma_t)
        gamma_carry = gamma_t
    gamma = torch.stack(gamma)
    pyro.factor("likelihood", torch.logsumexp(gamma[-1], dim=-1))


# fmt: off
DATA = {
    "y": np.array([
        2.48, 6.56, 10.14, 9.77, 8.45, 8.69, 8.21, 8.9, 2.39, 2.11, 3.19, 9.41, 9.78,
        7.36, 7.5, 9.13, 3.72, 3.28, 3.87, 8.58, 4.8, 7.92, 3.97, 4.32, 4.13, 1.58,
        10.22, 10.0, 9.27, 8.23, 8.8, 7.17, 9.65, 7.47, 10.2, 10.51, 2.26, 2.92, 8.11,
        3.35, 2.72, 9.89, 8.24, 8.09, 10.15, 2.16, 2.33, 2.16, 3.05, 2.3, 2.18, 2.74,
        9.91, 11.46, 8.54, 7.95, 8.04, 1.03, 2.84, 10.68,
    ]),
}
# fmt: on

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(hidden_markov, max_plate_nesting=1, init_strategy=start)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
