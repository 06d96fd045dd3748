"""Joints of TFP that were written when the readers were finished."""

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp

from tests.porting.corpus.cases import Case

tfd, tfb = tfp.distributions, tfp.bijectors

rng = np.random.default_rng(94)
exposure = np.log(rng.uniform(1.0, 4.0, size=14))
county = rng.integers(0, 4, size=14)
deaths = rng.poisson(3.0, size=14).astype(np.float64)
at_bats = np.full(7, 45.0)
x = rng.normal(size=12)
y = 0.4 * x + 0.3 * rng.normal(size=12)
level = np.cumsum(0.3 * rng.normal(size=10))
returns = rng.normal(size=(9, 3))
grades = rng.integers(0, 4, size=12)
one = np.float64(1.0)


def offsets(county, exposure):
    """Later arguments first, as a list wants them."""
    return tfd.JointDistributionSequentialAutoBatched(
        [
            tfd.Normal(0 * one, 2 * one, name="mu"),
            tfd.Exponential(one, name="tau"),
            lambda tau, mu: tfd.Sample(tfd.Normal(mu, tau), 4, name="a"),
            lambda a: tfd.Poisson(
                log_rate=jnp.take(a, county, axis=-1) + exposure, name="deaths"
            ),
        ]
    )


def batting(at_bats):
    @tfd.JointDistributionCoroutineAutoBatched
    def model():
        phi = yield tfd.Beta(2 * one, 5 * one, name="phi")
        kappa = yield tfd.Pareto(1.5 * one, one, name="kappa")
        a, b = phi * kappa, (1 - phi) * kappa
        theta = yield tfd.Sample(tfd.Beta(a, b), at_bats.shape, name="theta")
        yield tfd.Binomial(at_bats, probs=theta, name="hits")

    return model


def graded(x):
    """Cutpoints that are increasing by a bijector."""

    def grades(cuts, slope):
        latent = slope[..., jnp.newaxis] * x
        return tfd.Independent(
            tfd.OrderedLogistic(cutpoints=cuts[..., jnp.newaxis, :], loc=latent),
            reinterpreted_batch_ndims=1,
        )

    return tfd.JointDistributionNamed(
        dict(
            slope=tfd.StudentT(4 * one, 0 * one, one),
            cuts=tfd.TransformedDistribution(
                tfd.MultivariateNormalDiag(np.zeros(3), 2 * np.ones(3)),
                tfb.Ascending(),
            ),
            grades=grades,
        )
    )


def correlated_returns(returns):
    """A covariance from its correlations, pinned on what was seen."""

    @tfd.JointDistributionCoroutineAutoBatched
    def model():
        sd = yield tfd.Sample(tfd.LogNormal(0 * one, 0.5 * one), 3, name="sd")
        L = yield tfd.CholeskyLKJ(3, 2 * one, name="L")
        mu = yield tfd.MultivariateNormalDiag(np.zeros(3), np.ones(3), name="mu")
        tril = jnp.einsum("...i,...ij->...ij", sd, L)
        normal = tfd.MultivariateNormalTriL(mu, tril)
        yield tfd.Sample(normal, returns.shape[0], name="returns")

    return model.experimental_pin(returns=returns)


def smoothed(level):
    """A walk whose steps are scanned; every other time is measured."""

    def model():
        rho = yield tfd.JointDistributionCoroutine.Root(
            tfd.Uniform(-one, one, name="rho")
        )
        noise = yield tfd.JointDistributionCoroutine.Root(
            tfd.HalfNormal(one, name="noise")
        )
        z = yield tfd.JointDistributionCoroutine.Root(
            tfd.Sample(tfd.Normal(0 * one, one), len(level), name="z")
        )
        path = jax.lax.scan(lambda h, e: (rho * h + e,) * 2, 0 * one, z)[1]
        yield tfd.Independent(tfd.Normal(path[::2], noise), 1, name="seen")

    return tfd.JointDistributionCoroutine(model).experimental_pin(seen=level[::2])


CASES = (
    Case("offsets", offsets, (county, exposure), late=True),
    Case("batting", batting, (at_bats,), late=True),
    Case("graded", graded, (x,), late=True, values={"grades": grades}),
    Case("correlated-returns", correlated_returns, (returns,), late=True),
    Case("smoothed", smoothed, (level,), late=True),
)
