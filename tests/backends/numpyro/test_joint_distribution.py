"""The NumPyro joint as a site, and its direct construction from distributions."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro import handlers
from numpyro.infer import MCMC, NUTS, SVI, Predictive, Trace_ELBO, autoguide
from numpyro.infer.util import log_density

import jointbridge as jb
from jointbridge.backends.numpyro import JointDistribution

KEY = jax.random.PRNGKey(0)


@jb.model
def school_model(sigma, y):
    mu = jb.sample("mu", jb.Normal(0.0, 5.0))
    tau = jb.sample("tau", jb.HalfCauchy(5.0))
    with jb.plate("school", 8):
        theta = jb.sample("theta", jb.Normal(mu, tau))
        jb.sample("y", jb.Normal(theta, sigma), obs=y)


@pytest.fixture(scope="module")
def schools():
    sigma = [15, 10, 16, 11, 9, 11, 10, 18]
    return school_model(sigma, [28, 8, -3, 7, -1, 1, 18, 12])


@pytest.fixture(scope="module")
def dependent():
    """Dependent supports, mixed event shapes, a simplex."""
    return JointDistribution(
        tau=dist.HalfCauchy(5.0),
        u=lambda tau: dist.Uniform(0.0, tau),
        theta=lambda tau: dist.Normal(0.0, tau).expand([4]).to_event(1),
        p=dist.Dirichlet(jnp.ones(3)),
    )


def test_direct_parts_are_the_distributions(dependent):
    value = dependent.sample(KEY, (5,))
    record = dependent.unflatten(value)
    np.testing.assert_allclose(dependent.flatten(record), value)
    expected = dist.Uniform(0.0, record["tau"]).log_prob(record["u"])
    np.testing.assert_allclose(dependent.log_prob_parts(value)["u"], expected)
    assert dependent.log_prob(value).shape == (5,)


def test_transform_round_trip_and_jacobian(dependent):
    transform = dist.biject_to(dependent.support)
    value = dependent.sample(KEY)
    free = transform.inv(value)
    assert free.shape == (1 + 1 + 4 + 2,)
    np.testing.assert_allclose(transform(free), value, rtol=2e-5)
    # The Jacobian of the coordinates that can move: two of the simplex's three.
    jacobian = jax.jacobian(lambda u: transform(u)[:-1])(free)
    _, expected = jnp.linalg.slogdet(jacobian)
    found = transform.log_abs_det_jacobian(free, value)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_jit_vmap_grad_expand(dependent):
    value = dependent.sample(KEY, (3,))
    plain = dependent.log_prob(value)
    jitted = jax.jit(lambda d, x: d.log_prob(x))(dependent, value)
    np.testing.assert_allclose(jitted, plain, rtol=1e-6)
    np.testing.assert_allclose(jax.vmap(dependent.log_prob)(value), plain, rtol=1e-6)
    assert jax.grad(lambda x: dependent.log_prob(x).sum())(value).shape == value.shape
    expanded = dependent.expand((3,))
    assert expanded.sample(KEY).shape == value.shape
    np.testing.assert_allclose(expanded.log_prob(value), plain, rtol=1e-6)


def test_batched_marginals_keep_their_batch():
    joint = JointDistribution(
        dist.Normal(jnp.zeros(5), 1.0), dist.Gamma(2.0, jnp.ones(5))
    )
    assert (joint.batch_shape, joint.event_shape) == ((5,), (2,))
    value = joint.sample(KEY, (7,))
    assert value.shape == (7, 5, 2)
    assert joint.log_prob(value).shape == (7, 5)
    np.testing.assert_allclose(joint.mean, jnp.tile(jnp.array([0.0, 2.0]), (5, 1)))
    np.testing.assert_allclose(joint.variance, jnp.tile(jnp.array([1.0, 2.0]), (5, 1)))


def test_spec_joint_is_over_all_sites(schools):
    joint = schools.to_numpyro(dtype="float32")
    assert list(joint.sites) == ["mu", "tau", "theta", "y"]
    value = joint.sample(KEY, (3,))
    record = {n: np.asarray(x) for n, x in joint.unflatten(value).items()}
    expected = schools.log_prob(record, dtype="float32")
    np.testing.assert_allclose(joint.log_prob(value), expected, rtol=1e-5)
    outside = joint.flatten({**joint.unflatten(value), "tau": -jnp.ones(3)})
    assert (joint.log_prob(outside) == -jnp.inf).all()


def test_model_scores_like_the_joint(schools):
    model = schools.to_numpyro(dtype="float32").model()
    values = {"mu": 1.0, "tau": 2.0, "theta": np.linspace(-1, 1, 8)}
    found, _ = log_density(
        model, (), {}, {k: jnp.asarray(v) for k, v in values.items()}
    )
    expected = schools.log_prob(values, dtype="float32")
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("form", ["model", "site"])
def test_nuts(schools, form):
    joint = schools.to_numpyro(dtype="float32")
    posterior = joint.condition()
    model = joint.model() if form == "model" else _site(posterior)
    mcmc = MCMC(NUTS(model), num_warmup=200, num_samples=200, progress_bar=False)
    mcmc.run(KEY)
    samples = mcmc.get_samples()
    if form == "site":
        samples = posterior.unflatten(samples["joint"])
    assert samples["theta"].shape == (200, 8)
    # The posterior mean of mu is 4.4 with sd 3.3 (a well-known data set).
    assert 1.0 < samples["mu"].mean() < 8.0


def _site(joint):
    def model():
        numpyro.sample("joint", joint)

    return model


def test_svi_and_predictive(schools, dependent):
    model = _site(schools.to_numpyro(dtype="float32").condition())
    guide = autoguide.AutoNormal(model)
    svi = SVI(model, guide, numpyro.optim.Adam(0.02), Trace_ELBO())
    losses = svi.run(KEY, 300, progress_bar=False).losses
    assert losses[-20:].mean() < losses[:20].mean()
    drawn = Predictive(_site(dependent), num_samples=6)(KEY)["joint"]
    assert drawn.shape == (6, 9)


def test_inside_other_handlers(schools):
    """Scoring uses no handler stack: a user's own handlers see nothing of it."""
    with handlers.trace() as trace, handlers.seed(rng_seed=0):
        schools.log_prob({"mu": 0.0, "tau": 1.0, "theta": np.zeros(8)})
    assert trace == {}


def test_counted_sites_have_no_unconstrained_space():
    joint = JointDistribution(n=dist.Poisson(3.0), x=dist.Normal(0.0, 1.0))
    value = joint.sample(KEY, (2,))
    assert joint.unflatten(value)["n"].dtype == jnp.int32
    with pytest.raises(jb.UnsupportedError, match="'n' counts"):
        dist.biject_to(joint.support)


def test_unknown_earlier_site():
    with pytest.raises(jb.UnsupportedError, match="asks for"):
        JointDistribution(a=lambda b: dist.Normal(b, 1.0))


def test_a_conditioned_joint_has_no_forward_draws(schools):
    """Draws from the prior would be wrong; what does not depend may be drawn."""
    joint = schools.to_numpyro(dtype="float32")
    with pytest.raises(jb.UnsamplableError, match="given and depends on"):
        joint.condition().sample(KEY)
    first = joint.condition(mu=0.0, tau=1e-3)
    theta = first.unflatten(first.sample(KEY, (4,)))["theta"]
    assert abs(theta).max() < 0.01


def test_condition_binds_what_is_observed_through_a_let():
    @jb.model
    def counted(y):
        y = jb.let("logged", jb.log(jb.data("raw", y)))
        mu = jb.sample("mu", jb.Normal(0.0, 1.0))
        jb.sample("y", jb.Normal(mu, 1.0), obs=y)

    joint = counted([1.5, 2.5]).to_numpyro(dtype="float32").condition()
    assert list(joint.sites) == ["mu"]
