"""The hidden Markov model with its states as sites, for engines that enumerate them.

After Damiano, Peterson and Weylandt (2018), A tutorial on hidden Markov models using
Stan. Data simulated with numpy.random.default_rng(2): 60 observations.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS

N_STATE = 2


def hidden_markov_states(y_data):
    with numpyro.plate("state", N_STATE):
        theta = numpyro.sample("theta", dist.Dirichlet(jnp.array([1.0, 1.0])))
    low = numpyro.sample("low", dist.Normal(3.0, 1.0))
    gap = numpyro.sample("gap", dist.HalfNormal(10.0))
    mu = jnp.stack([low, low + gap])

    def step(time_carry, time_slice):
        z = numpyro.sample(
            "z",
            dist.Categorical(probs=theta[time_carry]),
            infer={"enumerate": "parallel"},
        )
        numpyro.sample("y", dist.Normal(mu[z], 1.0), obs=time_slice)
        return z, None

    _, _ = scan(step, 0, y_data)


# fmt: off
DATA = {
    "y_data": np.array([
        2.48, 6.56, 10.14, 9.77, 8.45, 8.69, 8.21, 8.9, 2.39, 2.11, 3.19, 9.41, 9.78,
        7.36, 7.5, 9.13, 3.72, 3.28, 3.87, 8.58, 4.8, 7.92, 3.97, 4.32, 4.13, 1.58,
        10.22, 10.0, 9.27, 8.23, 8.8, 7.17, 9.65, 7.47, 10.2, 10.51, 2.26, 2.92, 8.11,
        3.35, 2.72, 9.89, 8.24, 8.09, 10.15, 2.16, 2.33, 2.16, 3.05, 2.3, 2.18, 2.74,
        9.91, 11.46, 8.54, 7.95, 8.04, 1.03, 2.84, 10.68,
    ]),
}
# fmt: on

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(hidden_markov_states), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
