"""A matrix as a page and as JUnit: nothing lost, nothing that its texts could break."""

import json
import math
import re
from xml.etree import ElementTree

import pytest

from jointbridge.conformance.finding import VERDICTS
from jointbridge.conformance.matrix import Matrix
from jointbridge.conformance.report import junit, page
from jointbridge.conformance.report.signs import GLYPHS, brief
from tests.conformance.matrices import FINDINGS, HOSTILE, KNOWN, MATRIX

_DATA = re.compile(
    r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL
)


@pytest.fixture(scope="module")
def html():
    return page(MATRIX, KNOWN)


@pytest.fixture(scope="module")
def data(html):
    return json.loads(_DATA.search(html)[1])


def test_every_verdict_has_its_sign():
    assert set(GLYPHS) == set(VERDICTS)
    assert len(set(GLYPHS.values())) == len(GLYPHS)


@pytest.mark.parametrize(
    ("ulps", "text"),
    [
        pytest.param(0.0, "0.0", id="none"),
        pytest.param(0.01, "<0.1", id="hardly any"),
        pytest.param(0.5, "0.5", id="half"),
        pytest.param(146.2, "146", id="some"),
        pytest.param(4.5e7, "4e7", id="many"),
        pytest.param(3e10, "3e10", id="very many"),
        pytest.param(math.inf, "∞", id="no number"),
        pytest.param(math.nan, "nan", id="nan"),
    ],
)
def test_ulps_are_brief(ulps, text):
    assert brief(ulps) == text


def test_page_has_every_finding(data):
    assert [(f["backend"], f["check"], f["verdict"]) for f in data["findings"]] == [
        (f.backend, f.check, f.verdict) for f in FINDINGS
    ]
    assert data["findings"][2]["error"] == "inf"
    assert data["divergences"]["pyro-example"]["right"] == "numpyro"
    assert [c["level"] for c in data["checks"]] == [2, 2, 2, 7]


def test_grids_stand_once(data):
    first, second = data["findings"][:2]
    assert first["grid"] == second["grid"]
    assert data["grids"] == [[0.5, 2.0]]
    assert first["curve"] == [0.5, 0.25]


def test_faults_have_scripts_and_others_none(data):
    for f in data["findings"]:
        assert ("script" in f) == VERDICTS[f["verdict"]].fault
    for text in data["scripts"]:
        compile(text, "script", "exec")


def test_texts_cannot_leave_the_data(html, data):
    assert "<script>alert" not in html
    assert "\u202e" not in html
    assert html.count("</script>") == 2
    assert data["findings"][2]["detail"].startswith("</script><script>alert(1)")
    assert "innerHTML" not in html
    assert HOSTILE not in html


def test_page_fetches_nothing(html):
    assert not re.search(r"<(link|img|iframe)\b|\bsrc=|url\(|@import|fetch\(", html)
    assert "default-src 'none'" in html


def test_page_says_versions_counts_and_run(html):
    for text in ("pyro-ppl&nbsp;1.9.2", "seed 7", "quick profile", "2026-01-02"):
        assert text in html
    assert 'data-backend="pyro" data-verdict="accuracy loss">1<' in html
    assert "1 of 3 faults are in no registry" in html
    assert "old-row" in html


def test_junit_has_every_finding_and_stale_row():
    suites = ElementTree.fromstring(junit(MATRIX))
    cases = suites.findall("./testsuite/testcase")
    assert len(cases) == len(FINDINGS) + len(MATRIX.stale)
    failed = [c.get("classname") for c in cases if c.find("failure") is not None]
    assert failed == ["tfp.Gamma", "registry"]
    assert sum(c.find("skipped") is not None for c in cases) == 2
    known = [
        c.findtext("system-out") for c in cases if c.find("system-out") is not None
    ]
    assert any("pyro-example" in text for text in known)
    script = suites.find(".//failure").text
    compile(script, "script", "exec")


def test_json_goes_round():
    again = Matrix.from_json(json.loads(json.dumps(MATRIX.to_json(), allow_nan=False)))
    assert again.to_json() == MATRIX.to_json()
    assert page(again, KNOWN) == page(MATRIX, KNOWN)
