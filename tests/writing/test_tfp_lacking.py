"""Written TFP modules of distributions that TFP lacks, and of what scales a density."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jointbridge as jb
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.quiet import quiet
from tests.writing.sources import execute, objections
from tests.writing.test_tfp_source import _built as built_of
from tests.writing.test_tfp_source import _points as points_of
from tests.writing.test_tfp_source import _score as score

MATRIX = "[[2.0, 0.5], [0.5, 1.0]]"
LACKING = {
    "asymmetric-laplace": "AsymmetricLaplace(loc=m, scale=2.0, asymmetry=0.5)",
    "soft-laplace": "SoftLaplace(loc=m, scale=2.0)",
    "log-uniform": "LogUniform(low=0.5, high=exp(2.0 + m))",
    "gompertz": "Gompertz(concentration=exp(m), rate=2.0)",
    "levy": "Levy(loc=m, scale=2.0)",
    "random-walk": "GaussianRandomWalk(scale=exp(m), num_steps=3)",
    "zero-sum": "ZeroSumNormal(scale=exp(m), event_shape=3)",
    "student": (
        "MultivariateStudentT(df=5.0, loc=[m, 0.0], scale_tril=[[2.0, 0.0], [0.5, 1.0]])"
    ),
    "matrix-normal": (
        "MatrixNormal(loc=[[m, 1.0]], scale_tril_row=[[2.0]],"
        " scale_tril_column=[[1.0, 0.0], [0.5, 1.5]])"
    ),
    "state-space": (
        "GaussianStateSpace(num_steps=3, transition_matrix=[[m, 0.5], [0.0, 0.25]],"
        " scale_tril=[[2.0, 0.0], [0.5, 1.0]])"
    ),
    "state-space-precision": (
        "GaussianStateSpace(num_steps=2, transition_matrix=[[0.5, 0.5], [0.0, 0.25]],"
        f" precision_matrix={MATRIX}, initial_value=[m, 1.0])"
    ),
    "left-censored": "LeftCensored(base=Normal(loc=m, scale=2.0), censored=1)",
    "right-censored": "RightCensored(base=Exponential(rate=exp(m)), censored=0)",
    "folded": "Folded(base=Normal(loc=m, scale=2.0))",
    "hurdle": "Hurdle(base=Gamma(concentration=exp(m), rate=1.0), gate=0.25)",
    "circulant": "CirculantNormal(loc=[m, 1.0, 2.0], covariance_row=[2.0, 0.5, 0.5])",
    "copula": (
        "GaussianCopula(marginal_dist=Normal(loc=[m, 1.0], scale=2.0),"
        " correlation_matrix=[[1.0, 0.5], [0.5, 1.0]])"
    ),
    "angles": (
        "SineBivariateVonMises(phi_loc=m, psi_loc=0.5, phi_concentration=2.0,"
        " psi_concentration=1.5, correlation=0.75)"
    ),
    "skewed-angles": (
        "SineSkewed(base=VonMises(loc=[m, 0.5], concentration=2.0),"
        " skewness=[0.25, -0.5])"
    ),
    "wishart": f"Wishart(concentration=4.5 + exp(m), scale_matrix={MATRIX})",
    "inverse-wishart": f"InverseWishart(concentration=5.5, rate_matrix={MATRIX})",
    "wishart-factor": "WishartCholesky(concentration=exp(m), scale_tril=[[1.5]])",
    "inverse-wishart-factor": (
        "InverseWishartCholesky(concentration=exp(m), scale_tril=[[1.5]])"
    ),
}

each = pytest.mark.parametrize("dist", LACKING.values(), ids=LACKING)


def _joint(dist, **more):
    sites = [
        {"sample": "m", "dist": "Normal(loc=0.0, scale=0.5)"},
        {"sample": "z", "dist": dist, "plates": ["row"], **more},
    ]
    spec = {"jointbridge": "1.0", "plates": {"row": 2}, "sites": sites}
    return jb.loads(json.dumps(spec))


@pytest.mark.slow
@each
def test_density_and_gradients_are_those_of_the_joint(dist):
    joint = _joint(dist, scale="[0.5, 2.0]")
    program = joint.compile("tfp").program
    with precision("float64"), quiet():
        built = built_of(joint.spec, joint.to_source("tfp"))
        point = next(points_of(joint))
        values = {n: jnp.asarray(x) for n, x in point.items()}
        ours = jax.value_and_grad(program.log_prob_total)(values)
        theirs = jax.value_and_grad(lambda v: score(built, v))(values)
    assert np.isfinite(ours[0])
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10),
        ours,
        theirs,
    )


@each
def test_draws_and_coordinates_are_inside(dist):
    joint = _joint(dist)
    with precision("float64"), quiet():
        (built, *_) = built_of(joint.spec, joint.to_source("tfp"))
        m, z = built.sample(7, seed=jax.random.PRNGKey(0))
        assert np.isfinite(built.log_prob([m, z])).all()
        bijector = built.experimental_default_event_space_bijector()
        again = bijector.forward(bijector.inverse([m, z]))
        np.testing.assert_allclose(again[1], z, rtol=1e-8, atol=1e-8)


def test_whole_numbers_are_drawn_uniformly():
    joint = _joint("DiscreteUniform(low=-1, high=2)")
    with precision("float64"), quiet():
        (built, *_) = built_of(joint.spec, joint.to_source("tfp"))
        _, z = built.sample(400, seed=jax.random.PRNGKey(0))
    found, counts = np.unique(z, return_counts=True)
    assert found.tolist() == [-1, 0, 1, 2]
    assert counts.min() > 150


@jb.model
def learned():
    loc = jb.param("loc", 0.5)
    jb.sample("z", jb.Normal(loc, 1.0))


def test_what_is_learned_may_be_given():
    space = execute(learned().to_source("tfp"))
    with precision("float64"), quiet():
        first, moved = space["learned"](), space["learned"](loc=2.0)
        for built, loc in ((first, 0.5), (moved, 2.0)):
            expected = -0.5 * (loc**2 + np.log(2 * np.pi))
            np.testing.assert_allclose(built.log_prob(z=0.0), expected, rtol=1e-12)


@each
def test_formatter_and_linter_leave_the_class_as_it_is(dist, tmp_path):
    source = _joint(dist, scale="2.0").to_source("tfp")
    (tmp_path / "module.py").write_text(source)
    assert objections(tmp_path) == ""
