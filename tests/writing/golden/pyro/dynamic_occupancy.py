"""Dynamic occupancy: which sites are occupied each season, seen with false alarms.

After MacKenzie et al. (2003) and Royle and Link (2006). Data simulated with
numpy.random.default_rng(7): 12 sites, 6 seasons.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def dynamic_occupancy(seen_data):
    first = pyro.sample("first", dist.Beta(1.0, 1.0))
    stays = pyro.sample("stays", dist.Beta(4.0, 1.0))
    arrives = pyro.sample("arrives", dist.Beta(1.0, 4.0))
    detected = pyro.sample("detected", dist.Beta(4.0, 2.0))
    false_alarm = pyro.sample("false_alarm", dist.Beta(1.0, 20.0))
    site = pyro.plate("site", seen_data.shape[1])
    season_carry = torch.broadcast_to(first, (seen_data.shape[1],))
    for t in pyro.markov(range(len(seen_data))):
        season_slice = seen_data[t]
        with site:
            z = pyro.sample(
                f"z_{t}",
                dist.Bernoulli(probs=season_carry),
                infer={"enumerate": "parallel"},
            ).long()
            pyro.sample(
                f"seen_{t}",
                dist.Bernoulli(probs=torch.where(z == 1, detected, false_alarm)),
                obs=season_slice.double(),
            )
        season_carry = torch.where(z == 1, stays, arrives)


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
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(dynamic_occupancy)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
