"""Grades that 52 tasters gave to each of four cheeses, from dislike to liking.

Data typed in as a table of counts: McCullagh and Nelder (1989), Generalized Linear
Models, Table 5.1.
"""

from pathlib import Path

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.distributions import constraints
from numpyro.infer import MCMC, NUTS

N_CHEESE = 4


def ordered_logit(cheese_idx, grade=None):
    cutpoints = numpyro.sample(
        "cutpoints", dist.ImproperUniform(constraints.ordered_vector, (), (8,))
    )
    numpyro.factor("cutpoints_prior", dist.Normal(0.0, 5.0).log_prob(cutpoints).sum())
    with numpyro.plate("cheese", N_CHEESE):
        beta = numpyro.sample("beta", dist.Normal(0.0, 2.0))
    with numpyro.plate("taster", len(cheese_idx)):
        numpyro.sample(
            "grade", dist.OrderedLogistic(beta[cheese_idx], cutpoints), obs=grade
        )


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(ordered_logit), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
