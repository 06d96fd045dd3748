"""What a written file looks like."""

import numpy as np
import pytest

from jointbridge.document import digest, dumps, loads, validate
from jointbridge.spec import Data, Spec

EIGHT_SCHOOLS = """\
{
  "jointbridge": "1.0",
  "name": "eight_schools",
  "plates": {"school": 8},
  "data": {
    "sigma": [15, 10, 16, 11, 9, 11, 10, 18],
    "y_obs": [28, 8, -3, 7, -1, 1, 18, 12]
  },
  "sites": [
    {"sample": "mu", "dist": "Normal(loc=0, scale=5)"},
    {"sample": "tau", "dist": "HalfCauchy(scale=5)"},
    {"sample": "theta", "dist": "Normal(loc=mu, scale=tau)", "plates": ["school"]},
    {"sample": "y", "dist": "Normal(loc=theta, scale=sigma)", "plates": ["school"], "observed": "y_obs"}
  ]
}
"""

RECURRENCE = """\
{
  "jointbridge": "1.0",
  "name": "β 😀",
  "description": "\\u202e \\u001b[31m \\n é",
  "data": {"y": [1.0, 1e+22, -0.0]},
  "sites": [
    {
      "scan": "ar",
      "carry": {"before": 0.0},
      "over": {"now": "y"},
      "body": [
        {"let": "mean", "value": "0.5 * before"},
        {"let": "a longer name", "value": "0.25 * before + 0.25 * now"}
      ],
      "next": {"before": "now"},
      "collect": {"means": "mean"}
    }
  ],
  "x-note": ["kept"]
}
"""


def test_the_canonical_form():
    assert dumps(loads(EIGHT_SCHOOLS)) == EIGHT_SCHOOLS


def test_what_cannot_be_seen_is_escaped():
    assert dumps(loads(RECURRENCE)) == RECURRENCE


def test_any_layout_is_read_and_one_is_written():
    loose = EIGHT_SCHOOLS.replace("\n", " ").replace("(loc=0, scale=5)", "( 0,5 )")
    assert dumps(loads(loose)) == EIGHT_SCHOOLS


SHAPES = {
    "short": ([1, 2], '  "data": {"x": [1, 2]},'),
    "matrix": (np.eye(2), '  "data": {"x": [[1.0, 0.0], [0.0, 1.0]]},'),
    "long": (
        range(95),
        "      80, 81, 82, 83, 84, 85, 86, 87, 88, 89,\n      90, 91, 92, 93, 94\n    ]",
    ),
    "tall": (
        np.zeros((90, 2)),
        '    "x": [\n      [0.0, 0.0],\n      [0.0, 0.0],\n',
    ),
    "empty": (
        np.zeros((0, 3)),
        '  "data": {"x": {"values": [], "kind": "float", "shape": [0, 3]}},',
    ),
    "nan": (
        [np.nan],
        '{"x": {"values": ["nan"], "kind": "float", "allow_nonfinite": true}},',
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_arrays_are_laid_out_for_diffs(name):
    values, fragment = SHAPES[name]
    assert fragment in dumps(Spec((), data=(Data.of("x", np.array(values)),)))


def test_one_change_changes_one_line():
    values = np.arange(300)
    before = dumps(Spec((), data=(Data.of("x", values),)))
    values[150] = 10**6
    after = dumps(Spec((), data=(Data.of("x", values),)))
    lines = zip(before.splitlines(), after.splitlines(), strict=True)
    assert sum(one != other for one, other in lines) == 1


# -- fingerprints -------------------------------------------------------------


SAME = {
    "a description": ('"plates": {', '"description": "words", "plates": {'),
    "an extension": ('"plates": {', '"x-note": 1, "plates": {'),
    "spaces": ("loc=0, scale=5", "0,5"),
}
DIFFERENT = {
    "a name": ("tau", "omega"),
    "the name of the joint": ("eight_schools", "8"),
    "a number": ("scale=5", "scale=5.0"),
    "a value": ("28", "29"),
    "a kind": ("28,", "28.0,"),
    "a hint": ('"mu",', '"mu", "hints": {"a": 1},'),
}


def edited(old, new):
    assert old in EIGHT_SCHOOLS
    return digest(loads(EIGHT_SCHOOLS.replace(old, new)))


@pytest.mark.parametrize("name", SAME)
def test_the_digest_ignores_words(name):
    assert edited(*SAME[name]) == digest(loads(EIGHT_SCHOOLS))


@pytest.mark.parametrize("name", DIFFERENT)
def test_the_digest_sees_meaning(name):
    assert edited(*DIFFERENT[name]) != digest(loads(EIGHT_SCHOOLS))


def test_the_digest_sees_large_arrays():
    large = np.zeros(5000)
    one = digest(Spec((), data=(Data.of("x", large),)))
    large[4999] = 1
    assert digest(Spec((), data=(Data.of("x", large),))) != one


def test_the_digest_ignores_the_order_of_data():
    spec = loads(EIGHT_SCHOOLS)
    turned = Spec(spec.statements, spec.name, spec.plates, spec.data[::-1])
    assert digest(turned) == digest(spec)


MISTAKES = """{"jointbridge": "1.0", "plates": {"n": 3, "k": -1},
 "data": {"y": [1, 2, 3.5], "z": [[1], [2, 3]]},
 "sites": [
  {"sample": "mu", "dist": "normal(0, 1)"},
  {"sample": "s", "dist": "HalfNormal(sd)"},
  {"sample": "t", "dist": "Normal(mu[0] + z, s)", "plates": ["k"]},
  {"sample": "y2", "dist": "Normal(mu2, s)", "plate": 3},
  {"sample": "w", "dist": "Normal(y, 1)"},
  {"deterministic": "q", "value": "y2[0] + t"}
 ]}"""


def test_every_mistake_and_nothing_that_follows_from_one():
    """What could be read is examined; what rests on a mistake is left alone."""
    found = [(p.code, p.path) for p in validate(MISTAKES)]
    assert found == [
        ("structure", "$.plates.k"),
        ("data", "$.data.z"),
        ("unknown-family", "$.sites[0].dist"),
        ("unknown-field", "$.sites[3].plate"),
        ("unknown-name", "$.sites[1] (s)"),
        ("shape", "$.sites[4] (w)"),
    ]
