"""One unconstraining map for each support, from its formula, the same everywhere."""

import numpy as np
import pytest

from jointbridge.backends.compiled import Compiled
from jointbridge.spec import Sample, Spec
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse


def _expit(u):
    return 1 / (1 + np.exp(-u))


def stick_breaking(u):
    """Fractions of what is left, offset so that 0 gives the centre."""
    left, found = 1.0, []
    for i, x in enumerate(u):
        share = _expit(x - np.log(len(u) - i)) * left
        found.append(share)
        left -= share
    return np.array([*found, left])


def ordered(u):
    return np.concatenate([u[:1], u[0] + np.cumsum(np.exp(u[1:]))])


def corr_cholesky(u):
    """Rows of tanh coordinates, each scaled by what the row's unit length leaves."""
    size = int((1 + np.sqrt(1 + 8 * len(u))) / 2)
    z, found = iter(np.tanh(u)), np.eye(size)
    for row in range(1, size):
        left = 1.0
        for column in range(row):
            found[row, column] = next(z) * np.sqrt(left)
            left -= found[row, column] ** 2
        found[row, row] = np.sqrt(left)
    return found


def lower_cholesky(u):
    """Rows below the diagonal, then the logarithms of the diagonal."""
    size = int((np.sqrt(1 + 8 * len(u)) - 1) / 2)
    found = np.diag(np.exp(u[len(u) - size :]))
    found[np.tril_indices(size, -1)] = u[: len(u) - size]
    return found


def times_transposed(factor):
    """L L^T of the factor that a map gives."""
    return lambda u: factor(u) @ factor(u).T


def zero_sum(u):
    """The vector in an orthonormal basis of what sums to zero."""
    size = len(u) + 1
    basis = np.eye(size)[:, :-1] - 1 / (size + np.sqrt(size))
    basis[-1] = -1 / np.sqrt(size)
    return basis @ u


#: support as written -> (map of one value, unconstrained coordinates)
MAPS = {
    "real": (lambda u: u, 0.7),
    "positive": (np.exp, 0.7),
    "nonnegative": (np.exp, 0.7),
    "unit_interval": (_expit, 0.7),
    "open_unit_interval": (_expit, 0.7),
    "circular": (lambda u: -np.pi + 2 * np.pi * _expit(u), 0.7),
    "greater_than(-1.5)": (lambda u: -1.5 + np.exp(u), 0.7),
    "greater_than_eq(-1.5)": (lambda u: -1.5 + np.exp(u), 0.7),
    "less_than(2.5)": (lambda u: 2.5 - np.exp(u), 0.7),
    "less_than_eq(2.5)": (lambda u: 2.5 - np.exp(u), 0.7),
    "interval(-1, 3)": (lambda u: -1 + 4 * _expit(u), 0.7),
    "simplex(4)": (stick_breaking, [0.3, -1.2, 0.8]),
    "ordered(4)": (ordered, [0.3, -1.2, 0.8, 0.1]),
    "positive_ordered(4)": (lambda u: np.exp(ordered(u)), [0.3, -1.2, 0.8, 0.1]),
    "corr_cholesky(3)": (corr_cholesky, [0.3, -1.2, 0.8]),
    "corr_matrix(3)": (times_transposed(corr_cholesky), [0.3, -1.2, 0.8]),
    "lower_cholesky(3)": (lower_cholesky, [0.3, -1.2, 0.8, 0.1, -0.4, 0.2]),
    "positive_definite(3)": (
        times_transposed(lower_cholesky),
        [0.3, -1.2, 0.8, 0.1, -0.4, 0.2],
    ),
    "zero_sum(4)": (zero_sum, [0.3, -1.2, 0.8]),
}


def test_every_support_with_a_map_is_here():
    with_map = {r.name for r in SUPPORTS.values() if r.free and not r.discrete}
    assert {t.split("(")[0] for t in MAPS} == with_map


def _compiled(backend, text):
    return Compiled(Spec((Sample("x", parse(f"ImproperUniform({text})")),)), backend)


@pytest.mark.parametrize("text", MAPS)
def test_map(backend, text):
    formula, free = MAPS[text]
    compiled = _compiled(backend, text)
    batch = np.stack([np.asarray(free), -np.asarray(free), 2.5 * np.asarray(free)])
    got = compiled.numpy(compiled.constrain({"x": batch})["x"])
    expected = np.stack([formula(u) for u in batch])
    np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-14)
    back = compiled.numpy(compiled.unconstrain({"x": got})["x"])
    np.testing.assert_allclose(back, batch, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("text", MAPS)
def test_jacobian(backend, text):
    """The density of a flat joint is the log Jacobian, by central differences."""
    formula, free = MAPS[text]
    compiled = _compiled(backend, text)
    u = np.atleast_1d(np.asarray(free))
    step = 1e-6

    def coordinates(x):
        value = np.asarray(formula(x if np.ndim(free) else x[0]))
        if value.ndim == 2:
            below = -1 if text.startswith("corr") else 0
            return value[np.tril_indices(len(value), below)]
        return np.ravel(value)[: len(u)]

    columns = [
        (coordinates(u + step * e) - coordinates(u - step * e)) / (2 * step)
        for e in np.eye(len(u))
    ]
    if text.startswith("zero_sum"):
        expected = 0.0  # of a map that keeps lengths, onto a plane
    else:
        _, expected = np.linalg.slogdet(np.array(columns))
    got = compiled.numpy(compiled.log_prob_unconstrained({"x": free}))
    np.testing.assert_allclose(got, expected, rtol=1e-8, atol=1e-8)


def test_a_support_that_depends_on_a_site(backend):
    """The map of `u` is made anew at every value of `tau`."""
    tau = Sample("tau", parse("HalfNormal(1)"))
    u = Sample("u", parse("Uniform(0, tau)"))
    compiled = Compiled(Spec((tau, u)), backend)
    free = {"tau": np.array([-1.0, 0.5]), "u": np.array([0.3, 0.3])}
    got = compiled.constrain(free)
    expected = np.exp(free["tau"]) * _expit(0.3)
    np.testing.assert_allclose(compiled.numpy(got["u"]), expected, rtol=1e-13)
