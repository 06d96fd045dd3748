"""Incomes with a heavy tail, and grades."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import random
from jax.scipy.special import log_ndtr
from numpyro.distributions import constraints
from numpyro.infer import MCMC, NUTS

LOG_2 = math.log(2.0)
HALF_LOG_2_PI = 0.5 * math.log(2.0 * math.pi)
# Where Mills' ratio is a short continued fraction, and how short.
TAIL, _DEPTH = 6.0, 40


def asinh(x):
    """The inverse of sinh, whose slope does not overflow."""
    size = jnp.abs(x)
    far = size > 100000000.0
    away = LOG_2 + jnp.log(jnp.where(far, size, jnp.ones_like(size)))
    near = jnp.arcsinh(jnp.where(far, jnp.zeros_like(x), x))
    return jnp.where(far, jnp.where(x < 0, -away, away), near)


def log_cosh(x):
    """log(cosh(x)), however large."""
    return jnp.logaddexp(x, -x) - LOG_2


def log_normal(z):
    """The log density of a standard normal."""
    return -0.5 * z * z - HALF_LOG_2_PI


def pick(array, index):
    """The elements of the last axis at an index, or at the nearest one."""
    index = jnp.clip(index.astype(int), 0, array.shape[-1] - 1)
    batch = jnp.broadcast_shapes(array.shape[:-1], index.shape)
    spread = jnp.broadcast_to(array, (*batch, array.shape[-1]))
    index = jnp.broadcast_to(index, batch)[..., None]
    return jnp.take_along_axis(spread, index, axis=-1)[..., 0]


def log_mills(t):
    """Log of the mass of a standard normal above t over its density, for t > 6."""
    found = t
    for k in range(_DEPTH, 0, -1):
        found = t + k / found
    return -jnp.log(found)


def log_normal_cdf(z):
    """Log of the standard normal distribution function, gradients included."""
    deep = z < -TAIL
    far = log_normal(z) + log_mills(jnp.where(deep, -z, jnp.ones_like(z) * TAIL))
    return jnp.where(deep, far, log_ndtr(jnp.where(deep, jnp.zeros_like(z), z)))


def log1mexp(x):
    """log(1 - exp(x)) for x < 0."""
    near = x > -LOG_2
    close = jnp.log(-jnp.expm1(jnp.where(near, x, -jnp.ones_like(x))))
    away = jnp.log1p(-jnp.exp(jnp.where(near, -jnp.ones_like(x), x)))
    return jnp.where(near, close, away)


class SkewLogistic(dist.Distribution):
    """Logistic whose distribution function is raised to the power asymmetry."""

    arg_constraints = {
        "loc": constraints.real,
        "scale": constraints.positive,
        "asymmetry": constraints.positive,
    }
    support = constraints.real

    def __init__(self, loc, scale, asymmetry=1.0, *, validate_args=None):
        self.loc, self.scale, self.asymmetry = jnp.broadcast_arrays(
            loc, scale, asymmetry
        )
        super().__init__(self.loc.shape, (), validate_args=validate_args)

    def log_prob(self, value):
        z = (value - self.loc) / self.scale
        front = jnp.log(self.asymmetry) - jnp.log(self.scale)
        return front - self.asymmetry * jax.nn.softplus(-z) - jax.nn.softplus(z)

    def sample(self, key, sample_shape=()):
        shape = self.shape(sample_shape)
        return self.loc - self.scale * jnp.log(
            jnp.expm1(
                -jnp.log(random.uniform(key, shape, minval=1e-30)) / self.asymmetry
            ),
        )


class JohnsonSU(dist.Distribution):
    """loc + scale * sinh((z - skewness) / tailweight) of a standard normal z."""

    arg_constraints = {
        "skewness": constraints.real,
        "tailweight": constraints.positive,
        "loc": constraints.real,
        "scale": constraints.positive,
    }
    support = constraints.real

    def __init__(self, skewness, tailweight, loc, scale, *, validate_args=None):
        self.skewness, self.tailweight, self.loc, self.scale = jnp.broadcast_arrays(
            skewness, tailweight, loc, scale
        )
        super().__init__(self.skewness.shape, (), validate_args=validate_args)

    def log_prob(self, value):
        bent = asinh((value - self.loc) / self.scale)
        front = jnp.log(self.tailweight) - jnp.log(self.scale) - log_cosh(bent)
        return front + log_normal(self.skewness + self.tailweight * bent)

    def sample(self, key, sample_shape=()):
        shape = self.shape(sample_shape)
        return self.loc + self.scale * jnp.sinh(
            (random.normal(key, shape) - self.skewness) / self.tailweight
        )


class OrderedProbit(dist.Distribution):
    """A grade from 0 to C: how many cutpoints a normal variable exceeds."""

    arg_constraints = {
        "predictor": constraints.real,
        "cutpoints": constraints.ordered_vector,
    }

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self):
        return constraints.integer_interval(0, self.cutpoints.shape[-1])

    def __init__(self, predictor, cutpoints, *, validate_args=None):
        self.predictor = jnp.asarray(predictor)
        self.cutpoints = jnp.asarray(cutpoints)
        super().__init__(
            jnp.broadcast_shapes(self.predictor.shape, self.cutpoints.shape[:-1]),
            (),
            validate_args=validate_args,
        )

    def log_prob(self, value):
        possible = (
            (value >= 0)
            & (value <= self.cutpoints.shape[-1])
            & (value == jnp.floor(value))
        )
        value = jnp.where(possible, value, 0)
        grades = self.cutpoints.shape[-1]
        low = pick(self.cutpoints, value - 1) - self.predictor
        high = pick(self.cutpoints, value) - self.predictor
        # Both ends in the lower tail, where differences keep their digits.
        above = low > 0
        near = log_normal_cdf(jnp.where(above, -low, high))
        far = log_normal_cdf(jnp.where(above, -high, low))
        # The outermost grades have one end.
        first, last = value == 0, value == grades
        two = ~(first | last)
        gap = jnp.where(two, far - near, -jnp.ones_like(near))
        between = near + log1mexp(gap)
        end = log_normal_cdf(jnp.where(first, high, -low))
        density = jnp.where(two, between, end)
        return jnp.where(possible, density, -jnp.inf)

    def sample(self, key, sample_shape=()):
        shape = self.shape(sample_shape)
        z = self.predictor + random.normal(key, shape)
        return jnp.sum(self.cutpoints < z[..., None], axis=-1).astype(int)


def lacking(income, grade=None):
    scale = numpyro.sample("scale", dist.Dagum(2.0, 3.0, 1.0))
    level = numpyro.sample("level", SkewLogistic(0.0, scale, 0.5))
    with numpyro.plate("person", len(income)):
        numpyro.sample("income", JohnsonSU(-1.0, 2.0, level, scale), obs=income)
        numpyro.sample(
            "grade", OrderedProbit(level, jnp.array([-0.5, 0.75])), obs=grade
        )


DATA = {
    "income": np.array([0.25, 1.5, 0.75]),
    "grade": np.array([0, 2, 1]),
}

if __name__ == "__main__":
    numpyro.enable_x64()
    mcmc = MCMC(NUTS(lacking), num_warmup=1000, num_samples=1000)
    mcmc.run(random.PRNGKey(0), **DATA)
    mcmc.print_summary()
