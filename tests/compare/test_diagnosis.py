"""Broken ports: the mistake that was made is the first cause that is named."""

import pytest

import jointbridge as jb
from tests.porting.broken.ports import PORTS

#: Ports whose cause is not named first; what is named is told beside.
MISSED: dict[str, str] = {}


def first(port, **more):
    report = jb.compare(port.original, port.port, kwargs=port.data, **more)
    assert not report.passed
    return report.findings[0]


@pytest.mark.parametrize("name", [n for n in PORTS if n not in MISSED])
def test_the_mistake_is_named_first(name):
    port = PORTS[name]
    found = first(port)
    assert (found.confusion, found.site) == (port.cause, port.site), str(found)


@pytest.mark.parametrize("name", MISSED)
def test_what_is_missed_is_still_missed(name):
    assert first(PORTS[name]).confusion == MISSED[name]


def test_nine_of_ten_are_named():
    assert len(PORTS) >= 30
    assert len(PORTS) - len(MISSED) >= 0.9 * len(PORTS)


SAME = {port.original: port.data for port in PORTS.values()}


@pytest.mark.parametrize("model", SAME, ids=lambda m: m.__name__)
def test_nothing_is_found_where_nothing_is_wrong(model):
    report = jb.compare(model, model, kwargs=SAME[model])
    assert report.passed, str(report)
    assert report.findings == ()
