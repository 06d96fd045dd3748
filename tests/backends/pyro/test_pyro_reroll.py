"""Loops of users' Pyro models, and of our own, are read as recurrences."""

import re
from importlib.resources import files

import numpy as np
import pyro
import pyro.distributions as dist
import pytest
import torch
from pyro import poutine
from pyro_lines import line, of_the_model
from pyro_loops import LOOPS, NO_LOOPS, walk, y

import jointbridge as jb
from jointbridge.normal_form import normal
from jointbridge.spec import Scan
from tests.porting.native import LIBRARIES
from tests.porting.scoring import points, values
from tests.porting.written import open_written

EXAMPLES = {
    path.name.removesuffix(".jb.json"): path
    for path in files("jointbridge.examples").iterdir()
    if path.name.endswith(".jb.json")
}


@pytest.fixture(autouse=True)
def wide_floats():
    """Models are run in float64, as a user sets it at the top of a script."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def scans(joint):
    return sum(isinstance(s, Scan) for s in joint.spec.statements)


def lines(joint):
    return [text for s in joint.spec.statements for text in line(s).split("\n")]


@pytest.mark.parametrize("name", LOOPS)
def test_what_is_read(name):
    model, args, expected = LOOPS[name]
    assert lines(jb.from_pyro(model, *args)) == expected


def sites_of(model, args):
    """The names of Pyro's sites, in order."""
    return list(poutine.trace(model).get_trace(*args).nodes)


def by_step(at, sites):
    """Values under the names of Pyro's sites."""
    found = {}
    for name, value in at.items():
        own = [n for n in sites if re.fullmatch(rf"{name}[_\[]\d+\]?", n)]
        if own:  # the first steps may be sites of their own
            found |= dict(zip(own[-len(value) :], value, strict=True))
        else:
            found[name] = value
    return found


@pytest.mark.parametrize("name", LOOPS)
def test_it_scores_as_the_model(name):
    model, args, _ = LOOPS[name]
    compiled = jb.from_pyro(model, *args).compile("pyro")
    sites = sites_of(model, args)
    for free in points(compiled, {}):
        at = values(compiled, free)
        theirs = by_step(at, sites)
        expected, gradients = of_the_model(model, args, {}, theirs)
        found, own = compiled.value_and_grad(at)
        assert float(found) == pytest.approx(expected, rel=1e-10, abs=1e-10)
        for site, gradient in by_step(own, sites).items():
            wanted = gradients[site].numpy()
            np.testing.assert_allclose(gradient, wanted, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("model", NO_LOOPS, ids=lambda m: m.__name__)
def test_what_is_no_recurrence_stays(model):
    joint = jb.from_pyro(model, y)
    assert not scans(joint)


def test_a_note_says_what_the_steps_were_called():
    notes = [str(n) for n in jb.from_pyro(walk, y).reading.notes]
    assert "named x: 'x_0' to 'x_6' are the 7 steps of 'x'" in notes


@pytest.mark.parametrize("name", EXAMPLES)
def test_our_own_models_come_back(name):
    joint = jb.load(str(EXAMPLES[name]))
    again = jb.from_pyro(joint.native("pyro", dtype="float64").model())
    assert normal(joint.spec) == normal(again.spec)
    assert scans(again) == scans(joint)


@pytest.mark.parametrize(
    "name", ["ar1", "dynamic-occupancy", "hidden-markov-states", "nile"]
)
def test_written_loops_come_back(name, tmp_path):
    joint = jb.load(str(EXAMPLES[name]))
    written = open_written(LIBRARIES["pyro"], joint, joint.to_source("pyro"), tmp_path)
    again = jb.from_pyro(written.model, *written.args, **written.kwargs)
    assert normal(again.spec) == normal(joint.spec)


def test_narrow_numbers_are_noted():
    def narrow():
        pyro.sample("a", dist.Normal(torch.tensor(0.1, dtype=torch.float32), 1.0))

    notes = [n for n in jb.from_pyro(narrow).reading.notes if n.kind == "folded"]
    assert [n.text for n in notes] == [
        "a float32 is read as the shortest decimal that it is, as 0.1"
    ]
