"""A recurrence written out step by step is the same as one said as a whole."""

import runpy

import numpy as np
import pytest

import jointbridge as jb
from jointbridge.cli.source import example
from jointbridge.comparison import compare


@pytest.fixture(scope="module")
def nile(tmp_path_factory):
    """An example, and its port to loops: a function and its data."""
    joint = jb.loads(example("nile").decode())
    path = tmp_path_factory.mktemp("ports") / "nile.py"
    path.write_text(joint.to_source("pyro"))
    port = runpy.run_path(str(path))
    return joint, port["nile"], port["DATA"]


def test_the_same(nile):
    joint, port, data = nile
    report = compare(joint, port, kwargs=data)
    assert report.passed, report.findings
    assert {"level", "flow"} <= {cell.site for cell in report.cells}


def test_other_data(nile):
    joint, port, data = nile
    other = {"flow_data": np.asarray(data["flow_data"]) + 1.0}
    report = compare(
        joint.bind(**data),
        lambda flow_data: port(**other),
        kwargs=data,
        languages=(None, "pyro"),
    )
    assert not report.passed
    assert report.findings[0].site == "flow"
