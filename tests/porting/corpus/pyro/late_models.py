"""Models in Pyro that were written when the readers were finished."""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro import poutine
from pyro.distributions import constraints
from pyro.infer.reparam import LocScaleReparam

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(93)
N = 20
f64 = torch.double
x = torch.tensor(rng.normal(size=N))
X = torch.tensor(rng.normal(size=(N, 3)))
y = 0.5 * x + torch.tensor(0.3 * rng.normal(size=N))
wards = torch.tensor(rng.integers(0, 5, size=N))
falls = torch.tensor(rng.poisson(2.0, size=N), dtype=f64)
bed_days = torch.tensor(rng.uniform(50, 90, size=N))
party = torch.tensor(rng.integers(0, 3, size=N))
trials = torch.full((8,), 30.0, dtype=f64)
wins = torch.tensor(rng.binomial(30, 0.4, size=8), dtype=f64)
infected = torch.tensor([2.0, 4.0, 7.0, 11.0, 12.0, 9.0, 6.0], dtype=f64)
marks = torch.tensor(rng.normal(size=(12, 4)))
price = torch.tensor(100 + np.cumsum(rng.normal(size=15)))


def falls_on_wards(wards, bed_days, falls=None):
    """Counts with an exposure; wards differ, and are decentered by a handler."""
    mu = pyro.sample("mu", dist.Normal(-3.0, 1.0))
    sd = pyro.sample("sd", dist.HalfNormal(1.0))
    with pyro.plate("wards", 5):
        ward = pyro.sample("ward", dist.Normal(mu, sd))
    shape = pyro.sample("shape", dist.Gamma(2.0, 0.5))
    mean = bed_days * torch.exp(ward[wards])
    with pyro.plate("months", len(wards)):
        return pyro.sample("falls", dist.GammaPoisson(shape, shape / mean), obs=falls)


decentered_wards = poutine.reparam(
    falls_on_wards, config={"ward": LocScaleReparam(0.0)}
)


def best_of_two(a, b):
    both = torch.cat([a, b])
    nu = pyro.sample("nu", dist.Exponential(torch.tensor(1 / 29.0))) + 1.0
    for name, data in {"a": a, "b": b}.items():
        m = pyro.sample(f"mean_{name}", dist.Normal(both.mean(), both.std() * 2))
        s = pyro.sample(f"sd_{name}", dist.Uniform(0.01, 10.0))
        with pyro.plate(f"data_{name}", data.numel()):
            pyro.sample(f"y_{name}", dist.StudentT(nu, m, s), obs=data)


def base_category(X, party):
    n, p = X.shape
    w = pyro.sample("w", dist.Normal(0.0, 1.0).expand([p, 2]).to_event(2))
    b = pyro.sample("b", dist.Normal(torch.zeros(2), 3.0).to_event(1))
    logits = torch.cat((torch.zeros(n, 1), X @ w + b), dim=-1)
    with pyro.plate("data", n):
        pyro.sample("party", dist.Categorical(logits=logits), obs=party)


def win_rates(trials, wins):
    mean = pyro.sample("mean", dist.Beta(2.0, 2.0))
    size = pyro.sample("size", dist.LogNormal(3.0, 1.0))
    with pyro.plate("teams", trials.shape[0]):
        rate = dist.BetaBinomial(
            concentration1=mean * size,
            concentration0=(1.0 - mean) * size,
            total_count=trials,
        )
        pyro.sample("wins", rate, obs=wins)


def chain_binomial_mean(infected, population=200.0):
    """An epidemic, step by step in a Python loop."""
    r0 = pyro.sample("r0", dist.LogNormal(0.5, 0.3))
    tau = pyro.sample("tau", dist.Gamma(8.0, 2.0))
    rho = pyro.sample("rho", dist.Beta(5.0, 2.0))
    s, i = torch.tensor(population - 4.0), torch.tensor(4.0)
    for t in range(len(infected)):
        new = s * (1 - torch.exp(-r0 / tau * i / population))
        s, i = s - new, i + new - i / tau
        pyro.sample(f"obs_{t}", dist.Poisson(rho * new + 1e-3), obs=infected[t])


def two_lines(x, y):
    """Two regressions, their membership summed out."""
    weight = pyro.sample("weight", dist.Beta(2.0, 2.0))
    with pyro.plate("lines", 2):
        a = pyro.sample("a", dist.Cauchy(0.0, 2.0))
        b = pyro.sample("b", dist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", dist.InverseGamma(3.0, 1.0))
    each = dist.Normal(a + b * x.unsqueeze(-1), sigma).log_prob(y.unsqueeze(-1))
    logs = torch.stack([weight.log(), torch.log1p(-weight)])
    pyro.factor("loglik", torch.logsumexp(each + logs, -1).sum())


def covariance(marks):
    n, d = marks.shape
    theta = pyro.sample("theta", dist.HalfCauchy(torch.ones(d)).to_event(1))
    L = pyro.sample("L", dist.LKJCholesky(d, torch.tensor(1.5)))
    mu = pyro.sample("mu", dist.Normal(0.0, 5.0).expand([d]).to_event(1))
    scale_tril = torch.mm(torch.diag(theta.sqrt()), L)
    with pyro.plate("observations", n):
        pyro.sample(
            "obs", dist.MultivariateNormal(mu, scale_tril=scale_tril), obs=marks
        )


def local_level(price):
    """A walk from its shocks; how fast they are is a parameter."""
    T = price.shape[0]
    speed = pyro.param("speed", torch.tensor(0.5), constraint=constraints.positive)
    start = pyro.sample("start", dist.Normal(price[0], 2.0))
    with pyro.plate("time", T, dim=-1):
        shock = pyro.sample("shock", dist.StudentT(4.0, 0.0, 1.0))
    level = pyro.deterministic("level", start + speed * shock.cumsum(-1))
    noise = pyro.sample("noise", dist.HalfNormal(1.0))
    with poutine.mask(mask=torch.arange(T) % 4 != 3), pyro.plate("seen", T, dim=-1):
        pyro.sample("price", dist.Normal(level, noise), obs=price)


CASES = (
    Case("falls", decentered_wards, (wards, bed_days, falls), late=True),
    Case("best-of-two", best_of_two, (y[:9], y[9:]), late=True),
    Case("base-category", base_category, (X, party), late=True),
    Case("win-rates", win_rates, (trials, wins), late=True),
    Case("chain-binomial", chain_binomial_mean, (infected,), late=True),
    Case("two-lines", two_lines, (x, y), late=True),
    Case("covariance", covariance, (marks,), late=True),
    Case("local-level", local_level, (price,), late=True),
)
