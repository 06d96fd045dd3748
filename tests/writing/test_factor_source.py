"""Factors whose value is an array, in every language: what is added is its sum."""

import json

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
