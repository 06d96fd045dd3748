"""Broken ports: the mistake that was made is the first cause that is named."""

import pytest

import jointbridge as jb
from jointbridge.backends.recognition import recognise
from tests.porting.broken.ports import PORTS


def first(port, **more):
    report = jb.compare(port.original, port.port, kwargs=port.data, **more)
    assert not report.passed
    return report.findings[0]


@pytest.mark.parametrize("name", PORTS)
def test_the_mistake_is_named_first(name):
    port = PORTS[name]
    found = first(port)
    assert (found.confusion, found.site) == (port.cause, port.site), str(found)


def test_there_are_enough_and_of_all_kinds():
    assert len(PORTS) >= 30
    across = [p for p in PORTS.values() if recognise(p.original) != recognise(p.port)]
    assert len(across) >= 10


SAME = {port.original: port.data for port in PORTS.values()}


@pytest.mark.parametrize("model", SAME, ids=lambda m: m.__name__)
def test_nothing_is_found_where_nothing_is_wrong(model):
    report = jb.compare(model, model, kwargs=SAME[model])
    assert report.passed, str(report)
    assert report.findings == ()
