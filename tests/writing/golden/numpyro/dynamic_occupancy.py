"""Dynamic occupancy: which sites are occupied each season, seen with false alarms.

After MacKenzie et al. (2003) and Royle and Link (2006). Data simulated with
numpy.random.default_rng(7): 12 sites, 6 seasons.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS


def dynamic_occupancy(seen_data):
    first = numpyro.sample("first", dist.Beta(1.0, 1.0))
    stays = numpyro.sample("stays", dist.Beta(4.0, 1.0))
    arrives = numpyro.sample("arrives", dist.Beta(1.0, 4.0))
    detected = numpyro.sample("detected", dist.Beta(4.0, 2.0))
    false_alarm = numpyro.sample("false_alarm", dist.Beta(1.0, 20.0))

    def step(season_carry, season_slice):
        with numpyro.plate("site", seen_data.shape[1]):
            z = numpyro.sample(
                "z", dist.Bernoulli(probs=season_carry), infer={"enumerate": "parallel"}
            )
            numpyro.sample(
                "seen",
                dist.Bernoulli(probs=jnp.where(z == 1, detected, false_alarm)),
                obs=season_slice,
            )
        return jnp.where(z == 1, stays, arrives), None

    _, _ = scan(step, jnp.broadcast_to(first, (seen_data.shape[1],)), seen_data)


# fmt: off
DATA = {
    "seen_data": np.array([
        [0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1],
        [1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1],
        [1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1],
        [0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        [1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0],
    ]),
}
# fmt: on

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(dynamic_occupancy), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
