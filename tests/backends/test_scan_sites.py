"""Sites in the bodies of scans: scored against plain loops, the same on every backend."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import jointbridge as jb
from jointbridge.errors import SpecError, UnsamplableError

BACKENDS = ["numpyro", "tfp", "pyro"]
each_backend = pytest.mark.parametrize("backend", BACKENDS)

Y = np.array([0.3, -0.2, 1.1, 0.4])
Y2 = np.array([[0.1, 0.2], [0.3, -0.1], [0.5, 0.6], [0.2, 0.1]])


def joint(sites, data=None, plates=None):
    data = {n: {"values": np.asarray(x).tolist()} for n, x in (data or {}).items()}
    plates = plates or {}
    text = {"jointbridge": "1.0", "plates": plates, "data": data, "sites": sites}
    return jb.loads(json.dumps(text))


def sample(name, dist, **fields):
    return {"sample": name, "dist": dist, **fields}


def scan(name, body, carry, next_, **fields):
    return {"scan": name, "carry": carry, **fields, "body": body, "next": next_}


# -- joints, each with its density as a loop over the steps of one draw --------

NORMAL = stats.norm.logpdf


def state_space(v):
    """Two plates' walks seen with noise, and a support that moves with the carry."""
    before, parts = np.zeros(2), {"rho": -np.log(2.0), "h": 0.0, "u": 0.0, "seen": 0.0}
    for t in range(4):
        parts["h"] += NORMAL(v["h"][t], v["rho"] * before, 0.7).sum()
        parts["u"] += stats.uniform.logpdf(v["u"][t], v["h"][t], np.exp(before)).sum()
        parts["seen"] += NORMAL(Y2[t], v["h"][t], 0.5).sum()
        before = v["h"][t]
    return parts


def ar1(v):
    """An observed chain: each step reads what was seen before."""
    parts = {"rho": NORMAL(v["rho"], 0.0, 1.0), "y": 0.0}
    for before, now in zip([0.0, *Y[:-1]], Y, strict=True):
        parts["y"] += NORMAL(now, v["rho"] * before, 1.0)
    return parts


def hidden_markov(v):
    """Counted states that index rows of a matrix which is drawn itself."""
    before, parts = 0, {"z": 0.0, "x": 0.0}
    parts["p"] = stats.dirichlet.logpdf(v["p"].T, [1.0, 2.0]).sum()
    for z, y in zip(v["z"], Y, strict=True):
        parts["z"] += np.log(v["p"][before, z])
        parts["x"] += NORMAL(y, [-1.0, 1.0][z], 1.0)
        before = z
    return parts


def weighted(v):
    """A mask, a scale and copies inside a step, all of them slices."""
    counts = [[1, 0, 2], [3, 1, 0], [0, 0, 1], [2, 2, 2]]
    weights = [1.0, 0.5, 2.0, 0.0]
    parts = {"rate": stats.gamma.logpdf(v["rate"], 2.0), "n": 0.0, "e": 0.0}
    total = 0.0
    for t in range(4):
        rate = v["rate"] + np.exp(0.1 * total)
        kept = np.array(counts[t]) > 0
        parts["n"] += (stats.poisson.logpmf(counts[t], rate) * kept).sum()
        parts["e"] += weights[t] * NORMAL(v["e"][t], 0.0, 1.0)
        total += v["e"][t]
    return parts


def vectors(v):
    """Event axes, transformed supports, and a chain of two sites."""
    parts = {"w": 0.0, "m": 0.0}
    before = np.zeros(2)
    covariance = [[1.0, 0.3], [0.3, 2.0]]
    for t in range(3):
        parts["w"] += stats.dirichlet.logpdf(v["w"][t], 1.0 + before**2)
        parts["m"] += stats.multivariate_normal.logpdf(
            v["m"][t], before + v["w"][t], covariance
        )
        before = v["m"][t]
    return parts


def two_scans(v):
    """What one scan drew and collected is walked along by another."""
    parts = {"a": 0.0, "b": 0.0, "end": 0.0, "f": 0.0}
    level = 0.0
    squares = []
    for t in range(3):
        parts["a"] += NORMAL(v["a"][t], level, 1.0)
        level = 0.5 * v["a"][t]
        squares.append(v["a"][t] ** 2)
    for t in range(3):
        parts["b"] += stats.expon.logpdf(v["b"][t], scale=1 / (1.0 + squares[t]))
    parts["end"] = NORMAL(0.2, v["b"].sum() + v["a"][-1], 1.0)
    parts["f"] = -sum(squares)
    return parts


JOINTS = {
    "state space": (
        joint(
            [
                sample("rho", "Uniform(low=-1, high=1)"),
                scan(
                    "x",
                    [
                        {"let": "m", "value": "rho * before"},
                        sample("h", "Normal(loc=m, scale=0.7)", plates=["n"]),
                        sample(
                            "u", "Uniform(low=h, high=h + exp(before))", plates=["n"]
                        ),
                        sample("seen", "Normal(h, 0.5)", plates=["n"], observed="now"),
                    ],
                    {"before": "full((2,), 0.0)"},
                    {"before": "h"},
                    over={"now": "y"},
                    collect={"squares": "h ** 2"},
                ),
                {"deterministic": "total", "value": "sum(h) + sum(squares)"},
            ],
            {"y": Y2},
            {"n": 2},
        ),
        state_space,
    ),
    "observed chain": (
        joint(
            [
                sample("rho", "Normal(0, 1)"),
                scan(
                    "steps",
                    [sample("y", "Normal(rho * before, 1)", observed="now")],
                    {"before": "0"},
                    {"before": "y"},
                    over={"now": "y_data"},
                ),
            ],
            {"y_data": Y},
        ),
        ar1,
    ),
    "hidden markov": (
        joint(
            [
                sample("p", "Dirichlet([1.0, 2.0])", shape=[2]),
                scan(
                    "chain",
                    [
                        sample("z", "Categorical(probs=p[before])"),
                        sample("x", "Normal([-1.0, 1.0][z], 1)", observed="now"),
                    ],
                    {"before": "0"},
                    {"before": "z"},
                    over={"now": "y"},
                ),
            ],
            {"y": Y},
        ),
        hidden_markov,
    ),
    "mask and scale": (
        joint(
            [
                sample("rate", "Gamma(2.0, 1.0)"),
                scan(
                    "s",
                    [
                        {"let": "r", "value": "rate + exp(0.1 * total)"},
                        sample(
                            "n", "Poisson(r)", shape=[3], observed="c", mask="c > 0"
                        ),
                        sample("e", "Normal(0, 1)", scale="w"),
                    ],
                    {"total": "0"},
                    {"total": "total + e"},
                    over={
                        "c": "[[1, 0, 2], [3, 1, 0], [0, 0, 1], [2, 2, 2]]",
                        "w": "[1.0, 0.5, 2.0, 0.0]",
                    },
                ),
            ]
        ),
        weighted,
    ),
    "vectors": (
        joint(
            [
                scan(
                    "s",
                    [
                        sample("w", "Dirichlet(1.0 + before ** 2)"),
                        sample(
                            "m",
                            "MultivariateNormal(loc=before + w, "
                            "covariance_matrix=[[1.0, 0.3], [0.3, 2.0]])",
                        ),
                    ],
                    {"before": "full((2,), 0.0)"},
                    {"before": "m"},
                    length=3,
                )
            ]
        ),
        vectors,
    ),
    "two scans": (
        joint(
            [
                scan(
                    "first",
                    [sample("a", "Normal(level, 1)")],
                    {"level": "0.0"},
                    {"level": "0.5 * a"},
                    length=3,
                    collect={"squares": "a ** 2"},
                ),
                scan(
                    "second",
                    [sample("b", "Exponential(rate)")],
                    {"unused": "0.0"},
                    {"unused": "unused"},
                    over={"rate": "1.0 + squares"},
                ),
                sample("end", "Normal(sum(b) + a[-1], 1)", observed="0.2"),
                {"factor": "f", "value": "-squares"},
            ]
        ),
        two_scans,
    ),
}
each_joint = pytest.mark.parametrize("name", JOINTS)


def points(found, count=3, seed=0):
    """Points inside the support, by the reference's coordinates or draws."""
    random = np.random.default_rng(seed)
    compiled = found.compile()
    free = {}
    for name, type_ in compiled.free_types.items():
        free[name] = random.normal(size=(count, *type_.shape))
        if compiled.sites[name].discrete:
            free[name] = random.integers(0, 2, (count, *type_.shape))
    return {n: np.array(x) for n, x in compiled.constrain(free).items()}


def looped(loop, values):
    """The parts of each draw by a loop, stacked."""
    count = len(next(iter(values.values())))
    rows = [loop({n: x[i] for n, x in values.items()}) for i in range(count)]
    return {n: np.array([row[n] for row in rows]) for n in rows[0]}


@each_backend
@each_joint
def test_scored_as_a_loop_does(name, backend):
    found, loop = JOINTS[name]
    values = points(found)
    expected = looped(loop, values)
    parts = found.log_prob_parts(values, backend=backend)
    assert set(parts) == set(expected)
    for site, numbers in expected.items():
        np.testing.assert_allclose(parts[site], numbers, rtol=1e-9, err_msg=site)
    total = sum(expected.values())
    many = found.log_prob(values, backend=backend)
    np.testing.assert_allclose(many, total, rtol=1e-9)
    one = {n: x[1] for n, x in values.items()}
    np.testing.assert_allclose(
        found.log_prob(one, backend=backend), total[1], rtol=1e-9
    )
    grid = {n: np.stack([x, x]) for n, x in values.items()}
    again = found.log_prob(grid, backend=backend)
    np.testing.assert_allclose(again, np.stack([total, total]), rtol=1e-9)


@each_joint
def test_backends_agree(name):
    """Densities, gradients on both scales, transforms; draws of two of them."""
    drawn = name in ("state space", "hidden markov")
    report = jb.check(JOINTS[name][0], draws=400 if drawn else 0, points=3)
    assert report.passed, str(report)


@each_backend
@each_joint
def test_gradients_are_those_of_the_loop(name, backend):
    found, loop = JOINTS[name]
    values = points(found, count=1)
    sites = found.compile(backend).sites
    gradients = found.grad_log_prob(values, backend=backend)
    for site, gradient in gradients.items():
        if sites[site].discrete or sites[site].support.name == "simplex":
            continue  # no partial derivatives
        for place in np.ndindex(values[site].shape[1:]):
            slope = _slope(loop, values, site, place)
            got = gradient[(0, *place)]
            np.testing.assert_allclose(got, slope, rtol=1e-5, atol=1e-6, err_msg=site)


def _slope(loop, values, site, place, step=1e-6):
    ends = []
    for sign in (1, -1):
        moved = {n: np.array(x[0]) for n, x in values.items()}
        moved[site][place] += sign * step
        ends.append(sum(loop(moved).values()))
    return (ends[0] - ends[1]) / (2 * step)


@each_backend
def test_outside_the_support(backend):
    found, _ = JOINTS["state space"]
    values = points(found, count=2)
    values["u"][0, 2, 1] = values["h"][0, 2, 1] - 1.0
    parts = found.log_prob_parts(values, backend=backend)
    assert np.isneginf(parts["u"][0])
    assert np.isfinite(parts["u"][1])
    values["h"][1, 0, 0] = np.nan
    assert np.isnan(found.log_prob(values, backend=backend)[1])


@each_backend
def test_supports_that_move_with_the_carry_come_back(backend):
    found, _ = JOINTS["state space"]
    compiled = found.compile(backend)
    values = points(found)
    free = compiled.unconstrain(values)
    back = compiled.constrain(free)
    for name, x in values.items():
        np.testing.assert_allclose(compiled.numpy(back[name]), x, rtol=1e-9)
    log_det = compiled.numpy(compiled.log_prob_unconstrained(free))
    log_det = log_det - found.log_prob(values)
    np.testing.assert_allclose(log_det, _log_det(compiled, free), rtol=1e-4)


def _log_det(compiled, free, step=1e-6):
    """By differences: the map of each draw is triangular in the order of the sites."""
    total = 0.0
    for name, x in free.items():
        x = compiled.numpy(x)
        for place in np.ndindex(x.shape[1:]):
            ends = []
            for sign in (1, -1):
                moved = {n: compiled.numpy(y).copy() for n, y in free.items()}
                moved[name][(slice(None), *place)] += sign * step
                made = compiled.numpy(compiled.constrain(moved)[name])
                ends.append(made[(slice(None), *place)])
            total = total + np.log((ends[0] - ends[1]) / (2 * step))
    return total


@each_backend
def test_draws_of_a_walk_have_its_moments(backend):
    walk = joint(
        [
            scan(
                "s",
                [sample("x", "Normal(0.5 * before, 1)")],
                {"before": "0"},
                {"before": "x"},
                length=5,
            )
        ]
    )
    x = walk.sample(1, 4000, backend=backend)["x"]
    assert x.shape == (4000, 5)
    variances = [sum(0.25**k for k in range(t + 1)) for t in range(5)]
    np.testing.assert_allclose(x.var(0), variances, rtol=0.1)
    lag = np.mean(x[:, 3] * x[:, 4])
    np.testing.assert_allclose(lag, 0.5 * variances[3], rtol=0.15)


def test_a_thousand_steps():
    found = joint(
        [
            scan(
                "s",
                [sample("x", "Normal(0.9 * before, 1)")],
                {"before": "0"},
                {"before": "x"},
                length=1000,
            )
        ]
    )
    x = found.sample(0, 3)["x"]
    assert x.shape == (3, 1000)
    before = np.concatenate([np.zeros((3, 1)), x[:, :-1]], 1)
    expected = NORMAL(x, 0.9 * before, 1.0).sum(1)
    np.testing.assert_allclose(found.log_prob({"x": x}), expected, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(
    steps=st.integers(1, 5),
    plates=st.integers(1, 3),
    draws=st.sampled_from([(), (2,), (2, 1)]),
    seed=st.integers(0, 100),
)
def test_steps_that_do_not_depend_on_each_other_are_a_plate(steps, plates, draws, seed):
    random = np.random.default_rng(seed)
    scales = random.gamma(2.0, size=(steps, plates))
    y = random.normal(size=(steps, plates))
    data, sizes = {"scales": scales, "y": y}, {"n": plates, "t": steps}
    body = [
        sample("x", "Normal(mu, scale)", plates=["n"]),
        sample(
            "seen", "StudentT(df=5.0, loc=x, scale=1.0)", plates=["n"], observed="now"
        ),
    ]
    walked = {"scale": "scales", "now": "y"}
    looped_ = scan("s", body, {"c": "0"}, {"c": "c"}, over=walked)
    plated = [
        sample("x", "Normal(mu, scales)", plates=["t", "n"]),
        sample(
            "seen",
            "StudentT(df=5.0, loc=x, scale=1.0)",
            plates=["t", "n"],
            observed="y",
        ),
    ]
    mu = sample("mu", "Normal(0, 1)")
    values = {
        "mu": random.normal(size=draws),
        "x": random.normal(size=(*draws, steps, plates)),
    }
    one = joint([mu, looped_], data, {"n": plates}).log_prob_parts(values)
    two = joint([mu, *plated], data, sizes).log_prob_parts(values)
    for name in ("mu", "x", "seen"):
        assert one[name].shape == draws
        np.testing.assert_allclose(one[name], two[name], rtol=1e-10)


# -- verbs ---------------------------------------------------------------------


def test_condition_gives_a_scan_its_slices():
    found, loop = JOINTS["state space"]
    values = points(found, count=1)
    given_ = found.condition(h=values["h"][0])
    rest = {n: x for n, x in values.items() if n != "h"}
    expected = sum(looped(loop, values).values())
    np.testing.assert_allclose(given_.log_prob(rest), expected, rtol=1e-9)
    assert jb.loads(given_.dumps()) == given_


def test_bind_brings_new_data_and_new_steps():
    found, _ = JOINTS["observed chain"]
    longer = found.bind(y_data=np.arange(6.0))
    assert longer.shapes()["y"].shape == (6,)
    expected = (
        NORMAL(0.5) + NORMAL(np.arange(6.0), 0.5 * np.array([0, 0, 1, 2, 3, 4])).sum()
    )
    np.testing.assert_allclose(longer.log_prob({"rho": 0.5}), expected, rtol=1e-9)


def test_renamed_sites_keep_their_density():
    found, _ = JOINTS["state space"]
    renamed = found.rename({"h": "level", "n": "animal", "y": "data", "u": "h"})
    values = points(found)
    names = {"h": "level", "u": "h"}
    moved = {names.get(n, n): x for n, x in values.items()}
    np.testing.assert_array_equal(renamed.log_prob(moved), found.log_prob(values))


@each_joint
def test_files_and_pictures(name):
    found, _ = JOINTS[name]
    assert jb.loads(found.dumps()) == found
    assert found.to_svg().startswith("<svg")
    for text in (found.to_mermaid(), found.to_dot()):
        for site in found.spec.samples:
            assert site.name in text


def test_edges_of_a_picture_are_those_of_a_step():
    text = JOINTS["state space"][0].to_mermaid()
    ids = {
        line.split("(")[0].strip(): line for line in text.splitlines() if '("' in line
    }
    named = {key: line.split('"')[1].split("<")[0] for key, line in ids.items()}
    edges = {
        tuple(named.get(end.strip()) for end in line.split("-->"))
        for line in text.splitlines()
        if "-->" in line
    }
    assert {("rho", "h"), ("h", "u"), ("h", "seen")} <= edges
    assert ("h", "h") not in edges
    assert "steps of x × 4" in text


WHY_NOT = {
    "data that steers the next step": (
        [sample("x", "Normal(before, 1)", observed="now")],
        {"before": "now"},
        "'y', observed at site 'x', is also an input",
    ),
    "an improper site": (
        [sample("x", "ImproperUniform(support=real)")],
        {"before": "before"},
        "site 'x' is improper",
    ),
    "a site that is seen and steers": (
        [sample("x", "Normal(before, 1)", observed="now")],
        {"before": "x"},
        None,
    ),
}


@pytest.mark.parametrize("name", WHY_NOT)
def test_why_not_samplable(name):
    body, next_, reason = WHY_NOT[name]
    found = joint(
        [scan("s", body, {"before": "0.0"}, next_, over={"now": "y"})], {"y": Y}
    )
    if reason is None:
        assert found.why_not_samplable is None
        assert found.sample(0, 2)["x"].shape == (2, 4)
        return
    assert reason in found.why_not_samplable
    with pytest.raises(UnsamplableError, match="cannot draw"):
        found.sample(0)


def test_observed_slices_are_held_against_the_support():
    body = [sample("x", "Exponential(1.0)", observed="now")]
    found = joint(
        [scan("s", body, {"c": "0"}, {"c": "c"}, over={"now": "y"})], {"y": Y}
    )
    problems = jb.validate(found.dumps())
    assert [p.code for p in problems] == ["support"]


def test_constants_in_a_body_are_held_against_their_domain():
    body = [sample("x", "Normal(0, -1)")]
    with pytest.raises(SpecError, match="scale must be positive"):
        joint([scan("s", body, {"c": "0"}, {"c": "c"}, length=2)])
