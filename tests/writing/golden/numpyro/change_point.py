"""Coal-mining disasters, 1851 to 1962: a rate that changed once, the year summed out.

Entry t of `log_year` is the log density of a change before year t. After the Stan
User's Guide, Latent Discrete Parameters. Data typed in: Jarrett (1979), A note on the
intervals between coal-mining disasters, as tabulated by Carlin, Gelfand and Smith.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from jax.scipy.special import logsumexp
from numpyro.infer import MCMC, NUTS


def change_point(disasters):
    early = numpyro.sample("early", dist.Exponential(1.0))
    late = numpyro.sample("late", dist.Exponential(1.0))
    log_late = jnp.cumsum(dist.Poisson(late).log_prob(disasters))
    before = jnp.concatenate(
        [jnp.array([0.0]), jnp.cumsum(dist.Poisson(early).log_prob(disasters))[:-1]]
    )
    log_year = numpyro.deterministic(
        "log_year",
        before
        + (log_late[-1] - jnp.concatenate([jnp.array([0.0]), log_late[:-1]]))
        - jnp.log(112),
    )
    numpyro.factor("likelihood", logsumexp(log_year))


# fmt: off
DATA = {
    "disasters": np.array([
        4, 5, 4, 1, 0, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1,
        5, 5, 3, 4, 2, 5, 2, 2, 3, 4, 2, 1, 3, 2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1,
        0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1, 1,
        0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 4, 2, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0,
        0, 0, 1, 0, 0, 1, 0, 1,
    ]),
}
# fmt: on

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(change_point), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
