"""Ports as people write them, each with one mistake, and what the mistake is.

The original is right; the port has the mistake.  Data are made by `data`.
"""

from dataclasses import dataclass, field

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pyro
import pyro.distributions as pdist
import torch
from numpyro import handlers
from pyro import poutine

import jointbridge as jb
from jointbridge.backends.tfp.library import tfb, tfd


@dataclass(frozen=True)
class Port:
    """A model, a broken port of it, and the truth.

    Attributes:
        original: The model.
        port: The same in another library, or the same one, with a mistake.
        cause: The name of the confusion.
        site: Where it is.
        data: What both are called with.
    """

    original: object
    port: object
    cause: str
    site: str
    data: dict = field(default_factory=dict)


rng = np.random.default_rng(7)
N, G = 12, 4
X = np.round(rng.normal(size=(N, 3)), 2)
LINE = np.round(rng.normal(size=N), 2)
Y = np.round(1.0 + 2.0 * LINE + rng.normal(size=N), 2)
GROUP = np.array([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 1])
COUNTS = np.array([0, 2, 1, 4, 3, 0, 5, 2, 1, 7, 3, 2])
BINARY = np.array([0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1])
TRIALS = np.array([5, 8, 6, 9, 7, 5, 8, 6, 10, 9, 7, 8])
POSITIVE = np.round(rng.gamma(2.0, 1.5, size=N) + 0.1, 3)


# -- linear regression: variance for standard deviation ------------------------


def regression_numpyro(x, y=None):
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 10.0))
    beta = numpyro.sample("beta", dist.Normal(0.0, 2.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.5))
    with numpyro.plate("obs", len(x)):
        numpyro.sample("y", dist.Normal(alpha + beta * x, sigma), obs=y)


def regression_pyro_variance(x, y=None):
    alpha = pyro.sample("alpha", pdist.Normal(0.0, 10.0))
    beta = pyro.sample("beta", pdist.Normal(0.0, 2.5))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.5))
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.Normal(alpha + beta * x, sigma**2), obs=y)


def regression_tfp_precision(x):
    # JAGS and BUGS write dnorm(mu, tau) with a precision.
    return tfd.JointDistributionNamedAutoBatched(
        {
            "alpha": tfd.Normal(0.0, 10.0),
            "beta": tfd.Normal(0.0, 2.5),
            "sigma": tfd.HalfNormal(1.5),
            "y": lambda alpha, beta, sigma: tfd.Normal(
                alpha + beta * x, 1 / jnp.sqrt(sigma)
            ),
        }
    )


def regression_pyro_half(x, y=None):
    alpha = pyro.sample("alpha", pdist.Normal(0.0, 10.0))
    beta = pyro.sample("beta", pdist.Normal(0.0, 2.5))
    sigma = pyro.sample("sigma", pdist.Normal(0.0, 1.5)).abs()
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.Normal(alpha + beta * x, sigma), obs=y)


def regression_pyro_unobserved(x, y=None):
    alpha = pyro.sample("alpha", pdist.Normal(0.0, 10.0))
    beta = pyro.sample("beta", pdist.Normal(0.0, 2.5))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.5))
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.Normal(alpha + beta * x, sigma))


def regression_pyro_broadcast(x, y=None):
    alpha = pyro.sample("alpha", pdist.Normal(0.0, 10.0))
    beta = pyro.sample("beta", pdist.Normal(0.0, 2.5))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.5))
    mean = (alpha + beta * x)[:, None]
    # y [n] against mean [n, 1] is n * n densities.
    pyro.factor("y", pdist.Normal(mean, sigma).log_prob(y).sum())


def regression_pyro_mean(x, y=None):
    alpha = pyro.sample("alpha", pdist.Normal(0.0, 10.0))
    beta = pyro.sample("beta", pdist.Normal(0.0, 2.5))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.5))
    pyro.factor("y", pdist.Normal(alpha + beta * x, sigma).log_prob(y).mean())


def regression_numpyro_kernel(x, y=None):
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 10.0))
    beta = numpyro.sample("beta", dist.Normal(0.0, 2.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.5))
    z = (y - alpha - beta * x) / sigma
    numpyro.factor("y", jnp.sum(-0.5 * z**2) - 0.5 * len(x) * jnp.log(2 * jnp.pi))


def regression_numpyro_twice(x, y=None):
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 10.0))
    beta = numpyro.sample("beta", dist.Normal(0.0, 2.5))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.5))
    normal = dist.Normal(alpha + beta * x, sigma)
    with numpyro.plate("obs", len(x)):
        numpyro.sample("y", normal, obs=y)
    numpyro.factor("log_likelihood", normal.log_prob(y).sum())


@jb.model
def regression_joint(x, y):
    x = jb.data("x", x)
    alpha = jb.sample("alpha", jb.Normal(0.0, 10.0))
    beta = jb.sample("beta", jb.Normal(0.0, 2.5))
    sigma = jb.sample("sigma", jb.HalfNormal(1.5))
    with jb.plate("obs", len(LINE)):
        jb.sample("y", jb.Normal(alpha + beta * x, sigma), obs=y)


def regression_pyro_percent(x, y=None):
    alpha = pyro.sample("alpha", pdist.Normal(0.0, 10.0))
    beta = pyro.sample("beta", pdist.Normal(0.0, 2.5))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.5))
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.Normal(alpha - beta * x, sigma), obs=y)


# -- Poisson and Gamma: rate and scale ----------------------------------------


def counts_numpyro(y=None):
    a = numpyro.sample("a", dist.Gamma(2.0, 0.5))
    with numpyro.plate("obs", len(COUNTS)):
        rate = numpyro.sample("rate", dist.Gamma(a, 1.5))
        numpyro.sample("y", dist.Poisson(rate), obs=y)


def counts_tfp_scale():
    # scipy's gamma takes a scale.
    return tfd.JointDistributionNamedAutoBatched(
        {
            "a": tfd.Gamma(2.0, 0.5),
            "rate": lambda a: tfd.Sample(tfd.Gamma(a, 1 / 1.5), N),
            "y": lambda rate: tfd.Poisson(rate),
        }
    )


def counts_pyro_swapped(y=None):
    a = pyro.sample("a", pdist.Gamma(0.5, 2.0))
    with pyro.plate("obs", len(COUNTS)):
        rate = pyro.sample("rate", pdist.Gamma(a, 1.5))
        pyro.sample("y", pdist.Poisson(rate), obs=y)


def counts_numpyro_kernel(y=None):
    a = numpyro.sample("a", dist.Gamma(2.0, 0.5))
    with numpyro.plate("obs", len(COUNTS)):
        rate = numpyro.sample("rate", dist.Gamma(a, 1.5))
        numpyro.factor("y", y * jnp.log(rate) - rate)


# -- logistic regression: probabilities, logits, the other outcome -------------


def logistic_numpyro(x, y=None):
    w = numpyro.sample("w", dist.Normal(0.0, 1.0).expand([3]).to_event(1))
    with numpyro.plate("obs", x.shape[0]):
        numpyro.sample("y", dist.Bernoulli(logits=x @ w), obs=y)


def logistic_pyro_probs(x, y=None):
    w = pyro.sample("w", pdist.Normal(0.0, 1.0).expand([3]).to_event(1))
    p = torch.sigmoid(x @ w)
    with pyro.plate("obs", x.shape[0]):
        pyro.sample("y", pdist.Bernoulli(logits=p), obs=y.to(p.dtype))


def logistic_tfp_failure(x):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "w": tfd.Sample(tfd.Normal(0.0, 1.0), 3),
            "y": lambda w: tfd.Bernoulli(probs=1 - 1 / (1 + jnp.exp(-(x @ w)))),
        }
    )


# -- hierarchical: index off by one, plates, missing terms ---------------------


def groups_numpyro(group, y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(2.0))
    with numpyro.plate("groups", G):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
    with numpyro.plate("obs", len(group)):
        numpyro.sample("y", dist.Normal(theta[group], 1.0), obs=y)


def groups_pyro_index(group, y=None):
    # Stan counts from 1: the port subtracts 1 from what is 0-based already.
    mu = pyro.sample("mu", pdist.Normal(0.0, 5.0))
    tau = pyro.sample("tau", pdist.HalfCauchy(2.0))
    with pyro.plate("groups", G):
        theta = pyro.sample("theta", pdist.Normal(mu, tau))
    with pyro.plate("obs", len(group)):
        pyro.sample("y", pdist.Normal(theta[group - 1], 1.0), obs=y)


def groups_pyro_plate(group, y=None):
    mu = pyro.sample("mu", pdist.Normal(0.0, 5.0))
    tau = pyro.sample("tau", pdist.HalfCauchy(2.0))
    theta = pyro.sample("theta", pdist.Normal(mu, tau))
    with pyro.plate("obs", len(group)):
        pyro.sample("y", pdist.Normal(theta, 1.0), obs=y)


def groups_tfp_log(group):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "mu": tfd.Normal(0.0, 5.0),
            "tau": tfd.HalfCauchy(0.0, 2.0),
            "theta": lambda mu, tau: tfd.Sample(tfd.Normal(mu, jnp.exp(tau)), G),
            "y": lambda theta: tfd.Normal(theta[..., group], 1.0),
        }
    )


def groups_tfp_missing(group):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "mu": tfd.Normal(0.0, 5.0),
            "theta": lambda mu: tfd.Sample(tfd.Normal(mu, 2.0), G),
            "y": lambda theta: tfd.Normal(theta[..., group], 1.0),
        }
    )


# -- priors on positive scales: Jacobians, half distributions -------------------


def positive_numpyro(y=None):
    loc = numpyro.sample("loc", dist.Normal(0.0, 1.0))
    scale = numpyro.sample("scale", dist.LogNormal(0.0, 0.5))
    with numpyro.plate("obs", len(POSITIVE)):
        numpyro.sample("y", dist.LogNormal(loc, scale), obs=y)


def positive_pyro_jacobian(y=None):
    loc = pyro.sample("loc", pdist.Normal(0.0, 1.0))
    scale = pyro.sample("scale", pdist.LogNormal(0.0, 0.5))
    pyro.factor("y", pdist.Normal(loc, scale).log_prob(torch.log(y)).sum())


def positive_pyro_normal(y=None):
    loc = pyro.sample("loc", pdist.Normal(0.0, 1.0))
    scale = pyro.sample("scale", pdist.LogNormal(0.0, 0.5))
    with pyro.plate("obs", len(POSITIVE)):
        pyro.sample("y", pdist.Normal(loc, scale), obs=y)


def jeffreys_numpyro(y=None):
    # A flat prior on log(sigma), with the Jacobian.
    sigma = numpyro.sample(
        "sigma", dist.ImproperUniform(dist.constraints.positive, (), ())
    )
    numpyro.factor("jacobian", -jnp.log(sigma))
    with numpyro.plate("obs", len(Y)):
        numpyro.sample("y", dist.Normal(0.0, sigma), obs=y)


def jeffreys_numpyro_flat(y=None):
    sigma = numpyro.sample(
        "sigma", dist.ImproperUniform(dist.constraints.positive, (), ())
    )
    with numpyro.plate("obs", len(Y)):
        numpyro.sample("y", dist.Normal(0.0, sigma), obs=y)


# -- robust regression: order of parameters ------------------------------------


def robust_numpyro(x, y=None):
    nu = numpyro.sample("nu", dist.Gamma(2.0, 0.1))
    beta = numpyro.sample("beta", dist.Normal(0.0, 1.0))
    with numpyro.plate("obs", len(x)):
        numpyro.sample("y", dist.StudentT(nu, beta * x, 2.0), obs=y)


def robust_pyro_order(x, y=None):
    # scipy.stats.t and others take df last.
    nu = pyro.sample("nu", pdist.Gamma(2.0, 0.1))
    beta = pyro.sample("beta", pdist.Normal(0.0, 1.0))
    with pyro.plate("obs", len(x)):
        pyro.sample("y", pdist.StudentT(2.0, beta * x, nu), obs=y)


def robust_tfp_df(x):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "nu": tfd.Gamma(2.0, 0.1),
            "beta": tfd.Normal(0.0, 1.0),
            "y": lambda nu, beta: tfd.StudentT(nu / 2, beta * x, 2.0),
        }
    )


# -- counts with overdispersion -------------------------------------------------


def overdispersed_numpyro(y=None):
    mu = numpyro.sample("mu", dist.LogNormal(1.0, 0.5))
    phi = numpyro.sample("phi", dist.Exponential(0.5))
    with numpyro.plate("obs", len(COUNTS)):
        numpyro.sample("y", dist.NegativeBinomial2(mu, phi), obs=y)


def overdispersed_pyro_failure(y=None):
    # scipy's nbinom(n, p) has the probability of success, torch's that of failure.
    mu = pyro.sample("mu", pdist.LogNormal(1.0, 0.5))
    phi = pyro.sample("phi", pdist.Exponential(0.5))
    with pyro.plate("obs", len(COUNTS)):
        pyro.sample("y", pdist.NegativeBinomial(phi, probs=phi / (mu + phi)), obs=y)


def overdispersed_tfp_alpha():
    # statsmodels and R's glm.nb: alpha is 1 / phi.
    return tfd.JointDistributionNamedAutoBatched(
        {
            "mu": tfd.LogNormal(1.0, 0.5),
            "phi": tfd.Exponential(0.5),
            "y": lambda mu, phi: tfd.Sample(
                tfd.NegativeBinomial(1 / phi, probs=mu / (mu + 1 / phi)), N
            ),
        }
    )


# -- binomial: successes and failures -------------------------------------------


def binomial_numpyro(n, k=None):
    a = numpyro.sample("a", dist.Exponential(1.0))
    b = numpyro.sample("b", dist.Exponential(0.5))
    with numpyro.plate("obs", len(n)):
        p = numpyro.sample("p", dist.Beta(a, b))
        numpyro.sample("k", dist.Binomial(n, p), obs=k)


def binomial_pyro_failures(n, k=None):
    a = pyro.sample("a", pdist.Exponential(1.0))
    b = pyro.sample("b", pdist.Exponential(0.5))
    with pyro.plate("obs", len(n)):
        p = pyro.sample("p", pdist.Beta(a, b))
        pyro.sample("k", pdist.Binomial(n, p), obs=n - k)


def binomial_tfp_swapped(n):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "a": tfd.Exponential(1.0),
            "b": tfd.Exponential(0.5),
            "p": lambda a, b: tfd.Sample(tfd.Beta(b, a), N),
            "k": lambda p: tfd.Binomial(n.astype(p.dtype), probs=p),
        }
    )


# -- correlated effects: covariance, precision, Cholesky, transposed -------------

COVARIANCE = np.array([[2.0, 0.6, 0.1], [0.6, 1.0, -0.2], [0.1, -0.2, 0.5]])


def correlated_numpyro(y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0).expand([3]).to_event(1))
    s = numpyro.sample("s", dist.HalfNormal(1.0))
    with numpyro.plate("obs", N):
        numpyro.sample(
            "y", dist.MultivariateNormal(mu, covariance_matrix=s * COVARIANCE), obs=y
        )


def correlated_pyro_tril(y=None):
    mu = pyro.sample("mu", pdist.Normal(0.0, 1.0).expand([3]).to_event(1))
    s = pyro.sample("s", pdist.HalfNormal(1.0))
    covariance = s * torch.tensor(COVARIANCE)
    with pyro.plate("obs", N):
        pyro.sample(
            "y", pdist.MultivariateNormal(mu, precision_matrix=covariance), obs=y
        )


def correlated_tfp_cholesky():
    covariance = jnp.array(COVARIANCE)
    return tfd.JointDistributionNamedAutoBatched(
        {
            "mu": tfd.Sample(tfd.Normal(0.0, 1.0), 3),
            "s": tfd.HalfNormal(1.0),
            "y": lambda mu, s: tfd.Sample(
                tfd.MultivariateNormalTriL(mu, jnp.tril(s * covariance)), N
            ),
        }
    )


@jb.model
def transition_joint(y):
    w = jb.sample("w", jb.Normal(0.0, 1.0), shape=(3, 3))
    x = jb.data("x", X)
    with jb.plate("obs", N):
        jb.sample("y", jb.Normal((x @ w)[:, 0], 0.5), obs=y)


def transition_pyro(y=None):
    w = pyro.sample("w", pdist.Normal(0.0, 1.0).expand([3, 3]).to_event(2))
    with pyro.plate("obs", N):
        pyro.sample("y", pdist.Normal((torch.tensor(X) @ w.T)[:, 0], 0.5), obs=y)


# -- masks, scales, truncation, mixtures ----------------------------------------

SEEN = np.array([1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0], bool)


def masked_numpyro(y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0))
    with numpyro.plate("obs", N), handlers.mask(mask=SEEN):
        numpyro.sample("y", dist.Normal(mu, 1.0), obs=y)


def masked_pyro_forgotten(y=None):
    mu = pyro.sample("mu", pdist.Normal(0.0, 1.0))
    with pyro.plate("obs", N):
        pyro.sample("y", pdist.Normal(mu, 1.0), obs=y)


def scaled_pyro(y=None):
    mu = pyro.sample("mu", pdist.Normal(0.0, 1.0))
    with poutine.scale(scale=10.0), pyro.plate("obs", N):
        pyro.sample("y", pdist.Normal(mu, 1.0), obs=y)


def truncated_numpyro(y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2.0))
    with numpyro.plate("obs", N):
        numpyro.sample("y", dist.TruncatedNormal(mu, sigma, low=0.0), obs=y)


def truncated_pyro_forgotten(y=None):
    mu = pyro.sample("mu", pdist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", pdist.HalfNormal(2.0))
    with pyro.plate("obs", N):
        pyro.sample("y", pdist.Normal(mu, sigma), obs=y)


def mixture_numpyro(y=None):
    w = numpyro.sample("w", dist.Dirichlet(jnp.ones(2)))
    mu = numpyro.sample("mu", dist.Normal(0.0, 3.0).expand([2]).to_event(1))
    with numpyro.plate("obs", N):
        numpyro.sample(
            "y",
            dist.MixtureSameFamily(dist.Categorical(w), dist.Normal(mu, 1.0)),
            obs=y,
        )


def mixture_tfp_logits():
    return tfd.JointDistributionNamedAutoBatched(
        {
            "w": tfd.Dirichlet(jnp.ones(2)),
            "mu": tfd.Sample(tfd.Normal(0.0, 3.0), 2),
            "y": lambda w, mu: tfd.Sample(
                tfd.MixtureSameFamily(
                    tfd.Categorical(logits=w), tfd.Normal(mu, jnp.ones(2))
                ),
                N,
            ),
        }
    )


# -- inverse gamma, Weibull, uniform ---------------------------------------------


def variance_numpyro(y=None):
    v = numpyro.sample("v", dist.InverseGamma(3.0, 2.0))
    with numpyro.plate("obs", N):
        numpyro.sample("y", dist.Normal(0.0, jnp.sqrt(v)), obs=y)


def variance_tfp_gamma():
    return tfd.JointDistributionNamedAutoBatched(
        {
            "v": tfd.Gamma(3.0, 2.0),
            "y": lambda v: tfd.Sample(tfd.Normal(0.0, jnp.sqrt(v)), N),
        }
    )


def survival_numpyro(t=None):
    k = numpyro.sample("k", dist.Gamma(2.0, 1.0))
    scale = numpyro.sample("lam", dist.LogNormal(1.0, 0.5))
    with numpyro.plate("obs", N):
        numpyro.sample("t", dist.Weibull(scale, k), obs=t)


def survival_tfp_order():
    return tfd.JointDistributionNamedAutoBatched(
        {
            "k": tfd.Gamma(2.0, 1.0),
            "lam": tfd.LogNormal(1.0, 0.5),
            "t": lambda k, lam: tfd.Sample(tfd.Weibull(lam, k), N),
        }
    )


def survival_pyro_rate(t=None):
    k = pyro.sample("k", pdist.Gamma(2.0, 1.0))
    scale = pyro.sample("lam", pdist.LogNormal(1.0, 0.5))
    with pyro.plate("obs", N):
        pyro.sample("t", pdist.Weibull(1 / scale, k), obs=t)


def change_of_variables_tfp():
    # A density on log(v), given for v without the change of variables.
    return tfd.JointDistributionNamedAutoBatched(
        {
            "loc": tfd.Normal(0.0, 1.0),
            "scale": tfd.TransformedDistribution(tfd.Normal(0.0, 0.25), tfb.Exp()),
            "y": lambda loc, scale: tfd.Sample(tfd.LogNormal(loc, scale), N),
        }
    )


LINEAR = {"x": LINE, "y": Y}
HIERARCHY = {"group": GROUP, "y": Y}
TABLE_OF_Y = {"y": np.round(rng.normal(size=(N, 3)), 2)}

PORTS = {
    "regression: variance": Port(
        regression_numpyro,
        regression_pyro_variance,
        "variance or standard deviation",
        "y",
        LINEAR,
    ),
    "regression: precision": Port(
        regression_numpyro, regression_tfp_precision, "precision", "y", LINEAR
    ),
    "regression: half": Port(
        regression_numpyro, regression_pyro_half, "half distribution", "sigma", LINEAR
    ),
    "regression: unobserved": Port(
        regression_numpyro, regression_pyro_unobserved, "not observed", "y", LINEAR
    ),
    "regression: broadcast": Port(
        regression_numpyro, regression_pyro_broadcast, "summed wrongly", "y", LINEAR
    ),
    "regression: mean": Port(
        regression_numpyro, regression_pyro_mean, "mean instead of sum", "y", LINEAR
    ),
    "regression: no log(sigma)": Port(
        regression_numpyro, regression_numpyro_kernel, "lost normaliser", "y", LINEAR
    ),
    "regression: twice": Port(
        regression_numpyro,
        regression_numpyro_twice,
        "counted twice",
        "log_likelihood",
        LINEAR,
    ),
    "regression: sign": Port(
        regression_joint, regression_pyro_percent, "sign", "y", LINEAR
    ),
    "counts: scale for rate": Port(
        counts_numpyro, counts_tfp_scale, "rate or scale", "rate", {"y": COUNTS}
    ),
    "counts: swapped": Port(
        counts_numpyro, counts_pyro_swapped, "swapped parameters", "a", {"y": COUNTS}
    ),
    "counts: no factorial": Port(
        counts_numpyro, counts_numpyro_kernel, "lost normaliser", "y", {"y": COUNTS}
    ),
    "logistic: probs as logits": Port(
        logistic_numpyro,
        logistic_pyro_probs,
        "probabilities or logits",
        "y",
        {"x": X, "y": BINARY},
    ),
    "logistic: the other outcome": Port(
        logistic_numpyro,
        logistic_tfp_failure,
        "probability of the other outcome",
        "y",
        {"x": X, "y": BINARY},
    ),
    "groups: index": Port(
        groups_numpyro, groups_pyro_index, "off by one", "y", HIERARCHY
    ),
    "groups: no plate": Port(
        groups_numpyro, groups_pyro_plate, "wrong plate", "theta", HIERARCHY
    ),
    "groups: log scale": Port(
        groups_numpyro, groups_tfp_log, "natural or log scale", "theta", HIERARCHY
    ),
    "groups: no hyperprior": Port(
        groups_numpyro, groups_tfp_missing, "dropped term", "tau", HIERARCHY
    ),
    "positive: no Jacobian": Port(
        positive_numpyro,
        positive_pyro_jacobian,
        "missing Jacobian",
        "y",
        {"y": POSITIVE},
    ),
    "positive: normal": Port(
        positive_numpyro,
        positive_pyro_normal,
        "natural or log scale",
        "y",
        {"y": POSITIVE},
    ),
    "positive: variance of a prior": Port(
        positive_numpyro,
        change_of_variables_tfp,
        "variance or standard deviation",
        "scale",
        {"y": POSITIVE},
    ),
    "jeffreys: no Jacobian": Port(
        jeffreys_numpyro,
        jeffreys_numpyro_flat,
        "missing Jacobian",
        "jacobian",
        {"y": Y},
    ),
    "robust: order": Port(
        robust_numpyro, robust_pyro_order, "swapped parameters", "y", LINEAR
    ),
    "robust: df": Port(
        robust_numpyro, robust_tfp_df, "df or concentration", "y", LINEAR
    ),
    "overdispersed: failure": Port(
        overdispersed_numpyro,
        overdispersed_pyro_failure,
        "success and failure",
        "y",
        {"y": COUNTS},
    ),
    "overdispersed: alpha": Port(
        overdispersed_numpyro,
        overdispersed_tfp_alpha,
        "dispersion",
        "y",
        {"y": COUNTS},
    ),
    "binomial: failures": Port(
        binomial_numpyro,
        binomial_pyro_failures,
        "success and failure",
        "k",
        {"n": TRIALS, "k": TRIALS - COUNTS // 2},
    ),
    "binomial: swapped": Port(
        binomial_numpyro,
        binomial_tfp_swapped,
        "swapped parameters",
        "p",
        {"n": TRIALS, "k": COUNTS // 2},
    ),
    "correlated: precision": Port(
        correlated_numpyro,
        correlated_pyro_tril,
        "covariance, precision or Cholesky factor",
        "y",
        TABLE_OF_Y,
    ),
    "correlated: Cholesky": Port(
        correlated_numpyro,
        correlated_tfp_cholesky,
        "covariance, precision or Cholesky factor",
        "y",
        TABLE_OF_Y,
    ),
    "transition: transposed": Port(
        transition_joint, transition_pyro, "transposed matrix", "y", {"y": Y}
    ),
    "masked: forgotten": Port(
        masked_numpyro, masked_pyro_forgotten, "mask forgotten", "y", {"y": Y}
    ),
    "scaled: forgotten": Port(
        scaled_pyro, masked_pyro_forgotten, "scale forgotten", "y", {"y": Y}
    ),
    "truncated: forgotten": Port(
        truncated_numpyro,
        truncated_pyro_forgotten,
        "truncation",
        "y",
        {"y": POSITIVE},
    ),
    "mixture: weights as logits": Port(
        mixture_numpyro, mixture_tfp_logits, "probabilities or logits", "y", {"y": Y}
    ),
    "variance: inverse": Port(
        variance_numpyro, variance_tfp_gamma, "inverse", "v", {"y": Y}
    ),
    "survival: order": Port(
        survival_numpyro, survival_tfp_order, "swapped parameters", "t", {"t": POSITIVE}
    ),
    "survival: rate": Port(
        survival_numpyro, survival_pyro_rate, "rate or scale", "t", {"t": POSITIVE}
    ),
}
