"""Neal's funnel: the scale of nine variables is a tenth one.

Neal (2003), Slice sampling, section 8. There is no data.
"""

import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS

N_DIMENSION = 9


def funnel():
    v = pyro.sample("v", dist.Normal(0.0, 3.0))
    with pyro.plate("dimension", N_DIMENSION):
        pyro.sample("x", dist.Normal(0.0, torch.exp(v / 2)))


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    kernel = NUTS(funnel)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run()
    mcmc.summary()
