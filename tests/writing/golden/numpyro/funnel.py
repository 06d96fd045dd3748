"""Neal's funnel: the scale of nine variables is a tenth one.

Neal (2003), Slice sampling, section 8. There is no data.
"""

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS

N_DIMENSION = 9


def funnel():
    v = numpyro.sample("v", dist.Normal(0.0, 3.0))
    with numpyro.plate("dimension", N_DIMENSION):
        numpyro.sample("x", dist.Normal(0.0, jnp.exp(v / 2)))


if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(funnel), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0))
    mcmc.print_summary()
