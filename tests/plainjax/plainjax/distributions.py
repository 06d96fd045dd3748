"""The library: distributions with `log_prob` and `sample`, nothing else.

None of them knows of jointbridge.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import gammaln


class Normal:
    def __init__(self, loc, scale):
        self.loc, self.scale = loc, scale

    def log_prob(self, x):
        z = (x - self.loc) / self.scale
        return -0.5 * z * z - jnp.log(self.scale) - 0.5 * jnp.log(2 * jnp.pi)

    def sample(self, key, shape):
        return self.loc + self.scale * jax.random.normal(key, shape, self.scale.dtype)


class Laplace:
    def __init__(self, loc, scale):
        self.loc, self.scale = loc, scale

    def log_prob(self, x):
        return -jnp.abs(x - self.loc) / self.scale - jnp.log(2 * self.scale)

    def sample(self, key, shape):
        return self.loc + self.scale * jax.random.laplace(key, shape, self.scale.dtype)


class Expon:
    """By its mean, as SciPy has it: a spelling that differs from the catalogue's."""

    def __init__(self, mean):
        self.mean = mean

    def log_prob(self, x):
        return -x / self.mean - jnp.log(self.mean)

    def sample(self, key, shape):
        return self.mean * jax.random.exponential(key, shape, self.mean.dtype)


class Uniform:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def log_prob(self, x):
        inside = (x >= self.low) & (x <= self.high)
        return jnp.where(inside, -jnp.log(self.high - self.low), -jnp.inf)

    def sample(self, key, shape):
        u = jax.random.uniform(key, shape, self.low.dtype)
        return self.low + (self.high - self.low) * u


class Poisson:
    def __init__(self, rate):
        self.rate = rate

    def log_prob(self, k):
        return k * jnp.log(self.rate) - self.rate - gammaln(k + 1.0)

    def sample(self, key, shape):
        return jax.random.poisson(key, self.rate, shape)


class Flat:
    """Density 1 wherever it is asked."""

    def __init__(self, rank):
        self.rank = rank

    def log_prob(self, x):
        return jnp.zeros(x.shape[: x.ndim - self.rank], x.dtype)
