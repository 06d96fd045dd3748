"""The commands that compute, on the backends that are there."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from cli.test_cli import SCHOOLS, run
from jointbridge import backends, loads
from jointbridge.cli.check import exit_code
from jointbridge.comparison import Cell, Report

OTHERS = [n for n in backends.names() if n != backends.REFERENCE]


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.jb.json"
    path.write_text(SCHOOLS)
    return path


@pytest.fixture
def values(tmp_path):
    def write(**given):
        path = tmp_path / "values.json"
        path.write_text(json.dumps(given))
        return path

    return write


def test_check_passes_and_writes_reports(model, tmp_path):
    html, junit = tmp_path / "r.html", tmp_path / "r.xml"
    options = ("--draws", 200, "--points", 2, "--html", html, "--junit", junit)
    done = run("check", model, *options)
    assert done.exit_code == 0, done.output
    for word in ("log density", "gradient", "draws", "✓ agree", "✓ passed", *OTHERS):
        assert word in done.stdout
    assert "✓ passed" in html.read_text()
    assert ElementTree.parse(junit).getroot().attrib["failures"] == "0"


def test_check_as_json_from_a_pipe():
    options = ("-b", OTHERS[0], "--draws", 0, "--seed", 5, "--json")
    done = run("check", "-", *options, input=SCHOOLS)
    record = json.loads(done.stdout)
    assert done.exit_code == 0
    assert record["passed"] is True
    assert record["backends"] == [OTHERS[0]]
    assert record["settings"]["seed"] == 5


def test_float32_against_float64_tolerances(model):
    options = ("-b", OTHERS[0], "--draws", 0, "--dtype", "float32")
    assert run("check", model, *options).exit_code == 0


CODES = {
    "agree": (["agree", "skipped"], 0),
    "loss": (["agree", "accuracy loss"], 1),
    "differs and unsupported": (["differs", "unsupported"], 1),
    "unsupported": (["agree", "unsupported"], 3),
    "error": (["error", "unsupported"], 1),
}


@pytest.mark.parametrize(("verdicts", "code"), CODES.values(), ids=CODES)
def test_exit_codes_of_check(verdicts, code):
    cells = tuple(Cell("b", "log density", "x", verdict) for verdict in verdicts)
    report = Report("m", "", "", "a", ("b",), cells, {}, {})
    assert exit_code(report) == code


def test_a_failure_is_shown_with_its_numbers(capsys):
    from jointbridge.cli.check import _show

    bad = Cell(
        OTHERS[0],
        "log density",
        "[b]mu",
        "differs",
        0.5,
        "odd",
        {"mu": 1.0},
        -1.25,
        -2.5,
    )
    settings = {"dtype": "float64", "points": 1, "draws": 0, "seed": 0}
    report = Report(
        "m", "", SCHOOLS, backends.REFERENCE, (OTHERS[0],), (bad,), {}, settings
    )
    _show(report, "m.jb.json", scripts=False)
    said = capsys.readouterr()
    for word in ("✗ differs", "5.0e-01", "[b]mu", "-1.25", "-2.5", "odd", "FAILED"):
        assert word in said.out
    assert "--scripts" in said.err
    _show(report, "m.jb.json", scripts=True)
    script = capsys.readouterr().out.partition("import jointbridge")[2]
    compile("import jointbridge" + script, "script", "exec")


# -- log-prob and sample ------------------------------------------------------


@pytest.mark.parametrize("backend", backends.names())
def test_log_prob(model, values, backend):
    given = values(mu=0.5, tau=1.5, theta=[1.0, 2.0])
    line = ("log-prob", model, "--values", given, "-b", backend)
    done = run(*line)
    expected = loads(SCHOOLS).log_prob({"mu": 0.5, "tau": 1.5, "theta": [1.0, 2.0]})
    assert done.stderr == ""
    assert float(done.stdout) == pytest.approx(float(expected), rel=1e-12)
    record = json.loads(run(*line, "--parts", "--json").stdout)
    assert sum(record["parts"].values()) == pytest.approx(record["log_prob"])
    assert "total" in run(*line, "--parts").stdout


def test_outside_the_support_is_a_number_and_a_note(model, values):
    given = values(mu=0.5, tau=-1.5, theta=[1.0, 2.0])
    done = run("log-prob", model, "--values", given)
    assert (done.exit_code, done.stdout) == (0, "-inf\n")
    assert "'tau' is -inf" in done.stderr
    assert "x ≥ 0" in done.stderr


MISTAKES = {
    "missing": ({"mu": 0.5}, "no value for site 'tau'"),
    "misspelt": ({"mu": 0, "tau": 1, "theat": [1, 2]}, "did you mean 'theta'"),
    "shape": ({"mu": 0, "tau": 1, "theta": [1, 2, 3]}, "expected shape [2], got [3]"),
    "words": ({"mu": "much", "tau": 1, "theta": [1, 2]}, "expected a number"),
}


@pytest.mark.parametrize(("given", "message"), MISTAKES.values(), ids=MISTAKES)
def test_wrong_values(model, values, given, message):
    done = run("log-prob", model, "--values", values(**given))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert message in done.stderr


def test_draws_can_be_piped_into_a_score(model):
    drawn = run("sample", model, "-n", 3, "--seed", 4)
    assert np.shape(json.loads(drawn.stdout)["theta"]) == (3, 2)
    assert drawn.stdout == run("sample", model, "-n", 3, "--seed", 4).stdout
    scored = run("log-prob", model, "--values", "-", input=drawn.stdout)
    assert len(scored.stdout.split()) == 3
    assert all(np.isfinite(float(x)) for x in scored.stdout.split())


def test_one_draw_has_no_leading_axis(model, tmp_path):
    path = tmp_path / "draw.json"
    assert run("sample", model, "-o", path).stdout == ""
    assert np.shape(json.loads(path.read_text())["mu"]) == ()
    assert run("sample", model, "-o", path).exit_code == 4


def test_an_improper_joint_is_not_sampled(tmp_path):
    path = tmp_path / "m.jb.json"
    path.write_text(
        SCHOOLS.replace('"Normal(loc=0, scale=5)"', '"ImproperUniform(real)"')
    )
    done = run("sample", path)
    assert done.exit_code == 1
    assert "site 'mu' is improper" in done.stderr


def test_doctor():
    done = run("doctor", "--json")
    record = json.loads(done.stdout)
    assert done.exit_code == 0, done.stdout
    assert {b["name"]: b["word"] for b in record["backends"]} == dict.fromkeys(
        backends.names(), "works"
    )
    text = run("doctor", "-b", backends.REFERENCE).stdout
    assert "✓ works" in text
