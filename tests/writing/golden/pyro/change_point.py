"""Coal-mining disasters, 1851 to 1962: a rate that changed once, the year summed out.

Entry t of `log_year` is the log density of a change before year t. After the Stan
User's Guide, Latent Discrete Parameters. Data typed in: Jarrett (1979), A note on the
intervals between coal-mining disasters, as tabulated by Carlin, Gelfand and Smith.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def change_point(disasters):
    early = pyro.sample("early", dist.Exponential(1.0))
    late = pyro.sample("late", dist.Exponential(1.0))
    log_late = torch.cumsum(dist.Poisson(late).log_prob(disasters), dim=-1)
    before = torch.cat(
        [
            torch.tensor([0.0]),
            torch.cumsum(dist.Poisson(early).log_prob(disasters), dim=-1)[:-1],
        ],
    )
    log_year = pyro.deterministic(
        "log_year",
        before
        + (log_late[-1] - torch.cat([torch.tensor([0.0]), log_late[:-1]]))
        - torch.log(torch.tensor(112.0)),
    )
    pyro.factor("likelihood", torch.logsumexp(log_year, dim=-1))


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
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(change_point)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
