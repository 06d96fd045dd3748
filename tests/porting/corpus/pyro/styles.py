"""The ways in which Pyro's users organise their code."""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.distributions import transforms

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(25)
flips = torch.tensor([1.0, 0.0, 1.0, 1.0])
y = torch.tensor(rng.normal(size=(5, 2)))
there = torch.tensor([[1, 1], [1, 0], [0, 1], [1, 1], [1, 1]], dtype=torch.bool)
series = torch.tensor(np.cumsum(rng.normal(size=9)))
doses = torch.tensor([0.0, 0.5, 1.0, 2.0, 4.0])
responses = torch.tensor([1.0, 2.0, 6.0, 13.0, 18.0])


def sequential_plate(data):
    """The first tutorial: a coin, and a loop over a plate."""
    alpha0, beta0 = torch.tensor(10.0), torch.tensor(10.0)
    f = pyro.sample("latent_fairness", dist.Beta(alpha0, beta0))
    for i in pyro.plate("data_loop", len(data)):
        pyro.sample(f"obs_{i}", dist.Bernoulli(f), obs=data[i])


class Pooled:
    """Priors in a dict, a method as the model."""

    def __init__(self):
        self.priors = {"mu": dist.Normal(0.0, 3.0), "sd": dist.HalfCauchy(1.0)}

    def __call__(self, y):
        mu, sd = (pyro.sample(n, d) for n, d in self.priors.items())
        with pyro.plate("rows", y.shape[0], dim=-2), pyro.plate("cols", y.shape[1]):
            z = pyro.sample("z", dist.Normal(0.0, 1.0))
            pyro.sample("y", dist.Normal(mu + sd * z, 1.0), obs=y)


def masked_by_method(y, there):
    loc = pyro.sample("loc", dist.Normal(y.new_zeros(2), 1.0).to_event(1))
    base = dist.Normal(loc, 1.0).expand([5, 2]).mask(there)
    with pyro.plate("rows", 5):
        pyro.sample("y", base.to_event(1), obs=y)


def autoregression(y):
    """All steps at once from the shifted series."""
    phi = pyro.sample("phi", dist.Uniform(-1.0, 1.0))
    drift = pyro.sample("drift", dist.Normal(0, 1))
    log_sd = pyro.sample("log_sd", dist.Normal(-1.0, 0.5))
    with pyro.plate("t", len(y) - 1):
        d = dist.Normal(drift + phi * y[:-1], log_sd.exp())
        pyro.sample("y", d, obs=y[1:])


def dose_response(dose, response):
    positive = transforms.ExpTransform()
    ec50 = pyro.sample(
        "ec50", dist.TransformedDistribution(dist.Normal(0.0, 1.0), [positive])
    )
    top = pyro.sample("top", dist.Gamma(10.0, 0.5))
    hill = pyro.sample("hill", dist.LogNormal(0.0, 0.3))
    mean = top * dose.pow(hill) / (ec50**hill + dose**hill).clamp(min=1e-9)
    with pyro.plate("wells", dose.numel()):
        pyro.sample("response", dist.StudentT(5.0, mean, 1.0), obs=response)


CASES = (
    Case("sequential-plate", sequential_plate, (flips,)),
    Case("callable-object", Pooled(), (y,)),
    Case("masked-by-method", masked_by_method, (y, there)),
    Case("autoregression", autoregression, (series,)),
    Case("dose-response", dose_response, (doses, responses)),
)
