"""Joints as dicts and as coroutines."""

import collections

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp

from tests.porting.corpus.cases import Case

tfd = tfp.distributions
Root = tfd.JointDistributionCoroutine.Root

rng = np.random.default_rng(32)
floor = rng.integers(0, 2, size=24).astype(np.float64)
county = rng.integers(0, 4, size=24)
log_radon = rng.normal(size=24)
student = rng.integers(0, 6, size=24)
question = rng.integers(0, 4, size=24)
disasters = rng.poisson(2.0, size=20)
index_points = np.linspace(-1.0, 1.0, 10)[:, np.newaxis]
dose = np.array([-0.86, -0.3, -0.05, 0.73])
f64 = np.float64


def bayesian_logistic(X):
    return tfd.JointDistributionNamedAutoBatched(
        collections.OrderedDict(
            w=tfd.Sample(tfd.Normal(f64(0), f64(1)), 3),
            b=tfd.Normal(f64(0), f64(5)),
            y=lambda w, b: tfd.Bernoulli(logits=X @ w + b),
        )
    )


def bioassay(n=5):
    model = dict(
        alpha=tfd.Normal(f64(0), f64(2)),
        beta=tfd.Normal(f64(10), f64(10)),
        deaths=lambda alpha, beta: tfd.Independent(
            tfd.Binomial(total_count=f64(n), logits=alpha + beta * dose),
            reinterpreted_batch_ndims=1,
        ),
    )
    return tfd.JointDistributionNamed(model)


def item_response():
    """Pinned at its data by name."""
    joint = tfd.JointDistributionNamedAutoBatched(
        {
            "mean_ability": tfd.Normal(f64(0.75), f64(1)),
            "ability": tfd.Sample(tfd.Normal(f64(0), f64(1)), 6),
            "difficulty": tfd.Sample(tfd.Normal(f64(0), f64(1)), 4),
            "correct": lambda mean_ability, ability, difficulty: tfd.Bernoulli(
                logits=mean_ability + ability[student] - difficulty[question]
            ),
        }
    )
    return joint.experimental_pin(correct=rng.integers(0, 2, size=24))


@tfd.JointDistributionCoroutineAutoBatched
def radon():
    """A decorated generator with data from the module."""
    mu_a = yield tfd.Normal(loc=f64(0.0), scale=f64(1.0), name="mu_a")
    sigma_a = yield tfd.HalfCauchy(loc=f64(0.0), scale=f64(1.0), name="sigma_a")
    a = yield tfd.Sample(tfd.Normal(mu_a, sigma_a), sample_shape=4, name="a")
    b = yield tfd.Normal(f64(0), f64(2), name="b")
    sigma = yield tfd.HalfNormal(f64(1), name="sigma")
    yield tfd.Normal(jnp.take(a, county) + b * floor, sigma, name="log_radon")


def plain_coroutine(num_points=8):
    """Roots are marked, and batches taken care of by hand."""

    def model():
        rate = yield Root(tfd.Exponential(f64(1), name="rate"))
        shape = yield Root(tfd.Gamma(f64(3), f64(1), name="shape"))
        yield tfd.Sample(tfd.Weibull(shape, 1 / rate), num_points, name="t")

    return tfd.JointDistributionCoroutine(model)


def unnamed_coroutine():
    def model():
        p = yield tfd.Beta(f64(2), f64(2))
        lam = yield tfd.InverseGamma(f64(3), f64(2))
        z = yield tfd.Sample(tfd.Bernoulli(probs=p, dtype=np.int32), 6)
        yield tfd.Normal(jnp.where(z == 1, 1.0, -1.0), jnp.sqrt(lam))

    return tfd.JointDistributionCoroutineAutoBatched(model)


def change_point(counts):
    """The day of the change is a site; rates follow by gathering."""
    days = jnp.arange(len(counts))

    def model():
        early = yield tfd.Gamma(f64(2), f64(1), name="early")
        late = yield tfd.Gamma(f64(2), f64(1), name="late")
        day = yield tfd.Categorical(logits=np.zeros(len(counts)), name="day")
        rate = jnp.where(days < day[..., None], early[..., None], late[..., None])
        yield tfd.Independent(tfd.Poisson(rate), 1, name="disasters")

    joint = tfd.JointDistributionCoroutineAutoBatched(model)
    return joint.experimental_pin(disasters=counts.astype(f64))


def random_walk(steps=7):
    """A Python loop that yields."""

    @tfd.JointDistributionCoroutineAutoBatched
    def model():
        scale = yield tfd.LogNormal(f64(-1), f64(0.5), name="scale")
        x = yield tfd.Normal(f64(0), f64(1), name="x0")
        for t in range(1, steps):
            x = yield tfd.Normal(0.9 * x, scale, name=f"x{t}")

    return model


def latent_process():
    """A Gaussian process from a kernel written out."""

    def model():
        amplitude = yield tfd.LogNormal(f64(0), f64(1), name="amplitude")
        length = yield tfd.InverseGamma(f64(3), f64(1), name="length")
        difference = index_points - index_points.T
        K = amplitude**2 * jnp.exp(-0.5 * (difference / length) ** 2)
        K = K + 1e-4 * jnp.eye(10)
        f = yield tfd.MultivariateNormalFullCovariance(
            np.zeros(10), covariance_matrix=K, name="f"
        )
        yield tfd.Bernoulli(logits=f, name="label")

    return tfd.JointDistributionCoroutineAutoBatched(model)


def neural_network(x, hidden=3):
    def dense(h, w, b):
        return jnp.matmul(h, w) + b

    def model():
        w1 = yield tfd.Sample(tfd.Normal(f64(0), f64(1)), (2, hidden), name="w1")
        b1 = yield tfd.Sample(tfd.Normal(f64(0), f64(1)), hidden, name="b1")
        w2 = yield tfd.Sample(tfd.Normal(f64(0), f64(1)), (hidden, 3), name="w2")
        h = jax.nn.relu(dense(x, w1, b1))
        yield tfd.Categorical(logits=h @ w2, name="label")

    return tfd.JointDistributionCoroutineAutoBatched(model)


CASES = (
    Case("bayesian-logistic", bayesian_logistic, (rng.normal(size=(15, 3)),)),
    Case("bioassay", bioassay),
    Case("item-response", item_response),
    Case("radon", lambda: radon),
    Case("radon-pinned", lambda: radon.experimental_pin(log_radon=log_radon)),
    Case("plain-coroutine", plain_coroutine),
    Case("unnamed-coroutine", unnamed_coroutine),
    Case("change-point", change_point, (disasters,)),
    Case("random-walk", random_walk),
    Case("latent-process", latent_process),
    Case("neural-network", neural_network, (rng.normal(size=(9, 2)),)),
)
