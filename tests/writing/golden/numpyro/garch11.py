"""GARCH(1,1): volatility that remembers, stationary because beta1 < 1 - alpha1.

After the Stan User's Guide, Time-Series Models. Data simulated with
numpy.random.default_rng(11): 60 returns.
"""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax, random
from numpyro.distributions import constraints
from numpyro.infer import MCMC, NUTS


def garch11(y_obs, sigma1):
    mu = numpyro.sample("mu", dist.ImproperUniform(constraints.real, (), ()))
    alpha0 = numpyro.sample(
        "alpha0", dist.ImproperUniform(constraints.positive, (), ())
    )
    alpha1 = numpyro.sample("alpha1", dist.Uniform(0.0, 1.0))
    beta1 = numpyro.sample(
        "beta1", dist.ImproperUniform(constraints.interval(0.0, 1.0 - alpha1), (), ())
    )

    def step(following_carry, following_slice):
        sigma_t = jnp.sqrt(
            alpha0 + alpha1 * (following_slice - mu) ** 2 + beta1 * following_carry**2
        )
        return sigma_t, sigma_t

    _, following = lax.scan(step, sigma1, y_obs[:-1])
    sigma = numpyro.deterministic(
        "sigma", jnp.concatenate([jnp.asarray(sigma1)[None], following])
    )
    with numpyro.plate("time", len(y_obs)):
        numpyro.sample("y", dist.Normal(mu, sigma), obs=y_obs)


# fmt: off
DATA = {
    "y_obs": np.array([
        0.53, 1.79, 1.93, -0.16, 0.16, -0.04, 1.07, 0.44, 1.21, -1.36, 2.68, 0.34,
        1.36, 0.34, 0.11, 0.96, 1.3, 0.29, 0.35, 1.14, -0.36, -1.1, 1.02, -0.25, -1.58,
        -0.73, -0.14, -0.89, -1.41, 0.55, 1.56, 0.22, -0.27, 0.91, 1.22, 0.19, 1.03,
        1.52, 0.27, -0.31, 0.86, 0.74, 1.55, -0.9, -0.33, -0.47, -1.49, 0.69, 1.12,
        -0.3, 1.99, 1.55, 1.26, 0.95, 1.49, -0.97, 1.29, 1.2, -1.42, 1.0,
    ]),
    "sigma1": 1.0,
}
# fmt: on

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(garch11), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
