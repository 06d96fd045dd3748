"""From one spec to another."""

import numpy as np
import pytest

import jointbridge as jb
from jointbridge.spec import Plate

TEXT = """{
  "jointbridge": "1.0",
  "name": "line",
  "plates": {"n": {"of": "x", "axis": 0}},
  "data": {"x": [0.5, 1.5, 2.5], "y_seen": [1.0, 2.0, 2.5]},
  "sites": [
    {"sample": "a", "dist": "Normal(0, 5)"},
    {"sample": "s", "dist": "HalfNormal(1)"},
    {"let": "m", "value": "a * x"},
    {"sample": "y", "dist": "Normal(m, s)", "plates": ["n"], "observed": "y_seen"},
    {"deterministic": "twice", "value": "2 * a"}
  ]
}"""


@pytest.fixture
def line():
    return jb.loads(TEXT)


def test_bind_follows_sizes(line):
    longer = line.bind(x=[1.0, 2, 3, 4], y_seen=[1.0, 2, 3, 4])
    assert longer.spec.plates == (Plate("n", 4, ("x", 0)),)
    assert longer.shapes()["y"].shape == (4,)
    assert line.shapes()["y"].shape == (3,)


@pytest.mark.parametrize(
    ("data", "words"),
    {
        "unknown": ({"xx": [1.0]}, "no data 'xx'"),
        "rank": ({"x": 1.0}, "is declared as float[3]"),
    }.values(),
    ids=["unknown", "rank"],
)
def test_bind_refuses(line, data, words):
    with pytest.raises(jb.SpecError) as caught:
        line.bind(**data)
    assert words in str(caught.value)


def test_condition_moves_a_site_to_the_data(line):
    fixed = line.condition(s=0.5)
    values = {"a": np.array([0.1, 0.2])}
    free = {**values, "s": np.array([0.5, 0.5])}
    np.testing.assert_array_equal(fixed.log_prob(values), line.log_prob(free))
    with pytest.raises(jb.SpecError, match="did you mean"):
        line.condition(S=0.5)


def test_rename_reaches_every_use(line):
    mapping = {"a": "slope", "s": "noise", "y_seen": "seen", "n": "row", "m": "mean"}
    other = line.rename(mapping)
    assert other != line
    assert other.rename({new: old for old, new in mapping.items()}) == line
    values = {"a": 0.3, "s": 0.7}
    renamed = {mapping[n]: x for n, x in values.items()}
    np.testing.assert_array_equal(other.log_prob(renamed), line.log_prob(values))


def test_digest_is_of_the_meaning(line):
    assert line.digest() == jb.loads(line.dumps()).digest()
    assert line.digest() != line.rename({"a": "b"}).digest()
