"""Regressions with one likelihood, as they stand in notebooks."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.stats import norm

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(11)
N = 30
x = rng.normal(size=N)
y = 0.5 + 1.3 * x + 0.4 * rng.normal(size=N)
X = rng.normal(size=(N, 4))
clicks = rng.binomial(1, 0.4, size=N)
counts = rng.poisson(3.0, size=N)
exposure = rng.uniform(0.5, 2.0, size=N)
choice = rng.integers(0, 3, size=N)
grade = rng.integers(0, 4, size=N)


def linear(x, y=None):
    a = numpyro.sample("a", dist.Normal(0.0, 10.0))
    b = numpyro.sample("b", dist.Normal(0.0, 1.0))
    sigma = numpyro.sample("sigma", dist.Exponential(1.0))
    mu = a + b * x
    numpyro.sample("y", dist.Normal(mu, sigma), obs=y)


def divorce(marriage=None, age=None, divorce=None):
    """Statistical Rethinking, chapter 5: optional predictors."""
    a = numpyro.sample("a", dist.Normal(0, 0.2))
    M, A = 0.0, 0.0
    if marriage is not None:
        bM = numpyro.sample("bM", dist.Normal(0, 0.5))
        M = bM * marriage
    if age is not None:
        bA = numpyro.sample("bA", dist.Normal(0, 0.5))
        A = bA * age
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    mu = numpyro.deterministic("mu", a + M + A)
    numpyro.sample("obs", dist.Normal(mu, sigma), obs=divorce)


def robust_polynomial(data, degree):
    coefs = numpyro.sample(
        "coefs", dist.Normal(0.0, 1.0).expand([degree + 1]).to_event(1)
    )
    basis = jnp.stack([data["x"] ** d for d in range(degree + 1)], axis=-1)
    nu = numpyro.sample("nu", dist.Gamma(2.0, 0.1))
    scale = numpyro.sample("scale", dist.HalfCauchy(2.5))
    with numpyro.plate("obs", len(data["x"])):
        numpyro.sample(
            "y", dist.StudentT(nu, jnp.dot(basis, coefs), scale), obs=data["y"]
        )


def logistic(X, y=None):
    num_features = X.shape[1]
    intercept = numpyro.sample("intercept", dist.Normal(0, 5))
    beta = numpyro.sample("beta", dist.Normal(jnp.zeros(num_features), 2.5))
    logits = intercept + X @ beta
    with numpyro.plate("N", X.shape[0]):
        numpyro.sample("y", dist.Bernoulli(logits=logits), obs=y)


def probit(design, outcome=None):
    with numpyro.plate("features", 4):
        w = numpyro.sample("w", dist.Normal(0, 1))
    eta = jnp.matmul(design, w)
    p = numpyro.deterministic("p", norm.cdf(eta))
    numpyro.sample("outcome", dist.Bernoulli(probs=p), obs=outcome)


def poisson_with_offset(log_exposure):
    """Data from the module's globals, as in a notebook."""
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 3.0))
    beta = numpyro.sample("beta", dist.Laplace(0.0, 1.0).expand((4,)))
    log_rate = alpha + jnp.einsum("nd,d->n", X, beta) + log_exposure
    with numpyro.plate("cities", N):
        numpyro.sample("cases", dist.Poisson(jnp.exp(log_rate)), obs=counts)


def overdispersed(x, y):
    b0 = numpyro.sample("b0", dist.Normal(1, 1))
    b1 = numpyro.sample("b1", dist.Normal(0, 1))
    phi_inv = numpyro.sample("phi_inv", dist.Exponential(2.0))
    rate = jax.nn.softplus(b0 + b1 * x)
    numpyro.sample("y", dist.NegativeBinomial2(rate, 1 / phi_inv), obs=y)


def heteroscedastic(x, y):
    beta = numpyro.sample("beta", dist.Normal(0, 1).expand([2]))
    gamma = numpyro.sample("gamma", dist.Normal(0, 0.5).expand([2]))
    loc = beta[0] + beta[1] * x
    log_scale = gamma[0] + gamma[1] * jnp.abs(x)
    numpyro.sample("y", dist.Normal(loc, jnp.exp(log_scale)), obs=y)


def horseshoe(X, Y):
    n, p = X.shape
    tau = numpyro.sample("tau", dist.HalfCauchy(1.0))
    lam = numpyro.sample("lam", dist.HalfCauchy(jnp.ones(p)))
    c2 = numpyro.sample("c2", dist.InverseGamma(2.0, 8.0))
    lam_tilde = jnp.sqrt(c2) * lam / jnp.sqrt(c2 + tau**2 * lam**2)
    z = numpyro.sample("z", dist.Normal(0.0, jnp.ones(p)))
    beta = numpyro.deterministic("beta", tau * lam_tilde * z)
    prec_obs = numpyro.sample("prec_obs", dist.Gamma(3.0, 1.0))
    numpyro.sample("Y", dist.Normal(X @ beta, 1.0 / jnp.sqrt(prec_obs)), obs=Y)


def multinomial_logit(X, y, num_classes=3):
    with numpyro.plate("alternatives", num_classes - 1):
        a = numpyro.sample("a", dist.Normal(0, 1))
        b = numpyro.sample("b", dist.Normal(0, 1).expand([num_classes - 1]))
    s = a + b * X[:, :1]
    s = jnp.concatenate([s, jnp.zeros((X.shape[0], 1))], axis=1)
    p = jax.nn.softmax(s, axis=-1)
    numpyro.sample("y", dist.Categorical(probs=p), obs=y)


def ordinal(x, rating):
    cutpoints = numpyro.sample(
        "cutpoints",
        dist.TransformedDistribution(
            dist.Normal(0, 1).expand([3]), dist.transforms.OrderedTransform()
        ),
    )
    b = numpyro.sample("b", dist.Normal(0, 1))
    with numpyro.plate("respondents", len(x)):
        numpyro.sample("rating", dist.OrderedLogistic(b * x, cutpoints), obs=rating)


def make_spline_model(num_knots):
    knots = np.linspace(-2, 2, num_knots)
    B = np.exp(-0.5 * (x[:, None] - knots) ** 2)

    def model(y=None):
        a = numpyro.sample("a", dist.Normal(0, 10))
        w = numpyro.sample("w", dist.Normal(0, 5).expand(B.shape[1:]).to_event(1))
        sigma = numpyro.sample("sigma", dist.HalfNormal(2.0))
        mu = a + jnp.sum(B * w, axis=-1)
        numpyro.sample("y", dist.Normal(mu, sigma).to_event(1), obs=y)

    return model


def quantile(x, y, tau=0.25):
    a = numpyro.sample("a", dist.Normal(0, 2))
    b = numpyro.sample("b", dist.Normal(0, 2))
    scale = numpyro.sample("scale", dist.HalfNormal(1))
    numpyro.sample("y", dist.AsymmetricLaplaceQuantile(a + b * x, scale, tau), obs=y)


CASES = (
    Case("linear", linear, (x, y)),
    Case("divorce", divorce, kwargs={"age": x, "divorce": y}),
    Case("robust-polynomial", robust_polynomial, ({"x": x, "y": y}, 2)),
    Case("logistic", logistic, (X, clicks)),
    Case("probit", probit, (X,), {"outcome": clicks}),
    Case("poisson-with-offset", poisson_with_offset, (np.log(exposure),)),
    Case("overdispersed", overdispersed, (x, counts)),
    Case("heteroscedastic", heteroscedastic, (x, y)),
    Case("horseshoe", horseshoe, (X, y)),
    Case("multinomial-logit", multinomial_logit, (X, choice)),
    Case("ordinal", ordinal, (x, grade)),
    Case("spline", make_spline_model(5), (), {"y": y}),
    Case("quantile", quantile, (x, y)),
)
