"""The classes that TFP lacks: batches, and trips through JAX and pickles."""

import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from jointbridge.backends.tfp.distributions import CONSTRUCTORS
from jointbridge.backends.tfp.library import tfd

WIDE, TALL = jnp.array([0.5, 1.0, 2.0]), jnp.array([[3.0], [4.0]])


#: What a class is made from, its batch and its event.
ROWS = {
    "AsymmetricLaplace": ((WIDE, TALL, 1.0), (2, 3), ()),
    "SoftLaplace": ((WIDE, TALL), (2, 3), ()),
    "LogUniform": ((WIDE, TALL), (2, 3), ()),
    "Gompertz": ((WIDE, TALL), (2, 3), ()),
    "Levy": ((WIDE, TALL), (2, 3), ()),
    "DiscreteUniform": ((jnp.zeros(3), TALL), (2, 3), ()),
    "Dagum": ((WIDE, TALL, TALL), (2, 3), ()),
    "SineBivariateVonMises": (
        (0 * WIDE, 0 * TALL, WIDE, TALL, 0.1 * WIDE),
        (2, 3),
        (2,),
    ),
    "SineSkewed": ((tfd.VonMises(0.0, TALL), 0.1 * WIDE), (2,), (3,)),
    "Delta": ((WIDE, TALL), (2, 3), ()),
    "ZeroInflated": ((tfd.Geometric(probs=1 / TALL), WIDE / 4), (2, 3), ()),
    "Hurdle": ((tfd.Geometric(probs=1 / TALL), WIDE / 4), (2, 3), ()),
    "LeftCensored": ((tfd.Normal(0.0, TALL), jnp.zeros(3)), (2, 3), ()),
    "Truncated": ((tfd.Normal(0.0, TALL), None, WIDE), (2, 3), ()),
    "GaussianRandomWalk": ((TALL, 4), (2, 1), (4,)),
    "WishartCholesky": ((TALL, None, None, jnp.eye(2)), (2, 1), (2, 2)),
}


@pytest.mark.parametrize("row", ROWS)
def test_parameters_broadcast_to_a_batch(row):
    given, batch, event = ROWS[row]
    made = CONSTRUCTORS[row](*given)
    assert made.batch_shape == batch
    assert made.event_shape == event
    drawn = made.sample(5, seed=jax.random.PRNGKey(0))
    assert drawn.shape == (5, *batch, *event)
    assert made.log_prob(drawn).shape == (5, *batch)


@pytest.mark.parametrize("row", ROWS)
def test_an_object_goes_through_jit_and_a_copy_as_it_is(row):
    made = CONSTRUCTORS[row](*ROWS[row][0])
    drawn = made.sample(seed=jax.random.PRNGKey(0))
    expected = made.log_prob(drawn)
    again = jax.jit(lambda dist, x: dist.log_prob(x))(made, drawn)
    np.testing.assert_allclose(again, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(made.copy().log_prob(drawn), expected)


def test_a_class_is_pickled_by_its_name():
    for row in ("SoftLaplace", "Dagum", "GaussianRandomWalk", "Hurdle"):
        cls = CONSTRUCTORS[row]
        assert pickle.loads(pickle.dumps(cls)) is cls


def test_a_class_brings_no_warning_of_tfps(caplog):
    CONSTRUCTORS["SoftLaplace"](WIDE, TALL).log_prob(WIDE)
    assert not caplog.records


def test_alternatives_and_defaults_are_those_of_the_catalogue():
    assert CONSTRUCTORS["ZeroInflated"](tfd.Poisson(2.0), gate_logits=0.3).gate is None
    assert CONSTRUCTORS["Levy"](0.0, 2.0, name="mine").name == "mine"
    assert CONSTRUCTORS["Levy"](0.0, 2.0).name == "Levy"
    with pytest.raises(TypeError, match="missing a required argument: 'scale'"):
        CONSTRUCTORS["Levy"](0.0)
