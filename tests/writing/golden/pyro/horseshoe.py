"""Linear regression with a horseshoe prior: few of many coefficients matter.

After Carvalho, Polson and Scott (2010), The horseshoe estimator. Data simulated with
numpy.random.default_rng(10): 30 rows, 3 of 12 coefficients are not zero.
"""

from pathlib import Path

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def horseshoe(X, y=None):
    tau = pyro.sample("tau", dist.HalfCauchy(1.0))
    with pyro.plate("feature", X.shape[1]):
        lambda_ = pyro.sample("lambda", dist.HalfCauchy(1.0))
        z = pyro.sample("z", dist.Normal(0.0, 1.0))
    beta = pyro.deterministic("beta", tau * lambda_ * z)
    sigma = pyro.sample("sigma", dist.InverseGamma(2.0, 1.0))
    with pyro.plate("row", len(X)):
        pyro.sample("y", dist.Normal(X @ beta, sigma), obs=y)


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(horseshoe)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
