"""Directions: what can be done with them on every backend, and what is refused."""

import numpy as np
import pytest
from scipy import special

import jointbridge as jb
from jointbridge import backends
from jointbridge.backends.compiled import Compiled
from jointbridge.conformance.checks.porting import executed
from jointbridge.errors import UnsupportedError
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse

BACKENDS = ["numpyro", "tfp", "pyro"]

DIRECTIONS = {
    "projected": "ProjectedNormal([0.75, -1.25, 0.5])",
    "projected, of five": "ProjectedNormal([0.75, -1.25, 0.5, 0.25, -2.0])",
    "projected, of one": "ProjectedNormal([0.75])",
    "power": "PowerSpherical([0.5, -0.5, 0.5, 0.5], concentration=2.5)",
    "fisher": "VonMisesFisher([0.6, 0.0, -0.8], concentration=2.5)",
    "fisher, of seven": "VonMisesFisher([0.6, 0, -0.8, 0, 0, 0, 0], concentration=2.5)",
    "flat": "ImproperUniform(sphere(3))",
}


def _spec(text):
    return Spec((Sample("x", parse(text)),))


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("text", DIRECTIONS.values(), ids=DIRECTIONS)
def test_a_direction_has_no_unconstrained_coordinates(text, name):
    compiled = Compiled(_spec(text), jb.backends.get(name))
    x = np.zeros(compiled.sites["x"].type.shape)
    x[0] = -1.0
    assert np.isfinite(compiled.numpy(compiled.log_prob({"x": x})))
    for ask in (compiled.unconstrain, compiled.constrain):
        with pytest.raises(UnsupportedError, match="'x': no smooth map") as caught:
            ask({"x": x})
        assert "normals" in str(caught.value)


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_any_dimension(size, name):
    """Draws have length 1, and the density has mass 1: in one dimension too."""
    concentration = [0.5] + [0.0] * (size - 1)
    text = f"ProjectedNormal({concentration})"
    compiled = Compiled(_spec(text), jb.backends.get(name))
    draws = compiled.numpy(compiled.sample(1, (4000,))["x"])
    np.testing.assert_allclose(np.sum(draws**2, axis=-1), 1.0, rtol=1e-12)
    score = compiled.numpy(compiled.log_prob({"x": draws}))
    # The mean of 1 / density is the area.
    areas = {1: 2, 2: 2 * np.pi, 3: 4 * np.pi, 4: 2 * np.pi**2, 7: 16 / 15 * np.pi**3}
    found = np.exp(-score)
    error = found.std() / np.sqrt(len(draws))
    assert abs(found.mean() - areas[size]) < 6 * error + 1e-9


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("size", [2, 3, 4, 7])
@pytest.mark.parametrize("concentration", [0.01, 2.5, 400.0])
def test_fisher_draws_lean_as_bessel_says(size, concentration, name):
    """The mean of the cosine is a ratio of Bessel functions, however large the size."""
    mean_direction = [0.6, -0.8, *[0.0] * (size - 2)]
    text = f"VonMisesFisher({mean_direction}, {concentration})"
    compiled = Compiled(_spec(text), jb.backends.get(name))
    draws = compiled.numpy(compiled.sample(1, (4000,))["x"])
    np.testing.assert_allclose(np.sum(draws**2, axis=-1), 1.0, rtol=1e-12)
    cosine = draws @ mean_direction
    wanted = special.ive(size / 2, concentration) / special.ive(
        size / 2 - 1, concentration
    )
    error = cosine.std() / np.sqrt(len(cosine))
    assert abs(cosine.mean() - wanted) < 5 * error


@pytest.mark.parametrize("name", BACKENDS)
def test_fisher_of_two_points_is_refused(name):
    compiled = Compiled(_spec("VonMisesFisher([1.0], 2.5)"), jb.backends.get(name))
    with pytest.raises(UnsupportedError, match="at least 2 axes") as caught:
        compiled.log_prob({"x": np.ones(1)})
    assert "Bernoulli" in str(caught.value)


def test_a_spherical_von_mises_of_pyro_is_read():
    torch = pytest.importorskip("torch")
    pyro = pytest.importorskip("pyro")

    def model():
        pull = torch.tensor([1.2, 0.0, -1.6], dtype=torch.float64)
        # It has no draws, so that a model must observe it.
        seen = torch.tensor([0.0, 0.6, 0.8], dtype=torch.float64)
        pyro.sample("x", pyro.distributions.VonMises3D(pull), obs=seen)

    joint = jb.from_pyro(model)
    wanted = -1.28 + np.log(2 / np.sinh(2.0) / (4 * np.pi))
    for name in BACKENDS:
        np.testing.assert_allclose(joint.log_prob({}, backend=name), wanted)


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("size", [1, 3, 5])
def test_source_in_any_dimension_scores_alike(name, size):
    direction = np.eye(size)[0]
    joint = jb.Joint(_spec(f"ProjectedNormal({[0.5] * size})"))
    box = backends.get(name).blackbox(executed(joint.to_source(name)), (), {})
    found = float(box.terms({"x": direction})["x"].log_prob)
    np.testing.assert_allclose(found, joint.log_prob({"x": direction}), rtol=1e-12)
