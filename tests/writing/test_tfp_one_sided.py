"""Written TFP modules of distributions with one bound, which TFP cannot differentiate."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jointbridge as jb
from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.tfp.library import tfp
from jointbridge.backends.tfp.quiet import quiet
from tests.writing.test_tfp_source import _built as built_of
from tests.writing.test_tfp_source import _score as score

BOUNDED = {
    "normal above": ("Normal(loc=m, scale=exp(s)), low=-0.5", [-0.4, 1.0, 30.0]),
    "normal below": ("Normal(loc=m, scale=exp(s)), high=0.5", [-30.0, -1.0, 0.4]),
    "far out": ("Normal(loc=m - 40.0, scale=exp(s)), low=0.0", [0.01, 0.1, 1.0]),
    "cauchy above": ("Cauchy(loc=m, scale=exp(s)), low=0.0", [0.1, 1.0, 1e6]),
    "cauchy below": ("Cauchy(loc=m, scale=exp(s)), high=0.0", [-1e6, -1.0, -0.1]),
    "a bound each": ("Normal(loc=m, scale=exp(s)), low=x", [0.3, 0.6, 9.0]),
    "a bound that moves": ("Normal(loc=0.0, scale=exp(s)), low=m", [0.9, 2.0, 9.0]),
    "an infinite one": ("Normal(loc=m, scale=exp(s)), low=0.0, high=inf", [0.1, 1, 2]),
}

each = pytest.mark.parametrize(("dist", "z"), BOUNDED.values(), ids=BOUNDED)


def _joint(dist):
    return jb.loads(json.dumps({
        "jointbridge": "1.0",
        "data": {"x": [0.2, 0.5, -1.0]},
        "plates": {"row": 3},
        "sites": [
            {"sample": "m", "dist": "Normal(loc=0.0, scale=1.0)"},
            {"sample": "s", "dist": "Normal(loc=0.0, scale=1.0)"},
            {"sample": "z", "dist": f"Truncated(base={dist})", "plates": ["row"]},
        ],
    }))  # fmt: skip


def _values(z):
    return {"m": jnp.array(0.25), "s": jnp.array(-0.4), "z": jnp.array(z, float)}


@each
def test_density_and_gradients_are_those_of_the_joint(dist, z):
    joint = _joint(dist)
    with precision("float64"), quiet():
        built, values = built_of(joint.spec, joint.to_source("tfp")), _values(z)
        program = joint.compile("tfp").program
        ours = jax.value_and_grad(program.log_prob_total)(values)
        theirs = jax.value_and_grad(lambda v: score(built, v))(values)
    assert np.isfinite(ours[0])
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-10), ours, theirs
    )


@each
def test_draws_and_coordinates_are_inside(dist, z):
    joint = _joint(dist)
    with precision("float64"), quiet():
        (built, *_) = built_of(joint.spec, joint.to_source("tfp"))
        draws = built.sample(50, seed=jax.random.PRNGKey(0))
        assert np.isfinite(built.log_prob(draws)).all()
        bijector = built.experimental_default_event_space_bijector()
        free = [jnp.array(0.25), jnp.array(-0.4), jnp.array([-1.0, 0.0, 2.0])]
        assert np.isfinite(built.log_prob(bijector.forward(free)))


@pytest.mark.slow
def test_the_sampler_of_the_module_moves():
    joint = _joint(BOUNDED["a bound each"][0])
    with precision("float64"), quiet():
        (built, *_) = built_of(joint.spec, joint.to_source("tfp"))
        draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
            100, built, n_chains=1, seed=jax.random.PRNGKey(0)
        )
    z = np.asarray(draws[2])
    assert (z > np.array([0.2, 0.5, -1.0])).all()
    assert (z.std(axis=(0, 1)) > 0.1).all()


def test_beyond_the_bound_there_is_no_density():
    joint = _joint("Normal(loc=m, scale=exp(s)), low=0.0")
    with precision("float64"), quiet():
        built = built_of(joint.spec, joint.to_source("tfp"))
        assert score(built, _values([-0.1, 1.0, 1.0])) == -np.inf


def test_two_bounds_are_tfps_own():
    text = _joint("Normal(loc=m, scale=exp(s)), low=-1.0, high=2.0").to_source("tfp")
    assert "class" not in text


@each
def test_it_is_read_back(dist, z):
    joint = _joint(dist)
    with precision("float64"), quiet():
        (built, *_) = built_of(joint.spec, joint.to_source("tfp"))
        again = jb.from_tfp(built)
        values = _values(z)
        np.testing.assert_allclose(
            again.log_prob(values), joint.log_prob(values), rtol=1e-10
        )
