"""Pyro models that are no spec: each is refused with the site, the line and a way out."""

import inspect
import math
import random

import numpy as np
import pyro
import pyro.distributions as dist
import pytest
import torch
import torch.nn.functional as F
from pyro import poutine

import jointbridge as jb
from jointbridge.backends.reading import ReadError

y = torch.tensor([0.3, -1.2, 0.8], dtype=torch.float64)
LAYER = torch.nn.Linear(3, 3, dtype=torch.float64)


def normal(name="mu"):
    zero = torch.tensor(0.0, dtype=torch.float64)
    return pyro.sample(name, dist.Normal(zero, 1.0))


def see(loc, scale=1.0):
    pyro.sample("y", dist.Normal(loc, scale).expand([3]).to_event(1), obs=y)


def branch():
    mu = normal()
    see(mu, 2.0 if mu > 0 else 1.0)  # here


def python_max():
    see(max(normal(), 0.0))  # here


def loop():
    n = pyro.sample("n", dist.Poisson(3.0))
    see(sum(normal(f"x_{i}") for i in range(int(n))))  # here


def slice_of_unknown_length():
    n = pyro.sample("n", dist.Categorical(torch.ones(3)))
    see(y[: n + 1].sum())  # here


def until_heads():
    t = 0
    while pyro.sample(f"flip_{t}", dist.Bernoulli(0.5)).item() == 0:  # here
        t += 1


def numpy_function():
    see(torch.as_tensor(np.exp(normal().detach().numpy())))  # here


def math_function():
    see(math.exp(normal()))  # here


def python_list():
    see(sum(normal().reshape(1).tolist()))  # here


def noise():
    mu = normal()
    jitter = torch.randn(3)  # here
    see(mu + jitter)


def dropout():
    mu = normal()
    see(F.dropout(y, 0.5) * mu)  # here


def draw_of_its_own():
    mu = normal()
    see(mu + dist.Normal(0.0, 1.0).sample())  # here


def hidden_site():
    with poutine.block():
        mu = pyro.sample("mu", dist.Normal(0.0, 1.0))  # here
    see(mu)


def numpy_noise():
    see(normal() + np.random.default_rng().normal())


def python_noise():
    see(normal() * random.random())


def subsampled():
    with pyro.plate("N", 3, subsample_size=2) as i:  # here
        pyro.sample("y", dist.Normal(0.0, 1.0), obs=y[i])


def place_of_the_largest():
    with pyro.plate("k", 3):
        v = normal("v")
    best = torch.argmax(v)  # here
    see(v[best])


def flags_of_a_site():
    with pyro.plate("k", 3):
        v = normal("v")
    see(v[v > 0].sum())  # here


def changed_in_place():
    mu = normal()
    mu.add_(1.0)  # here
    see(mu)


def changed_through_a_view():
    a = torch.zeros(3) + normal()
    a[:2].add_(1.0)
    see(a.sum())  # here


def stray_module():
    see(LAYER(y) * normal())


class Own(dist.TorchDistribution):
    arg_constraints = {}  # noqa: RUF012
    support = dist.constraints.real

    def log_prob(self, value):
        return -(value**2)

    def sample(self, sample_shape=()):
        return torch.zeros(sample_shape, dtype=torch.float64)


def own_distribution():
    see(pyro.sample("u", Own()))  # here


def hidden_markov_model():
    chain = dist.DiscreteHMM(
        torch.zeros(2), torch.zeros(2, 2), dist.Normal(torch.tensor([0.0, 1.0]), 1.0)
    )
    pyro.sample("y", chain, obs=y.float())  # here


def vectorised_by_torch():
    see(torch.vmap(lambda a: 2 * a)(normal().expand(3)))


REFUSED = [
    pytest.param(branch, "branch", "rests on 'mu'", "torch.where", id="if"),
    pytest.param(python_max, "branch", "rests on 'mu'", "torch.where", id="max"),
    pytest.param(loop, "dynamic", "rests on 'n'", "fixed number", id="loop"),
    pytest.param(
        slice_of_unknown_length, "dynamic", "rests on 'n'", "fixed", id="slice"
    ),
    pytest.param(until_heads, "numpy-on-site", "'flip_0'", "tensor", id="while"),
    pytest.param(numpy_function, "numpy-on-site", "'mu'", "torch's own", id="numpy"),
    pytest.param(math_function, "numpy-on-site", "'mu'", "torch's own", id="math"),
    pytest.param(python_list, "numpy-on-site", "'mu'", "torch's own", id="tolist"),
    pytest.param(noise, "hidden-randomness", "'y'", "pyro.sample", id="randn"),
    pytest.param(dropout, "hidden-randomness", "'y'", "pyro.sample", id="dropout"),
    pytest.param(
        draw_of_its_own, "hidden-randomness", "'y'", "pyro.sample", id="own draw"
    ),
    pytest.param(hidden_site, "hidden-randomness", "'y'", "pyro.sample", id="block"),
    pytest.param(
        numpy_noise, "hidden-randomness", "another run", "pyro.sample", id="numpy noise"
    ),
    pytest.param(
        python_noise,
        "hidden-randomness",
        "another run",
        "pyro.sample",
        id="python noise",
    ),
    pytest.param(
        subsampled, "hidden-randomness", "plate 'N'", "subsample", id="subsample"
    ),
    pytest.param(
        place_of_the_largest, "unknown-operation", "argmax", "functions", id="argmax"
    ),
    pytest.param(flags_of_a_site, "unknown-operation", "flags", "", id="flags"),
    pytest.param(changed_in_place, "unknown-operation", "add_", "clone", id="in place"),
    pytest.param(
        changed_through_a_view, "unknown-operation", "through a view", "cat", id="view"
    ),
    pytest.param(stray_module, "unreadable", "torch module", "pyro.module", id="stray"),
    pytest.param(own_distribution, "unknown-family", "your own", "factor", id="own"),
    pytest.param(hidden_markov_model, "unknown-family", "DiscreteHMM", "", id="hmm"),
    pytest.param(vectorised_by_torch, "unreadable", "out of sight", "vmap", id="vmap"),
]


@pytest.mark.parametrize(("model", "code", "words", "hint"), REFUSED)
def test_refused(model, code, words, hint):
    with pytest.raises(ReadError) as caught:
        jb.from_pyro(model)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert words in problem.message
    assert hint in problem.hint
    lines, first = inspect.getsourcelines(model)
    marked = [first + n for n, line in enumerate(lines) if line.endswith("# here\n")]
    if marked:
        assert problem.path == f"test_pyro_refusals.py:{marked[0]}"


@pytest.mark.parametrize("model", [3, "model", None])
def test_what_is_no_model(model):
    with pytest.raises(ReadError, match="no Pyro model"):
        jb.from_pyro(model)


def test_options_that_do_not_exist():
    with pytest.raises(ReadError, match="no option 'depth'"):
        jb.from_pyro(branch, options={"depth": 3})


def test_faults_of_the_model_are_its_own():
    def model():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jb.from_pyro(model)
