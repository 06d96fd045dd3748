"""The instrument itself: it sees what is right, and what is a little wrong."""

import numpy as np
import pytest

import jointbridge as jb
from tests.porting import score
from tests.porting.corpus.cases import cases
from tests.porting.native import LIBRARIES
from tests.porting.score import Reading, caught

#: One model that stands in every library's corpus, under another name.
NAMES = {
    "numpyro": {"prob": "m", "shape": "kappa", "players": "phi", "hits": "hits"},
    "pyro": {"prob": "m", "shape": "kappa", "players": "phi", "hits": "obs"},
}
CASE = {"numpyro": "baseball", "pyro": "partially-pooled"}


@jb.model
def baseball(at_bats, hits, names, scale=1.0, alpha=1.5, extra=False):
    m = jb.sample(names["prob"], jb.Uniform(0.0, 1.0))
    kappa = jb.sample(names["shape"], jb.Pareto(scale, alpha))
    if extra:
        jb.sample("extra", jb.Normal(0.0, 1.0))
    with jb.plate("num_players", 9):
        phi = jb.sample(names["players"], jb.Beta(m * kappa, (1 - m) * kappa))
        if hits is None:
            jb.sample(names["hits"], jb.Binomial(at_bats, probs=phi))
        else:
            jb.sample(names["hits"], jb.Binomial(at_bats, probs=phi), obs=hits)


def outcome(monkeypatch, library, **change):
    (case,) = (c for c in cases(library) if c.name == CASE[library])
    at_bats, hits = (np.asarray(x).astype(int) for x in case.args)
    given = {"hits": hits, "names": NAMES[library], **change}
    joint = baseball(at_bats, **given)
    monkeypatch.setattr(score.jb, f"from_{library}", lambda *_: joint, raising=False)
    return caught(Reading(case, LIBRARIES[library]).read)


each_library = pytest.mark.parametrize("library", CASE)


@each_library
def test_the_same_model_is_exact(monkeypatch, library):
    found = outcome(monkeypatch, library)
    assert found.kind == "exact", found.message


@each_library
@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"alpha": 1.5 + 1e-8}, id="a parameter is a little off"),
        pytest.param({"hits": np.full(9, 12)}, id="other data"),
        pytest.param({"scale": 0.5}, id="another support"),
    ],
)
def test_another_model_is_wrong(monkeypatch, library, change):
    assert outcome(monkeypatch, library, **change).kind == "wrong"


@each_library
@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"extra": True}, id="a site too many"),
        pytest.param({"hits": None}, id="data that became a site"),
    ],
)
def test_other_sites_are_never_exact(monkeypatch, library, change):
    assert outcome(monkeypatch, library, **change).kind in ("wrong", "crashed")


def test_a_refusal_is_an_outcome(monkeypatch):
    def refuse(*_):
        raise jb.UnsupportedError("no", code="loop")

    (case,) = (c for c in cases("numpyro") if c.name == "while-loop")
    monkeypatch.setattr(score.jb, "from_numpyro", refuse, raising=False)
    found = caught(Reading(case, LIBRARIES["numpyro"]).read)
    assert (found.kind, found.code) == ("refused", "loop")


def test_a_fault_is_no_refusal(monkeypatch):
    def fail(*_):
        raise jb.SpecError("a spec that is not valid")

    case = cases("numpyro")[0]
    monkeypatch.setattr(score.jb, "from_numpyro", fail, raising=False)
    assert caught(Reading(case, LIBRARIES["numpyro"]).read).kind == "crashed"
