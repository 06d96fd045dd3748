"""Grades that 52 tasters gave to each of four cheeses, from dislike to liking.

Data typed in as a table of counts: McCullagh and Nelder (1989), Generalized Linear
Models, Table 5.1.
"""

from pathlib import Path

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.distributions import constraints
from pyro.infer import MCMC, NUTS
from torch.distributions import biject_to

N_CHEESE = 4


def start(site):
    """A value in the support of a site, where Pyro cannot draw one."""
    bijector = biject_to(site["fn"].support)
    return bijector(torch.zeros(bijector.inverse_shape(site["fn"].shape())))


def ordered_logit(cheese_idx, grade=None):
    cutpoints = pyro.sample(
        "cutpoints", dist.ImproperUniform(constraints.ordered_vector, (), (8,))
    )
    pyro.factor("cutpoints_prior", dist.Normal(0.0, 5.0).log_prob(cutpoints).sum())
    with pyro.plate("cheese", N_CHEESE):
        beta = pyro.sample("beta", dist.Normal(0.0, 2.0))
    with pyro.plate("taster", len(cheese_idx)):
        pyro.sample(
            "grade", dist.OrderedLogistic(beta[cheese_idx], cutpoints), obs=grade
        )


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(ordered_logit, max_plate_nesting=1, init_strategy=start)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
