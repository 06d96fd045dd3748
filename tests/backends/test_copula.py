"""The Gaussian copula: what it refuses, and that its derivatives are those of its density."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jointbridge as jb
from jointbridge import backends
from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.reading import ReadError
from jointbridge.comparison.textbook import program_of
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.points import golden
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse, parse_template
from jointbridge.validity import examine

COPULAS = [name for name in CASES if name.startswith("GaussianCopula")]
TIE = "correlation_matrix=[[1.0, 0.5], [0.5, 1.0]]"


def _joint(base):
    text = f"GaussianCopula(marginal_dist={base}, {TIE})"
    return jb.Joint(Spec((Sample("x", parse(text)),)))


@pytest.mark.parametrize(
    "base",
    [
        "Beta(concentration1=[1.0, 2.0], concentration0=2.0)",
        "Poisson(rate=[1.0, 2.0])",
        "Weibull(scale=[1.0, 2.0], concentration=1.5)",
    ],
)
def test_a_base_that_cannot_be_inverted_is_refused(base):
    [problem] = examine(_joint(base).spec).errors
    assert (
        "GaussianCopula takes a family with a distribution function" in problem.message
    )
    assert "Weibull" not in problem.hint
    assert "Gumbel" in problem.hint


def test_one_of_shares_says_why_it_is_not_there():
    table = backends.get("numpyro").table
    tree = parse_template("GaussianCopulaBeta(concentration1=a, concentration0=b)")
    with pytest.raises(ReadError) as refused:
        to_catalogue(table, tree)
    assert "torch" in refused.value.problems[0].hint


@pytest.mark.parametrize("name", COPULAS)
def test_the_catalogue_says_the_same(name):
    case = CASES[name]
    for point in golden(case):
        if point.region == "typical":
            program = program_of(Spec((Sample("x", case.at(point.params)),)))
            found = program.log_prob_total({"x": np.asarray(point.value)})
            assert float(found) == pytest.approx(float(point.exact), rel=1e-9)


@pytest.mark.slow
def test_second_derivatives_are_those_of_numpyro():
    """Scores are started from what is not differentiated."""
    joint = _joint("Exponential(rate=[0.75, 2.5])")
    found = {}
    for name in ("numpyro", "tfp"):
        backend = backends.get(name)
        with backend.precision("float64"):
            score = joint.compile(name).program.log_prob_total
            x = jnp.asarray([0.25, 0.5])
            found[name] = np.asarray(jax.hessian(lambda x, f=score: f({"x": x}))(x))
    np.testing.assert_allclose(found["tfp"], found["numpyro"], rtol=1e-8)
