"""One small model said in the ways in which people organise their code."""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.distributions import constraints

from tests.porting.corpus.cases import Case

rng = np.random.default_rng(18)
y = rng.normal(size=(6, 3))
angles = rng.uniform(-3, 3, size=15)
ok = rng.uniform(size=(6, 3)) < 0.8
ratings = rng.integers(1, 6, size=16) - 1
sentence = rng.integers(0, 4, size=16)


class Trial(NamedTuple):
    n: int
    k: int


class Model:
    """Hyperparameters in the object, the model a method."""

    def __init__(self, scale=2.0):
        self.scale = scale

    def prior(self, name, size):
        with numpyro.plate(f"{name}_dim", size):
            return numpyro.sample(name, dist.Normal(0, self.scale))

    def model(self, y):
        rows, cols = (self.prior(n, s) for n, s in zip("rc", y.shape, strict=True))
        numpyro.sample("y", dist.Normal(rows[:, None] + cols, 1.0), obs=y)


def with_options(y, *, robust, prior_scale=1.0):
    loc = numpyro.sample("loc", dist.Normal(0, prior_scale))
    noise = dist.StudentT(4, loc, 1) if robust else dist.Normal(loc, 1)
    numpyro.sample("y", noise.expand_by([6, 3]), obs=y)


def stacked_plates(y):
    with numpyro.plate_stack("dims", y.shape):
        z = numpyro.sample("z", dist.Gumbel(0.0, 1.0))
        numpyro.sample("y", dist.Logistic(z, 0.5), obs=y)


def arm(data):
    p = numpyro.sample("p", dist.Beta(1, 1))
    numpyro.sample("k", dist.Binomial(data.n, p), obs=data.k)
    return p


def scoped(treatment, control):
    """The same helper twice, its sites told apart by a prefix."""
    with handlers.scope(prefix="treatment"):
        p1 = arm(treatment)
    with handlers.scope(prefix="control", divider="."):
        p0 = arm(control)
    numpyro.deterministic("lift", p1 - p0)


def masked_by_method(y, ok):
    mu = numpyro.sample("mu", dist.Normal(jnp.zeros(3), 1).to_event(1))
    seen = dist.Independent(dist.Normal(mu, 1.0).expand([6, 3]).mask(ok), 1)
    numpyro.sample("y", seen, obs=jnp.where(ok, y, 0.0))


def directions(angles):
    mu = numpyro.sample("mu", dist.VonMises(0.0, 0.5))
    kappa = numpyro.sample("kappa", dist.Gamma(2.0, 0.5))
    numpyro.sample("angles", dist.VonMises(mu, kappa), obs=angles)


@jax.jit
def soft_threshold(x, t):
    return jnp.sign(x) * jnp.maximum(jnp.abs(x) - t, 0.0)


def compiled_helper(y):
    t = numpyro.sample("t", dist.HalfNormal(0.1))
    with numpyro.plate("cols", 3, dim=-1):
        b = numpyro.sample("b", dist.Laplace(0.0, 1.0))
        with numpyro.plate("rows", 6, dim=-2):
            numpyro.sample("y", dist.Normal(soft_threshold(b, t), 1.0), obs=y)


def monotonic(sentence, rating):
    """Ordered predictors (Rethinking, chapter 12): a simplex summed up to an index."""
    kappa = numpyro.sample(
        "kappa", dist.ImproperUniform(constraints.ordered_vector, (), (4,))
    )
    numpyro.factor("kappa_prior", dist.Normal(0, 1.5).log_prob(kappa).sum())
    delta = numpyro.sample("delta", dist.Dirichlet(jnp.repeat(2.0, 3)))
    delta_j = jnp.concatenate([jnp.zeros(1), delta])
    b = numpyro.sample("bE", dist.Normal(0, 1))
    phi = b * jnp.sum(jnp.where(jnp.arange(4) <= sentence[..., None], delta_j, 0), -1)
    numpyro.sample("R", dist.OrderedLogistic(phi, kappa), obs=rating)


def simultaneous(xy):
    """A covariance from correlations, one wishes it were shorter."""
    rho = numpyro.sample("rho", dist.Uniform(-1, 1))
    s = numpyro.sample("s", dist.HalfCauchy(1.0).expand((2,)).to_event(1))
    off = rho * s[0] * s[1]
    cov = jnp.array([[s[0] ** 2, off], [off, s[1] ** 2]])
    mean = numpyro.sample("mean", dist.Normal(0, 5).expand((2,)).to_event(1))
    with numpyro.plate("pairs", len(xy)):
        numpyro.sample("xy", dist.MultivariateNormal(mean, cov), obs=xy)


CASES = (
    Case("method", Model(1.5).model, (y,)),
    Case("partial", partial(with_options, robust=True, prior_scale=0.5), (y,)),
    Case("stacked-plates", stacked_plates, (y,)),
    Case("scoped", scoped, (Trial(20, 12), Trial(25, 9))),
    Case("masked-by-method", masked_by_method, (y, ok)),
    Case("directions", directions, (angles,)),
    Case("compiled-helper", compiled_helper, (y,)),
    Case("monotonic", monotonic, (sentence, ratings)),
    Case("simultaneous", simultaneous, (y[:, :2],)),
)
