"""One of finitely many numbers: batches, refusals, and the libraries' own objects."""

import numpy as np
import pytest

import jointbridge as jb
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.reading import ReadError
from jointbridge.comparison.textbook import program_of
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.checks.porting import executed
from jointbridge.conformance.points import golden
from jointbridge.errors import UnsupportedError
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse
from jointbridge.validity import examine

BACKENDS = ["numpyro", "pyro", "tfp"]
ONE = "FiniteDiscrete([-1.25, 0.5, 3.0], probs=[0.2, 0.3, 0.5])"

#: By what differs in a batch of two: the text, two values and what they score.
BATCHES = {
    "nothing": (ONE, [0.5, 3.0], np.log(0.3 * 0.5)),
    "probs": (
        "FiniteDiscrete([0.0, 2.0], probs=[[0.25, 0.75], [0.5, 0.5]])",
        [2.0, 0.0],
        np.log(0.75 * 0.5),
    ),
    "outcomes": (
        "FiniteDiscrete([[0.0, 2.0], [2.0, 5.0]], logits=[0.0, log(3.0)])",
        [2.0, 2.0],
        np.log(0.75 * 0.25),
    ),
}


def _spec(text, *shape):
    return Spec((Sample("x", parse(text), shape=shape),))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", BATCHES)
def test_batches(name, backend):
    text, values, wanted = BATCHES[name]
    compiled = Compiled(_spec(text, 2), jb.backends.get(backend))
    found = compiled.numpy(compiled.log_prob({"x": np.array(values)}))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    draws = compiled.sample(1, (500,))
    scores = compiled.numpy(compiled.log_prob(draws))
    assert scores.shape == (500,)
    assert np.isfinite(scores).all()
    assert len(np.unique(compiled.numpy(draws["x"])[:, 0])) == len(
        np.unique(compiled.numpy(draws["x"])[:, 1])
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_outcome_is_met_exactly(backend):
    """The next float is none, in either width."""
    for dtype in ("float32", "float64"):
        compiled = Compiled(_spec(ONE), jb.backends.get(backend), dtype)
        one = np.asarray(0.5, dtype)
        near = np.array([one, np.nextafter(one, 1), np.nextafter(one, 0)])
        found = compiled.numpy(compiled.log_prob({"x": near}))
        np.testing.assert_allclose(found, [np.log(0.3), -np.inf, -np.inf], rtol=1e-6)


@pytest.mark.parametrize("backend", BACKENDS)
def test_there_are_no_coordinates(backend):
    compiled = Compiled(_spec(ONE), jb.backends.get(backend))
    with pytest.raises(UnsupportedError, match="no smooth map") as caught:
        compiled.unconstrain({"x": np.array(0.5)})
    assert "sum over its outcomes" in caught.value.problems[0].hint


@pytest.mark.parametrize(
    "text",
    [
        f"Transformed({ONE}, ExpTransform())",
        f"Folded({ONE})",
        f"ZeroInflated({ONE}, gate=0.5)",
        f"Hurdle({ONE}, gate=0.5)",
        "FiniteDiscrete([1.0, 1.0], probs=[0.5, 0.5])",
        "FiniteDiscrete([2.0, 1.0], probs=[0.5, 0.5])",
    ],
)
def test_what_takes_no_outcomes_is_refused(text):
    assert examine(_spec(text)).errors


def test_the_catalogue_says_the_same():
    case = CASES["FiniteDiscrete"]
    for point in golden(case):
        if point.region == "typical":
            program = program_of(Spec((Sample("x", case.at(point.params)),)))
            found = program.log_prob_total({"x": np.asarray(point.value)})
            assert float(found) == pytest.approx(float(point.exact), rel=1e-12)


@pytest.mark.parametrize("backend", ["pyro", "tfp"])
def test_written_source_scores_batches_and_does_not_move_them(backend):
    spec, library = _spec(ONE, 3), jb.backends.get(backend)
    source = library.write(spec)
    assert "nuts" not in source.lower().partition("__main__")[2]
    box = library.blackbox(executed(source), (), {})
    found = box.terms({"x": np.array([0.5, 3.0, -1.25])})["x"].log_prob
    assert float(found) == pytest.approx(np.log(0.3 * 0.5 * 0.2), rel=1e-6)


def test_numpyro_does_not_move_what_it_draws():
    """Its own object says that no transform leads there."""
    dist = pytest.importorskip("numpyro.distributions")
    jnp = pytest.importorskip("jax.numpy")
    from jointbridge.backends.numpyro.laws import FiniteDiscrete

    built = FiniteDiscrete(jnp.array([1.0, 2.0]), logits=jnp.zeros(2))
    with pytest.raises(NotImplementedError):
        dist.biject_to(built.support)


# -- the libraries' own objects ---------------------------------------------------


def _empirical(samples, log_weights):
    torch, pyro = pytest.importorskip("torch"), pytest.importorskip("pyro")
    samples, log_weights = map(torch.tensor, (samples, log_weights))
    return lambda: pyro.sample(
        "x", pyro.distributions.Empirical(samples, log_weights=log_weights)
    )


def test_an_empirical_of_pyro_is_read():
    joint = jb.from_pyro(_empirical([-1.0, 0.5, 2.0], [0.0, 1.0, 2.0]))
    wanted = 1 - np.log(1 + np.e + np.e**2)
    for name in BACKENDS:
        found = joint.log_prob({"x": 0.5}, backend=name)
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.parametrize(
    "samples", [[2.0, 0.5], [0.5, 0.5], [[0.0, 1.0], [2.0, 3.0]]], ids=str
)
def test_samples_that_are_no_outcomes_are_refused(samples):
    with pytest.raises(ReadError, match="not numbers that rise"):
        jb.from_pyro(_empirical(samples, [0.0, 0.0]))


def test_a_finite_discrete_of_tfp_is_read():
    tfp = pytest.importorskip("tensorflow_probability.substrates.jax")
    probs = np.array([[0.25, 0.75], [0.5, 0.5]], "float32")
    made = tfp.distributions.FiniteDiscrete([0.0, 2.0], probs=probs)
    joint = jb.from_tfp(tfp.distributions.JointDistributionNamed({"x": made}))
    for name in BACKENDS:
        found = joint.log_prob({"x": np.array([2.0, 0.0])}, backend=name)
        np.testing.assert_allclose(found, np.log(0.75 * 0.5), rtol=1e-6)


def test_tolerances_of_tfp_are_not_read():
    tfp = pytest.importorskip("tensorflow_probability.substrates.jax")
    made = tfp.distributions.FiniteDiscrete([0.0, 2.0], probs=[0.25, 0.75], atol=0.5)
    joint = tfp.distributions.JointDistributionNamed({"x": made})
    with pytest.raises(ReadError, match="atol"):
        jb.from_tfp(joint)
