"""What jaxprs of functions, as users write them, read like; and that they say the same."""

import inspect

import jax
import jax.numpy as jnp
import jax.scipy.linalg as jsl
import jax.scipy.special as jss
import numpy as np
import pytest

import jointbridge as jb
from jointbridge.backends.arrays.jax import JaxArrays, precision
from jointbridge.backends.arrays.raising import Constants, raise_jaxpr
from jointbridge.backends.reading import ReadError
from jointbridge.evaluate import Evaluator
from jointbridge.expression import Name
from jointbridge.spec import Data, Deterministic, Spec
from jointbridge.syntax import show

RANDOM = np.random.default_rng(0)
SQUARE = RANDOM.normal(size=(4, 4))
VALUES = {
    "s": np.float64(0.7),
    "v": RANDOM.normal(size=4),
    "p": RANDOM.uniform(0.1, 0.9, size=4),
    "w": RANDOM.normal(size=3),
    "m": RANDOM.normal(size=(3, 4)),
    "t": RANDOM.normal(size=(2, 3, 4)),
    "a": SQUARE @ SQUARE.T + 4 * np.eye(4),  # positive definite
    "L": np.tril(SQUARE) + 3 * np.eye(4),  # lower triangular
    "i": RANDOM.integers(0, 2, size=5),
    "j": RANDOM.integers(0, 3, size=5),
    "ij": RANDOM.integers(0, 3, size=(5, 6)),
    "k": np.int64(2),
    "c": RANDOM.uniform(size=4) < 0.5,
}

CASES = [
    (lambda v, s: 2 * v + s, "2.0 * v + s"),
    (lambda v, s: -((v - s) ** 2) / (2 * s**2), "-(v - s) ** 2 / (2.0 * s ** 2)"),
    (lambda i, v: v[i], "v[i]"),
    (lambda i, j, m: m[i, j], "m[i, j]"),
    (lambda i, m: m[:, i], "m[:, i]"),
    (lambda k, m: m[:, k], "m[:, k]"),
    (lambda k, m: m[k], "m[k]"),
    (lambda k, m: m[k, 0], "m[k, 0]"),
    (lambda m: m[0], "m[0]"),
    (lambda m: m[:, 1], "m[:, 1]"),
    (lambda m: m[-1, 1:], "m[2, 1:]"),
    (lambda m: m[..., -1], "m[:, 3]"),
    (lambda v: v[1:] - v[:-1], "v[1:] - v[:-1]"),
    (lambda v: v[::2], "v[::2]"),
    (lambda v, w: v[:, None] * w, "v[:, None] * w"),
    (lambda v, w: v[None, :] * w[:, None], "v * w[:, None]"),
    (lambda v: (v[:, None] - v[None, :]) ** 2, "(v[:, None] - v) ** 2"),
    (lambda m, v: m @ v, "m @ v"),
    (lambda m, w: w @ m, "w @ m"),
    (lambda m, v: jnp.dot(m, v), "m @ v"),
    (lambda m: m @ m.T, "m @ transpose(m)"),
    (lambda m: m.T @ m, "transpose(m) @ m"),
    (lambda v: v @ v, "v @ v"),
    (lambda m, t: jnp.einsum("ij,kij->k", m, t), 'einsum("ij,kij->k", m, t)'),
    (lambda t, v: t @ v, "t @ v"),
    (lambda t, a: t @ a, "t @ a"),
    (lambda m, v: jnp.einsum("ij,j->i", m, v), "m @ v"),
    (lambda t: jnp.einsum("kij,kil->kjl", t, t), 'einsum("ijk,ijl->ikl", t, t)'),
    (lambda v: jax.nn.softplus(v), "softplus(v)"),
    (lambda v: jax.nn.sigmoid(v), "expit(v)"),
    (lambda v: jax.nn.relu(v), "maximum(v, 0.0)"),
    (lambda v: jss.logsumexp(v), "logsumexp(v)"),
    (lambda m: jss.logsumexp(m, axis=-1), "logsumexp(m, axis=-1)"),
    (
        lambda m: jss.logsumexp(m, axis=0, keepdims=True),
        "logsumexp(m, axis=-2, keepdims=True)",
    ),
    (lambda m: jax.nn.softmax(m, axis=-1), "softmax(m)"),
    (lambda m: jax.nn.softmax(m, axis=0), "softmax(m, axis=-2)"),
    (lambda m: jax.nn.log_softmax(m), "log_softmax(m)"),
    (lambda v, s: jnp.logaddexp(v, s), "logaddexp(v, s)"),
    (lambda v: jnp.logaddexp(v, 0.0), "logaddexp(v, 0.0)"),
    (lambda p: jss.logit(p), "logit(p)"),
    (lambda v: jss.ndtr(v), "normal_cdf(v)"),
    (lambda v: jnp.clip(v, -1.0, 1.0), "clip(v, -1.0, 1.0)"),
    (lambda m: jnp.mean(m), "mean(m)"),
    (lambda m: m.mean(0), "mean(m, axis=-2)"),
    (lambda m: m.sum(-1), "sum(m, axis=-1)"),
    (lambda m: m - m.sum(-1, keepdims=True), "m - sum(m, axis=-1, keepdims=True)"),
    (lambda m: m.max(axis=0), "max(m, axis=-2)"),
    (lambda v: jnp.where(v > 0, v, 0.0), "where(v > 0.0, v, 0.0)"),
    (lambda c, v, s: jnp.where(c, v, s), "where(c, v, s)"),
    (lambda v: jnp.concatenate([jnp.zeros(1), v]), "concatenate([full((1,), 0.0), v])"),
    (lambda v, s: jnp.concatenate([v, s[None]]), "concatenate([v, full((1,), s)])"),
    (lambda v, s: jnp.append(v, s), "concatenate([v, full((1,), s)])"),
    (lambda s: jnp.array([s, 2 * s, 1.0]), "[s, 2.0 * s, 1.0]"),
    (lambda v, p: jnp.stack([v, p], axis=-1), "stack([v, p], axis=-1)"),
    (lambda v, p: jnp.stack([v, p]), "stack([v, p])"),
    (lambda v, s: jnp.stack([v, jnp.full(4, s)]), "stack([v, s])"),
    (lambda a: jnp.linalg.cholesky(a), "cholesky(a)"),
    (lambda a: jsl.cholesky(a, lower=True), "cholesky(a)"),
    (lambda L, v: jsl.solve_triangular(L, v, lower=True), "solve_triangular(L, v)"),
    (lambda L, a: jsl.solve_triangular(L, a, lower=True), "solve_triangular(L, a)"),
    (
        lambda L, v: jsl.solve_triangular(L.T, v),
        "solve_triangular(transpose(L), v, lower=False)",
    ),
    (
        lambda L, v: jsl.cho_solve((L, True), v),
        "solve_triangular(L, solve_triangular(L, v), transpose_a=True)",
    ),
    (lambda m: jnp.tril(m @ m.T), "tril(m @ transpose(m))"),
    (lambda v: jnp.diag(v), "diag(v)"),
    (lambda a: jnp.diag(a), "diagonal(a)"),
    (lambda a: jnp.trace(a), "sum(diagonal(a), axis=-1)"),
    (lambda v, a: jnp.diag(v) @ a @ jnp.diag(v), "diag(v) @ a @ diag(v)"),
    (lambda v, L: v[..., None] * L, "v[:, None] * L"),
    (
        lambda v: jnp.exp(-0.5 * ((v[:, None] - v) / 0.3) ** 2) + 1e-6 * jnp.eye(4),
        "exp(-0.5 * ((v[:, None] - v) / 0.3) ** 2) + 1e-06 * eye(4)",
    ),
    (lambda i: jax.nn.one_hot(i, 4), "one_hot(i, size=4)"),
    (lambda i, m: m.T[i], "transpose(m)[i]"),
    (lambda ij, v: v[ij], "v[ij]"),
    (lambda ij, m: m[:, ij], "m[:, ij]"),
    (lambda i, t: t[i % 2, :, i], "transpose(t, axes=(0, 2, 1))[remainder(i, 2), i]"),
    (lambda i, t: t[0, i], "t[0, i]"),
    (lambda i, t: t[:, i, :], "t[:, i]"),
    (lambda i, j, t: t[:, i, j], "t[:, i, j]"),
    (lambda i, m: jnp.take(m, i, axis=0), "m[i]"),
    (lambda i, m: jnp.take(m, i, axis=1), "m[:, i]"),
    (
        lambda i, m: jnp.take_along_axis(m, i[:3, None], axis=1),
        "m[arange(0, 3)[:, None], i[:3, None]]",
    ),
    (lambda v: v.reshape(2, 2), "reshape(v, shape=(2, 2))"),
    (lambda m: m.reshape(-1), "reshape(m, shape=(12,))"),
    (lambda m: m.T.ravel(), "reshape(transpose(m), shape=(12,))"),
    (lambda v: v.reshape(4, 1), "v[:, None]"),
    (lambda t: jnp.transpose(t, (1, 0, 2)), "transpose(t, axes=(1, 0, 2))"),
    (lambda t: jnp.swapaxes(t, -1, -2), "transpose(t, axes=(0, 2, 1))"),
    (lambda v: jnp.cumsum(v), "cumsum(v)"),
    (lambda m: jnp.cumsum(m, axis=0), "cumsum(m, axis=-2)"),
    (lambda v: jnp.cumprod(v), "cumprod(v)"),
    (lambda v: v[::-1], "v[3 - arange(0, 4)]"),
    (lambda v: jnp.flip(v), "v[3 - arange(0, 4)]"),
    (lambda v: jnp.var(v), "mean(square(v - mean(v)))"),
    (lambda m: jnp.std(m, axis=0), "sqrt(mean(square(m - mean(m, axis=-2)), axis=-2))"),
    (lambda v: jnp.linalg.norm(v), "sqrt(sum(v * v))"),
    (lambda v, s: v**s, "v ** s"),
    (lambda v: v**2 + v**3 + 1 / v, "v ** 2 + v ** 3 + 1.0 / v"),
    (
        lambda v: jnp.abs(v) + jnp.sign(v) * jnp.square(v),
        "abs(v) + sign(v) * square(v)",
    ),
    (lambda i, v: v * (i[:4] == 1), "v * (i[:-1] == 1)"),
    (lambda i: i.astype(float) * 2.0, "i * 2.0"),
    (lambda v: v.astype(int), 'cast(v, kind="int")'),
    (lambda v: (v > 0).sum(), "sum(v > 0.0)"),
    (lambda v: jnp.any(v > 0) & jnp.all(v > -9), "any(v > 0.0) & all(v > -9.0)"),
    (
        lambda v, s: jax.lax.cond(s > 0, jnp.sin, jnp.cos, v),
        "where(s > 0.0, sin(v), cos(v))",
    ),
    (lambda v: jax.vmap(lambda x: x**2 + 1)(v), "v ** 2 + 1.0"),
    (lambda m, v: jax.vmap(lambda r: r @ v)(m), "m @ v"),
    (lambda m: jax.vmap(jss.logsumexp)(m), "logsumexp(m, axis=-1)"),
    (lambda m, i: jax.vmap(lambda r: r[i])(m), "m[:, i]"),
    (
        lambda m: jax.vmap(lambda r: jnp.diag(r))(m),
        "where(arange(0, 4)[:, None] == arange(0, 4), m[:, :, None], 0.0)",
    ),
    (
        lambda t: jax.vmap(lambda x: jnp.linalg.cholesky(x @ x.T + jnp.eye(3)))(t),
        "cholesky(t @ transpose(t, axes=(0, 2, 1)) + eye(3))",
    ),
    (lambda v: jnp.full(3, v[0]), "v[0]"),
    (lambda v: jnp.zeros(4) + v * jnp.ones(4), "v"),
    (lambda v: jnp.broadcast_to(v, (3, 4)).sum(), "sum(v) * 3"),
    (lambda s: jnp.broadcast_to(s, (3, 4)).sum(0), "s * 3"),
    (lambda v: jnp.arange(4) * v, "arange(0, 4) * v"),
    (
        lambda v: jnp.linspace(0, 1, 4) * v,
        "[0.0, 0.3333333333333333, 0.6666666666666666, 1.0] * v",
    ),
    (lambda v: jnp.tile(v, 2), "concatenate([v, v])"),
    (
        lambda v: jnp.repeat(v, 2),
        "reshape(broadcast_to(v[:, None], shape=(4, 2)), shape=(8,))",
    ),
    (lambda v: jnp.pad(v, (1, 0)), "concatenate([full((1,), 0.0), v])"),
    (
        lambda v: jnp.minimum(v, 0.3) * jnp.maximum(v, 0.1),
        "minimum(v, 0.3) * maximum(v, 0.1)",
    ),
    (
        lambda v: jnp.sinh(v) + jnp.tan(v) + jnp.arctan(v) + jnp.tanh(v),
        "(exp(v) - exp(-v)) / 2.0 + sin(v) / cos(v) + atan(v) + tanh(v)",
    ),
    (
        lambda p: jss.gammaln(p) + jss.digamma(p) + jss.erf(p) + jss.betaln(p, p),
        "lgamma(p) + digamma(p) + erf(p) + (lgamma(p) + lgamma(p) - lgamma(p + p))",
    ),
    (lambda v: jnp.outer(v, v), "v[:, None] * v"),
    (lambda v, w: jnp.einsum("i,j->ij", v, w), 'einsum("i,j->ij", v, w)'),
    (lambda v: v.at[0].set(1.0), "where(arange(0, 4) == 0, 1.0, v)"),
    (
        lambda v, s: jnp.zeros(6).at[1:5].set(v),
        "concatenate([full((1,), 0.0), v, full((1,), 0.0)])",
    ),
    (
        lambda v, i: jnp.zeros(4).at[i].add(1.0) * v,
        "sum(one_hot(i, size=4), axis=-2) * v",
    ),
    (lambda v: jnp.squeeze(v[:, None], -1), "v"),
    (lambda v: jnp.expand_dims(v, 0), "v"),
    (lambda m: m[:, None, 1:3], "m[:, None, 1:3]"),
    (lambda v: jnp.sqrt(jnp.maximum(v, 0) + 1e-6), "sqrt(maximum(v, 0.0) + 1e-06)"),
    (lambda v, s: jnp.dot(v, s), "v * s"),
    (lambda v: jnp.prod(v), "prod(v)"),
    (lambda v: jnp.sort(v), "sort(v)"),
    (
        lambda v: jnp.floor(v) + jnp.ceil(v) + jnp.round(v),
        "floor(v) + -floor(-v) + round(v)",
    ),
    (lambda i: i // 2, 'cast(floor(i / 2), kind="int")'),
    (lambda i: i % 2, "remainder(i, 2)"),
    (
        lambda m: jnp.triu(m @ m.T),
        "where(arange(0, 3)[:, None] > arange(0, 3), 0.0, m @ transpose(m))",
    ),
    (lambda v: jnp.log1p(jnp.exp(v)), "log1p(exp(v))"),
    (lambda m: m.at[:, 1].set(0.0), "where(arange(0, 4) == 1, 0.0, m)"),
    (
        lambda m, k: m.at[k, 0].set(5.0),
        "where((arange(0, 3)[:, None] == k) & (arange(0, 4) == 0), 5.0, m)",
    ),
    (
        lambda m, i, v: m.at[i % 3].add(v[:4]),
        "m + transpose(one_hot(remainder(i, 3), size=3)) @ broadcast_to(v, shape=(5, 4))",
    ),
    (
        lambda v: jax.lax.scan(lambda c, x: (c + x, c), 0.0, v)[1],
        "[0.0, v[0], v[0] + v[1], v[0] + v[1] + v[2]]",
    ),
    (
        lambda v, w: v.at[np.array([2, 0])].set(w[:2]),
        "concatenate([v, w[:2]])[[5, 1, 4, 3]]",
    ),
    (
        lambda v, w: v.at[np.array([-1, 7])].set(w[:2]),
        "concatenate([v, w[:2]])[[0, 1, 2, 4]]",
    ),
    (
        lambda v, s: v.at[np.array([2, 0])].set(s),
        "where([True, False, True, False], s, v)",
    ),
    (
        lambda v, w: v.at[np.array([2, 0])].min(w[:2]),
        "minimum(v, where([True, False, True, False], w[:2][[1, 0, 0, 0]], inf))",
    ),
    (lambda v: v.at[np.array([2, 0])].divide(2.0), "v / [2.0, 1.0, 2.0, 1.0]"),
    (lambda v: jnp.zeros(4).at[np.array([3, 2, 1, 0])].set(v), "v[[3, 2, 1, 0]]"),
    (lambda a: a.at[jnp.diag_indices(4)].add(0.1), "a + 0.1 * eye(4)"),
    (lambda a: jnp.linalg.inv(a), "inv(a)"),
    (lambda a, v: jnp.linalg.solve(a, v), "solve(a, v)"),
    (lambda a, L: jnp.linalg.solve(a, L), "solve(a, L)"),
    (lambda t: jnp.linalg.inv(t[:, :, :3]), "inv(t[:, :, :-1])"),
    (
        lambda a, v: a.at[jnp.diag_indices(4)].set(v),
        "where(arange(0, 4)[:, None] == arange(0, 4), v, a)",
    ),
    (
        lambda w: jnp.eye(3).at[jnp.tril_indices(3, -1)].set(w),
        "where(arange(0, 3)[:, None] > arange(0, 3), w[order], eye(3))",
    ),
    (
        lambda m, t: m.at[:, np.array([2, 0])].set(t[0, :, :2]),
        "concatenate([m, t[0, :, :2]], axis=-1)[:, [5, 1, 4, 3]]",
    ),
    (
        lambda m, t: m.at[:, np.array([2, 0])].add(t[0, :, :2]),
        "m + t[0, :, :2] @ one_hot([2, 0], size=4)",
    ),
    (
        lambda t: jnp.zeros((3, 4)).at[np.array([2, 0])].set(t[0, :2]),
        "where([True, False, True][:, None], t[0, :2][[1, 0, 0]], 0.0)",
    ),
    (
        lambda t: jnp.zeros((3, 4)).at[:, np.array([2])].set(t[0, :, :1]),
        "where([False, False, True, False], t[0, :, :1], 0.0)",
    ),
    (
        lambda w: jnp.zeros((3, 4)).at[np.array([0, 0, 2]), np.array([1, 1, 3])].add(w),
        "reshape(w @ one_hot([1, 1, 11], size=12), shape=(3, 4))",
    ),
]


def _raised(function, names=None):
    """The raised jaxpr of a function of `VALUES`, by the names of its arguments."""
    arguments = list(inspect.signature(function).parameters)
    closed = jax.make_jaxpr(function)(*(jnp.asarray(VALUES[n]) for n in arguments))
    return raise_jaxpr(closed, [Name(n) for n in arguments], names=names)


def _result(raised):
    env = {n: jnp.asarray(x) for n, x in VALUES.items()}
    env |= {n: jnp.asarray(d.values) for n, d in raised.constants.added.items()}
    (output,) = raised.outputs
    return Evaluator(JaxArrays("float64"), raised.scope, env)(output)


def _expected(function):
    arguments = inspect.signature(function).parameters
    return function(*(jnp.asarray(VALUES[n]) for n in arguments))


@pytest.mark.parametrize(
    ("function", "text"), [pytest.param(f, t, id=t) for f, t in CASES]
)
def test_reads_as_written(function, text):
    with precision("float64"):
        raised = _raised(function)
        assert show(raised.outputs[0]) == text
        expected = np.asarray(_expected(function))
        found = np.broadcast_to(_result(raised), expected.shape)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)


def _walk(c, x):
    return c * VALUES["s"] + x, c * x


LOOPS = {
    "outputs": lambda v: jax.lax.scan(_walk, 0.0, jnp.tile(v, 2))[1],
    "last carry": lambda v: jax.lax.scan(_walk, 0.0, jnp.tile(v, 2))[0],
    "reverse": lambda v: jax.lax.scan(_walk, 1.0, jnp.tile(v, 2), reverse=True)[1],
    "two carries": lambda v, s: jax.lax.scan(
        lambda c, x: ((c[1], s * c[0] + jnp.exp(c[1]) * x), c[0] * x),
        (0.0, s),
        jnp.tile(v, 2),
    )[1],
    "vector carry": lambda v, s: jax.lax.fori_loop(0, 10, lambda t, c: c * s + t, v),
    "matrix rows": lambda m, v: (
        jax.lax.scan(lambda c, x: (c @ x, None), jnp.eye(4), jnp.stack([m.T @ m] * 6))[
            0
        ]
        @ v
    ),
    "counts": lambda v: jax.lax.scan(lambda c, x: (c + 1, c * x), 0, jnp.tile(v, 2))[1],
}


@pytest.mark.parametrize("function", LOOPS.values(), ids=LOOPS)
def test_loops_are_recurrences(function):
    with precision("float64"):
        raised = _raised(function)
        expected = np.asarray(_expected(function))
    assert raised.scans
    data = tuple(Data.of(n, x) for n, x in VALUES.items())
    last = Deterministic("result", raised.outputs[0])
    added = tuple(raised.constants.added.values())
    joint = jb.Joint(Spec((*raised.scans, last), data=(*data, *added)))
    np.testing.assert_allclose(joint.sample(0)["result"], expected, rtol=1e-12)


def test_what_is_used_twice_is_one_object():
    def function(v):
        shared = jnp.exp(v)
        return shared + jnp.sum(shared)

    with precision("float64"):
        (node,) = _raised(function).outputs
    left, total = node.args
    assert total.args[0] is left


def test_local_names_and_lines_are_recovered():
    def kernel(v):
        distance = v[:, None] - v
        return jnp.exp(-(distance**2))

    def function(v, s):
        K = kernel(v) + 1e-6 * jnp.eye(4)
        mean = K @ v
        return mean * s

    with precision("float64"):
        raised = _raised(function)
    found = {label.name: label.where for label in raised.labels.values()}
    start = inspect.getsourcelines(function)[1]
    assert found["K"] == f"test_raising.py:{start + 1}"
    assert found["mean"] == f"test_raising.py:{start + 2}"
    assert "distance" in found
    assert "raised" not in found


X = np.arange(12.0).reshape(4, 3) ** 2

CONSTANTS = [
    (lambda v: v @ X, "v @ X"),
    (lambda v: v + X[:, 1], "v + X[:, 1]"),
    (lambda v: v[1:] * X[1:, 0] + 1, "v[1:] * [9.0, 36.0, 81.0] + 1.0"),
    (lambda v: v[:, None] * X.astype("float32"), "v[:, None] * X"),
    (lambda v: v + 3 * np.eye(4), "v + 3.0 * eye(4)"),
    (lambda v: v * np.full(4, 2.5), "v * 2.5"),
    (lambda v: v * np.array([[1.0], [2.0]]), "v * [1.0, 2.0][:, None]"),
    (lambda v: v + np.arange(4), "v + arange(0, 4)"),
    (lambda w: w @ jnp.linalg.qr(X)[1], "w @ const"),
]


@pytest.mark.parametrize(
    ("function", "text"), [pytest.param(f, t, id=t) for f, t in CONSTANTS]
)
def test_constants_are_recognised_by_value(function, text):
    with precision("float64"):
        raised = _raised(function, Constants({"X": X}))
        assert show(raised.outputs[0]) == text
        env = {n: jnp.asarray(x) for n, x in VALUES.items()} | {"X": jnp.asarray(X)}
        added = raised.constants.added
        env |= {n: jnp.asarray(d.values) for n, d in added.items()}
        found = Evaluator(JaxArrays("float64"), raised.scope, env)(raised.outputs[0])
        np.testing.assert_allclose(found, _expected(function), rtol=1e-12)


def test_data_goes_through_what_the_language_lacks():
    """An operation on data alone is computed, and said to be."""

    def function(v):
        q, _ = jnp.linalg.qr(jnp.asarray(X))
        return v @ q

    with precision("float64"):
        raised = _raised(function, Constants({"X": X}))
    assert show(raised.outputs[0]) == "v @ const"
    assert list(raised.constants.added) == ["const"]
    assert [n.kind for n in raised.notes] == ["folded"]


def test_places_that_are_data_are_folded():
    """The joint holds for these places, and that is said."""
    places = np.array([3, 1, 0])
    with precision("float64"):
        closed = jax.make_jaxpr(lambda v, w, places: v.at[places].set(w))(
            jnp.ones(4), jnp.ones(3), places
        )
        names = Constants({"places": places})
        raised = raise_jaxpr(
            closed, [Name(n) for n in ("v", "w", "places")], names=names
        )
    assert show(raised.outputs[0]) == "concatenate([v, w])[[6, 5, 2, 4]]"
    (note,) = raised.notes
    assert note.kind == "folded"
    assert note.where.startswith("scatter test_raising.py:")


def test_a_stopped_gradient_is_noted_where_the_user_stops_it():
    def function(v):
        weights = jax.nn.softmax(v, where=v > 0)  # JAX stops a gradient inside
        return weights + jax.lax.stop_gradient(v)

    with precision("float64"):
        (note,) = _raised(function).notes
    line = inspect.getsourcelines(function)[1] + 2
    assert (note.kind, note.where) == ("dropped", f"test_raising.py:{line}")


def test_float32_constants_are_what_was_typed():
    with precision("float32"):
        closed = jax.make_jaxpr(lambda v: v * 0.1 + jnp.float32(0.3))(jnp.ones(4))
        raised = raise_jaxpr(closed, [Name("v")])
    assert show(raised.outputs[0]) == "v * 0.1 + 0.3"


REFUSALS = [
    ("loop", lambda v: jax.lax.while_loop(lambda x: x.sum() < 9, lambda x: x * 2, v)),
    (
        "callback",
        lambda v: jax.pure_callback(np.sin, jax.ShapeDtypeStruct((4,), "float64"), v),
    ),
    ("hidden-randomness", lambda k: jax.random.normal(jax.random.PRNGKey(k), (3,))),
    ("unknown-operation", lambda m: jnp.linalg.slogdet(m @ m.T)[1]),
    ("unknown-operation", lambda v: jnp.argsort(v)),
    ("unknown-operation", lambda v, w: v.at[np.array([1, 1, 3])].set(w)),
    ("unknown-operation", lambda v, w, i: v.at[i[:3]].set(w)),
    ("unknown-operation", lambda i: i & 1),
]


@pytest.mark.parametrize(
    ("code", "function"),
    [pytest.param(c, f, id=f"{c} {n}") for n, (c, f) in enumerate(REFUSALS)],
)
def test_refusals_name_the_line_and_a_way_out(code, function):
    with precision("float64"), pytest.raises(ReadError) as caught:
        _raised(function)
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.path.startswith("test_raising.py:")
    assert problem.hint
