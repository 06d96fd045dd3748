"""Scripts of findings: they run as pasted, and print both numbers."""

import contextlib
import io
import re
import subprocess
import sys

import pytest

from jointbridge import backends
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.finding import Finding
from jointbridge.conformance.reproducer import script
from jointbridge.conformance.snippets import array, snippet
from tests.conformance.matrices import at

DENSITY = "-1.405722402208972044269144"


def found(backend, check, worst, case="Gamma", dtype="float64"):
    family = case.split()[0]
    return Finding(backend, family, case, check, dtype, "wrong", 1.0, 1.0, 1, worst)


def output(text):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, "script", "exec"), {"__name__": "script"})
    return said.getvalue()


def numbers(text):
    """What was printed behind each word."""
    return dict(re.findall(r"^(\S+|relative error) (\S+)$", text, re.MULTILINE))


def alone(text):
    """What a script says in a process of its own, where it may set what it likes."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", text],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return numbers(done.stdout)


@pytest.mark.parametrize("backend", backends.names())
def test_a_density_is_asked_of_the_library_alone(backend):
    text = script(found(backend, "density", at(2.0, 0, DENSITY)))
    assert "jointbridge" not in text
    said = alone(text)
    assert said["exact"] == DENSITY
    assert float(said["relative error"]) < 1e-12


@pytest.mark.parametrize("backend", backends.names())
@pytest.mark.parametrize(
    ("check", "worst", "exact"),
    [
        pytest.param(
            "gradients", at(2.0, 0, "1.0", "d/drate"), "1.0", id="of a parameter"
        ),
        pytest.param(
            "gradients", at(2.0, 0, "-0.125", "d/dx"), "-0.125", id="of the value"
        ),
        pytest.param("outside", at(-1.0, 0, "-inf"), "-inf", id="outside"),
    ],
)
def test_numbers_of_jointbridge(backend, check, worst, exact):
    said = numbers(output(script(found(backend, check, worst))))
    assert said["exact"] == exact
    assert float(said[backend]) == pytest.approx(float(exact), rel=1e-9)


def test_what_the_library_lacks_is_asked_of_jointbridge():
    params = CASES["JohnsonSU"].free
    worst = {"params": params, "value": 0.25, "got": 0.0, "exact": "-1.0", "what": ""}
    text = script(found("pyro", "density", worst, case="JohnsonSU", dtype="float32"))
    assert "jb.loads" in text
    assert "CASES['JohnsonSU'].exact" in text
    said = numbers(output(text))
    assert 1e-12 < float(said["relative error"]) < 1e-5


@pytest.mark.parametrize("backend", backends.names())
def test_outside_the_library_is_asked_and_nothing_else(backend):
    text = script(found(backend, "library outside", at(-1.0, "nan", "-inf")))
    assert "import jointbridge" not in text
    assert numbers(output(_harmless(text)))["exact"] == "-inf"


def _harmless(text):
    """The script without its line that changes a library for good."""
    return re.sub(r"^.*(x64|default_dtype).*$", "", text, flags=re.MULTILINE)


def test_other_checks_are_run_again():
    text = script(found("pyro", "round trip", None))
    assert "judge(CHECKS['round trip'], subject)" in text
    assert output(text).startswith(("agree", "semantics", "wrong", "unsupported"))


def test_of_a_case_that_is_gone_there_is_none():
    assert script(found("pyro", "density", None, case="Nowhere")) == ""


# -- snippets -----------------------------------------------------------------


@pytest.mark.parametrize("backend", backends.names())
@pytest.mark.parametrize("case", ["Gamma", "InverseGamma", "Dirichlet", "Poisson"])
def test_a_snippet_builds_the_distribution(backend, case):
    library = backends.get(backend)
    made = snippet(CASES[case].at(CASES[case].free), library)
    assert "name=" not in made.expression
    scope = {}
    exec(made.head, scope)
    assert hasattr(eval(made.expression, scope), "log_prob")


@pytest.mark.parametrize("backend", backends.names())
@pytest.mark.parametrize("value", [0.5, [0.25, 0.75], [[1.0, 2.0], [3.0, 4.0]]])
def test_an_array_of_a_library(backend, value):
    made = array(value, backends.get(backend))
    scope = {}
    exec(made.head, scope)
    assert eval(made.expression, scope).tolist() == value


def test_snippets_are_of_what_to_source_writes():
    library = backends.get("tfp")
    made = snippet(CASES["InverseGamma"].at(CASES["InverseGamma"].free), library)
    assert "scale=0.75" in made.expression
    assert made.classes == {}
