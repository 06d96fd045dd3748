"""Broken ports of whole models, written without a look at the table of confusions."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pyro
import pyro.distributions as pdist
import torch
from pyro import poutine

from jointbridge.backends.tfp.library import tfd
from tests.porting.broken.ports import Port

rng = np.random.default_rng(11)
N, G = 12, 4
COUNTY = np.array([1, 2, 3, 4, 1, 2, 3, 4, 2, 3, 4, 2])
FLOOR = np.array([0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0])
URANIUM = np.round(rng.normal(size=G), 2)
RADON = np.round(rng.normal(1.2, 0.8, size=N), 2)
X = np.round(rng.normal(size=(N, 3)), 2)
THREE = np.round(rng.normal(size=(N, 3)), 2)
HEIGHT = np.round(rng.normal(170.0, 8.0, size=N), 1)
CLAIMS = np.array([3, 0, 7, 2, 5, 1, 9, 4, 2, 6, 3, 1])
EXPOSURE = np.round(rng.uniform(0.5, 4.0, size=N), 2)
SCHOOL = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
ERRORS = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
PERSON = np.repeat(np.arange(4), 3)
ITEM = np.tile(np.arange(3), 4)
RIGHT = np.array([1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0])


# -- radon: the county counts from 1, and the port counts from 1 twice ---------------


def radon_numpyro(county, floor, uranium, y=None):
    mu_a = numpyro.sample("mu_a", dist.Normal(0.0, 2.0))
    g = numpyro.sample("g", dist.Normal(0.0, 1.0))
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("counties", G):
        a = numpyro.sample("a", dist.Normal(mu_a + g * uranium, tau))
    b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    mean = a[county - 1] + b * floor
    with numpyro.plate("houses", N):
        numpyro.sample("y", dist.Normal(mean, sigma), obs=y)


def radon_pyro_county(county, floor, uranium, y=None):
    mu_a = pyro.sample("mu_a", pdist.Normal(0.0, 2.0))
    g = pyro.sample("g", pdist.Normal(0.0, 1.0))
    tau = pyro.sample("tau", pdist.HalfNormal(1.0))
    with pyro.plate("counties", G):
        a = pyro.sample("a", pdist.Normal(mu_a + g * uranium, tau))
    b = pyro.sample("b", pdist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.0))
    county = county - 1
    mean = a[county - 1] + b * floor
    with pyro.plate("houses", N):
        pyro.sample("y", pdist.Normal(mean, sigma), obs=y)


# -- three outcomes: x @ beta.T where beta is square ----------------------------------


def outcomes_numpyro(x, y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0))
    with numpyro.plate("inputs", 3):
        beta = numpyro.sample("beta", dist.Normal(jnp.zeros(3), tau).to_event(1))
    alpha = numpyro.sample("alpha", dist.Normal(jnp.zeros(3), 2.0).to_event(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(jnp.ones(3)).to_event(1))
    with numpyro.plate("obs", N):
        normal = dist.Normal(alpha + x @ beta, sigma)
        numpyro.sample("y", normal.to_event(1), obs=y)


def outcomes_tfp_transposed(x):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "tau": tfd.HalfNormal(1.0),
            "beta": lambda tau: tfd.Sample(tfd.Normal(0.0, tau), [3, 3]),
            "alpha": tfd.Sample(tfd.Normal(0.0, 2.0), 3),
            "sigma": tfd.Sample(tfd.HalfNormal(1.0), 3),
            "y": lambda alpha, beta, sigma: tfd.Normal(alpha + x @ beta.T, sigma),
        }
    )


# -- heights: the input is centred in the one and not in the other -------------------


def heights_numpyro(height, floor, y=None):
    centred = height - height.mean()
    alpha = numpyro.sample("alpha", dist.Normal(60.0, 10.0))
    beta = numpyro.sample("beta", dist.LogNormal(0.0, 1.0))
    shift = numpyro.sample("shift", dist.Normal(0.0, 5.0))
    sigma = numpyro.sample("sigma", dist.Exponential(0.2))
    with numpyro.plate("people", N):
        mean = alpha + beta * centred + shift * floor
        numpyro.sample("y", dist.Normal(mean, sigma), obs=y)


def heights_pyro_uncentred(height, floor, y=None):
    alpha = pyro.sample("alpha", pdist.Normal(60.0, 10.0))
    beta = pyro.sample("beta", pdist.LogNormal(0.0, 1.0))
    shift = pyro.sample("shift", pdist.Normal(0.0, 5.0))
    sigma = pyro.sample("sigma", pdist.Exponential(0.2))
    with pyro.plate("people", N):
        mean = alpha + beta * height + shift * floor
        pyro.sample("y", pdist.Normal(mean, sigma), obs=y)


# -- claims: the offset of a log link is the exposure itself; no link at all ------------


def claims_numpyro(county, x, exposure, y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(0.5))
    alpha = numpyro.sample("alpha", dist.Normal(2.0, 0.3))
    with numpyro.plate("regions", G):
        region = numpyro.sample("region", dist.Normal(0.0, tau))
    w = numpyro.sample("w", dist.Normal(0.0, 0.1).expand([3]).to_event(1))
    eta = alpha + region[county - 1] + x @ w + jnp.log(exposure)
    with numpyro.plate("policies", N):
        numpyro.sample("y", dist.Poisson(jnp.exp(eta)), obs=y)


def claims_tfp_offset(county, x, exposure):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "tau": tfd.HalfNormal(0.5),
            "alpha": tfd.Normal(2.0, 0.3),
            "region": lambda tau: tfd.Sample(tfd.Normal(0.0, tau), G),
            "w": tfd.Sample(tfd.Normal(0.0, 0.1), 3),
            "y": lambda alpha, region, w: tfd.Poisson(
                log_rate=alpha + region[county - 1] + x @ w + exposure
            ),
        }
    )


def claims_tfp_link(county, x, exposure):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "tau": tfd.HalfNormal(0.5),
            "alpha": tfd.Normal(2.0, 0.3),
            "region": lambda tau: tfd.Sample(tfd.Normal(0.0, tau), G),
            "w": tfd.Sample(tfd.Normal(0.0, 0.1), 3),
            "y": lambda alpha, region, w: tfd.Poisson(
                alpha + region[county - 1] + x @ w + jnp.log(exposure)
            ),
        }
    )


# -- schools: the logarithm of a scale as the scale; a sum of variances as a scale -----


def schools_numpyro(errors, y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    log_tau = numpyro.sample("log_tau", dist.Normal(1.0, 0.7))
    with numpyro.plate("schools", 8):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        theta = numpyro.deterministic("theta", mu + jnp.exp(log_tau) * z)
        numpyro.sample("y", dist.Normal(theta, errors), obs=y)


def schools_numpyro_log(errors, y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    log_tau = numpyro.sample("log_tau", dist.Normal(1.0, 0.7))
    with numpyro.plate("schools", 8):
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        theta = numpyro.deterministic("theta", mu + log_tau * z)
        numpyro.sample("y", dist.Normal(theta, errors), obs=y)


def marginal_pyro(x, errors, y=None):
    mu = pyro.sample("mu", pdist.Normal(0.0, 5.0))
    tau = pyro.sample("tau", pdist.HalfCauchy(5.0))
    slope = pyro.sample("slope", pdist.Normal(0.0, 2.0))
    bias = pyro.sample("bias", pdist.Normal(0.0, 1.0))
    with pyro.plate("schools", 8):
        total = torch.sqrt(tau**2 + errors**2)
        pyro.sample("y", pdist.Normal(mu + bias + slope * x, total), obs=y)


def marginal_numpyro_variance(x, errors, y=None):
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
    slope = numpyro.sample("slope", dist.Normal(0.0, 2.0))
    bias = numpyro.sample("bias", dist.Normal(0.0, 1.0))
    with numpyro.plate("schools", 8):
        total = tau**2 + errors**2
        numpyro.sample("y", dist.Normal(mu + bias + slope * x, total), obs=y)


def marginal_pyro_absolute(x, errors, y=None):
    mu = pyro.sample("mu", pdist.Normal(0.0, 5.0))
    tau = pyro.sample("tau", pdist.Cauchy(0.0, 5.0)).abs()
    slope = pyro.sample("slope", pdist.Normal(0.0, 2.0))
    bias = pyro.sample("bias", pdist.Normal(0.0, 1.0))
    with pyro.plate("schools", 8):
        total = torch.sqrt(tau**2 + errors**2)
        pyro.sample("y", pdist.Normal(mu + bias + slope * x, total), obs=y)


# -- measurement error: one of two likelihoods without its data ----------------------


def measured_numpyro(x=None, y=None):
    centre = numpyro.sample("centre", dist.Normal(0.0, 2.0))
    spread = numpyro.sample("spread", dist.HalfNormal(2.0))
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 2.0))
    beta = numpyro.sample("beta", dist.Normal(0.0, 2.0))
    sigma = numpyro.sample("sigma", dist.Exponential(1.0))
    with numpyro.plate("obs", N):
        true = numpyro.sample("true", dist.Normal(centre, spread))
        numpyro.sample("x", dist.Normal(true, 0.3), obs=x)
        numpyro.sample("y", dist.Normal(alpha + beta * true, sigma), obs=y)


def measured_pyro_unobserved(x=None, y=None):
    centre = pyro.sample("centre", pdist.Normal(0.0, 2.0))
    spread = pyro.sample("spread", pdist.HalfNormal(2.0))
    alpha = pyro.sample("alpha", pdist.Normal(0.0, 2.0))
    beta = pyro.sample("beta", pdist.Normal(0.0, 2.0))
    sigma = pyro.sample("sigma", pdist.Exponential(1.0))
    with pyro.plate("obs", N):
        true = pyro.sample("true", pdist.Normal(centre, spread))
        pyro.sample("x", pdist.Normal(true, 0.3))
        pyro.sample("y", pdist.Normal(alpha + beta * true, sigma), obs=y)


# -- robust groups: the scale of an exponential; df and scale swapped ---------------


def robust_tfp(county, floor):
    return tfd.JointDistributionNamedAutoBatched(
        {
            "nu": tfd.Gamma(2.0, 0.1),
            "mu": tfd.Normal(0.0, 5.0),
            "tau": tfd.Exponential(1 / 5.0),
            "theta": lambda mu, tau: tfd.Sample(tfd.Normal(mu, tau), G),
            "b": tfd.Normal(0.0, 1.0),
            "sigma": tfd.Exponential(0.5),
            "y": lambda nu, theta, b, sigma: tfd.StudentT(
                nu, theta[county - 1] + b * floor, sigma
            ),
        }
    )


def robust_pyro_rate(county, floor, y=None):
    nu = pyro.sample("nu", pdist.Gamma(2.0, 0.1))
    mu = pyro.sample("mu", pdist.Normal(0.0, 5.0))
    tau = pyro.sample("tau", pdist.Exponential(5.0))
    with pyro.plate("groups", G):
        theta = pyro.sample("theta", pdist.Normal(mu, tau))
    b = pyro.sample("b", pdist.Normal(0.0, 1.0))
    sigma = pyro.sample("sigma", pdist.Exponential(0.5))
    with pyro.plate("obs", N):
        mean = theta[county - 1] + b * floor
        pyro.sample("y", pdist.StudentT(nu, mean, sigma), obs=y)


def robust_numpyro_swapped(county, floor, y=None):
    nu = numpyro.sample("nu", dist.Gamma(2.0, 0.1))
    mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
    tau = numpyro.sample("tau", dist.Exponential(1 / 5.0))
    with numpyro.plate("groups", G):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
    b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.Exponential(0.5))
    with numpyro.plate("obs", N):
        mean = theta[county - 1] + b * floor
        numpyro.sample("y", dist.StudentT(sigma, mean, nu), obs=y)


# -- item response: the discrimination in front of one term only --------------------


def items_numpyro(person, item, y=None):
    spread = numpyro.sample("spread", dist.HalfNormal(1.0))
    with numpyro.plate("people", 4):
        theta = numpyro.sample("theta", dist.Normal(0.0, 1.0))
    with numpyro.plate("items", 3):
        a = numpyro.sample("a", dist.LogNormal(0.0, 0.5))
        b = numpyro.sample("b", dist.Normal(0.0, spread))
    with numpyro.plate("answers", N):
        logits = a[item] * (theta[person] - b[item])
        numpyro.sample("y", dist.Bernoulli(logits=logits), obs=y)


def items_pyro_bracket(person, item, y=None):
    spread = pyro.sample("spread", pdist.HalfNormal(1.0))
    with pyro.plate("people", 4):
        theta = pyro.sample("theta", pdist.Normal(0.0, 1.0))
    with pyro.plate("items", 3):
        a = pyro.sample("a", pdist.LogNormal(0.0, 0.5))
        b = pyro.sample("b", pdist.Normal(0.0, spread))
    with pyro.plate("answers", N):
        logits = a[item] * theta[person] - b[item]
        pyro.sample("y", pdist.Bernoulli(logits=logits), obs=y.to(a.dtype))


# -- correlated effects: columns scaled for rows; a likelihood that is averaged ---------


def slopes_numpyro(x, county, y=None):
    tau = numpyro.sample("tau", dist.HalfNormal(1.0).expand([3]).to_event(1))
    chol = numpyro.sample("chol", dist.LKJCholesky(3, 2.0))
    mu = numpyro.sample("mu", dist.Normal(0.0, 1.0).expand([3]).to_event(1))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    scale = tau[:, None] * chol
    with numpyro.plate("groups", G):
        w = numpyro.sample("w", dist.MultivariateNormal(mu, scale_tril=scale))
    with numpyro.plate("obs", N):
        mean = jnp.sum(x * w[county - 1], axis=-1)
        numpyro.sample("y", dist.Normal(mean, sigma), obs=y)


def slopes_pyro_columns(x, county, y=None):
    tau = pyro.sample("tau", pdist.HalfNormal(1.0).expand([3]).to_event(1))
    chol = pyro.sample("chol", pdist.LKJCholesky(3, 2.0))
    mu = pyro.sample("mu", pdist.Normal(0.0, 1.0).expand([3]).to_event(1))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.0))
    scale = tau * chol
    with pyro.plate("groups", G):
        w = pyro.sample("w", pdist.MultivariateNormal(mu, scale_tril=scale))
    with pyro.plate("obs", N):
        mean = (x * w[county - 1]).sum(-1)
        pyro.sample("y", pdist.Normal(mean, sigma), obs=y)


def slopes_pyro_averaged(x, county, y=None):
    tau = pyro.sample("tau", pdist.HalfNormal(1.0).expand([3]).to_event(1))
    chol = pyro.sample("chol", pdist.LKJCholesky(3, 2.0))
    mu = pyro.sample("mu", pdist.Normal(0.0, 1.0).expand([3]).to_event(1))
    sigma = pyro.sample("sigma", pdist.HalfNormal(1.0))
    scale = tau[:, None] * chol
    with pyro.plate("groups", G):
        w = pyro.sample("w", pdist.MultivariateNormal(mu, scale_tril=scale))
    with pyro.plate("obs", N), poutine.scale(scale=1 / N):
        mean = (x * w[county - 1]).sum(-1)
        pyro.sample("y", pdist.Normal(mean, sigma), obs=y)


# -- dose: the decay of a curve with the wrong sign inside of exp ---------------------


def dose_numpyro(time, y=None):
    top = numpyro.sample("top", dist.LogNormal(1.0, 0.3))
    bottom = numpyro.sample("bottom", dist.Normal(0.0, 0.5))
    rate = numpyro.sample("rate", dist.LogNormal(-1.0, 0.3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(0.5))
    mean = bottom + (top - bottom) * jax.nn.sigmoid(rate * (time - 2.0))
    with numpyro.plate("times", N):
        numpyro.sample("y", dist.Normal(mean, sigma), obs=y)


def dose_pyro_sign(time, y=None):
    top = pyro.sample("top", pdist.LogNormal(1.0, 0.3))
    bottom = pyro.sample("bottom", pdist.Normal(0.0, 0.5))
    rate = pyro.sample("rate", pdist.LogNormal(-1.0, 0.3))
    sigma = pyro.sample("sigma", pdist.HalfNormal(0.5))
    mean = bottom + (top - bottom) / (1 + torch.exp(rate * (time - 2.0)))
    with pyro.plate("times", N):
        pyro.sample("y", pdist.Normal(mean, sigma), obs=y)


HOUSES = {"county": COUNTY, "floor": FLOOR, "uranium": URANIUM, "y": RADON}
POLICIES = {"county": COUNTY, "x": X, "exposure": EXPOSURE, "y": CLAIMS}
GROUPS = {"county": COUNTY, "floor": FLOOR, "y": RADON}
SLOPES = {"x": X, "county": COUNTY, "y": RADON}
MARGINAL = {"x": URANIUM.repeat(2), "errors": ERRORS, "y": SCHOOL}

HOLDOUT = {
    "radon: counts from 1 twice": Port(
        radon_numpyro, radon_pyro_county, "off by one", "y", HOUSES
    ),
    "outcomes: transposed": Port(
        outcomes_numpyro,
        outcomes_tfp_transposed,
        "transposed matrix",
        "y",
        {"x": X, "y": THREE},
    ),
    "heights: not centred": Port(
        heights_numpyro,
        heights_pyro_uncentred,
        "dropped term",
        "y",
        {"height": HEIGHT, "floor": FLOOR, "y": HEIGHT - 100.0},
    ),
    "claims: offset": Port(
        claims_numpyro, claims_tfp_offset, "natural or log scale", "y", POLICIES
    ),
    "claims: no link": Port(
        claims_numpyro, claims_tfp_link, "natural or log scale", "y", POLICIES
    ),
    "schools: log scale": Port(
        schools_numpyro,
        schools_numpyro_log,
        "natural or log scale",
        "y",
        {"errors": ERRORS, "y": SCHOOL},
    ),
    "marginal: sum of variances": Port(
        marginal_pyro,
        marginal_numpyro_variance,
        "variance or standard deviation",
        "y",
        MARGINAL,
    ),
    "marginal: absolute value": Port(
        marginal_pyro, marginal_pyro_absolute, "half distribution", "tau", MARGINAL
    ),
    "measured: unobserved": Port(
        measured_numpyro,
        measured_pyro_unobserved,
        "not observed",
        "x",
        {"x": X[:, 0], "y": RADON},
    ),
    "robust: rate of a prior": Port(
        robust_tfp, robust_pyro_rate, "rate or scale", "tau", GROUPS
    ),
    "robust: df and scale": Port(
        robust_tfp, robust_numpyro_swapped, "swapped parameters", "y", GROUPS
    ),
    "items: bracket": Port(
        items_numpyro,
        items_pyro_bracket,
        "misplaced bracket",
        "y",
        {"person": PERSON, "item": ITEM, "y": RIGHT},
    ),
    "slopes: columns": Port(
        slopes_numpyro, slopes_pyro_columns, "wrong axis", "w", SLOPES
    ),
    "slopes: averaged": Port(
        slopes_numpyro, slopes_pyro_averaged, "mean instead of sum", "y", SLOPES
    ),
    "dose: sign": Port(
        dose_numpyro, dose_pyro_sign, "sign", "y", {"time": HEIGHT / 40, "y": RADON}
    ),
}
