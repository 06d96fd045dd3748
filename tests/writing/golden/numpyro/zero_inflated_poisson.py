"""Movements of a fetal lamb in 240 intervals of five seconds, most of them still.

Data typed in as a table of counts: Leroux and Puterman (1992), Maximum-penalized-
likelihood estimation for independent and Markov-dependent mixture models.
"""

from pathlib import Path

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def zero_inflated_poisson(y):
    gate = numpyro.sample("gate", dist.Beta(1.0, 1.0))
    rate = numpyro.sample("rate", dist.Gamma(2.0, 1.0))
    with numpyro.plate("interval", len(y)):
        numpyro.sample("y", dist.ZeroInflatedPoisson(gate, rate), obs=y)


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(zero_inflated_poisson), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
