"""What a report says, and that its page, JSON and XML say the same."""

import json
import math
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from jointbridge.comparison import VERDICTS, Cell, Report
from jointbridge.comparison.check import _failure
from jointbridge.comparison.html import page
from jointbridge.comparison.report import ICONS
from jointbridge.document import digest, dumps, loads
from jointbridge.errors import BackendError, UnsupportedError

NAME = "</script><img src=x onerror=alert(1)> {{ 7 * 7 }} \\ '''"
TEXT = dumps(
    loads(
        json.dumps(
            {
                "jointbridge": "1.0",
                "name": NAME,
                "sites": [{"sample": NAME, "dist": "Normal(0, 1)"}],
            }
        )
    )
)


def report(*cells, **changes):
    facts = {
        "name": NAME,
        "digest": digest(loads(TEXT)),
        "text": TEXT,
        "reference": "left",
        "backends": ("right", "third"),
        "cells": cells,
        "versions": {"left": {"left-lib": "1.0"}, "right": {"right-lib": "2.0"}},
        "settings": {"dtype": "float64", "points": 4, "draws": 0, "seed": 3},
        "seconds": {"left": 1.0, "right": 0.0},
    }
    return Report(**{**facts, **changes})


def cell(verdict, error=None, backend="right", check="log density", site=NAME, **more):
    return Cell(backend, check, site, verdict, error, **more)


GOOD = cell("agree", 1e-16)
WORSE = cell("agree", 1e-12, check="gradient")
LOSS = cell("accuracy loss", 1e-6)
BAD = cell(
    "differs",
    0.5,
    message=f"because of {NAME}",
    values={NAME: [0.25]},
    expected=1.0,
    got=math.nan,
)
NAN = cell("differs", math.nan, site="total")
LACK = cell("unsupported", message="no such thing", backend="third", check="build")

PASSED = {
    "no cells": ((), True),
    "agree": ((GOOD, WORSE), True),
    "skipped": ((cell("skipped", message="nothing to compare"),), True),
    "accuracy loss": ((GOOD, LOSS), False),
    "differs": ((GOOD, BAD), False),
    "unsupported": ((LACK,), False),
}


@pytest.mark.parametrize(("cells", "passed"), PASSED.values(), ids=PASSED)
def test_passed(cells, passed):
    found = report(*cells)
    assert found.passed == passed
    assert json.loads(found.to_json())["passed"] == passed
    word = "✓ passed" if passed else "✗ failed"
    assert f'class="stamp">{word}<' in page(found)


WORST = {
    "by verdict": ((GOOD, BAD, LOSS, LACK), (BAD, LACK, LOSS, GOOD)),
    "by error": ((GOOD, WORSE), (WORSE, GOOD)),
    "nan is worst": ((BAD, NAN), (NAN, BAD)),
}


@pytest.mark.parametrize(("cells", "order"), WORST.values(), ids=WORST)
def test_worst_first(cells, order):
    assert report(*cells).worst(9) == order


def test_summary_is_the_worst_of_each_kind():
    found = report(GOOD, BAD, WORSE, LACK).summary()
    assert found == {
        ("right", "log density"): BAD,
        ("right", "gradient"): WORSE,
        ("third", "build"): LACK,
    }


def test_every_verdict_has_a_sign_of_its_own():
    assert set(ICONS) == set(VERDICTS)
    assert len(set(ICONS.values())) == len(ICONS)


def test_junit_has_a_case_for_each_cell():
    suite = ElementTree.fromstring(report(WORSE, BAD, LACK).to_junit())
    assert suite.attrib["failures"] == "2"
    failures = {c.attrib["name"]: c.find("failure") for c in suite}
    assert failures[f"gradient[{NAME}]"] is None
    assert failures[f"log density[{NAME}]"].text == report().script(BAD)
    message = failures[f"build[{NAME}]"].attrib["message"]
    assert message == "unsupported: no such thing"


def test_json_keeps_numbers_that_json_lacks():
    record = json.loads(report(BAD).to_json())
    assert record["cells"][0]["got"] == "nan"
    assert record["cells"][0]["values"] == {NAME: [0.25]}


# -- the page -----------------------------------------------------------------


class Page(HTMLParser):
    """The tags of a page, its texts, and what it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.fetched, self.handlers = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        self.fetched += [given[k] for k in ("src", "href", "action") if k in given]
        self.handlers += [k for k in given if k.startswith("on")]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def parsed():
    return Page(page(report(GOOD, BAD, LOSS, LACK, notes=(f"note {NAME}",))))


def test_page_stands_alone(parsed):
    assert parsed.fetched == []
    assert "link" not in parsed.tags
    assert "url(http" not in "".join(parsed.texts)


def test_hostile_names_stay_text(parsed):
    assert parsed.tags.count("script") == 1
    assert "img" not in parsed.tags
    assert parsed.handlers == []
    texts = "".join(parsed.texts)
    assert f"note {NAME}" in texts
    assert f"because of {NAME}" in texts


def test_page_shows_the_graph_and_the_words(parsed):
    texts = "".join(parsed.texts)
    assert parsed.tags.count("svg") == 1
    for word in ("differs", "accuracy loss", "unsupported", "5.0e-01", "right-lib"):
        assert word in texts
    assert "no such thing" in texts


def test_worst_come_before_all(parsed):
    texts = "".join(parsed.texts)
    assert texts.index("What differs, worst first") < texts.index("All comparisons")


@pytest.mark.parametrize("name", ["plain", NAME], ids=["plain", "hostile"])
def test_scripts_can_be_pasted(name):
    text = TEXT if name == NAME else TEXT.replace(json.dumps(NAME)[1:-1], name)
    found = report(BAD, text=text)
    script = found.script(BAD)
    compile(script, "script", "exec")
    assert script in "".join(Page(page(found)).texts)


def test_a_long_point_is_cut_and_all_cells_are_listed():
    many = [cell("differs", 0.1 + i, values={"x": [0.1] * 5000}) for i in range(40)]
    text = "".join(Page(page(report(*many))).texts)
    assert "And 28 more below." in text
    assert text.count("the script has it all") == 12
    assert text.count("\nright") + text.count("differsright") >= 40


# -- what a library raises ----------------------------------------------------

RAISED = {
    "unsupported": (UnsupportedError("no such thing"), "unsupported", "no such thing"),
    "a library's own": (TypeError("bad shape"), "error", "TypeError: bad shape"),
}


@pytest.mark.parametrize(("error", "verdict", "message"), RAISED.values(), ids=RAISED)
def test_what_a_library_raises_is_a_cell(error, verdict, message):
    found = _failure("right", "draws", error)
    assert (found.verdict, found.message) == (verdict, message)
    assert not found.good


def test_a_mistake_of_the_caller_is_raised():
    with pytest.raises(BackendError):
        _failure("right", "draws", BackendError("not installed"))
