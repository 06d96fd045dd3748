"""Linear regression with a horseshoe prior: few of many coefficients matter.

After Carvalho, Polson and Scott (2010), The horseshoe estimator. Data simulated with
numpy.random.default_rng(10): 30 rows, 3 of 12 coefficients are not zero.
"""

from pathlib import Path

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def horseshoe(X, y=None):
    tau = numpyro.sample("tau", dist.HalfCauchy(1.0))
    with numpyro.plate("feature", X.shape[1]):
        lambda_ = numpyro.sample("lambda", dist.HalfCauchy(1.0))
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
    beta = numpyro.deterministic("beta", tau * lambda_ * z)
    sigma = numpyro.sample("sigma", dist.InverseGamma(2.0, 1.0))
    with numpyro.plate("row", len(X)):
        numpyro.sample("y", dist.Normal(X @ beta, sigma), obs=y)


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(horseshoe), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
