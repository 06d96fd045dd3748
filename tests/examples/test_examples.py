"""The shipped examples: what their models say, the same on every backend."""

import pytest

import jointbridge as jb
from jointbridge import backends
from tests.examples.authored import MODELS, authored
from tests.examples.write import FOLDER, path

#: Why an example cannot be drawn forward; the others can.
WHY_NOT_SAMPLABLE = {
    "rat-tumors": "site 'alpha' is improper",
    "ordered-logit": "site 'cutpoints' is improper",
    "garch11": "site 'mu' is improper",
    "hidden-markov": "site 'mu' is improper",
    "change-point": "factor 'likelihood' adds to the density",
    "capture-recapture": "factor 'histories' adds to the density",
    "weibull-survival": "factor 'likelihood' adds to the density",
}

#: They take long to compile, and are checked with the slow tests.
LONG = {
    *("dynamic-occupancy", "hidden-markov-states", "varying-slopes", "rat-tumors"),
    *("item-response", "hidden-markov", "gaussian-mixture", "gaussian-process"),
    "latent-dirichlet-allocation",
}

each_example = pytest.mark.parametrize("name", MODELS)


def test_every_file_has_a_model():
    assert set(FOLDER.glob("*.jb.json")) == {path(name) for name in MODELS}


def test_every_reason_has_a_model():
    assert set(WHY_NOT_SAMPLABLE) <= set(MODELS)


@each_example
def test_file_is_what_the_model_says(name):
    written = path(name).read_text(encoding="utf-8")
    assert written == authored(name).dumps(), "python -m tests.examples.write"


@each_example
def test_file_has_no_problems(name):
    assert jb.validate(path(name)) == []


@each_example
def test_file_comes_back(name):
    joint = jb.load(path(name))
    assert joint == authored(name)
    assert jb.loads(joint.dumps()) == joint


@each_example
def test_description_says_where_the_data_are_from(name):
    spec = jb.load(path(name)).spec
    words = ("data typed in", "data simulated with numpy.random.default_rng", "no data")
    assert any(word in spec.description.lower() for word in words)
    assert ("no data" in spec.description.lower()) == (not spec.data)


@each_example
def test_samplable_or_the_reason_why_not(name):
    reason = jb.load(path(name)).why_not_samplable
    expected = WHY_NOT_SAMPLABLE.get(name)
    assert (reason is None) == (expected is None)
    assert expected is None or expected in reason


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.slow) if n in LONG else n for n in MODELS],
)
def test_every_backend_agrees(name):
    report = jb.check(jb.load(path(name)), draws=0, points=2)
    assert set(report.backends) == set(backends.names()) - {report.reference}
    worst = report.worst()[0]
    assert report.passed, f"{report}\n\n{report.script(worst)}"
