"""Mixtures, marginalised by hand or by a family, and models of discrete latents."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.special import logsumexp
from numpyro.ops.indexing import Vindex

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(13)
y = np.concatenate([rng.normal(-2, 0.7, size=14), rng.normal(1.5, 1.0, size=16)])
plane = rng.normal(size=(24, 2))
counts = rng.poisson(2.0, size=30) * rng.integers(0, 2, size=30)
disasters = np.concatenate([rng.poisson(3.0, size=15), rng.poisson(1.0, size=12)])
annotations = rng.integers(0, 3, size=(10, 4))
doc_id = np.repeat(np.arange(4), 8)
words = rng.integers(0, 6, size=32)


def same_family(data, K=2):
    w = numpyro.sample("w", dist.Dirichlet(jnp.ones(K)))
    mu = numpyro.sample(
        "mu", dist.ImproperUniform(dist.constraints.ordered_vector, (), (K,))
    )
    numpyro.factor("mu_prior", dist.Normal(0, 5).log_prob(mu).sum())
    sigma = numpyro.sample("sigma", dist.LogNormal(0, 1).expand([K]))
    mixture = dist.MixtureSameFamily(dist.Categorical(w), dist.Normal(mu, sigma))
    with numpyro.plate("data", data.shape[0]):
        numpyro.sample("obs", mixture, obs=data)


def enumerated(data):
    K = 3
    weights = numpyro.sample("weights", dist.Dirichlet(0.5 * jnp.ones(K)))
    with numpyro.plate("components", K):
        locs = numpyro.sample("locs", dist.MultivariateNormal(jnp.zeros(2), jnp.eye(2)))
    scale = numpyro.sample("scale", dist.LogNormal(0.0, 2.0))
    with numpyro.plate("data", len(data)):
        assignment = numpyro.sample(
            "assignment", dist.Categorical(weights), infer={"enumerate": "parallel"}
        )
        numpyro.sample(
            "obs",
            dist.MultivariateNormal(
                locs[assignment], scale_tril=scale * jnp.identity(2)
            ),
            obs=data,
        )


def outliers(x):
    """Marginalised by hand, term by term."""
    mu = numpyro.sample("mu", dist.Normal(0, 3))
    sigma = numpyro.sample("sigma", dist.HalfNormal(2))
    frac = numpyro.sample("frac", dist.Uniform(0, 0.5))
    good = jnp.log1p(-frac) + dist.Normal(mu, sigma).log_prob(x)
    bad = jnp.log(frac) + dist.Cauchy(mu, 5.0).log_prob(x)
    ll = logsumexp(jnp.stack([good, bad]), axis=0)
    numpyro.factor("ll", jnp.sum(ll))


def contaminated(x):
    eps = numpyro.sample("eps", dist.Beta(1, 10))
    m = numpyro.sample("m", dist.Normal(0, 3))
    s = numpyro.sample("s", dist.HalfNormal(2))
    probs = jnp.stack([1 - eps, eps])
    parts = [dist.Normal(m, s), dist.StudentT(3.0, m, 4.0)]
    mix = dist.MixtureGeneral(dist.Categorical(probs=probs), parts)
    numpyro.sample("x", mix, obs=x)


def zero_inflated(y):
    a_p = numpyro.sample("ap", dist.Normal(-1.5, 1))
    al = numpyro.sample("al", dist.Normal(1, 0.5))
    p = jax.nn.sigmoid(a_p)
    lambda_ = jnp.exp(al)
    with numpyro.plate("days", len(y)):
        numpyro.sample("y", dist.ZeroInflatedPoisson(p, lambda_), obs=y)


def zero_inflated_negative_binomial(y):
    gate = numpyro.sample("gate", dist.Normal(0, 1))
    mean = numpyro.sample("mean", dist.Gamma(3, 1))
    conc = numpyro.sample("conc", dist.Exponential(0.5))
    base = dist.GammaPoisson(conc, conc / mean)
    numpyro.sample("y", dist.ZeroInflatedDistribution(base, gate_logits=gate), obs=y)


def hurdle(y):
    """Zeros are one model, truncated counts another."""
    theta = numpyro.sample("theta", dist.Beta(2, 2))
    rate = numpyro.sample("rate", dist.Gamma(2, 1))
    positive = jnp.log1p(-theta) + dist.Poisson(rate).log_prob(y)
    positive -= jnp.log(-jnp.expm1(-rate))
    numpyro.factor("likelihood", jnp.where(y == 0, jnp.log(theta), positive).sum())


def change_point(disasters):
    T = len(disasters)
    early = numpyro.sample("early", dist.Exponential(1.0))
    late = numpyro.sample("late", dist.Exponential(1.0))
    lp_e = jnp.cumsum(dist.Poisson(early).log_prob(disasters))
    lp_l = jnp.cumsum(dist.Poisson(late).log_prob(disasters))
    lp = lp_e[:-1] + lp_l[-1] - lp_l[:-1] - jnp.log(T - 1)
    numpyro.factor("lp", jax.nn.logsumexp(lp))


def discrete_change_point(disasters):
    n = disasters.shape[0]
    tau = numpyro.sample("tau", dist.DiscreteUniform(0, n - 1))
    rates = numpyro.sample("rates", dist.Exponential(jnp.array([1.0, 0.5])))
    rate = jnp.where(jnp.arange(n) < tau, rates[0], rates[1])
    numpyro.sample("disasters", dist.Poisson(rate), obs=disasters)


def dawid_skene(positions, annotations):
    """Annotators with confusion matrices; classes enumerated."""
    num_annotators = annotations.shape[1]
    num_classes = 3
    num_items, _ = annotations.shape
    with numpyro.plate("annotator", num_annotators, dim=-2):
        with numpyro.plate("class", num_classes):
            beta = numpyro.sample("beta", dist.Dirichlet(jnp.ones(num_classes)))
    pi = numpyro.sample("pi", dist.Dirichlet(jnp.ones(num_classes)))
    with numpyro.plate("item", num_items, dim=-2):
        c = numpyro.sample("c", dist.Categorical(pi), infer={"enumerate": "parallel"})
        with numpyro.plate("position", num_annotators):
            numpyro.sample(
                "y", dist.Categorical(Vindex(beta)[positions, c, :]), obs=annotations
            )


def lda(doc_words, doc_of_word):
    num_topics, num_docs, vocabulary = 3, 4, 6
    with numpyro.plate("topics", num_topics):
        phi = numpyro.sample("phi", dist.Dirichlet(0.5 * jnp.ones(vocabulary)))
    with numpyro.plate("docs", num_docs):
        theta = numpyro.sample("theta", dist.Dirichlet(jnp.full(num_topics, 1.0)))
    word_probs = theta[doc_of_word] @ phi
    with numpyro.plate("words", len(doc_words)):
        numpyro.sample("w", dist.Categorical(probs=word_probs), obs=doc_words)


CASES = (
    Case("same-family", same_family, (y,)),
    Case("enumerated", enumerated, (plane,)),
    Case("outliers", outliers, (y,)),
    Case("contaminated", contaminated, (y,)),
    Case("zero-inflated", zero_inflated, (counts,)),
    Case("zero-inflated-nb", zero_inflated_negative_binomial, (counts,)),
    Case("hurdle", hurdle, (counts,)),
    Case("change-point", change_point, (disasters,)),
    Case("discrete-change-point", discrete_change_point, (disasters,)),
    Case("dawid-skene", dawid_skene, (np.arange(4), annotations)),
    Case("lda", lda, (words, doc_id)),
)
