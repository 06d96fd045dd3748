"""`jointbridge convert`: a model as a file, or as source of another library."""

import json

import pytest
from click.testing import CliRunner

import jointbridge as jb
from jointbridge.cli import main

MODEL = """
import jointbridge as jb
import numpyro
import numpyro.distributions as dist

def model(x, y=None):
    b = numpyro.sample("b", dist.Normal(0.0, 2.0))
    with numpyro.plate("obs", len(x)):
        numpyro.sample("y", dist.Normal(b * x, 1.0), obs=y)

@jb.model
def ours(x, y):
    x = jb.data("x", x)
    b = jb.sample("b", jb.Normal(0.0, 2.0))
    with jb.plate("obs", 3):
        jb.sample("y", jb.Normal(b * x, 1.0), obs=y)

def branches(x, y=None):
    b = numpyro.sample("b", dist.Normal(0.0, 2.0))
    if b > 0:
        numpyro.sample("c", dist.Normal(0.0, 1.0))

number = 3
"""
DATA = {"x": [1.0, 2.5, 3.0], "y": [0.5, 1.5, 2.0]}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.py").write_text(MODEL)
    (tmp_path / "d.json").write_text(json.dumps(DATA))
    return tmp_path


def run(line):
    done = CliRunner(env={"COLUMNS": "110"}).invoke(main, line.split())
    assert "Traceback" not in done.output, done.output
    return done


@pytest.mark.parametrize("name", ["model", "ours"])
def test_a_model_becomes_a_file(name, folder):
    line = f"convert m.py:{name} --to spec --args d.json -o m.jb.json --report r.json"
    done = run(line)
    assert done.exit_code == 0, done.output
    assert "running the Python in m.py" in done.stderr
    joint = jb.load(folder / "m.jb.json")
    assert [s.name for s in joint.spec.samples] == ["b", "y"]
    assert "notes" in json.loads((folder / "r.json").read_text())
    again = run(f"compare m.py:{name} m.jb.json --data d.json")
    assert again.exit_code == 0, again.output


def test_a_file_is_printed_as_it_is():
    assert run("convert eight-schools --to spec").stdout == (
        run("example eight-schools").stdout
    )


def test_source_says_the_same_as_the_model(folder):
    done = run("convert eight-schools --to numpyro -o schools.py")
    assert done.exit_code == 0, done.output
    assert done.stderr.strip() == "wrote schools.py"
    assert "import jointbridge" not in (folder / "schools.py").read_text()


def test_large_data_stand_beside_the_source(folder):
    joint = {
        "jointbridge": "1.0",
        "name": "many",
        "data": {"y_obs": [float(i % 7) for i in range(500)]},
        "plates": {"obs": 500},
        "sites": [
            {"sample": "m", "dist": "Normal(0, 1)"},
            {
                "sample": "y",
                "dist": "Normal(loc=m, scale=1)",
                "plates": ["obs"],
                "observed": "y_obs",
            },
        ],
    }
    (folder / "many.jb.json").write_text(json.dumps(joint))
    done = run("convert many.jb.json --to numpyro -o many.py --json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["output"] == "many.py"
    assert (folder / "many.npz").exists()


def test_files_are_replaced_only_by_force(folder):
    assert run("convert eight-schools --to spec -o m.jb.json").exit_code == 0
    before = (folder / "m.jb.json").read_bytes()
    done = run("convert radon --to spec -o m.jb.json")
    assert done.exit_code == 4
    assert "--force replaces it" in done.stderr
    assert (folder / "m.jb.json").read_bytes() == before
    assert run("convert radon --to spec -o m.jb.json --force").exit_code == 0


#: command line, exit code, what standard error must say
MISTAKES = {
    "no such file": ("nowhere.py:model --to spec", 4, "nowhere.py"),
    "no such example": ("eight-scholls --to spec", 4, "did you mean"),
    "unknown target": ("eight-schools --to nosuch", 3, "no backend 'nosuch'"),
    "a style of a file": ("eight-schools --to spec --style x", 2, "--style"),
    "two outputs": ("eight-schools --to spec --json", 2, "--json needs -o"),
    "no model": ("m.py:number --to spec", 3, "cannot tell which library"),
    "arguments are missing": ("m.py:model --to spec", 2, "missing a required argument"),
    "a branch on a site": ("m.py:branches --to spec --args d.json", 3, "m.py"),
}


@pytest.mark.parametrize(("line", "code", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(line, code, message):
    done = run(f"convert {line}")
    assert done.exit_code == code, done.output
    assert message in " ".join(done.stderr.split())
    assert done.stdout == ""
