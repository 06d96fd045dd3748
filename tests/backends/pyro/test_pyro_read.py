"""Users' Pyro models as specs: what is read, and that it scores as the model does."""

from importlib.resources import files
from itertools import count, takewhile

import numpy as np
import pyro
import pyro.distributions as dist
import pytest
import torch
from pyro.distributions.distribution import COERCIONS
from pyro_cases import one_joint_of_all
from pyro_lines import line, of_the_model
from pyro_models import READ, x, y

import jointbridge as jb
from jointbridge.backends.pyro.table import TABLE
from jointbridge.backends.reading import ReadError
from jointbridge.spec import Let
from tests.porting.scoring import points, values

EXAMPLES = {
    path.name.removesuffix(".jb.json"): path
    for path in files("jointbridge.examples").iterdir()
    if path.name.endswith(".jb.json")
}


@pytest.fixture(autouse=True)
def wide():
    """Models are run in float64, as a user sets it at the top of a script."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.mark.parametrize("name", READ)
def test_what_is_read(name):
    model, args, kwargs, expected = READ[name]
    joint = jb.from_pyro(model, *args, **kwargs)
    assert [line(s) for s in joint.spec.statements] == expected


@pytest.mark.parametrize("name", READ)
def test_it_scores_as_the_model(name):
    model, args, kwargs, _ = READ[name]
    compiled = jb.from_pyro(model, *args, **kwargs).compile("pyro")
    for free in points(compiled, {}):
        at = values(compiled, free)
        expected, gradients = of_the_model(model, args, kwargs, at)
        found, own = compiled.value_and_grad(at)
        assert float(found) == pytest.approx(expected, rel=1e-10, abs=1e-10)
        for site, gradient in own.items():
            wanted = gradients[site].numpy()
            np.testing.assert_allclose(gradient, wanted, rtol=1e-10, atol=1e-10)


def by_step(at, latent):
    """Values with those of a recurrence apart: Pyro's sites are one for each step."""
    apart = {
        f"{name}_{t}": row
        for name, value in at.items()
        if name not in latent
        for t, row in enumerate(value)
    }
    return apart | {n: x for n, x in at.items() if n in latent}


def total_of(name, parts):
    """The part of a site, or of all its steps."""
    steps = (parts.get(f"{name}_{t}") for t in count())
    own = [parts[name]] if name in parts else takewhile(lambda x: x is not None, steps)
    return sum(own)


def same_numbers(joint, again):
    """Whether two joints score the same, site by site."""
    ours, theirs = joint.compile("pyro"), again.compile("pyro")
    for free in points(ours, {}):
        at = values(ours, free)
        found = {n: ours.numpy(x) for n, x in ours.log_prob_parts(at).items()}
        same = by_step(at, theirs.program.analysis.latent)
        parts = {n: theirs.numpy(x) for n, x in theirs.log_prob_parts(same).items()}
        np.testing.assert_allclose(sum(found.values()), sum(parts.values()), rtol=1e-12)
        for site, part in found.items():
            expected = total_of(site, parts)
            np.testing.assert_allclose(part, expected, rtol=1e-12, atol=1e-12)


def test_every_family_is_read_back():
    joint = jb.Joint(one_joint_of_all())
    again = jb.from_pyro(joint.native("pyro", dtype="float64").model())
    found = {s.name: s.dist.family for s in again.spec.samples}
    for site in joint.spec.samples:
        if site.dist.family not in TABLE.rewritten - {"NegativeBinomial2"}:
            assert found[site.name] == site.dist.family
    same_numbers(joint, again)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_read_back(name):
    joint = jb.load(str(EXAMPLES[name]))
    again = jb.from_pyro(joint.native("pyro", dtype="float64").model())
    same_numbers(joint, again)


# -- what is said beside a spec -----------------------------------------------


def branching_on_data(y):
    scale = 2.0 if y.mean() > 100 else 1.0
    pyro.sample("y", dist.Normal(0.0, scale).expand([6]).to_event(1), obs=y)


def cut(y):
    mu = pyro.sample("mu", dist.Normal(0.0, 1.0)).detach()
    pyro.sample("y", dist.Normal(mu, 1.0).expand([6]).to_event(1), obs=y)


def folded(y):
    order = y.argsort()
    pyro.sample("z", dist.Normal(y[order], 1.0).to_event(1))


def unplated(y):
    pyro.sample("z", dist.Normal(y, 1.0))


NOTES = [
    pytest.param(branching_on_data, "frozen", "branches on 'y'", id="branch on data"),
    pytest.param(cut, "dropped", "gradient is cut", id="gradient"),
    pytest.param(folded, "folded", "argsort of y was computed once", id="folded"),
    pytest.param(unplated, "assumed", "stand in no plate", id="axes without a plate"),
]


@pytest.mark.parametrize(("model", "kind", "words"), NOTES)
def test_notes(model, kind, words):
    (note,) = jb.from_pyro(model, y).reading.notes[:1]
    assert note.kind == kind
    assert words in note.text


def test_a_number_in_a_dictionary_is_data():
    known = {"width": torch.tensor(1.0)}
    two = torch.tensor(2.0)

    def model():
        pyro.sample("z", dist.Normal(0.0, known["width"]))
        pyro.sample("w", dist.Normal(0.0, two))

    joint = jb.from_pyro(model)
    assert [line(s) for s in joint.spec.statements] == [
        "z ~ Normal(loc=0.0, scale=width)",
        "w ~ Normal(loc=0.0, scale=2.0)",
    ]


def test_data_comes_in_the_order_of_the_arguments():
    def regression(b, a, unused, y):
        with pyro.plate("N", 6):
            pyro.sample("y", dist.Normal(a * b, 1.0), obs=y)

    joint = jb.from_pyro(regression, x, 2 * x, x + 1, y)
    assert [d.name for d in joint.spec.data] == ["b", "a", "y_obs"]
    assert joint.reading.source.endswith("regression")
    assert joint.spec.name == "regression"


def test_literals_of_a_narrow_model_are_what_was_written():
    torch.set_default_dtype(torch.float32)

    def narrow():
        a = pyro.sample("a", dist.Normal(torch.tensor(0.1), torch.tensor(0.3)))
        pyro.sample("b", dist.Categorical(torch.tensor([0.1, 0.9])))
        with pyro.plate("N", 6):
            pyro.sample("y", dist.Normal(a, 1.0), obs=y.float())

    found = [line(s) for s in jb.from_pyro(narrow).spec.statements]
    assert found[0] == "a ~ Normal(loc=0.1, scale=0.3)"
    assert found[1] == "b ~ Categorical(probs=[0.1, 0.9])"


def test_one_value_is_shared_not_repeated():
    """A chain in which each step reads the last one twice, and none is as the other."""

    def chain():
        mu = pyro.sample("mu", dist.Normal(0.0, 1.0))
        for t in range(60):
            mu = torch.tanh(mu) * mu if t % 2 else torch.sigmoid(mu) * mu
        pyro.sample("y", dist.Normal(mu, 1.0))

    joint = jb.from_pyro(chain)
    assert sum(isinstance(s, Let) for s in joint.spec.statements) >= 59


# -- nothing is changed -------------------------------------------------------


def state():
    store = pyro.get_param_store()
    return (
        torch.get_rng_state().tolist(),
        np.random.get_state()[1].tolist(),  # noqa: NPY002
        torch.get_default_dtype(),
        list(COERCIONS),
        {n: x.tolist() for n, x in store.items()},
    )


def drawing_and_learning():
    a = pyro.param("a", torch.tensor(1.5))
    pyro.sample("mu", dist.Gamma(a, 1.0))


def branching():
    if pyro.sample("mu", dist.Normal(pyro.param("b", torch.tensor(1.0)), 1.0)) > 0:
        raise AssertionError


@pytest.mark.parametrize("model", [drawing_and_learning, branching])
def test_nothing_is_changed(model):
    before = state()
    try:
        jb.from_pyro(model)
    except ReadError:
        assert model is branching
    assert state() == before


def test_parameters_that_were_learnt_are_kept():
    store = pyro.get_param_store()
    with store.scope():
        pyro.param("a", torch.tensor(2.25))
        joint = jb.from_pyro(drawing_and_learning)
        assert line(joint.spec.statements[0]) == "param a = 2.25 in real"
        assert store["a"].item() == 2.25
