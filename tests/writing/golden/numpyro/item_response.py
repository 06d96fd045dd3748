"""Item response theory: 20 persons answer 6 items that discriminate (2PL).

After the Stan User's Guide, Item-Response Theory Models. Data simulated with
numpy.random.default_rng(7): one row an item, one column a person.
"""

import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from numpyro.infer import MCMC, NUTS


def item_response(y):
    mu_b = numpyro.sample("mu_b", dist.Normal(0.0, 2.0))
    sigma_b = numpyro.sample("sigma_b", dist.HalfCauchy(2.0))
    item = numpyro.plate("item", len(y), dim=-2)
    with item:
        a = numpyro.sample("a", dist.LogNormal(0.0, 0.5))
        b = numpyro.sample("b", dist.Normal(mu_b, sigma_b))
    person = numpyro.plate("person", y.shape[1], dim=-1)
    with person:
        theta = numpyro.sample("theta", dist.Normal(0.0, 1.0))
    with item, person:
        numpyro.sample("y", dist.Bernoulli(logits=a * (theta - b)), obs=y)


# fmt: off
DATA = {
    "y": np.array([
        [1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0],
        [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
        [1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1],
        [1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0],
        [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1],
    ]),
}
# fmt: on

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(item_response), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
