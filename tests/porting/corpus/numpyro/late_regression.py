"""Regressions and comparisons that were written when the readers were finished."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy import stats
from jax.scipy.special import logsumexp
from numpyro.distributions import transforms
from numpyro.infer.reparam import LocScaleReparam

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(91)
N = 22
x = rng.normal(size=N)
X = rng.normal(size=(N, 3))
y = 0.5 * x + 0.4 * rng.normal(size=N)
drug = np.r_[np.zeros(N // 2, int), np.ones(N - N // 2, int)]
iq = 100 + 5 * drug + 3 * rng.standard_t(4, size=N)
grade = rng.integers(0, 4, size=N)
party = rng.integers(0, 3, size=N)
sales = np.where(rng.uniform(size=N) < 0.4, 0.0, np.exp(1 + 0.5 * rng.normal(size=N)))
output = 2 + 0.6 * x - np.abs(rng.normal(size=N)) * 0.3
months = rng.exponential(12.0, size=N) + 0.5
relapsed = rng.integers(0, 2, size=N).astype(bool)
field_trial = 5 + rng.normal(size=(3, 4, 5))
at_bats = np.full(9, 45)
hits = rng.binomial(45, 0.27, size=9)
hours = np.array([3.0, 5.5, 1.2, 8.0, 8.0, 4.1, 8.0, 2.2])
stopped = hours >= 8.0
survey = rng.integers(0, 4, size=(7, 5))
state = rng.integers(0, 6, size=N)


def best(group, score):
    """Kruschke's estimation instead of a t test."""
    m, s = score.mean(), score.std()
    with numpyro.plate("groups", 2):
        mean = numpyro.sample("mean", dist.Normal(m, 2 * s))
        sd = numpyro.sample("sd", dist.Uniform(s / 10, s * 10))
    nu = numpyro.deterministic(
        "nu", 1 + numpyro.sample("nu_minus_one", dist.Exponential(1 / 29.0))
    )
    gap = numpyro.deterministic("difference of means", mean[1] - mean[0])
    numpyro.deterministic("effect size", gap / jnp.sqrt((sd**2).sum() / 2))
    numpyro.sample("score", dist.StudentT(nu, mean[group], sd[group]), obs=score)


def ordered_probit(X, grade=None, levels=4):
    beta = numpyro.sample("beta", dist.Normal(0, 1).expand([X.shape[1]]).to_event(1))
    first = numpyro.sample("first", dist.Normal(-1, 1))
    gaps = numpyro.sample("gaps", dist.LogNormal(0, 0.5).expand([levels - 2]))
    cuts = jnp.concatenate([first[None], first + jnp.cumsum(gaps)])
    below = stats.norm.cdf(cuts[None, :] - (X @ beta)[:, None])
    below = jnp.pad(below, ((0, 0), (0, 1)), constant_values=1.0)
    probs = jnp.diff(below, axis=-1, prepend=0.0)
    with numpyro.plate("people", X.shape[0]):
        numpyro.sample("grade", dist.Categorical(probs=probs), obs=grade)


def reference_class(X, party):
    n, p = X.shape
    k = int(party.max()) + 1
    with numpyro.plate("class", k - 1, dim=-1):
        alpha = numpyro.sample("alpha", dist.Normal(0.0, 5.0))
        with numpyro.plate("feature", p, dim=-2):
            beta = numpyro.sample("beta", dist.Normal(0.0, 2.5))
    logits = jnp.hstack([jnp.zeros((n, 1)), alpha + jnp.matmul(X, beta)])
    numpyro.sample("party", dist.Categorical(logits=logits), obs=party)


def mixed_regressions(x, y, K=2):
    pi = numpyro.sample("pi", dist.Dirichlet(2 * jnp.ones(K)))
    intercept = numpyro.sample(
        "intercept",
        dist.TransformedDistribution(
            dist.Normal(jnp.zeros(K), 2.0).to_event(1), transforms.OrderedTransform()
        ),
    )
    with numpyro.plate("components", K):
        slope = numpyro.sample("slope", dist.Normal(0, 1))
        sigma = numpyro.sample("sigma", dist.HalfCauchy(1.0))

    def of_one(x_i, y_i):
        parts = dist.Normal(intercept + slope * x_i, sigma).log_prob(y_i)
        return logsumexp(jnp.log(pi) + parts)

    numpyro.factor("mixture", jax.vmap(of_one)(x, y).sum())


def hurdle_lognormal(X, sales):
    bought = sales > 0
    with numpyro.plate("J", X.shape[-1]):
        gamma = numpyro.sample("gamma", dist.Laplace(0, 1))
        beta = numpyro.sample("beta", dist.Laplace(0, 1))
    sigma = numpyro.sample("sigma", dist.Gamma(2, 2))
    with numpyro.plate("N", len(X)):
        numpyro.sample("any", dist.Bernoulli(logits=X @ gamma), obs=bought.astype(int))
        with numpyro.handlers.mask(mask=bought):
            safe = jnp.where(bought, sales, 1.0)
            numpyro.sample("amount", dist.LogNormal(X @ beta, sigma), obs=safe)


def stochastic_frontier(x, output):
    """Normal noise less a half-normal inefficiency, integrated by hand."""
    beta0, beta1 = numpyro.sample("beta", dist.Normal(0, 2).expand((2,)).to_event(1))
    sigma_v = numpyro.sample("sigma_v", dist.HalfNormal(1))
    sigma_u = numpyro.sample("sigma_u", dist.HalfNormal(1))
    sigma = jnp.hypot(sigma_u, sigma_v)
    lam = sigma_u / sigma_v
    e = (output - beta0 - beta1 * x) / sigma
    loglik = jnp.log(2.0) + stats.norm.logpdf(e) + stats.norm.logcdf(-e * lam)
    numpyro.factor("loglik", jnp.sum(loglik - jnp.log(sigma)))


def cure(X, months, relapsed):
    """Some never relapse; the others do after a Weibull time."""
    coef = numpyro.sample("coef", dist.MultivariateNormal(jnp.zeros(3), jnp.eye(3)))
    shape = numpyro.sample("shape", dist.LogNormal(0.0, 0.3))
    scale = numpyro.sample("scale", dist.InverseGamma(3.0, 20.0))
    cured = jax.nn.sigmoid(X @ coef)
    times = dist.Weibull(scale, shape)
    died = jnp.log1p(-cured) + times.log_prob(months)
    alive = jnp.log(cured + (1 - cured) * jnp.exp(-((months / scale) ** shape)))
    numpyro.factor("times", jnp.where(relapsed, died, alive).sum())


def interactions(y):
    """Blocks by varieties by replicates, and how block and variety interact."""
    B, V, R = y.shape
    mu = numpyro.sample("mu", dist.Normal(5, 5))
    tau = {k: numpyro.sample(f"tau_{k}", dist.HalfNormal(1)) for k in ("b", "v", "bv")}
    blocks = numpyro.plate("blocks", B, dim=-3)
    varieties = numpyro.plate("varieties", V, dim=-2)
    with blocks:
        b = numpyro.sample("b", dist.Normal(0, tau["b"]))
    with varieties:
        v = numpyro.sample("v", dist.Normal(0, tau["v"]))
    with blocks, varieties:
        bv = numpyro.sample("bv_raw", dist.Normal()) * tau["bv"]
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    with blocks, varieties, numpyro.plate("replicates", R, dim=-1):
        numpyro.sample("y", dist.Normal(mu + b + v + bv, sigma), obs=y)


def batting(at_bats, hits=None):
    phi = numpyro.sample("phi", dist.Beta(2, 5))
    kappa = numpyro.sample("kappa", dist.Pareto(1, 1.5))
    with numpyro.plate("players", at_bats.shape[0]):
        skill = dist.BetaBinomial(phi * kappa, (1 - phi) * kappa, at_bats)
        return numpyro.sample("hits", skill, obs=hits)


def censored_times(hours, stopped):
    """What was not seen to end is a latent time above the last look."""
    rate = numpyro.sample("log_mean", dist.Normal(1.5, 1.0))
    sd = numpyro.sample("sd", dist.HalfNormal(2.0))
    n_cens = int(stopped.sum())
    with numpyro.plate("unseen", n_cens):
        late = numpyro.sample(
            "late", dist.TruncatedNormal(jnp.exp(rate), sd, low=hours[stopped])
        )
    full = jnp.asarray(hours).at[np.flatnonzero(stopped)].set(late)
    numpyro.deterministic("total", full.sum())
    numpyro.sample("seen", dist.Normal(jnp.exp(rate), sd), obs=hours[~stopped])


def graded_response(survey):
    people, items = survey.shape
    theta = numpyro.sample("theta", dist.Normal(0, 1).expand([people, 1]))
    with numpyro.plate("items", items):
        a = numpyro.sample("a", dist.LogNormal(0, 0.5))
        kappa = numpyro.sample(
            "kappa",
            dist.TransformedDistribution(
                dist.Normal(0, 1.5).expand([3]).to_event(1),
                dist.transforms.OrderedTransform(),
            ),
        )
        with numpyro.plate("people", people, dim=-2):
            numpyro.sample("answer", dist.OrderedLogistic(a * theta, kappa), obs=survey)


def zero_sum(state, y):
    intercept = numpyro.sample("intercept", dist.Normal(0, 1))
    sd = numpyro.sample("sd", dist.HalfNormal(1))
    effect = numpyro.sample("effect", dist.ZeroSumNormal(sd, (6,)))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    numpyro.sample("y", dist.Normal(intercept + effect[state], sigma), obs=y)


@numpyro.handlers.reparam(config={"slope": LocScaleReparam(0)})
def shrunk_by_r2d2(X, y):
    n, p = X.shape
    r2 = numpyro.sample("r2", dist.Beta(1.0, 3.0))
    phi = numpyro.sample("phi", dist.Dirichlet(jnp.full((p,), 0.8)))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    tau2 = r2 / (1.0 - r2)
    with numpyro.plate("p", p):
        slope = numpyro.sample("slope", dist.Normal(0.0, sigma * jnp.sqrt(phi * tau2)))
    mu = jnp.einsum("np,p->n", X, slope)
    with numpyro.plate("n", n):
        numpyro.sample("y", dist.Normal(mu, sigma), obs=y)


CASES = (
    Case("best", best, (drug, iq), late=True),
    Case("ordered-probit", ordered_probit, (X, grade), late=True),
    Case("reference-class", reference_class, (X, party), late=True),
    Case("mixed-regressions", mixed_regressions, (x, y), late=True),
    Case("hurdle-lognormal", hurdle_lognormal, (X, sales), late=True),
    Case("stochastic-frontier", stochastic_frontier, (x, output), late=True),
    Case("cure", cure, (X, months, relapsed), late=True),
    Case("interactions", interactions, (field_trial,), late=True),
    Case("batting", batting, (at_bats, hits), late=True),
    Case("censored-times", censored_times, (hours, stopped), late=True),
    Case("graded-response", graded_response, (survey,), late=True),
    Case("zero-sum", zero_sum, (state, y), late=True),
    Case("r2d2", shrunk_by_r2d2, (X, y), late=True),
)
