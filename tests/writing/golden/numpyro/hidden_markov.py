"""A hidden Markov model of two states, the states summed out by the forward algorithm.

After Damiano, Peterson and Weylandt (2018), A tutorial on hidden Markov models using
Stan. Data simulated with numpy.random.default_rng(2): 60 observations.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax, random
from jax.scipy.special import logsumexp
from numpyro.distributions import constraints
from numpyro.infer import MCMC, NUTS

N_STATE = 2


def hidden_markov(y):
    with numpyro.plate("state", N_STATE):
        theta = numpyro.sample("theta", dist.Dirichlet(jnp.array([1.0, 1.0])))
    mu = numpyro.sample(
        "mu", dist.ImproperUniform(constraints.positive_ordered_vector, (), (2,))
    )
    numpyro.factor(
        "mu_prior", dist.Normal(jnp.array([3.0, 10.0]), 1.0).log_prob(mu).sum()
    )
    emission = dist.Normal(mu, 1.0).log_prob(y[:, None])
    log_theta = jnp.log(theta)

    def step(gamma_carry, gamma_slice):
        gamma_t = logsumexp(gamma_carry[:, None] + log_theta, axis=0) + gamma_slice
        return gamma_t, gamma_t

    _, gamma = lax.scan(step, emission[0] - jnp.log(2), emission[1:])
    numpyro.factor("likelihood", logsumexp(gamma[-1]))


# fmt: off
DATA = {
    "y": np.array([
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
    mcmc = MCMC(NUTS(hidden_markov), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
