"""Groups, plates, correlated effects, and the handlers people wrap around them."""

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.special import expit
from numpyro import handlers
from numpyro.infer.reparam import LocScaleReparam, TransformReparam

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(12)
J = 8
effect = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
error = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
county = rng.integers(0, 6, size=40)
floor = rng.integers(0, 2, size=40)
uranium = rng.normal(size=6)
log_radon = 1.3 - 0.6 * floor + 0.3 * rng.normal(size=40)
at_bats = np.full(9, 45)
hits = rng.binomial(45, 0.27, size=9)
wait = rng.normal(3.0, 1.0, size=40)
afternoon = rng.integers(0, 2, size=40)
actor = rng.integers(0, 4, size=40)
block = rng.integers(0, 3, size=40)
pulled = rng.integers(0, 2, size=40)
scores = rng.normal(size=(5, 4, 3))
ragged = rng.normal(size=(4, 7))
is_there = np.arange(7) < np.array([7, 3, 5, 6])[:, None]


def eight_schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


@handlers.reparam(config={"theta": LocScaleReparam(0)})
def eight_schools_decentered(sigma, y):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("schools", len(sigma)):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def eight_schools_transformed(sigma, y):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        with handlers.reparam(config={"theta": TransformReparam()}):
            theta = numpyro.sample(
                "theta",
                dist.TransformedDistribution(
                    dist.Normal(0.0, 1.0), dist.transforms.AffineTransform(mu, tau)
                ),
            )
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def radon(county, floor, u, log_radon=None):
    n_counties = len(u)
    g = numpyro.sample("g", dist.Normal(0.0, 10.0).expand([2]))
    sigma_a = numpyro.sample("sigma_a", dist.HalfCauchy(5.0))
    b = numpyro.sample("b", dist.Normal(0.0, 10.0))
    sigma = numpyro.sample("sigma", dist.HalfCauchy(5.0))
    with numpyro.plate("counties", n_counties):
        a = numpyro.sample("a", dist.Normal(g[0] + g[1] * u, sigma_a))
    with numpyro.plate("N", len(county)):
        numpyro.sample(
            "log_radon", dist.Normal(a[county] + b * floor, sigma), obs=log_radon
        )


def baseball(at_bats, hits=None):
    m = numpyro.sample("m", dist.Uniform(0, 1))
    kappa = numpyro.sample("kappa", dist.Pareto(1.0, 1.5))
    with numpyro.plate("num_players", at_bats.shape[0]):
        phi = numpyro.sample("phi", dist.Beta(m * kappa, (1 - m) * kappa))
        numpyro.sample("hits", dist.Binomial(at_bats, probs=phi), obs=hits)


def tumors(tumor, total):
    alpha = numpyro.sample(
        "alpha", dist.ImproperUniform(dist.constraints.positive, (), ())
    )
    beta = numpyro.sample(
        "beta", dist.ImproperUniform(dist.constraints.positive, (), ())
    )
    numpyro.factor("hyperprior", -2.5 * jnp.log(alpha + beta))
    with numpyro.plate("groups", total.shape[0]):
        numpyro.sample("tumor", dist.BetaBinomial(alpha, beta, total), obs=tumor)


def cafes(cafe, afternoon, wait):
    """Statistical Rethinking, chapter 14: varying slopes."""
    a = numpyro.sample("a", dist.Normal(5, 2))
    b = numpyro.sample("b", dist.Normal(-1, 0.5))
    sigma_cafe = numpyro.sample("sigma_cafe", dist.Exponential(1).expand([2]))
    sigma = numpyro.sample("sigma", dist.Exponential(1))
    Rho = numpyro.sample("Rho", dist.LKJ(2, 2))
    cov = jnp.outer(sigma_cafe, sigma_cafe) * Rho
    a_b = numpyro.sample(
        "a_b", dist.MultivariateNormal(jnp.stack([a, b]), cov).expand([6])
    )
    mu = a_b[cafe, 0] + a_b[cafe, 1] * afternoon
    numpyro.sample("wait", dist.Normal(mu, sigma), obs=wait)


def correlated_noncentered(group, x, y):
    tau = numpyro.sample("tau", dist.HalfCauchy(jnp.ones(2)))
    L_Omega = numpyro.sample("L_Omega", dist.LKJCholesky(2, concentration=2.0))
    L_Sigma = tau[..., None] * L_Omega
    with numpyro.plate("groups", 6):
        z = numpyro.sample("z", dist.Normal(0, 1).expand([2]).to_event(1))
    beta = numpyro.deterministic("beta", (L_Sigma @ z.T).T)
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    loc = beta[group, 0] + x * beta[group, 1]
    with numpyro.plate("data", len(y)):
        numpyro.sample("y", dist.Normal(loc, sigma), obs=y)


def chimpanzees(actor, block_id, pulled_left):
    a_bar = numpyro.sample("a_bar", dist.Normal(0, 1.5))
    sigma_a, sigma_g = (
        numpyro.sample(f"sigma_{name}", dist.Exponential(1)) for name in "ag"
    )
    z = numpyro.sample("z", dist.Normal(0, 1).expand([4]))
    x = numpyro.sample("x", dist.Normal(0, 1).expand([3]))
    a = numpyro.deterministic("a", a_bar + z * sigma_a)
    g = numpyro.deterministic("g", x * sigma_g)
    logit_p = a[actor] + g[block_id]
    numpyro.sample("pulled_left", dist.Binomial(1, logits=logit_p), obs=pulled_left)


def nested(scores):
    """Pupils in classes in schools; plates are declared up front."""
    n_pupils, n_classes, n_schools = scores.shape
    schools = numpyro.plate("schools", n_schools, dim=-1)
    classes = numpyro.plate("classes", n_classes, dim=-2)
    pupils = numpyro.plate("pupils", n_pupils, dim=-3)
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    tau = numpyro.sample("tau", dist.HalfNormal(1))
    with schools:
        school = numpyro.sample("school", dist.Normal(mu, tau))
        spread = numpyro.sample("spread", dist.LogNormal(-1, 0.5))
        with classes:
            room = numpyro.sample("room", dist.Normal(school, spread))
            with pupils:
                numpyro.sample("score", dist.Normal(room, 0.8), obs=scores)


def unbalanced(y, mask):
    groups, length = y.shape
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    with numpyro.plate("groups", groups, dim=-2):
        theta = numpyro.sample("theta", dist.Normal(mu, 1.0))
        with numpyro.plate("time", length, dim=-1), handlers.mask(mask=mask):
            numpyro.sample("y", dist.Normal(theta, 0.5), obs=y)


def power_prior(historical, current, a0=0.3):
    theta = numpyro.sample("theta", dist.Normal(0, 10))
    with handlers.scale(scale=a0):
        numpyro.sample("old", dist.Normal(theta, jnp.ones(7)), obs=historical)
    with numpyro.plate("current", current.shape[0]):
        numpyro.sample("new", dist.Normal(theta, 1), obs=current)


def meta_analysis(log_or, se):
    """Some studies, a half-Student-t prior written as a folded one."""
    mu = numpyro.sample("mu", dist.Normal(0, 2))
    tau = numpyro.sample("tau", dist.FoldedDistribution(dist.StudentT(3.0, 0.0, 1.0)))
    studies = numpyro.plate("studies", len(log_or))
    with studies:
        delta = numpyro.sample("delta", dist.StudentT(4, mu, tau))
    with studies:
        numpyro.sample("log_or", dist.Normal(delta, se), obs=log_or)
    numpyro.deterministic("odds_ratio", jnp.exp(mu))


def two_machines(machine, y):
    """Sites made by a helper and a loop, conditioned from outside."""

    def half_normal(name):
        return numpyro.sample(name, dist.HalfNormal(1.0))

    rates = [numpyro.sample(f"rate_{i}", dist.Gamma(2.0, 2.0)) for i in range(2)]
    p = expit(half_normal("strength") * jnp.stack(rates)[machine] - 1.0)
    numpyro.sample("y", dist.Bernoulli(p))


CASES = (
    Case("eight-schools", eight_schools, (J, error), {"y": effect}),
    Case("eight-schools-decentered", eight_schools_decentered, (error, effect)),
    Case("eight-schools-transformed", eight_schools_transformed, (error, effect)),
    Case("radon", radon, (county, floor, uranium, log_radon)),
    Case("baseball", baseball, (at_bats, hits)),
    Case("tumors", tumors, (hits, at_bats)),
    Case("cafes", cafes, (county, afternoon, wait)),
    Case("correlated-noncentered", correlated_noncentered, (county, floor, log_radon)),
    Case("chimpanzees", chimpanzees, (actor, block, pulled)),
    Case("nested", nested, (scores,)),
    Case("unbalanced", unbalanced, (ragged, is_there)),
    Case("power-prior", power_prior, (ragged[0], ragged[1])),
    Case("meta-analysis", meta_analysis, (effect / 20, error / 20)),
    Case(
        "two-machines",
        handlers.condition(two_machines, {"y": pulled}),
        (afternoon, None),
    ),
)
