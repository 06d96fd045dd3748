"""Truncated families whose interval is far from the middle, in float32, to all digits.

Logarithms of the density and of the mass are 2e5 there, and their difference is 10.
"""

import mpmath as mp
import numpy as np
import pytest

import jointbridge as jb
from jointbridge.backends.compiled import Compiled
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse

LOC, SCALE = -3.0, 1.25

#: By family, the density and the mass below a standard value.
BASES = {
    "Normal": (mp.npdf, mp.ncdf),
    "Laplace": (lambda z: mp.exp(-abs(z)) / 2, lambda z: mp.exp(z) / 2),
    "Logistic": (
        lambda z: mp.exp(z) / (1 + mp.exp(z)) ** 2,
        lambda z: 1 / (1 + mp.exp(-z)),
    ),
}

#: By distance from the middle: where the interval starts, ends, and a value in it.
INTERVALS = {
    "at the middle": (0.0, 2.5, 0.5),
    "near": (0.75, 3.5, 1.5),
    "far": (60.0, 62.0, 60.125),
    "very far": (800.0, 1000.0, 800.0078125),
    "narrow": (800.0, 800.0078125, 800.00390625),
    "without end": (800.0, None, 800.03125),
}


def _exact(base, start, end, value):
    with mp.workdps(400):
        density, below = BASES[base]
        start, value = (-mp.mpf(x) / SCALE for x in (start, value))
        beyond = 0 if end is None else below(-mp.mpf(end) / SCALE)
        mass = below(start) - beyond
        return float(mp.log(density(value) / mass / SCALE))


def _spec(base, side, start, end):
    edges = {"low": start, "high": end} if side > 0 else {"high": start, "low": end}
    given = ", ".join(
        f"{n}={LOC + side * x}" for n, x in edges.items() if x is not None
    )
    text = f"Truncated(base={base}(loc={LOC}, scale={SCALE}), {given})"
    return Spec((Sample("x", parse(text)),))


@pytest.mark.parametrize("side", [1, -1], ids=["above", "below"])
@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("name", ["pyro", "tfp"])
def test_a_tail_keeps_its_digits(name, base, interval, side):
    start, end, value = INTERVALS[interval]
    compiled = Compiled(_spec(base, side, start, end), jb.backends.get(name), "float32")
    found = compiled.numpy(compiled.log_prob({"x": LOC + side * value}))
    expected = _exact(base, start, end, value)
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-6)
