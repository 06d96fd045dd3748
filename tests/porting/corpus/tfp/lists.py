"""Joints as lists of distributions and lambdas, as TFP's own guides write them."""

import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp

from tests.porting.corpus.cases import Case

tfd = tfp.distributions
tfb = tfp.bijectors

rng = np.random.default_rng(31)
dtype = np.float64
x = rng.normal(size=20)
y = 1.0 - 0.7 * x + 0.3 * rng.normal(size=20)
X = rng.normal(size=(18, 3))
counts = rng.poisson(3.0, size=18).astype(dtype)
group = rng.integers(0, 5, size=20)
effect = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
stddev = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def linear_regression(x):
    """Sequential, latest first; the batch is made an event by hand."""
    return tfd.JointDistributionSequential(
        [
            tfd.Normal(loc=dtype(0), scale=dtype(1)),  # b0
            tfd.Normal(loc=dtype(0), scale=dtype(1)),  # b1
            tfd.HalfNormal(scale=dtype(2)),  # sigma
            lambda sigma, b1, b0: tfd.Independent(
                tfd.Normal(b0 + b1 * x, sigma), reinterpreted_batch_ndims=1
            ),
        ]
    )


def eight_schools(y):
    """The pinned joint of the TFP page on eight schools."""
    joint = tfd.JointDistributionSequentialAutoBatched(
        [
            tfd.Normal(loc=dtype(0), scale=dtype(10), name="avg_effect"),
            tfd.Normal(loc=dtype(5), scale=dtype(1), name="avg_stddev"),
            tfd.Independent(
                tfd.Normal(loc=np.zeros(8), scale=np.ones(8)),
                reinterpreted_batch_ndims=1,
                name="school_effects_standard",
            ),
            lambda school_effects_standard, avg_stddev, avg_effect: tfd.Independent(
                tfd.Normal(
                    loc=avg_effect + jnp.exp(avg_stddev) * school_effects_standard,
                    scale=stddev,
                ),
                reinterpreted_batch_ndims=1,
                name="treatment_effects",
            ),
        ]
    )
    return joint.experimental_pin(treatment_effects=y)


def poisson_regression(X):
    return tfd.JointDistributionSequentialAutoBatched(
        [
            tfd.Sample(tfd.Normal(dtype(0.0), dtype(1.0)), sample_shape=3),
            tfd.StudentT(df=dtype(4), loc=dtype(0), scale=dtype(1)),
            lambda alpha, beta: tfd.Poisson(
                log_rate=alpha + jnp.tensordot(X, beta, axes=1)
            ),
        ],
        validate_args=True,
    )


def gaussian_mixture(num=16, k=2):
    return tfd.JointDistributionSequential(
        [
            tfd.Dirichlet(np.ones(k)),
            tfd.Sample(tfd.Normal(dtype(0), dtype(5)), k),
            tfd.Sample(tfd.LogNormal(dtype(0), dtype(0.5)), k),
            lambda scale, loc, probs: tfd.Sample(
                tfd.MixtureSameFamily(
                    mixture_distribution=tfd.Categorical(probs=probs),
                    components_distribution=tfd.Normal(loc, scale),
                ),
                num,
            ),
        ]
    )


def correlated(group, x):
    """A Cholesky factor with a prior, and vectors indexed by group."""
    return tfd.JointDistributionSequentialAutoBatched(
        [
            tfd.CholeskyLKJ(dimension=2, concentration=dtype(2)),
            tfd.Sample(tfd.Exponential(dtype(1)), 2),
            tfd.MultivariateNormalDiag(loc=np.zeros(2), scale_diag=3 * np.ones(2)),
            lambda mu, tau, L: tfd.Sample(
                tfd.MultivariateNormalTriL(
                    loc=mu, scale_tril=tau[..., jnp.newaxis] * L
                ),
                5,
            ),
            tfd.HalfCauchy(dtype(0), dtype(1)),
            lambda sigma, beta: tfd.Normal(
                beta[group, 0] + beta[group, 1] * x, sigma[..., None]
            ),
        ]
    )


def heavy_tails():
    """Scalars of NumPy, and a base pushed through a bijector."""
    return tfd.JointDistributionSequentialAutoBatched(
        [
            tfd.Gamma(concentration=np.float64(2.0), rate=np.float64(0.5)),
            tfd.TransformedDistribution(
                tfd.Normal(np.float64(0.0), np.float64(1.0)),
                bijector=tfb.Exp(),
                name="scale",
            ),
            lambda scale, df: tfd.Sample(
                tfd.StudentT(df=df, loc=0.0, scale=scale), sample_shape=[12]
            ),
        ]
    )


CASES = (
    Case("linear-regression", linear_regression, (x,)),
    Case("eight-schools", eight_schools, (effect,)),
    Case("poisson-regression", poisson_regression, (X,)),
    Case("gaussian-mixture", gaussian_mixture),
    Case("correlated", correlated, (group, x)),
    Case("heavy-tails", heavy_tails),
)
