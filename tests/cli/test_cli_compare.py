"""`jointbridge compare`: models in files, exit codes, words."""

import json
import sys

import pytest
from click.testing import CliRunner

from jointbridge.cli import main

NUMPYRO = """
import numpyro
import numpyro.distributions as dist
from helper import PRIOR

print("from the file")

def model(sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, PRIOR))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    with numpyro.plate("school", len(sigma)):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("y", dist.Normal(theta, sigma), obs=y)

def raises(sigma, y=None):
    numpyro.sample("mu", dist.Normal(0, 5))
    raise RuntimeError("no such thing")

number = 3
"""
PYRO = """
import pyro
import pyro.distributions as dist

def model(sigma, y=None):
    mu = pyro.sample("mu", dist.Normal(0, 5))
    tau = pyro.sample("tau", dist.HalfCauchy(5.0))
    with pyro.plate("school", len(sigma)):
        theta = pyro.sample("theta", dist.Normal(mu, tau))
        pyro.sample("y", dist.Normal(theta, sigma), obs=y)

def broken(sigma, y=None):
    m = pyro.sample("m", dist.Normal(0, 5))
    tau = pyro.sample("tau", dist.HalfCauchy(5.0))
    with pyro.plate("school", len(sigma)):
        theta = pyro.sample("theta", dist.Normal(m, tau**2))
        pyro.sample("y", dist.Normal(theta, sigma), obs=y)
"""
FILES = {
    "a.py": NUMPYRO,
    "b.py": PYRO,
    "helper.py": "PRIOR = 5\n",
    "stops.py": "raise SystemExit(3)\n",
    "wrong.py": "def model(:\n",
    "d.json": '{"sigma": [15, 10, 16, 11, 9, 11, 10, 18],'
    ' "y": [28, 8, -3, 7, -1, 1, 18, 12]}',
    "list.json": "[1]",
    "empty.json": "{}",
    "bad.npz": "not numbers",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(line):
    done = CliRunner(env={"COLUMNS": "110"}).invoke(main, line.split())
    assert "Traceback" not in done.output, done.output
    return done


def test_models_that_agree():
    done = run("compare a.py:model b.py:model --data d.json")
    assert done.exit_code == 0, done.output
    assert "✓ the same" in done.stdout
    assert "running the Python in a.py" in done.stderr
    assert "from the file" in done.stderr
    assert "from the file" not in done.stdout


def test_a_model_and_an_example():
    done = run("compare eight-schools a.py:model --data d.json --json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["passed"] is True


def test_models_that_differ_and_why(folder):
    line = "compare a.py:model b.py:broken --data d.json --map mu=m --html r.html"
    done = run(line)
    assert done.exit_code == 1
    said = " ".join(done.stdout.split())
    assert "likely cause: theta: b.py:broken has the variance" in said
    assert "fix: give Normal the square root" in said
    assert "Likely causes" in (folder / "r.html").read_text()


def test_nothing_stays_behind(folder):
    path, modules = list(sys.path), set(sys.modules)
    assert run("compare a.py:model a.py:model --data d.json").exit_code == 0
    assert sys.path == path
    assert not {m for m in set(sys.modules) - modules if "user" in m or m == "helper"}
    assert sorted(p.name for p in folder.iterdir()) == sorted(FILES)


#: command line, exit code, what standard error must say
MISTAKES = {
    "no such file": ("nowhere.py:model eight-schools", 4, "nowhere.py"),
    "no function": ("a.py eight-schools", 2, "its functions: model, raises, number"),
    "no such function": ("a.py:modle eight-schools", 3, "did you mean 'model'"),
    "ends the program": (
        "stops.py:model eight-schools",
        3,
        "ends the program (exit 3)",
    ),
    "syntax": ("wrong.py:model eight-schools", 3, "raised SyntaxError"),
    "raises": ("a.py:raises eight-schools --data d.json", 3, "no such thing"),
    "no model": ("a.py:number eight-schools", 3, "cannot tell which library"),
    "arguments are missing": (
        "a.py:model eight-schools",
        2,
        "missing a required argument: 'sigma'; given: nothing",
    ),
    "no such data": ("a.py:model eight-schools --data n.json", 4, "n.json"),
    "data are a list": ("a.py:model eight-schools --data list.json", 1, "JSON object"),
    "data are no .npz": ("a.py:model eight-schools --data bad.npz", 4, "no .npz file"),
    "half a map": ("a.py:model eight-schools --map mu", 2, "expected A=B"),
    "unknown site": (
        "a.py:model eight-schools --data d.json --map nu=mu",
        1,
        "no site 'nu'",
    ),
    "unknown backend": (
        "a.py:model eight-schools --data d.json --from-a nosuch",
        3,
        "no backend 'nosuch'",
    ),
}


@pytest.mark.parametrize(("line", "code", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(line, code, message):
    done = run(f"compare {line}")
    assert done.exit_code == code, done.output
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
