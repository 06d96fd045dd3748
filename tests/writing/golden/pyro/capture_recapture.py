"""The size of a closed population by data augmentation: model M_t.

Row i tells on which of four occasions animal i was caught; rows that were never
caught may be animals or not. After Kéry and Schaub (2012), Bayesian Population Analysis
using WinBUGS, section 6.2. Data simulated with numpy.random.default_rng(6): 40 animals,
augmented to 60 rows.
"""

from pathlib import Path

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.infer import MCMC, NUTS


def capture_recapture(y):
    omega = pyro.sample("omega", dist.Uniform(0.0, 1.0))
    with pyro.plate("occasion", y.shape[1]):
        p = pyro.sample("p", dist.Uniform(0.0, 1.0))
    animal = torch.log(omega) + torch.sum(
        dist.Bernoulli(probs=p).log_prob(y.double()), dim=-1
    )
    pyro.factor(
        "histories",
        torch.where(
            torch.sum(y, dim=-1) > 0,
            animal,
            torch.logaddexp(animal, torch.log1p(-omega)),
        ).sum(),
    )


if __name__ == "__main__":
    DATA = dict(np.load(Path(__file__).with_suffix(".npz")))
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(capture_recapture)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
