"""Sites in scans as the libraries' own objects, against models written by hand."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pyro
import pytest
import torch
from numpyro.contrib.control_flow import scan
from numpyro.infer import MCMC, NUTS, Predictive
from numpyro.infer.util import log_density
from pyro.infer import TraceEnum_ELBO

import jointbridge as jb
from jointbridge.errors import UnsupportedError
from tests.backends.test_scan_sites import JOINTS, Y2, Y, joint, points, sample
from tests.backends.test_scan_sites import scan as scan_of


@pytest.fixture
def values():
    return points(JOINTS["state space"][0], count=2)


# -- NumPyro ---------------------------------------------------------------------


def state_space():
    rho = numpyro.sample("rho", dist.Uniform(-1.0, 1.0))

    def step(before, now):
        with numpyro.plate("n", 2):
            h = numpyro.sample("h", dist.Normal(rho * before, 0.7))
            numpyro.sample("u", dist.Uniform(h, h + jnp.exp(before)))
            numpyro.sample("seen", dist.Normal(h, 0.5), obs=now)
        return h, None

    scan(step, jnp.zeros(2), jnp.asarray(Y2))


def observed_chain():
    rho = numpyro.sample("rho", dist.Normal(0.0, 1.0))

    def step(before, now):
        y = numpyro.sample("y", dist.Normal(rho * before, 1.0), obs=now)
        return y, None

    scan(step, 0.0, jnp.asarray(Y))


BY_HAND = {"state space": state_space, "observed chain": observed_chain}


@pytest.mark.parametrize("name", BY_HAND)
def test_numpyro_scores_a_scan_written_by_hand_alike(name):
    found = JOINTS[name][0]
    points_ = points(found, count=1)
    parts = found.log_prob_parts(points_)
    with jax.enable_x64(True):
        one = {n: jnp.asarray(x[0]) for n, x in points_.items()}
        model = found.to_numpyro(dtype="float64").model()
        for written in (BY_HAND[name], model):
            total, trace = log_density(written, (), {}, one)
            np.testing.assert_allclose(total, found.log_prob(points_)[0], rtol=1e-9)
            for site, part in parts.items():
                entry = trace[site]
                assert entry["value"].shape == found.shapes()[site].shape
                term = entry["fn"].log_prob(entry["value"]).sum()
                np.testing.assert_allclose(term, part[0], rtol=1e-9, err_msg=site)


def test_numpyro_draws_and_moves_in_the_model():
    model = JOINTS["state space"][0].to_numpyro().model()
    drawn = Predictive(model, num_samples=3)(jax.random.PRNGKey(0))
    shapes = {n: x.shape for n, x in drawn.items()}
    expected = {"h": (3, 4, 2), "u": (3, 4, 2), "seen": (3, 4, 2), "total": (3,)}
    assert expected.items() <= shapes.items()
    free = JOINTS["observed chain"][0].to_numpyro().model()
    chain = MCMC(NUTS(free), num_warmup=20, num_samples=20, progress_bar=False)
    chain.run(jax.random.PRNGKey(1))
    assert np.isfinite(chain.get_samples()["rho"]).all()


def test_numpyro_joint_distribution(values):
    found = JOINTS["state space"][0]
    with jax.enable_x64(True):
        posterior = found.to_numpyro(dtype="float64").condition()
        vector = posterior.flatten(values)
        score = posterior.log_prob(vector)
        np.testing.assert_allclose(score, found.log_prob(values), rtol=1e-9)
        transform = dist.biject_to(posterior.support)
        back = transform(transform.inv(vector))
        np.testing.assert_allclose(back, vector, rtol=1e-9)
        with pytest.raises(UnsupportedError, match="depends on other sites"):
            _ = found.to_numpyro(dtype="float64").mean


# -- Pyro ------------------------------------------------------------------------


def steps_of(values, sites=("h", "u")):
    """Values by Pyro's names: one for each step."""
    found = {n: torch.tensor(x) for n, x in values.items() if n not in sites}
    for name in sites:
        found |= {f"{name}_{t}": torch.tensor(x) for t, x in enumerate(values[name])}
    return found


def test_pyro_samples_every_step(values):
    found = JOINTS["state space"][0]
    one = {n: x[0] for n, x in values.items()}
    model = pyro.condition(found.to_pyro().model(), steps_of(one))
    trace = pyro.poutine.trace(model).get_trace()
    np.testing.assert_allclose(trace.log_prob_sum(), found.log_prob(one), rtol=1e-9)
    np.testing.assert_allclose(trace.nodes["h"]["value"], one["h"])
    assert trace.nodes["seen_3"]["is_observed"]
    drawn = pyro.infer.Predictive(found.to_pyro().model(), num_samples=3)()
    # Draws stand left of all plates, and one axis is kept for the plate.
    assert (drawn["h_1"].shape, drawn["h"].shape) == ((3, 2), (3, 1, 4, 2))


def chains(next_, dist_, carry=None, rest=()):
    body = [
        sample("z", dist_, hints={"enumerate": "parallel"}),
        sample("x", "Normal([-1.0, 1.5][z], 1)", observed="now"),
    ]
    carry = carry or {"before": "0"}
    chain = scan_of("chain", body, carry, next_, over={"now": "y"})
    return joint([chain, *rest], {"y": Y})


ROWS = "Categorical(probs=[[0.7, 0.3], [0.2, 0.8]][{}])"
ENUMERATED = {
    "the step before": chains({"before": "z"}, ROWS.format("before")),
    "two steps before": chains(
        {"before": "z", "last": "before"},
        ROWS.format("last"),
        {"before": "0", "last": "1"},
    ),
    "all steps before": chains(
        {"before": "1 - (before - z) ** 2"}, ROWS.format("before")
    ),
    "read later": chains(
        {"before": "z"},
        ROWS.format("before"),
        rest=[sample("end", "Normal(sum(z), 1)", observed="2.5")],
    ),
}


@pytest.mark.parametrize("name", ENUMERATED)
def test_pyro_sums_counted_states_out(name):
    found = ENUMERATED[name]
    states = np.array(list(itertools.product([0, 1], repeat=len(Y))))
    expected = np.logaddexp.reduce(found.log_prob({"z": states}))
    elbo = TraceEnum_ELBO(max_plate_nesting=0)
    loss = elbo.loss(found.to_pyro().model(), lambda: None)
    np.testing.assert_allclose(-loss, expected, rtol=1e-9)


def test_pyro_joint_distribution(values):
    found = JOINTS["state space"][0]
    posterior = found.to_pyro().condition()
    assert posterior.has_rsample
    vector = posterior.flatten(values)
    np.testing.assert_allclose(
        posterior.log_prob(vector), found.log_prob(values), rtol=1e-9
    )
    assert found.to_pyro().rsample((3,)).shape == (3, 25)


# -- TFP -------------------------------------------------------------------------


def test_tfp_has_a_component_for_each_site(values):
    found = JOINTS["state space"][0]
    with jax.enable_x64(True):
        tfp = found.to_tfp(dtype="float64")
        assert list(tfp.names) == ["rho", "h", "u", "seen"]
        full = {**values, "seen": np.broadcast_to(Y2, (2, 4, 2))}
        score = tfp.log_prob(full)
        np.testing.assert_allclose(score, found.log_prob(values), rtol=1e-9)
        drawn = tfp.sample(5, seed=jax.random.PRNGKey(0))
        assert [x.shape for x in drawn] == [(5,), (5, 4, 2), (5, 4, 2), (5, 4, 2)]
        named = dict(zip(tfp.names, drawn, strict=True))
        parts = tfp.log_prob_parts(named)
        expected = jb.Joint(found.spec).compile("tfp").program.score(named)[0]
        for part, site in zip(parts, tfp.names, strict=True):
            np.testing.assert_allclose(part, expected[site], rtol=1e-9)
        pinned = tfp.pin_observed()
        np.testing.assert_allclose(
            pinned.log_prob(values), found.log_prob(values), rtol=1e-9
        )
        start = pinned.sample_unpinned(2, seed=jax.random.PRNGKey(1))
        again = pinned.bijector.forward(pinned.bijector.inverse(start))
        for x, y in zip(start, again, strict=True):
            np.testing.assert_allclose(x, y, rtol=1e-6)


def test_tfp_draws_a_chain_step_by_step():
    walk = scan_of(
        "s", [sample("x", "Normal(0.5 * b, 1)")], {"b": "0"}, {"b": "x"}, length=5
    )
    tfp = joint([walk]).to_tfp()
    (x,) = tfp.sample(4000, seed=jax.random.PRNGKey(0))
    variances = [sum(0.25**k for k in range(t + 1)) for t in range(5)]
    np.testing.assert_allclose(x.var(0), variances, rtol=0.1)
    component = tfp.sample_distributions(seed=jax.random.PRNGKey(0))[0][0]
    with pytest.raises(UnsupportedError, match="depend on each other"):
        component.mean()


REFUSED = {
    "coupled sites": (
        [sample("a", "Normal(b_before, 1)"), sample("b", "Normal(a, 1)")],
        {"b_before": "b"},
        "'a' needs 'b' of the step before",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_tfp_refuses_what_has_no_order(name):
    body, next_, reason = REFUSED[name]
    found = joint([scan_of("s", body, {"b_before": "0"}, next_, length=3)])
    with pytest.raises(UnsupportedError, match=reason):
        found.to_tfp()
    values = found.sample(0, backend="tfp")
    np.testing.assert_allclose(
        found.log_prob(values, backend="tfp"), found.log_prob(values), rtol=1e-9
    )
