"""Models that no list of sites can say; each has to be refused in the right words."""

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import lax

from tests.porting.corpus.cases import Case

y = np.random.default_rng(17).normal(size=8)


def branch_on_a_site(y):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    if mu > 0:
        sigma = numpyro.sample("sigma", dist.HalfNormal(1))
    else:
        sigma = 1.0
    numpyro.sample("y", dist.Normal(mu, sigma), obs=y)


def number_of_sites(y):
    n = numpyro.sample("n", dist.Poisson(3.0))
    total = sum(numpyro.sample(f"x{i}", dist.Normal(0, 1)) for i in range(int(n)))
    numpyro.sample("y", dist.Normal(total, 1), obs=y)


def size_of_a_plate(y):
    n = numpyro.sample("n", dist.Poisson(3.0))
    with numpyro.plate("copies", n + 1):
        numpyro.sample("x", dist.Normal(0, 1))


def numpy_on_a_site(y):
    log_sigma = numpyro.sample("log_sigma", dist.Normal(0, 1))
    numpyro.sample("y", dist.Normal(0, np.exp(log_sigma)), obs=y)


def python_float_of_a_site(y):
    rate = numpyro.sample("rate", dist.HalfNormal(1))
    numpyro.sample("y", dist.Normal(0, float(rate)), obs=y)


def collatz(y):
    start = numpyro.sample("start", dist.HalfNormal(1))
    value = lax.while_loop(lambda v: v < 10.0, lambda v: 2.0 * v + 0.1, start)
    numpyro.sample("y", dist.Normal(value, 1), obs=y)


def dropout(y):
    w = numpyro.sample("w", dist.Normal(0, 1).expand([8]))
    keep = jax.random.bernoulli(numpyro.prng_key(), 0.5, (8,))
    numpyro.sample("y", dist.Normal(w * keep, 1), obs=y)


def black_box(y):
    mu = numpyro.sample("mu", dist.Normal(0, 1))
    out = jax.ShapeDtypeStruct((), jnp.result_type(float))
    f = jax.pure_callback(lambda m: np.asarray(m) ** 2, out, mu)
    numpyro.sample("y", dist.Normal(f, 1), obs=y)


class Triangular(dist.Distribution):
    """A user's own family."""

    support = dist.constraints.interval(-1.0, 1.0)

    def __init__(self, peak=0.0, *, validate_args=None):
        self.peak = peak
        super().__init__(jnp.shape(peak), (), validate_args=validate_args)

    def sample(self, key, sample_shape=()):
        return jax.random.uniform(key, sample_shape + self.batch_shape) * 2 - 1

    def log_prob(self, value):
        return jnp.log1p(-jnp.abs(value - self.peak))


def own_family(y):
    x = numpyro.sample("x", Triangular())
    numpyro.sample("y", dist.Normal(x, 1), obs=y)


CASES = (
    Case("branch-on-a-site", branch_on_a_site, (y,), refused="branch"),
    Case("number-of-sites", number_of_sites, (y,), refused="dynamic"),
    Case("size-of-a-plate", size_of_a_plate, (y,), refused="dynamic"),
    Case("numpy-on-a-site", numpy_on_a_site, (y,), refused="numpy-on-site"),
    Case("float-of-a-site", python_float_of_a_site, (y,), refused="numpy-on-site"),
    Case("while-loop", collatz, (y,), refused="loop"),
    Case("dropout", dropout, (y,), refused="hidden-randomness"),
    Case("black-box", black_box, (y,), refused="callback"),
    Case("own-family", own_family, (y,), refused="unknown-family"),
)
