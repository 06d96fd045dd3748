"""Two models of any library: what is matched, compared and said."""

import json
from xml.etree import ElementTree

import numpy as np
import numpyro
import numpyro.distributions as dist
import pyro
import pyro.distributions as pdist
import pytest
import torch

import jointbridge as jb
from jointbridge.backends.recognition import is_ours, recognise
from jointbridge.backends.tfp.library import tfd
from jointbridge.errors import JointBridgeError

X = np.array([-1.0, 0.5, 2.0, 0.0])
Y = np.array([0.1, 1.2, 2.4, -0.3])
DATA = {"x": X, "y": Y}


@jb.model
def of_jointbridge(x, y):
    x = jb.data("x", x)
    b = jb.sample("b", jb.Normal(0.0, 0.1))
    s = jb.sample("s", jb.HalfCauchy(0.7))
    with jb.plate("obs", 4):
        jb.sample("y", jb.Normal(b * x, s), obs=y)


def of_numpyro(x, y=None):
    b = numpyro.sample("b", dist.Normal(0.0, 0.1))
    s = numpyro.sample("s", dist.HalfCauchy(0.7))
    with numpyro.plate("obs", len(x)):
        numpyro.sample("y", dist.Normal(b * x, s), obs=y)


def of_pyro(x, y=None):
    b = pyro.sample("b", pdist.Normal(0.0, 0.1))
    s = pyro.sample("s", pdist.HalfCauchy(0.7))
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.Normal(b * x, s), obs=y)


def of_tfp(x):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "b": tfd.Normal(0.0, 0.1),
            "s": tfd.HalfCauchy(0.0, 0.7),
            "y": lambda b, s: tfd.Normal(b * x, s),
        }
    )


def sequential():
    return tfd.JointDistributionSequentialAutoBatched(
        [
            tfd.Normal(0.0, 0.1, name="b"),
            tfd.HalfCauchy(0.0, 0.7, name="s"),
            lambda s, b: tfd.Normal(b * X, s, name="y"),
        ]
    )


@tfd.JointDistributionCoroutineAutoBatched
def coroutine():
    b = yield tfd.Normal(0.0, 0.1, name="b")
    s = yield tfd.HalfCauchy(0.0, 0.7, name="s")
    yield tfd.Normal(b * X, s, name="y")


MODELS = {
    "joint": of_jointbridge(X, Y),
    "model of jointbridge": of_jointbridge,
    "NumPyro": of_numpyro,
    "Pyro": of_pyro,
    "TFP, function": of_tfp,
    "TFP, sequential": sequential(),
    "TFP, coroutine": coroutine,
    "TFP, pinned": of_tfp(X).experimental_pin(y=Y),
}


@pytest.mark.parametrize("second", MODELS)
@pytest.mark.parametrize("first", ["joint", "NumPyro", "Pyro", "TFP, pinned"])
def test_the_same_model_in_two_libraries(first, second):
    report = jb.compare(MODELS[first], MODELS[second], kwargs=DATA)
    assert report.passed, str(report)
    assert report.findings == ()
    assert {c.site for c in report.select(check="log density")} == {
        *("b", "s", "y"),
        "total",
    }
    assert {c.site for c in report.select(check="gradient")} >= {"b", "s"}


def test_no_state_is_changed():
    before = torch.get_default_dtype(), torch.random.get_rng_state().tolist()
    pyro.get_param_store().clear()
    jb.compare(of_numpyro, of_pyro, kwargs=DATA)
    assert (torch.get_default_dtype(), torch.random.get_rng_state().tolist()) == before
    assert not list(pyro.get_param_store().keys())


RECOGNISED = {
    "NumPyro": (of_numpyro, "numpyro"),
    "Pyro": (of_pyro, "pyro"),
    "a function that makes one of TFP": (of_tfp, "tfp"),
    "TFP": (coroutine, "tfp"),
    "none": (len, None),
}


@pytest.mark.parametrize(("model", "name"), RECOGNISED.values(), ids=RECOGNISED)
def test_a_library_is_recognised(model, name):
    assert recognise(model) == name


def test_models_of_two_libraries_are_refused():
    def both():
        of_numpyro(X)
        of_pyro(X)

    with pytest.raises(JointBridgeError, match="several libraries"):
        recognise(both)
    assert is_ours(of_jointbridge)


# -- names --------------------------------------------------------------------


def renamed(x, y=None):
    slope = pyro.sample("slope", pdist.Normal(0.0, 0.1))
    noise = pyro.sample("noise", pdist.HalfCauchy(0.7))
    with pyro.plate("obs", len(x)):
        pyro.sample("likelihood", pdist.Normal(slope * x, noise), obs=y)


GUESSED = {"b": "slope", "s": "noise", "y": "likelihood"}


def test_names_are_guessed_by_what_the_sites_say():
    report = jb.compare(of_numpyro, renamed, kwargs=DATA)
    assert report.passed, str(report)
    assert dict(report.names) == GUESSED
    assert any("'b' in A is taken for 'slope' in B" in note for note in report.notes)


def test_names_that_are_given_are_no_guess():
    report = jb.compare(of_numpyro, renamed, kwargs=DATA, names=GUESSED)
    assert report.passed
    assert report.notes == ()


def test_names_must_exist():
    with pytest.raises(JointBridgeError, match="no site 'beta'"):
        jb.compare(of_numpyro, renamed, kwargs=DATA, names={"beta": "slope"})


# -- what differs -------------------------------------------------------------


def whole_line(x, y=None):
    b = pyro.sample("b", pdist.Normal(0.0, 0.1))
    s = pyro.sample("s", pdist.Cauchy(0.0, 0.7)).abs()
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.Normal(b * x, s), obs=y)


def test_a_support_that_differs_is_said():
    report = jb.compare(of_numpyro, whole_line, kwargs=DATA)
    assert report.cell("s", "support").verdict == "differs"
    assert report.findings[0].confusion == "half distribution"


def detached(x, y=None):
    b = pyro.sample("b", pdist.Normal(0.0, 0.1))
    s = pyro.sample("s", pdist.HalfCauchy(0.7))
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.Normal(b * x, s.detach()), obs=y)


def test_a_gradient_alone_that_differs_is_said():
    report = jb.compare(of_numpyro, detached, kwargs=DATA)
    assert report.cell("total", "log density").verdict == "agree"
    assert report.findings[0].confusion == "detached gradient"


def raises(x, y=None):
    pyro.sample("b", pdist.Normal(0.0, 0.1))
    raise RuntimeError("no such thing")


def test_a_model_that_raises_says_where():
    with pytest.raises(JointBridgeError, match=r"no such thing .*\.py:\d+\)"):
        jb.compare(of_numpyro, raises, kwargs=DATA)


def test_what_is_no_model_is_refused():
    with pytest.raises(JointBridgeError, match="cannot tell which library"):
        jb.compare(of_numpyro, len, kwargs=DATA)


def test_reports_say_the_same():
    report = jb.compare(of_numpyro, whole_line, kwargs=DATA)
    record = json.loads(report.to_json())
    assert record["passed"] is False
    assert record["findings"][0]["site"] == "s"
    page = report.to_html()
    assert "Likely causes" in page
    assert "jointbridge compare" in page
    assert (
        "jointbridge compare"
        in ElementTree.fromstring(report.to_junit()).attrib["name"]
    )
    assert "likely cause: s:" in str(report)
