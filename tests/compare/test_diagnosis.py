"""Broken ports: the mistake that was made is the first cause that is named."""

import pyro
import pyro.distributions as dist
import pytest
import torch

import jointbridge as jb
from jointbridge.backends.recognition import recognise
from jointbridge.comparison.boxes import read_spec
from tests.porting.broken.holdout import HOLDOUT
from tests.porting.broken.ports import PORTS


def first(port, **more):
    report = jb.compare(port.original, port.port, kwargs=port.data, **more)
    assert not report.passed
    return report.findings[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", PORTS)
def test_the_mistake_is_named_first(name):
    port = PORTS[name]
    found = first(port)
    assert (found.confusion, found.site) == (port.cause, port.site), str(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOLDOUT)
def test_the_mistake_in_a_whole_model_is_named_first(name):
    port = HOLDOUT[name]
    found = first(port)
    assert (found.confusion, found.site) == (port.cause, port.site), str(found)


def test_there_are_enough_and_of_all_kinds():
    assert len(PORTS) >= 30
    across = [p for p in PORTS.values() if recognise(p.original) != recognise(p.port)]
    assert len(across) >= 10


SAME = {p.original: p.data for p in (*PORTS.values(), *HOLDOUT.values())}


@pytest.mark.slow
@pytest.mark.parametrize("model", SAME, ids=lambda m: m.__name__)
def test_nothing_is_found_where_nothing_is_wrong(model):
    report = jb.compare(model, model, kwargs=SAME[model])
    assert report.passed, str(report)
    assert report.findings == ()


def branching(y):
    a = pyro.sample("a", dist.Normal(0.0, 1.0))
    b = pyro.sample("b", dist.Normal(0.0, 1.0))
    loc = a * torch.exp(b) if a.item() > 0 else a
    pyro.sample("y", dist.Normal(loc, 1.0), obs=y)


def without_the_exponential(y):
    a = pyro.sample("a", dist.Normal(0.0, 1.0))
    b = pyro.sample("b", dist.Normal(0.0, 1.0))
    loc = a * b if a.item() > 0 else a
    pyro.sample("y", dist.Normal(loc, 1.0), obs=y)


def test_models_that_cannot_be_read_are_compared_all_the_same():
    data = {"y": 0.3 * torch.ones(())}
    assert read_spec(branching, (), data) is None
    report = jb.compare(branching, without_the_exponential, kwargs=data, points=8)
    assert [(f.site, f.confusion) for f in report.findings] == [
        ("y", "other parameter")
    ]
