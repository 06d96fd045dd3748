"""`conformance`, `divergence` and what `families` says of libraries."""

import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from jointbridge.backends import names as backend_names
from jointbridge.cli import main
from jointbridge.conformance.finding import Finding
from jointbridge.conformance.matrix import Matrix


def run(*args):
    done = CliRunner(env={"COLUMNS": "110"}).invoke(main, [str(a) for a in args])
    assert "Traceback" not in done.output, done.output
    return done


# -- conformance --------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """One real run of one family and one check, and where its files are."""
    folder = tmp_path_factory.mktemp("conformance")
    files = {kind: folder / f"report.{kind}" for kind in ("html", "json", "junit")}
    files["resume"] = folder / "findings.jsonl"
    options = [x for kind, file in files.items() for x in (f"--{kind}", file)]
    chosen = ("-b", "numpyro", "--family", "Normal", "--check", "density")
    return run("conformance", *chosen, *options), files, [*chosen, *options]


def test_a_small_run_passes(small):
    done, _, _ = small
    assert done.exit_code == 0, done.output
    assert "✓ passed" in done.stdout
    assert "no fault in 1 cases" in done.stdout
    assert "wrote" in done.stderr


def test_its_reports_say_the_same(small):
    _, files, _ = small
    matrix = Matrix.from_json(json.loads(files["json"].read_text()))
    assert {f.dtype for f in matrix.findings} == {"float64", "float32"}
    assert {f.verdict for f in matrix.findings} == {"agree"}
    assert matrix.versions["numpyro"]["numpyro"] in files["html"].read_text()
    cases = ElementTree.parse(files["junit"]).findall(".//testcase")
    assert len(cases) == len(matrix.findings)


def test_it_is_resumed(small, monkeypatch):
    _, files, options = small
    lines = files["resume"].read_text().splitlines()
    assert len(lines) == 1
    record = json.loads(lines[0])
    found = [Finding.from_record(f) for f in record["findings"]]
    wrong = [{**f.to_record(), "verdict": "wrong", "detail": "kept"} for f in found]
    files["resume"].write_text(json.dumps({**record, "findings": wrong}) + "\n")
    done = run("conformance", *options)
    assert done.exit_code == 1, done.output
    assert "kept" in done.stdout
    assert "✗ FAILED" in done.stdout


#: options, exit code, what is said
MISTAKES = [
    pytest.param(["-b", "numpiro"], 3, "numpyro", id="backend"),
    pytest.param(["--family", "Nomral"], 1, "Normal", id="family"),
    pytest.param(["--check", "densty"], 1, "density", id="check"),
    pytest.param(["--shard", "5/4"], 2, "1/4", id="shard"),
    pytest.param(["--shard", "half"], 2, "1/4", id="no shard"),
    pytest.param(["--profile", "slow"], 2, "quick", id="profile"),
]


@pytest.mark.parametrize(("options", "code", "said"), MISTAKES)
def test_mistakes_are_words(options, code, said):
    done = run("conformance", *options)
    assert done.exit_code == code, done.output
    assert said in done.stderr


# -- divergence ---------------------------------------------------------------


@pytest.fixture(scope="module")
def listed():
    done = run("divergence", "list", "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_divergences_are_listed(listed):
    text = run("divergence", "list").stdout
    for row in listed:
        assert row["reason"]
        assert row["backend"] in backend_names()
    assert len({row["id"] for row in listed}) == len(listed)
    assert text.strip()


def test_one_that_is_unknown():
    done = run("divergence", "show", "nothing-such")
    assert done.exit_code == 1
    assert "jointbridge divergence list" in done.stderr


@pytest.mark.slow
def test_one_is_shown_with_a_script(listed):
    row = min(listed, key=lambda row: len(row["families"]) * len(row["checks"]))
    shown = run("divergence", "show", row["id"])
    assert shown.exit_code == 0, shown.output
    assert row["id"] in shown.stdout
    script = run("divergence", "show", row["id"], "--script").stdout
    assert script in shown.stdout
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


# -- families -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "backend", "trap"),
    [
        pytest.param("InverseGamma", "tfp", "'rate' is called 'scale'", id="renamed"),
        pytest.param("Binomial", "tfp", "total_count, logits, probs", id="positions"),
    ],
)
def test_traps(family, backend, trap):
    record = json.loads(run("families", family, "--json").stdout)
    assert any(trap in text for text in record["traps"][backend])
    assert trap in " ".join(run("families", family).stdout.split())


def test_aliases():
    record = json.loads(run("families", "LogNormal", "--json").stdout)
    assert any("ExpTransform" in text for text in record["aliases"]["pyro"])


def test_examples_have_their_imports():
    shown = run("families", "Gamma").stdout
    for line in (
        "import numpyro.distributions as dist",
        "import pyro.distributions as dist",
        "tfd.Gamma(",
    ):
        assert line in shown


@pytest.mark.parametrize("backend", backend_names())
@pytest.mark.parametrize("family", ["Gamma", "Dirichlet", "Bernoulli", "JohnsonSU"])
def test_an_example_runs_as_printed(family, backend):
    record = json.loads(run("families", family, "--json").stdout)
    *imports, code = record["examples"][backend].split("\n")
    scope = {}
    exec("\n".join(imports), scope)
    assert hasattr(eval(code, scope), "log_prob")
