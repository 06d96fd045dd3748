"""What was not seen: censoring, missing values, measurement error, animals, abilities."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.special import expit, gammaln
from numpyro import handlers
from numpyro.contrib.control_flow import scan

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(16)
days = rng.weibull(1.5, size=24) * 10
adopted = rng.integers(0, 2, size=24)
black = rng.integers(0, 2, size=24)
brain = rng.normal(size=20)
brain_gaps = np.where(rng.uniform(size=20) < 0.25, np.nan, brain)
mass = 0.5 * brain + 0.3 * rng.normal(size=20)
reported = brain + 0.2 * rng.normal(size=20)
reported_sd = rng.uniform(0.1, 0.4, size=20)
visits = rng.binomial(1, 0.4, size=(12, 4)) * rng.binomial(1, 0.7, size=(12, 1))
sites_counts = rng.poisson(3.0, size=(6, 3))
person = np.repeat(np.arange(6), 5)
item = np.tile(np.arange(5), 6)
correct = rng.integers(0, 2, size=30)
winner = rng.integers(0, 5, size=20)
loser = (winner + rng.integers(1, 5, size=20)) % 5
histories = np.array([[1, 1, 0, 1], [1, 0, 0, 0], [1, 0, 1, 1], [1, 1, 1, 0]])


def exponential_survival(days, adopted, black):
    """Statistical Rethinking, chapter 11: cats."""
    a = numpyro.sample("a", dist.Normal(0, 1).expand([2]))
    mu = jnp.exp(a[black])
    lambda_ = 1 / mu
    with handlers.mask(mask=adopted == 1):
        numpyro.sample("seen", dist.Exponential(lambda_), obs=days)
    ccdf = -lambda_ * days
    numpyro.factor("censored", jnp.where(adopted == 1, 0.0, ccdf))


def weibull_survival(t, event, x):
    shape = numpyro.sample("shape", dist.Gamma(2.0, 1.0))
    b = numpyro.sample("b", dist.Normal(0, 1).expand([2]).to_event(1))
    scale = jnp.exp(b[0] + b[1] * x)
    d = dist.Weibull(scale, shape)
    log_survival = -jnp.power(t / scale, shape)
    ll = jnp.where(event, d.log_prob(t), log_survival)
    with numpyro.plate("patients", t.shape[0]):
        numpyro.factor("ll", ll)


def tobit(x, y):
    beta = numpyro.sample("beta", dist.Normal(0, 1).expand([2]))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    base = dist.Normal(beta[0] + beta[1] * x, sigma)
    at_limit = jnp.log(base.cdf(0.0))
    numpyro.factor("y", jnp.where(y <= 0, at_limit, base.log_prob(y)).sum())


def imputation(B, K):
    """Missing brain sizes are sites; NaN marks them in the data."""
    missing = np.nonzero(np.isnan(B))[0]
    nu = numpyro.sample("nu", dist.Normal(0, 0.5))
    sigma_B = numpyro.sample("sigma_B", dist.Exponential(1))
    B_impute = numpyro.sample("B_impute", dist.Normal(0, 1).expand([len(missing)]))
    B_merged = jnp.asarray(B).at[missing].set(B_impute)
    numpyro.sample("B_merged", dist.Normal(nu, sigma_B), obs=B_merged)
    bB = numpyro.sample("bB", dist.Normal(0, 0.5))
    numpyro.sample("K", dist.Normal(bB * B_merged, 0.5), obs=K)


def measurement_error(x_obs, x_sd, y):
    with numpyro.plate("N", len(x_obs)) as n:
        x_true = numpyro.sample("x_true", dist.Normal(0, 1))
        numpyro.sample("x_obs", dist.Normal(x_true, x_sd), obs=x_obs[n])
    a = numpyro.sample("a", dist.Normal(0, 0.2))
    b = numpyro.sample("b", dist.Normal(0, 0.5))
    numpyro.sample("y", dist.Normal(a + b * x_true, 0.5), obs=y)


def occupancy(y):
    """Sites without a detection may be empty."""
    n_sites, n_visits = y.shape
    psi = numpyro.sample("psi", dist.Uniform(0, 1))
    p = numpyro.sample("p", dist.Uniform(0, 1))
    detections = y.sum(-1)
    present = jnp.log(psi) + dist.Bernoulli(p).log_prob(y).sum(-1)
    absent = jnp.where(detections > 0, -jnp.inf, jnp.log1p(-psi))
    numpyro.factor("occupancy", jnp.logaddexp(present, absent).sum())


def n_mixture(counts, K=12):
    lam = numpyro.sample("lam", dist.Gamma(5, 1))
    p = numpyro.sample("p", dist.Beta(2, 2))
    N = jnp.arange(K + 1)[:, None, None]
    enough = N >= counts
    safe = jnp.where(enough, N - counts, 0)
    choose = gammaln(N + 1.0) - gammaln(counts + 1.0) - gammaln(safe + 1.0)
    binomial = choose + counts * jnp.log(p) + safe * jnp.log1p(-p)
    lp = jnp.where(enough, binomial, -1e10).sum(-1)
    lp = lp + dist.Poisson(lam).log_prob(jnp.arange(K + 1))[:, None]
    numpyro.factor("abundance", jax.nn.logsumexp(lp, axis=0).sum())


def cormack_jolly_seber(capture_history):
    N, T = capture_history.shape
    phi = numpyro.sample("phi", dist.Uniform(0.0, 1.0))
    rho = numpyro.sample("rho", dist.Uniform(0.0, 1.0))

    def transition_fn(carry, y):
        first_capture_mask, z = carry
        with numpyro.plate("animals", N, dim=-1):
            with handlers.mask(mask=first_capture_mask):
                mu_z_t = first_capture_mask * phi * z + (1 - first_capture_mask)
                z = numpyro.sample(
                    "z",
                    dist.Bernoulli(dist.util.clamp_probs(mu_z_t)),
                    infer={"enumerate": "parallel"},
                )
                mu_y_t = rho * z
                numpyro.sample(
                    "y", dist.Bernoulli(dist.util.clamp_probs(mu_y_t)), obs=y
                )
        first_capture_mask = first_capture_mask | y.astype(bool)
        return (first_capture_mask, z), None

    z = jnp.ones(N, dtype=int)
    first_capture_mask = capture_history[:, 0].astype(bool)
    scan(
        transition_fn,
        (first_capture_mask, z),
        jnp.swapaxes(capture_history[:, 1:], 0, 1),
    )


def rasch(person, item, y):
    with numpyro.plate("persons", 6):
        theta = numpyro.sample("theta", dist.Normal(0, 1))
    with numpyro.plate("items", 5):
        b = numpyro.sample("b", dist.Normal(0, 2))
    numpyro.sample("y", dist.Bernoulli(logits=theta[person] - b[item]), obs=y)


def two_parameter_logistic(responses):
    num_persons, num_items = responses.shape
    discrimination = numpyro.sample(
        "discrimination", dist.LogNormal(0, 0.5).expand([num_items]).to_event(1)
    )
    difficulty = numpyro.sample(
        "difficulty", dist.Normal(0, 1).expand([num_items]).to_event(1)
    )
    guess = numpyro.sample("guess", dist.Beta(5, 23).expand([num_items]).to_event(1))
    with numpyro.plate("persons", num_persons):
        ability = numpyro.sample("ability", dist.Normal(0, 1))
        p = guess + (1 - guess) * expit(
            discrimination * (ability[:, None] - difficulty)
        )
        numpyro.sample("responses", dist.Bernoulli(p).to_event(1), obs=responses)


def bradley_terry(winner, loser):
    skill_sd = numpyro.sample("skill_sd", dist.HalfNormal(1))
    skill = numpyro.sample("skill", dist.ZeroSumNormal(skill_sd, event_shape=(5,)))
    numpyro.factor("games", jax.nn.log_sigmoid(skill[winner] - skill[loser]))


def learnable_prior(y):
    """Type-II maximum likelihood: hyperparameters are params."""
    loc = numpyro.param("loc", 0.0)
    scale = numpyro.param("scale", 1.0, constraint=dist.constraints.positive)
    theta = numpyro.sample("theta", dist.Normal(loc, scale))
    with numpyro.plate("data", y.shape[0]):
        numpyro.sample("y", dist.Normal(theta, 1.0), obs=y)


CASES = (
    Case("exponential-survival", exponential_survival, (days, adopted, black)),
    Case("weibull-survival", weibull_survival, (days, adopted == 1, black)),
    Case("tobit", tobit, (brain, np.maximum(mass, 0.0))),
    Case("imputation", imputation, (brain_gaps, mass)),
    Case(
        "measurement-error",
        measurement_error,
        (jnp.asarray(reported), reported_sd, mass),
    ),
    Case("occupancy", occupancy, (visits,)),
    Case("n-mixture", n_mixture, (sites_counts,)),
    Case(
        "cormack-jolly-seber",
        cormack_jolly_seber,
        (histories,),
        values={"z": np.array([[1, 1, 1, 1], [1, 0, 1, 1], [1, 0, 1, 1]])},
    ),
    Case("rasch", rasch, (person, item, correct)),
    Case("two-parameter-logistic", two_parameter_logistic, (correct.reshape(6, 5),)),
    Case("bradley-terry", bradley_terry, (winner, loser)),
    Case("learnable-prior", learnable_prior, (mass,)),
)
