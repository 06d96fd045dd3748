"""Pyro models that run eagerly and hide what no list of sites can say."""

import math

import numpy as np
import pyro
import pyro.distributions as dist
import torch

from tests.porting.corpus.cases import Case

y = torch.tensor(np.random.default_rng(24).normal(size=6))


def branch_on_a_site(y):
    mu = pyro.sample("mu", dist.Normal(0.0, 1.0))
    scale = 2.0 if mu > 0 else 1.0
    with pyro.plate("data", len(y)):
        pyro.sample("y", dist.Normal(mu, scale), obs=y)


def geometric(y):
    """Coin flips until the first head: as many sites as it takes."""
    t = 0
    while pyro.sample(f"flip_{t}", dist.Bernoulli(0.5)).item() == 0:
        t += 1
    pyro.sample("y", dist.Normal(float(t), 1.0).expand([6]).to_event(1), obs=y)


def loop_over_a_site(y):
    n = pyro.sample("n", dist.Poisson(3.0))
    total = torch.zeros(())
    for i in range(int(n)):
        total = total + pyro.sample(f"x_{i}", dist.Normal(0.0, 1.0))
    pyro.sample("y", dist.Normal(total, 1.0).expand([6]).to_event(1), obs=y)


def numpy_on_a_site(y):
    log_scale = pyro.sample("log_scale", dist.Normal(0.0, 1.0))
    scale = torch.as_tensor(np.exp(log_scale.detach().numpy()))
    with pyro.plate("data", len(y)):
        pyro.sample("y", dist.Normal(0.0, scale), obs=y)


def math_on_a_site(y):
    rate = pyro.sample("rate", dist.Gamma(2.0, 1.0))
    with pyro.plate("data", len(y)):
        pyro.sample("y", dist.Normal(math.log(rate), 1.0), obs=y)


def noise(y):
    mu = pyro.sample("mu", dist.Normal(0.0, 1.0))
    jitter = 0.1 * torch.randn(len(y))
    with pyro.plate("data", len(y)):
        pyro.sample("y", dist.Normal(mu + jitter, 1.0), obs=y)


CASES = (
    Case("branch-on-a-site", branch_on_a_site, (y,), refused="branch"),
    Case("geometric", geometric, (y,), refused="numpy-on-site"),
    Case("loop-over-a-site", loop_over_a_site, (y,), refused="dynamic"),
    Case("numpy-on-a-site", numpy_on_a_site, (y,), refused="numpy-on-site"),
    Case("math-on-a-site", math_on_a_site, (y,), refused="numpy-on-site"),
    Case("noise", noise, (y,), refused="hidden-randomness"),
)
