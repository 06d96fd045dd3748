"""Regressions in Pyro, from one line of priors to a module with random weights."""

import numpy as np
import pyro
import pyro.distributions as dist
import torch
import torch.nn.functional as F
from pyro.nn import PyroModule, PyroSample
from torch import nn

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(21)
N = 24
is_cont_africa = torch.tensor(rng.integers(0, 2, size=N), dtype=torch.double)
ruggedness = torch.tensor(rng.normal(size=N))
log_gdp = torch.tensor(8 + rng.normal(size=N))
X = torch.tensor(rng.normal(size=(N, 3)))
clicks = torch.tensor(rng.integers(0, 2, size=N), dtype=torch.double)
counts = torch.tensor(rng.poisson(3.0, size=N), dtype=torch.double)
choice = torch.tensor(rng.integers(0, 3, size=N))
grade = torch.tensor(rng.integers(0, 4, size=N))


def ruggedness_model(is_cont_africa, ruggedness, log_gdp=None):
    """The first example of Pyro's introduction."""
    a = pyro.sample("a", dist.Normal(0.0, 10.0))
    b_a = pyro.sample("bA", dist.Normal(0.0, 1.0))
    b_r = pyro.sample("bR", dist.Normal(0.0, 1.0))
    b_ar = pyro.sample("bAR", dist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", dist.Uniform(0.0, 10.0))
    mean = (
        a + b_a * is_cont_africa + b_r * ruggedness + b_ar * is_cont_africa * ruggedness
    )
    with pyro.plate("data", len(ruggedness)):
        return pyro.sample("obs", dist.Normal(mean, sigma), obs=log_gdp)


def logistic(X, y=None):
    beta = pyro.sample("beta", dist.Normal(torch.zeros(3), torch.ones(3)).to_event(1))
    intercept = pyro.sample("intercept", dist.StudentT(4.0, 0.0, 2.5))
    with pyro.plate("N", X.shape[0]):
        pyro.sample("y", dist.Bernoulli(logits=X @ beta + intercept), obs=y)


class BayesianRegression(PyroModule):
    """A linear layer with priors on its weights."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.linear = PyroModule[nn.Linear](in_features, out_features)
        self.linear.weight = PyroSample(
            dist.Normal(0.0, 1.0).expand([out_features, in_features]).to_event(2)
        )
        self.linear.bias = PyroSample(
            dist.Normal(0.0, 10.0).expand([out_features]).to_event(1)
        )

    def forward(self, x, y=None):
        sigma = pyro.sample("sigma", dist.Uniform(0.0, 10.0))
        mean = self.linear(x).squeeze(-1)
        with pyro.plate("data", x.shape[0]):
            pyro.sample("obs", dist.Normal(mean, sigma), obs=y)
        return mean


def count_regression(data):
    x, y = data["x"], data["y"]
    alpha = pyro.sample("alpha", dist.Cauchy(0.0, 1.0))
    beta = pyro.sample("beta", dist.Laplace(0.0, 1.0).expand([x.size(-1)]).to_event(1))
    concentration = pyro.sample("concentration", dist.Gamma(2.0, 1.0))
    rate = torch.exp(alpha + x.matmul(beta))
    with pyro.plate("rows", x.size(0)):
        pyro.sample("y", dist.GammaPoisson(concentration, concentration / rate), obs=y)


def softmax_regression(x, y):
    w = pyro.sample("w", dist.Normal(0.0, 1.0).expand([3, 3]).to_event(2))
    b = pyro.sample("b", dist.Normal(torch.zeros(3), 1.0).to_event(1))
    logits = torch.einsum("ni,ij->nj", x, w) + b
    with pyro.plate("data", len(x)):
        pyro.sample("y", dist.Categorical(logits=F.log_softmax(logits, dim=-1)), obs=y)


def ordinal(x, grade):
    beta = pyro.sample("beta", dist.Normal(0.0, 2.0))
    first = pyro.sample("first", dist.Normal(-1.0, 1.0))
    gaps = pyro.sample("gaps", dist.Exponential(torch.ones(2)).to_event(1))
    cuts = torch.cat([first.unsqueeze(-1), first + torch.cumsum(gaps, -1)])
    with pyro.plate("people", x.shape[-1]):
        pyro.sample("grade", dist.OrderedLogistic(beta * x, cuts), obs=grade)


def two_layers(x, y):
    """A small Bayesian neural network with tanh and relu."""
    n_hidden = 3
    w1 = pyro.sample("w1", dist.Normal(0.0, 1.0).expand([3, n_hidden]).to_event(2))
    b1 = pyro.sample("b1", dist.Normal(0.0, 1.0).expand([n_hidden]).to_event(1))
    w2 = pyro.sample("w2", dist.Normal(0.0, 1.0).expand([n_hidden, 2]).to_event(2))
    h = torch.tanh(torch.mm(x, w1) + b1)
    out = torch.matmul(torch.relu(h), w2)
    scale = F.softplus(out[..., 1]) + 1e-3
    with pyro.plate("data", x.shape[0]):
        pyro.sample("obs", dist.Normal(out[..., 0], scale), obs=y)


CASES = (
    Case("ruggedness", ruggedness_model, (is_cont_africa, ruggedness, log_gdp)),
    Case("logistic", logistic, (X, clicks)),
    Case("module", BayesianRegression(3, 1), (X, log_gdp)),
    Case("count-regression", count_regression, ({"x": X, "y": counts},)),
    Case("softmax-regression", softmax_regression, (X, choice)),
    Case("ordinal", ordinal, (ruggedness, grade)),
    Case("two-layers", two_layers, (X, log_gdp)),
)
