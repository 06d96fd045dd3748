"""The size of a closed population by data augmentation: model M_t.

Row i tells on which of four occasions animal i was caught; rows that were never
caught may be animals or not. After Kéry and Schaub (2012), Bayesian Population Analysis
using WinBUGS, section 6.2. Data simulated with numpy.random.default_rng(6): 40 animals,
augmented to 60 rows.
"""

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def capture_recapture(y):
    omega = numpyro.sample("omega", dist.Uniform(0.0, 1.0))
    with numpyro.plate("occasion", y.shape[1]):
        p = numpyro.sample("p", dist.Uniform(0.0, 1.0))
    animal = jnp.log(omega) + jnp.sum(dist.Bernoulli(probs=p).log_prob(y), axis=-1)
    numpyro.factor(
        "histories",
        jnp.where(
            jnp.sum(y, axis=-1) > 0, animal, jnp.logaddexp(animal, jnp.log1p(-omega))
        ).sum(),
    )


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(capture_recapture), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
