"""The command line without any framework: words, data and exit codes."""

import json
import os
import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner

from jointbridge.backends import names as backend_names
from jointbridge.cli import COMMANDS, main
from jointbridge.cli.group import Commands
from jointbridge.families import FAMILIES
from jointbridge.families.elsewhere import ELSEWHERE

SCHOOLS = """{
  "jointbridge": "1.0",
  "name": "eight_schools",
  "plates": {"school": 2},
  "data": {"sigma": [15, 10], "y_obs": [28, 8]},
  "sites": [
    {"sample": "mu", "dist": "Normal(loc=0, scale=5)"},
    {"sample": "tau", "dist": "HalfCauchy(scale=5)"},
    {"sample": "theta", "dist": "Normal(loc=mu, scale=tau)", "plates": ["school"]},
    {"sample": "y", "dist": "Normal(loc=theta, scale=sigma)", "plates": ["school"],
     "observed": "y_obs"}
  ]
}
"""

ALL = [name for rows in COMMANDS.values() for name in rows]


def run(*args, **more):
    # A test runner may have set a width of its own for its workers.
    runner = CliRunner(env={"COLUMNS": "110"})
    done = runner.invoke(main, [str(a) for a in args], **more)
    assert "Traceback" not in done.output, done.output
    return done


def run_alone(*args, **more):
    code = "from jointbridge.cli import main; main(prog_name='jointbridge')"
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.jb.json"
    path.write_text(SCHOOLS)
    return path


# -- help ---------------------------------------------------------------------


def test_help_imports_nothing_heavy():
    code = """
import sys
from jointbridge.cli import main
main(["--help"], standalone_mode=False)
heavy = {"numpy", "rich", "jinja2", "safetensors", "jax", "torch"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_help_is_fast():
    def seconds():
        started = time.perf_counter()
        done = run_alone("--help")
        assert done.stdout.startswith("Usage: jointbridge")
        return time.perf_counter() - started

    assert min(seconds() for _ in range(6)) < 0.25


@pytest.mark.parametrize("command", ALL)
def test_every_command_has_help(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert command in done.output.splitlines()[0]
    assert command in run("--help").output


@pytest.mark.parametrize("command", [c for c in ALL if c != "completion"])
def test_every_command_writes_json(command):
    assert "--json" in run(command, "--help").output


# -- a user's mistakes --------------------------------------------------------


def with_site(**site):
    made = json.loads(SCHOOLS)
    made["sites"][0] = site
    return json.dumps(made)


FILES = {
    "good": SCHOOLS,
    "family": with_site(sample="mu", dist="Nomral(0, 5)"),
    "shape": with_site(sample="mu", dist="Normal(loc=sigma, scale=5)"),
    "domain": with_site(sample="mu", dist="Normal(0, -5)"),
    "truncated": SCHOOLS[:90],
    "empty": "",
    "colours": with_site(sample="mu", dist="Normal(0, 5)", **{"\x1b[31mred": 1}),
    "mu only": '{"mu": 0.5}',
    "misspelt": '{"mu": 0.5, "tau": 1.0, "theat": [1.0, 2.0]}',
    "ragged": '{"mu": 0.5, "tau": 1.0, "theta": [[1.0], 2.0]}',
    "list": "[1, 2]",
}

#: command line, exit code, what standard error must say
MISTAKES = {
    "no such file": ("check nowhere.jb.json", 4, "nowhere.jb.json: No such file"),
    "no such example": ("check eight-scholls", 4, "did you mean 'eight-schools'"),
    "a folder": ("validate .", 4, "is a directory"),
    "empty file": ("validate empty", 1, "the file is empty"),
    "not JSON": ("show truncated", 1, "error[json]"),
    "unknown family": ("check family", 1, "did you mean 'Normal'"),
    "unknown family, path": ("validate family", 1, "$.sites[0]"),
    "wrong shape": ("check shape", 1, "error[shape]"),
    "wrong domain": ("validate domain", 1, "error[domain]"),
    "escape codes": ("validate colours", 1, "red"),
    "missing backend": ("check good -b nosuch", 3, "no backend 'nosuch'"),
    "missing reference": ("check good --reference nosuch", 3, "no backend 'nosuch'"),
    "backend to score": ("log-prob good --values list -b nosuch", 3, "no backend"),
    "backend to draw": ("sample good -b nosuch", 3, "no backend 'nosuch'"),
    "backend to try": ("doctor -b nosuch", 3, "no backend 'nosuch'"),
    "unknown command": ("chekc good", 2, "did you mean 'check'"),
    "unknown option": ("check good --drows 3", 2, "--draws"),
    "missing argument": ("check", 2, "Missing argument"),
    "bad number": ("check good --points many", 2, "'many' is not a valid integer"),
    "two pipes": ("log-prob - --values -", 2, "only one"),
    "two languages": ("show good --dot --mermaid", 2, "one thing at a time"),
    "values are a list": ("log-prob good --values list", 1, "a JSON object of sites"),
    "values are ragged": ("log-prob good --values ragged", 1, "of one shape"),
    "no values": ("log-prob good --values nowhere.json", 4, "nowhere.json"),
    "unknown family, by name": ("families Nomral", 1, "did you mean 'Normal'"),
    "no such example to copy": ("example eigth-schools", 4, "'eight-schools'"),
}


@pytest.mark.parametrize(("line", "code", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(line, code, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    done = run(*line.split())
    assert done.exit_code == code, done.output
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert "\x1b" not in done.output


@pytest.mark.parametrize(
    ("command", "code", "message"),
    {
        "bug": ("bug", 70, "ZeroDivisionError: division by"),
        "interrupted": ("stop", 130, "interrupted"),
        "aborted": ("abort", 130, "interrupted"),
        "limit": ("limit", 4, "hint: make it smaller"),
        "backend": ("backend", 3, "error[backend]: no such library"),
        "spec": ("spec", 1, "[bold]here"),
    }.values(),
)
def test_faults_become_words(command, code, message):
    done = CliRunner().invoke(faults(), [command])
    assert done.exit_code == code
    assert message in done.stderr
    for hidden in ("Traceback", "\x1b", "\u202e", "talks to its developers"):
        assert hidden not in done.output


def test_debug_shows_the_traceback():
    with pytest.warns(UserWarning, match="talks"):
        done = CliRunner().invoke(faults(), ["--debug", "bug"])
    assert isinstance(done.exception, ZeroDivisionError)


def faults():
    names = ("bug", "stop", "abort", "limit", "backend", "spec")
    sections = {"Faults": dict.fromkeys(names, ("faults", "fails"))}

    @click.group(cls=Commands, sections=sections, package="cli")
    @click.option("--debug", is_flag=True)
    def group(debug):
        pass

    return group


# -- files --------------------------------------------------------------------


def test_validate_says_what_is_good(model):
    done = run("validate", model)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "valid" in done.stderr


def test_validate_takes_a_pipe():
    assert run("validate", "-", input=SCHOOLS).exit_code == 0
    assert run("validate", "-", input="{").exit_code == 1


def test_warnings_fail_only_when_strict(tmp_path):
    spec = json.loads(SCHOOLS)
    spec["data"]["spare"] = 1
    path = tmp_path / "m.jb.json"
    path.write_text(json.dumps(spec))
    assert run("validate", path).exit_code == 0
    strict = run("validate", path, "--strict", "--json")
    assert strict.exit_code == 1
    (record,) = json.loads(strict.stdout)
    assert record["valid"] is False
    assert [p["code"] for p in record["problems"]] == ["unused"]


def test_the_worst_file_decides(model, tmp_path):
    done = run("validate", model, tmp_path / "nowhere", "--json")
    assert done.exit_code == 4
    assert [r["valid"] for r in json.loads(done.stdout)] == [True, False]


def test_an_example_is_written_once(tmp_path):
    path = tmp_path / "m.jb.json"
    assert run("example", "eight-schools", "-o", path).exit_code == 0
    first = path.read_bytes()
    again = run("example", "radon", "-o", path)
    assert again.exit_code == 4
    assert "--force replaces it" in again.stderr
    assert path.read_bytes() == first
    assert run("example", "radon", "-o", path, "--force").exit_code == 0
    assert path.read_bytes() == run("example", "radon").stdout_bytes
    assert [p.name for p in tmp_path.iterdir()] == ["m.jb.json"]


def test_examples_are_listed_and_valid():
    listed = json.loads(run("example", "--json").stdout)
    assert listed["eight-schools"]["sites"] == ["mu", "tau", "theta", "y"]
    assert all(row["description"] for row in listed.values())
    for name in listed:
        assert run("show", name, "--json").exit_code == 0


def test_digest_does_not_change_with_layout(model, tmp_path):
    other = tmp_path / "other.jb.json"
    other.write_text(json.dumps(json.loads(SCHOOLS)))
    assert run("digest", model).stdout == run("digest", other).stdout
    assert len(json.loads(run("digest", model, "--json").stdout)["digest"]) == 64


def test_schema_is_json_schema():
    assert json.loads(run("schema").stdout)["$schema"].startswith("https://json-schema")


# -- show ---------------------------------------------------------------------

PICTURES = {"--mermaid": "flowchart TD", "--dot": "digraph {", "--svg=-": "<svg "}


@pytest.mark.parametrize(("option", "start"), PICTURES.items())
def test_pictures_go_to_standard_output(model, option, start):
    done = run("show", model, option)
    assert done.exit_code == 0
    assert done.stdout.startswith(start)


def test_show_says_what_there_is(model, tmp_path):
    text = run("show", model).stdout
    for word in ("theta", "Normal(loc=mu, scale=tau)", "school", "y_obs", "x ≥ 0"):
        assert word in text
    record = json.loads(run("show", model, "--json").stdout)
    assert record["samplable"]
    assert record["sites"][2]["plates"] == ["school"]
    assert record["sites"][2]["shape"] == [2]
    svg = tmp_path / "graph.svg"
    assert run("show", model, "--svg", svg).stdout == ""
    assert svg.read_text().startswith("<svg ")


def test_show_says_why_it_cannot_be_sampled(tmp_path):
    path = tmp_path / "m.jb.json"
    path.write_text(
        SCHOOLS.replace('"Normal(loc=0, scale=5)"', '"ImproperUniform(real)"')
    )
    assert "site 'mu' is improper" in run("show", path).stdout


# -- look up ------------------------------------------------------------------


def test_families_lists_all():
    listed = json.loads(run("families", "--json").stdout)
    assert [row["name"] for row in listed] == list(FAMILIES)
    text = run("families").stdout
    assert all(name in text for name in FAMILIES)


@pytest.mark.parametrize("name", ["Normal", "InverseGamma", "Mixture", "Bernoulli"])
def test_one_family(name):
    record = json.loads(run("families", name, "--json").stdout)
    assert record["log_density"] == FAMILIES[name].log_density
    assert set(record["backends"]) == set(backend_names())
    text = " ".join(run("families", name).stdout.split())
    assert FAMILIES[name].meaning in text


def test_what_is_no_family_says_what_to_write():
    assert set(ELSEWHERE).isdisjoint(FAMILIES)
    text = " ".join(run("families", "TruncatedNormal").stdout.split())
    assert "Truncated(base=Normal(…), low=…, high=…)" in text
    record = json.loads(run("families", "Stable", "--json").stdout)
    assert record["word"] == "never"


def test_spelling_imports_no_library():
    code = """
import sys
from jointbridge.cli import main
main(["families", "InverseGamma", "--json"], standalone_mode=False)
heavy = {"jax", "numpyro", "torch", "pyro", "tensorflow_probability"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    spelled = json.loads(done.stdout)["backends"]
    assert any("scale=rate" in text for text in spelled.values())


def test_backends_are_listed():
    rows = json.loads(run("backends", "--json").stdout)
    assert set(rows) == set(backend_names())
    assert sum(row["reference"] for row in rows.values()) == 1
    for row in rows.values():
        assert row["installed"] == all(row["packages"].values())
        assert row["packages"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    assert "_JOINTBRIDGE_COMPLETE" in run("completion", shell).stdout


def test_a_reader_that_leaves_hears_nothing():
    code = (
        "from jointbridge.cli import main; main(['families'], prog_name='jointbridge')"
    )
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (4, b"")
