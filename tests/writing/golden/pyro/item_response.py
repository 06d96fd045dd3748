"""Item response theory: 20 persons answer 6 items that discriminate (2PL).

After the Stan User's Guide, Item-Response Theory Models. Data simulated with
numpy.random.default_rng(7): one row an item, one column a person.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def item_response(y):
    y = y.double()
    mu_b = pyro.sample("mu_b", dist.Normal(0.0, 2.0))
    sigma_b = pyro.sample("sigma_b", dist.HalfCauchy(2.0))
    item = pyro.plate("item", len(y), dim=-2)
    with item:
        a = pyro.sample("a", dist.LogNormal(0.0, 0.5))
        b = pyro.sample("b", dist.Normal(mu_b, sigma_b))
    person = pyro.plate("person", y.shape[1], dim=-1)
    with person:
        theta = pyro.sample("theta", dist.Normal(0.0, 1.0))
    with item, person:
        pyro.sample("y", dist.Bernoulli(logits=a * (theta - b)), obs=y)


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
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(item_response)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
