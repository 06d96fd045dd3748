"""Factors of arrays and axes of one entry, in every language."""

import json

import numpy as np
import pytest

import jointbridge as jb
from tests.porting.native import LIBRARIES
from tests.porting.written import open_written

VALUES = {
    "a sum": "x * m + m",
    "a product": "2.0 * square(x - m)",
    "a call": "square(x - m)",
    "a matrix": "x[:, None] * x + m",
    "a number": "-m * m",
}


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_factor_scores_like_the_joint(library, value, tmp_path):
    joint = jb.loads(json.dumps({
        "jointbridge": "1.0",
        "data": {"x": [0.2, 0.5, -1.0]},
        "sites": [
            {"sample": "m", "dist": "Normal(loc=0.0, scale=1.0)"},
            {"factor": "f", "value": value},
        ],
    }))  # fmt: skip
    expected = float(joint.log_prob({"m": 0.75}))
    with library.float64():
        opened = open_written(library, joint, joint.to_source(library.name), tmp_path)
        compiled = joint.compile(library.name)
        m = compiled.program.arrays.array(0.75, "float")
        assert float(library.density(opened, {"m": m})) == pytest.approx(expected)


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
@pytest.mark.parametrize("shape", [(1,), (1, 3), (2, 1)], ids=str)
def test_axes_of_one_entry_are_kept(library, shape, tmp_path):
    joint = jb.loads(json.dumps({
        "jointbridge": "1.0",
        "data": {"x": [0.2, 0.5, -1.0]},
        "sites": [
            {"sample": "m", "dist": "Normal(loc=0.0)", "shape": shape},
            {"factor": "f", "value": "sum(m) * x"},
        ],
    }))  # fmt: skip
    point = np.linspace(-0.5, 0.75, np.prod(shape)).reshape(shape)
    expected = float(joint.log_prob({"m": point}))
    with library.float64():
        opened = open_written(library, joint, joint.to_source(library.name), tmp_path)
        m = joint.compile(library.name).program.arrays.array(point, "float")
        assert float(library.density(opened, {"m": m})) == pytest.approx(expected)
