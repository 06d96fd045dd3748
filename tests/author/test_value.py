"""Operators, indexing and functions build the expression that they look like."""

from __future__ import annotations

import inspect
import operator

import numpy as np
import pytest

import jointbridge.author as jb
from jointbridge.author.value import Value
from jointbridge.families import FAMILIES
from jointbridge.functions import FUNCTIONS
from jointbridge.spec import Spec, Type
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse, show

LONG = np.arange(20.0)


def traced(build) -> Value:
    """What `build(x, i, m)` gives inside a model: x float[3], i int[3], m float[3, 3]."""
    found = {}

    @jb.model
    def model():
        x = jb.data("x", jb.array(3))
        i = jb.data("i", jb.array((3,), "int"))
        m = jb.data("m", jb.array((3, 3)))
        found["value"] = jb.deterministic("out", build(x, i, m))

    found["spec"] = model()
    (statement,) = found["spec"].statements
    value = found["value"]
    return Value(statement.value, value.type, value.origin)


EXPRESSIONS = {
    "add": (lambda x, i, m: x + 1, "x + 1", Type((3,))),
    "add on the right": (lambda x, i, m: 1.5 + x, "1.5 + x", Type((3,))),
    "integers stay integers": (lambda x, i, m: 2 * i, "2 * i", Type((3,), "int")),
    "division is float": (lambda x, i, m: i / 2, "i / 2", Type((3,))),
    "precedence": (lambda x, i, m: (x + 1) * -x**2, "(x + 1) * -x ** 2", Type((3,))),
    "right power": (lambda x, i, m: 2.0**x, "2.0 ** x", Type((3,))),
    "matrix product": (lambda x, i, m: m @ x, "m @ x", Type((3,))),
    "comparison": (lambda x, i, m: (x < 1) & ~(x >= i), "(x < 1) & ~(x >= i)", Type((3,), "bool")),
    "swapped comparison": (lambda x, i, m: i[0] < x, "i[0] < x", Type((3,), "bool")),
    "swapped number": (lambda x, i, m: operator.le(1, x), "x >= 1", Type((3,), "bool")),
    "equality": (lambda x, i, m: (x == 1) | (i != 2), "(x == 1) | (i != 2)", Type((3,), "bool")),
    "absolute value": (lambda x, i, m: abs(x), "abs(x)", Type((3,))),
    "plus does nothing": (lambda x, i, m: +x, "x", Type((3,))),
    "item": (lambda x, i, m: x[-1], "x[-1]", Type()),
    "gather": (lambda x, i, m: x[i], "x[i]", Type((3,))),
    "new axis": (lambda x, i, m: x[:, None], "x[:, None]", Type((3, 1))),
    "slices": (lambda x, i, m: m[1:, ..., ::2], "m[1:, ..., ::2]", Type((2, 2))),
    "NumPy integer": (lambda x, i, m: x[np.int64(1)], "x[1]", Type()),
    "literal index": (lambda x, i, m: x[[0, 2]], "x[[0, 2]]", Type((2,))),
    "transpose": (lambda x, i, m: m.T, "transpose(m)", Type((3, 3))),
    "sum": (lambda x, i, m: m.sum(), "sum(m)", Type()),
    "sum of an axis": (lambda x, i, m: m.sum(-1), "sum(m, axis=-1)", Type((3,))),
    "sum of axes": (lambda x, i, m: jb.sum(m, axis=[0, 1]), "sum(m, axis=(0, 1))", Type()),
    "running sum": (lambda x, i, m: x.cumsum(), "cumsum(x)", Type((3,))),
    "function": (lambda x, i, m: jb.exp(x), "exp(x)", Type((3,))),
    "where": (lambda x, i, m: jb.where(x > 0, x, 0.0), "where(x > 0, x, 0.0)", Type((3,))),
    "stack": (lambda x, i, m: jb.stack([x, i, x], axis=1), "stack([x, i, x], axis=1)", Type((3, 3))),
    "concatenate": (lambda x, i, m: jb.concatenate([x, [1.0]]), "concatenate([x, [1.0]])", Type((4,))),
    "einsum": (lambda x, i, m: jb.einsum("ij,j->i", m, x), 'einsum("ij,j->i", m, x)', Type((3,))),
    "cast by type": (lambda x, i, m: jb.cast(x, int), 'cast(x, kind="int")', Type((3,), "int")),
    "making arrays": (lambda x, i, m: jb.full((2, 3), x), "full((2, 3), x)", Type((2, 3))),
    "no arrays": (lambda x, i, m: jb.eye(3) + jb.arange(0, 3), None, Type((3, 3))),
    "reshape": (lambda x, i, m: m.reshape((9,)), None, Type((9,))),
    "list of values": (lambda x, i, m: jb.exp([x[0], 2, 3.0]), "exp([x[0], 2, 3.0])", Type((3,))),
    "nested list": (lambda x, i, m: jb.exp([[x[0]], [1]]), "exp([[x[0]], [1]])", Type((2, 1))),
    "literal vector": (lambda x, i, m: [1, 2, 3] * x, "[1, 2, 3] * x", Type((3,))),
    "literal matrix": (lambda x, i, m: np.eye(2) * x[0], "[[1.0, 0.0], [0.0, 1.0]] * x[0]", Type((2, 2))),
    "array on the left": (lambda x, i, m: np.ones(3) - x, "[1.0, 1.0, 1.0] - x", Type((3,))),
    "array matrix product": (lambda x, i, m: np.ones(3) @ x, "[1.0, 1.0, 1.0] @ x", Type()),
    "array comparison": (lambda x, i, m: np.zeros(3) < x, "[0.0, 0.0, 0.0] < x", Type((3,), "bool")),
    "boolean array": (lambda x, i, m: np.array([True, False, True]) & (x > 0), "[True, False, True] & (x > 0)", Type((3,), "bool")),
    "NumPy scalar": (lambda x, i, m: np.float64(2.0) * x, "2.0 * x", Type((3,))),
    "narrow scalar": (lambda x, i, m: x * np.float32(0.5), "x * 0.5", Type((3,))),
    "zero-dimensional": (lambda x, i, m: x + np.array(2), "x + 2", Type((3,))),
    "infinity": (lambda x, i, m: jb.minimum(x, np.inf), "minimum(x, inf)", Type((3,))),
    "range": (lambda x, i, m: x[range(2)], "x[[0, 1]]", Type((2,))),
    "log density": (lambda x, i, m: jb.log_prob(jb.Normal(0, 1), x), "log_prob(Normal(loc=0, scale=1), x)", Type((3,))),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions_print_as_they_are_written(name):
    build, text, type_ = EXPRESSIONS[name]
    value = traced(build)
    assert value.type == type_
    if text is not None:
        assert show(value.node) == text
    assert parse(show(value.node)) == value.node


def test_values_know_their_shape():
    value = traced(lambda x, i, m: m[:2])
    assert (value.shape, value.ndim, value.size, value.kind) == ((2, 3), 2, 6, "float")
    assert len(value) == 2
    assert repr(value) == "Value(m[:2]: float[2, 3])"


def test_values_unpack_along_the_first_axis():
    def build(x, i, m):
        first, second, third = x
        return first + second * third

    assert show(traced(build).node) == "x[0] + x[1] * x[2]"


def test_a_plate_is_an_index():
    def build(x, i, m):
        with jb.plate("n", 2) as n:
            return x[n]

    assert show(traced(build).node) == "x[arange(0, 2)]"


def test_constants_need_no_model():
    prior = jb.Normal(0.0, jb.exp(1.0))
    assert repr(prior) == "Normal(loc=0.0, scale=exp(1.0))"

    @jb.model
    def model():
        jb.sample("x", prior)

    assert show(model().samples[0].dist) == repr(prior)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_a_family_has_the_signature_of_its_row(name):
    family = getattr(jb, name)
    assert list(inspect.signature(family).parameters) == list(FAMILIES[name].parameters)
    assert family.__doc__
    assert family.__name__ == name
    assert getattr(jb, name) is family


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_has_the_signature_of_its_row(name):
    function = getattr(jb, name)
    assert list(inspect.signature(function).parameters) == list(FUNCTIONS[name].order)
    assert FUNCTIONS[name].signature in function.__doc__


def test_every_word_is_found():
    assert set(dir(jb)) == set(jb.names())
    assert all(getattr(jb, name) is not None for name in jb.names())
    assert not jb.WORDS & (FAMILIES.keys() | FUNCTIONS.keys())
    assert set(dir(jb.supports)) == set(SUPPORTS)


SUPPORT_TEXTS = {
    "plain": (lambda tau: jb.supports.positive, "positive"),
    "text": (lambda tau: "positive", "positive"),
    "text with a size": (lambda tau: "simplex(3)", "simplex(3)"),
    "bounds": (lambda tau: jb.supports.interval(0, tau), "interval(low=0, high=tau)"),
    "named bounds": (lambda tau: jb.supports.greater_than(low=tau), "greater_than(low=tau)"),
    "size": (lambda tau: jb.supports.simplex(3), "simplex(3)"),
}  # fmt: skip


@pytest.mark.parametrize("name", SUPPORT_TEXTS)
def test_supports(name):
    make, text = SUPPORT_TEXTS[name]

    @jb.model
    def model():
        tau = jb.sample("tau", jb.Exponential())
        jb.sample("x", jb.ImproperUniform(make(tau)))

    assert show(model().samples[1].dist) == f"ImproperUniform(support={text})"


def test_parameters_may_be_given_as_none():
    assert repr(jb.Bernoulli(probs=None, logits=0.5)) == "Bernoulli(logits=0.5)"
    truncated = jb.Truncated(jb.Normal(0.0, 1.0), low=0.0, high=None)
    assert repr(truncated) == "Truncated(base=Normal(loc=0.0, scale=1.0), low=0.0)"


def test_large_arrays_are_data_and_equal_ones_are_kept_once():
    @jb.model
    def model():
        jb.sample("x", jb.Normal(LONG * 2.0, 1.0))
        jb.sample("y", jb.Normal(LONG * 2.0, jb.exp(LONG)))

    spec: Spec = model()
    assert [d.name for d in spec.data] == ["data_1", "data_2"]
    assert show(spec.samples[1].dist) == "Normal(loc=data_1, scale=exp(data_2))"
    np.testing.assert_array_equal(spec.data[0].values, LONG * 2.0)
