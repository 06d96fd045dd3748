"""Discrete latents, chains, processes and hand-made likelihoods in Pyro."""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro.ops.indexing import Vindex

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(23)
y = torch.tensor(np.concatenate([rng.normal(-2, 1, 10), rng.normal(2, 1, 12)]))
walk = torch.tensor(np.cumsum(rng.normal(size=10)))
symbols = torch.tensor(rng.integers(0, 3, size=8))
counts = torch.tensor(rng.poisson(2.0, size=20) * rng.integers(0, 2, size=20)).double()
X = torch.linspace(0.0, 1.0, 9)
Y = torch.sin(6 * X) + 0.1 * torch.tensor(rng.normal(size=9))
annotations = torch.tensor(rng.integers(0, 3, size=(7, 4)))
days = torch.tensor(rng.weibull(1.5, size=16) * 10)
died = torch.tensor(rng.integers(0, 2, size=16), dtype=torch.bool)
words = torch.tensor(rng.integers(0, 5, size=24))
doc = torch.arange(24) // 8


def mixture(data):
    K = 2
    weights = pyro.sample("weights", dist.Dirichlet(0.5 * torch.ones(K)))
    scale = pyro.sample("scale", dist.LogNormal(0.0, 2.0))
    with pyro.plate("components", K):
        locs = pyro.sample("locs", dist.Normal(0.0, 10.0))
    with pyro.plate("data", len(data)):
        assignment = pyro.sample(
            "assignment", dist.Categorical(weights), infer={"enumerate": "parallel"}
        )
        pyro.sample("obs", dist.Normal(locs[assignment], scale), obs=data)


def marginal_mixture(data):
    w = pyro.sample("w", dist.Beta(1.0, 1.0))
    mu = pyro.sample("mu", dist.Normal(torch.tensor([-1.0, 1.0]), 2.0).to_event(1))
    lp = torch.stack(
        [
            torch.log(w) + dist.Normal(mu[0], 1.0).log_prob(data),
            torch.log1p(-w) + dist.Normal(mu[1], 1.0).log_prob(data),
        ]
    )
    pyro.factor("marginal", torch.logsumexp(lp, dim=0).sum())


def mixture_family(data):
    probs = pyro.sample("probs", dist.Dirichlet(torch.ones(2)))
    loc = pyro.sample("loc", dist.Normal(0.0, 3.0).expand([2]).to_event(1))
    scale = pyro.sample("scale", dist.HalfNormal(torch.ones(2)).to_event(1))
    d = dist.MixtureSameFamily(dist.Categorical(probs=probs), dist.Normal(loc, scale))
    with pyro.plate("N", data.size(0)):
        pyro.sample("y", d, obs=data)


def zero_inflated(counts):
    gate = pyro.sample("gate", dist.Beta(2.0, 2.0))
    rate = pyro.sample("rate", dist.Gamma(2.0, 1.0))
    with pyro.plate("n", len(counts)):
        pyro.sample("counts", dist.ZeroInflatedPoisson(rate, gate=gate), obs=counts)


def latent_walk(obs):
    """A chain of latent states by a Python loop."""
    drift = pyro.sample("drift", dist.Normal(0.0, 0.3))
    x = torch.zeros(())
    for t in range(len(obs)):
        x = pyro.sample(f"x_{t}", dist.Normal(x + drift, 0.5))
        pyro.sample(f"y_{t}", dist.Normal(x, 0.2), obs=obs[t])


def hidden_markov(sequence):
    n, m = 2, 3
    with pyro.plate("states", n):
        transition = pyro.sample("transition", dist.Dirichlet(torch.ones(n)))
        emission = pyro.sample("emission", dist.Dirichlet(torch.ones(m)))
    state = 0
    for t in pyro.markov(range(len(sequence))):
        state = pyro.sample(
            f"state_{t}",
            dist.Categorical(transition[state]),
            infer={"enumerate": "parallel"},
        )
        pyro.sample(f"symbol_{t}", dist.Categorical(emission[state]), obs=sequence[t])


def forward_filter(y):
    """An HMM summed out by a loop of logsumexp."""
    theta = pyro.sample("theta", dist.Dirichlet(torch.ones(2, 2)).to_event(1))
    mu = pyro.sample("mu", dist.Normal(torch.tensor([-2.0, 2.0]), 1.0).to_event(1))
    emit = dist.Normal(mu, 1.0).log_prob(y.unsqueeze(-1))
    log_alpha = emit[0] - np.log(2)
    for t in range(1, 6):
        log_alpha = torch.logsumexp(log_alpha[:, None] + theta.log(), 0) + emit[t]
    pyro.factor("forward", log_alpha.logsumexp(0))


def gaussian_process(X, y):
    amplitude = pyro.sample("amplitude", dist.HalfNormal(1.0))
    length = pyro.sample("length", dist.InverseGamma(2.0, 0.5))
    noise = pyro.sample("noise", dist.HalfNormal(0.5))
    sq = (X.unsqueeze(-1) - X).pow(2)
    K = amplitude**2 * torch.exp(-0.5 * sq / length.pow(2))
    K = K + (noise**2 + 1e-6) * torch.eye(len(X))
    pyro.sample("y", dist.MultivariateNormal(torch.zeros(len(X)), K), obs=y)


def latent_gaussian_process(X, counts):
    eta = pyro.sample("eta", dist.Normal(0.0, 1.0).expand([len(X)]).to_event(1))
    rho = pyro.sample("rho", dist.LogNormal(-1.0, 0.3))
    K = torch.exp(-((X[:, None] - X[None, :]) ** 2) / (2 * rho**2))
    L = torch.linalg.cholesky(K + 1e-4 * torch.eye(X.shape[0]))
    f = pyro.deterministic("f", torch.mv(L, eta))
    with pyro.plate("bins", X.shape[0]):
        pyro.sample("counts", dist.Poisson(f.exp()), obs=counts)


def dawid_skene(annotations):
    n_items, n_raters = annotations.shape
    K = 3
    pi = pyro.sample("pi", dist.Dirichlet(torch.ones(K)))
    prior = torch.ones(K) + 3 * torch.eye(K)
    with pyro.plate("raters", n_raters, dim=-2), pyro.plate("classes", K, dim=-1):
        beta = pyro.sample("beta", dist.Dirichlet(prior))
    with pyro.plate("items", n_items, dim=-2):
        c = pyro.sample("c", dist.Categorical(pi), infer={"enumerate": "parallel"})
        with pyro.plate("positions", n_raters, dim=-1):
            probs = Vindex(beta)[torch.arange(n_raters), c, :]
            pyro.sample("y", dist.Categorical(probs), obs=annotations)


def survival(days, died):
    rate = pyro.sample("rate", dist.Gamma(1.0, 10.0))
    shape = pyro.sample("shape", dist.LogNormal(0.0, 0.5))
    scale = 1 / rate
    log_density = dist.Weibull(scale, shape).log_prob(days)
    log_survival = -((days / scale) ** shape)
    pyro.factor("likelihood", torch.where(died, log_density, log_survival).sum())


def topics(words, doc):
    phi = pyro.sample("phi", dist.Dirichlet(torch.ones(2, 5)).to_event(1))
    with pyro.plate("docs", 3):
        theta = pyro.sample("theta", dist.Dirichlet(torch.tensor([1.0, 1.0])))
    with pyro.plate("words", len(words)):
        z = pyro.sample("z", dist.Categorical(theta[doc]))
        pyro.sample("w", dist.Categorical(phi[z]), obs=words)


CASES = (
    Case("mixture", mixture, (y,)),
    Case("marginal-mixture", marginal_mixture, (y,)),
    Case("mixture-family", mixture_family, (y,)),
    Case("zero-inflated", zero_inflated, (counts,)),
    Case("latent-walk", latent_walk, (walk,)),
    Case("hidden-markov", hidden_markov, (symbols,)),
    Case("forward-filter", forward_filter, (y,)),
    Case("gaussian-process", gaussian_process, (X, Y)),
    Case("latent-gaussian-process", latent_gaussian_process, (X, counts[:9])),
    Case("dawid-skene", dawid_skene, (annotations,)),
    Case("survival", survival, (days, died)),
    Case("topics", topics, (words, doc)),
)
