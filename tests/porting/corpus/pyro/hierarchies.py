"""Plates, correlated effects, poutine, and params in Pyro."""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro import poutine
from pyro.distributions import constraints
from pyro.infer.reparam import LocScaleReparam

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(22)
effect = torch.tensor([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
error = torch.tensor([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
at_bats = torch.full((9,), 45.0)
hits = torch.tensor(rng.binomial(45, 0.27, size=9), dtype=torch.double)
group = torch.tensor(rng.integers(0, 4, size=30))
x = torch.tensor(rng.normal(size=30))
y = torch.tensor(rng.normal(size=30))
table = torch.tensor(rng.normal(size=(5, 4)))
seen = torch.tensor(rng.uniform(size=(5, 4)) < 0.7)
winner = torch.tensor(rng.integers(0, 5, size=20))
loser = (winner + torch.tensor(rng.integers(1, 5, size=20))) % 5


def eight_schools(y, sigma):
    eta = pyro.sample("eta", dist.Normal(torch.zeros(8), torch.ones(8)).to_event(1))
    mu = pyro.sample("mu", dist.Normal(torch.zeros(1), 10 * torch.ones(1)))
    tau = pyro.sample("tau", dist.HalfCauchy(scale=25 * torch.ones(1)))
    theta = pyro.deterministic("theta", mu + tau * eta)
    pyro.sample("obs", dist.Normal(theta, sigma).to_event(1), obs=y)


def centered(y, sigma):
    mu = pyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = pyro.sample("tau", dist.HalfCauchy(5.0))
    with pyro.plate("J", 8):
        theta = pyro.sample("theta", dist.Normal(mu, tau))
        pyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def partially_pooled(at_bats, hits):
    """The baseball example: a Pareto on a concentration."""
    num_players = at_bats.shape[0]
    m = pyro.sample("m", dist.Uniform(0, 1))
    kappa = pyro.sample("kappa", dist.Pareto(1.0, 1.5))
    with pyro.plate("num_players", num_players):
        phi_prior = dist.Beta(m * kappa, (1 - m) * kappa)
        phi = pyro.sample("phi", phi_prior)
        return pyro.sample("obs", dist.Binomial(at_bats, probs=phi), obs=hits)


def varying_slopes(group, x, y):
    n_groups = int(group.max()) + 1
    tau = pyro.sample("tau", dist.HalfCauchy(torch.ones(2)).to_event(1))
    L_omega = pyro.sample("L_omega", dist.LKJCholesky(2, 2.0))
    L = torch.mm(torch.diag(tau), L_omega)
    mu = pyro.sample("mu", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    with pyro.plate("groups", n_groups):
        beta = pyro.sample("beta", dist.MultivariateNormal(mu, scale_tril=L))
    sigma = pyro.sample("sigma", dist.HalfNormal(1.0))
    loc = beta[group, 0] + beta[group, 1] * x
    with pyro.plate("data", len(y)):
        pyro.sample("y", dist.Normal(loc, sigma), obs=y)


def crossed(table, seen):
    """Rows and columns of a table with holes."""
    rows = pyro.plate("rows", table.shape[0], dim=-2)
    cols = pyro.plate("cols", table.shape[1], dim=-1)
    with rows:
        a = pyro.sample("a", dist.Normal(0.0, 1.0))
    with cols:
        b = pyro.sample("b", dist.Normal(0.0, 1.0))
        s = pyro.sample("s", dist.LogNormal(-1.0, 0.5))
    with rows, cols, poutine.mask(mask=seen):
        pyro.sample("table", dist.Normal(a + b, s), obs=table)


def tempered(x, y, temperature=0.5):
    b = pyro.sample("b", dist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", dist.InverseGamma(3.0, 1.0))
    with poutine.scale(scale=temperature):
        with pyro.plate("data", x.numel()):
            pyro.sample("y", dist.Normal(b * x, sigma.sqrt()), obs=y)


def empirical_bayes(y):
    loc = pyro.param("loc", torch.tensor(0.0))
    scale = pyro.param("scale", torch.tensor(1.0), constraint=constraints.positive)
    with pyro.plate("items", len(y)):
        z = pyro.sample("z", dist.Normal(loc, scale))
        pyro.sample("y", dist.Normal(z, 1.0), obs=y)


def bradley_terry(winner, loser):
    skill = pyro.sample("skill", dist.Normal(0.0, 1.0).expand([5]).to_event(1))
    pyro.factor("games", torch.nn.functional.logsigmoid(skill[winner] - skill[loser]))


def three_arms(data):
    """A Python loop over arms; each has sites of its own."""
    prior = pyro.sample("prior", dist.Beta(2.0, 2.0))
    for name, (trials, successes) in data.items():
        rate = pyro.sample(f"rate_{name}", dist.Beta(1 + 4 * prior, 5 - 4 * prior))
        pyro.sample(name, dist.Binomial(trials, rate), obs=torch.tensor(successes))


CASES = (
    Case("eight-schools", eight_schools, (effect, error)),
    Case(
        "eight-schools-decentered",
        poutine.reparam(centered, {"theta": LocScaleReparam(0.0)}),
        (effect, error),
    ),
    Case("partially-pooled", partially_pooled, (at_bats, hits)),
    Case("varying-slopes", varying_slopes, (group, x, y)),
    Case("crossed", crossed, (table, seen)),
    Case("tempered", tempered, (x, y)),
    Case("empirical-bayes", empirical_bayes, (y,)),
    Case("bradley-terry", bradley_terry, (winner, loser)),
    Case(
        "three-arms",
        three_arms,
        ({"a": (10, 3.0), "b": (12, 7.0), "placebo": (9, 2.0)},),
    ),
    Case(
        "conditioned",
        poutine.condition(centered, data={"tau": torch.tensor(4.0)}),
        (effect, error),
    ),
)
