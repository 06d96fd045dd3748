"""Every function on every array library: one draw, many draws, and NumPy agree."""

import numpy as np
import pytest

from jointbridge.backends.arrays.jax import JaxArrays, precision
from jointbridge.backends.arrays.torch import TorchArrays
from jointbridge.evaluate import Evaluator
from jointbridge.functions import FUNCTIONS
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.syntax import parse

DRAWS = 3
TYPES = {
    "s": Type(()),
    "p": Type((4,)),  # inside (0, 1)
    "v": Type((4,)),
    "w": Type((3,)),
    "m": Type((3, 4)),
    "a": Type((4, 4)),  # positive definite
    "L": Type((4, 4)),  # lower triangular
    "i": Type((5,), "int"),
    "k": Type((), "int"),
    "c": Type((4,), "bool"),
}

EXPRESSIONS = """
v + s * 2 - 1 | v / 2 | p ** s | i ** 2 | -v | m @ v | w @ m | v @ v | m @ a | a @ L
v < s | v <= s | v > s | v >= s | i == 2 | i != 2 | c | ~c & c | c | (v > s)
abs(v) | sign(v) | minimum(v, s) | maximum(m, v) | clip(v, -0.5, s) | where(c, v, s)
exp(v) | expm1(v) | log(p) | log1p(p) | sqrt(p) | square(v) | sin(v) | cos(v) | tanh(v)
atan(v) | floor(v) | expit(v) | logit(p) | softplus(30 * v) | log_sigmoid(v) | erf(v)
erfc(v) | lgamma(p) | normal_cdf(v) | logaddexp(v, s) | exp(i)
sum(m) | sum(m, axis=0) | sum(m, axis=-1, keepdims=True) | sum(s) | sum(c) | mean(m, axis=1)
prod(m, axis=0) | min(m) | max(m, axis=1) | any(c) | all(m > -9, axis=0)
logsumexp(m, axis=0) | logsumexp(m) | softmax(m) | softmax(m, axis=0) | log_softmax(m)
cumsum(m, axis=0) | cumsum(i) | cumprod(m, axis=0) | cumprod(i) | sort(m, axis=0) | sort(v)
round(3 * v) | remainder(v, 0.3) | remainder(i - 2, 3) | remainder(i, k + 1)
reshape(m, shape=(2, 6)) | transpose(m) | transpose(m[None], axes=(1, 0, 2))
squeeze(m[:1], axis=0) | broadcast_to(v, shape=(2, 4)) | stack([v, s]) | [s, 1, 2.5]
stack([v, p], axis=-1) | concatenate([v, w, [s]]) | concatenate([m, m[:1]], axis=0)
full((2, 3), s) | eye(3) | arange(1, 5) | one_hot(i, size=4) | one_hot(k, size=3) * s
tril(a) | diag(v) | diagonal(a) | einsum("ij,j->i", m, v) | einsum("i,j->ij", v, w)
cholesky(a) | solve_triangular(L, v) | solve_triangular(L, a, transpose_a=True)
solve_triangular(transpose(L), v, lower=False) | cast(v, kind="int") | cast(i, kind="float")
cast(c, kind="int") + i[0] | inv(a) | solve(a, v) | solve(a, L)
m[0] | m[:, 1] | m[1, -1] | m[..., 0] | m[:, None, 1:3] | v[::2] | v[-2:] | m[i[:2] % 1]
v[i] | m[k] | m[:, i] | m[0, i] | m[k, i] | m[i - i, i] | a[i[:, None], i] | v[k]
m[:, i][0] * s | m[None, k] | a[[[0], [1], [2], [3]], i[:, None, None]]
"""
TABLE = [
    e.strip() for line in EXPRESSIONS.strip().splitlines() for e in line.split(" | ")
]
TABLE = [e for e in TABLE if "%" not in e]


def _values(draws: tuple[int, ...]) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    found = {}
    for name, t in TYPES.items():
        shape = (*draws, *t.shape)
        found[name] = random.normal(size=shape)
    found["p"] = random.uniform(0.1, 0.9, size=(*draws, 4))
    x = found["a"]
    found["a"] = x @ np.swapaxes(x, -1, -2) + 4 * np.eye(4)
    found["L"] = np.tril(found["L"]) + 3 * np.eye(4)
    found["i"] = random.integers(0, 3, size=(*draws, 5))
    found["k"] = random.integers(0, 3, size=draws)
    found["c"] = random.uniform(size=(*draws, 4)) < 0.5
    return found


def _evaluate(arrays, text, values):
    env = {n: arrays.array(x, TYPES[n].kind) for n, x in values.items()}
    result = Evaluator(arrays, Scope(dict(TYPES)), env)(parse(text))
    return arrays.numpy(result)


def test_every_function_is_in_the_table():
    used = " ".join(TABLE)
    missing = [f.name for f in FUNCTIONS.values() if f"{f.name}(" not in used]
    infix = {f.name for f in FUNCTIONS.values() if f.symbol}
    assert set(missing) - infix == {"log_prob", "digamma", "i0e"}


@pytest.mark.parametrize("text", TABLE)
@pytest.mark.parametrize("library", [JaxArrays, TorchArrays])
def test_draws_are_one_by_one(library, text):
    """A batch of draws is what single draws give, and single draws are NumPy's."""
    with precision("float64"):
        arrays = library("float64")
        values = _values((DRAWS,))
        expected_type = Scope(dict(TYPES)).type(parse(text))
        together = _evaluate(arrays, text, values)
        for draw in range(DRAWS):
            single = {n: x[draw] for n, x in values.items()}
            alone = _evaluate(arrays, text, single)
            oracle = _evaluate(NumpyArrays(), text, single)
            assert alone.shape == expected_type.shape
            kinds = {"f": "float", "i": "int", "b": "bool"}
            assert kinds[alone.dtype.kind] == expected_type.kind
            np.testing.assert_allclose(alone, oracle, rtol=1e-13, atol=1e-13)
            same = together if together.shape == alone.shape else together[draw]
            np.testing.assert_allclose(same, alone, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("text", TABLE)
@pytest.mark.parametrize("library", [JaxArrays, TorchArrays])
def test_one_name_may_be_batched_alone(library, text):
    """Data has no draws: mixing it with drawn values aligns behind the draws."""
    with precision("float64"):
        arrays = library("float64")
        drawn, fixed = _values((DRAWS,)), _values(())
        for name in sorted({n for n in TYPES if n in text}):
            mixed = {**fixed, name: drawn[name]}
            together = _evaluate(arrays, text, mixed)
            alone = _evaluate(arrays, text, {**fixed, name: drawn[name][1]})
            same = together if together.shape == alone.shape else together[1]
            np.testing.assert_allclose(same, alone, rtol=1e-13, atol=1e-13)
