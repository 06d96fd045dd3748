"""What `Compiled` promises on every backend."""

import threading

import numpy as np
import pytest

import jointbridge as jb
from jointbridge import backends


@jb.model
def line(x, y):
    a = jb.sample("a", jb.Normal(0.0, 2.0))
    s = jb.sample("s", jb.HalfNormal(1.0))
    with jb.plate("n", 3):
        jb.sample("y", jb.Normal(a * x, s), obs=y)


@jb.model
def counts():
    rate = jb.sample("rate", jb.Gamma(2.0, 1.0))
    jb.sample("k", jb.Poisson(rate))


JOINT = line(np.array([0.5, 1.0, 2.0]), np.array([0.4, 1.2, 1.9]))
GOOD = {"a": 0.3, "s": 0.7}


@pytest.fixture(params=backends.names())
def name(request):
    return request.param


WRONG = {
    "missing": ({"a": 0.3}, "no value for site 's'"),
    "misspelt": ({**GOOD, "S": 1.0}, "did you mean 's'"),
    "shape": ({**GOOD, "y": [1.0, 2.0]}, "expected shape [3], got [2]"),
    "text": ({**GOOD, "a": "x"}, "expected numbers"),
    "ragged": ({**GOOD, "a": [[1.0], [1.0, 2.0]]}, "not an array"),
    "leading axes": ({"a": [1.0, 2.0], "s": [1.0, 2.0, 3.0]}, "leading axes differ"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_values(case):
    values, words = WRONG[case]
    with pytest.raises(jb.ValueMismatchError) as caught:
        JOINT.log_prob(values)
    assert words in str(caught.value)


def test_fraction_for_a_count():
    with pytest.raises(jb.ValueMismatchError, match="whole numbers"):
        counts().log_prob({"rate": 1.0, "k": 1.5})


def test_all_problems_at_once():
    with pytest.raises(jb.ValueMismatchError) as caught:
        JOINT.log_prob({"b": 1.0, "s": [[1.0, 2.0], [3.0]]})
    assert len(caught.value.problems) == 3


def test_leading_axes(name):
    """Any number of leading axes, none for some sites."""
    random = np.random.default_rng(0)
    a, s = random.normal(size=(4, 2)), random.uniform(0.5, 2, size=(4, 2))
    got = JOINT.log_prob({"a": a, "s": s}, backend=name)
    assert got.shape == (4, 2)
    for index in np.ndindex(4, 2):
        one = JOINT.log_prob({"a": a[index], "s": s[index]}, backend=name)
        np.testing.assert_allclose(got[index], one, rtol=1e-13)
    mixed = JOINT.log_prob({"a": a, "s": 0.7}, backend=name)
    np.testing.assert_allclose(
        mixed[1, 1], JOINT.log_prob({"a": a[1, 1], "s": 0.7}, backend=name), rtol=1e-13
    )
    parts = JOINT.log_prob_parts({"a": a, "s": s}, backend=name)
    assert {x.shape for x in parts.values()} == {(4, 2)}
    np.testing.assert_allclose(sum(parts.values()), got, rtol=1e-13)


def test_observed_values_may_be_given(name):
    y = np.array([0.4, 1.2, 1.9])
    given = JOINT.log_prob({**GOOD, "y": y}, backend=name)
    np.testing.assert_array_equal(given, JOINT.log_prob(GOOD, backend=name))
    moved = JOINT.log_prob({**GOOD, "y": y + 1}, backend=name)
    assert moved < given


def test_gradients_by_differences(name):
    step = 1e-6
    gradient = JOINT.grad_log_prob(GOOD, backend=name)
    assert set(gradient) == {"a", "s"}
    for site in GOOD:
        up = JOINT.log_prob({**GOOD, site: GOOD[site] + step}, backend=name)
        down = JOINT.log_prob({**GOOD, site: GOOD[site] - step}, backend=name)
        np.testing.assert_allclose(gradient[site], (up - down) / (2 * step), rtol=1e-6)


def test_counted_sites_have_no_gradient(name):
    gradient = counts().grad_log_prob({"rate": 1.5, "k": 3}, backend=name)
    assert set(gradient) == {"rate"}


def test_same_seed_same_draws(name):
    first, again = (JOINT.sample(5, 3, backend=name) for _ in range(2))
    other = JOINT.sample(6, 3, backend=name)
    for site, x in first.items():
        np.testing.assert_array_equal(x, again[site])
        assert not np.array_equal(x, other[site])


def test_two_threads_two_widths(name):
    """Widths are of the call, not of the process."""
    expected = {d: JOINT.log_prob(GOOD, backend=name, dtype=d) for d in _WIDTHS}
    found = {d: [] for d in _WIDTHS}

    def work(dtype):
        joint = jb.Joint(JOINT.spec)
        for _ in range(20):
            found[dtype].append(joint.log_prob(GOOD, backend=name, dtype=dtype))

    threads = [threading.Thread(target=work, args=(d,)) for d in _WIDTHS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for dtype in _WIDTHS:
        assert {str(x.dtype) for x in found[dtype]} == {dtype}
        assert all(x == expected[dtype] for x in found[dtype])


_WIDTHS = ("float64", "float32")


def test_traced_values():
    """A library's own arrays pass through: its transformations see the whole."""
    import jax
    import torch

    by_width = JOINT.compile("numpyro", dtype="float32")
    gradient = jax.grad(lambda a: by_width.log_prob({"a": a, "s": 0.7}))(0.3)
    expected = JOINT.grad_log_prob(GOOD)["a"]
    np.testing.assert_allclose(gradient, expected, rtol=1e-5)
    mapped = jax.vmap(lambda a: by_width.log_prob({"a": a, "s": 0.7}))(np.ones(2, "f4"))
    assert mapped.shape == (2,)
    a = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    JOINT.compile("pyro").log_prob({"a": a, "s": 0.7}).backward()
    np.testing.assert_allclose(a.grad, expected, rtol=1e-12)


def test_unknown_backend():
    with pytest.raises(jb.BackendError, match="did you mean"):
        JOINT.log_prob(GOOD, backend="numpiro")
