"""Incomes with a heavy tail, and grades."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import tensorflow_probability.substrates.jax as tfp
import tensorflow_probability.substrates.jax.bijectors as tfb
import tensorflow_probability.substrates.jax.distributions as tfd
from jax import random
from jax.scipy.special import log_ndtr

# Where Mills' ratio is a short continued fraction, and how short.
TAIL, _DEPTH = 6.0, 40
HALF_LOG_2_PI = 0.5 * math.log(2.0 * math.pi)
LOG_2 = math.log(2.0)


def pick(array, index):
    """The elements of the last axis at an index, or at the nearest one."""
    index = jnp.clip(index.astype(int), 0, array.shape[-1] - 1)
    batch = jnp.broadcast_shapes(array.shape[:-1], index.shape)
    spread = jnp.broadcast_to(array, (*batch, array.shape[-1]))
    index = jnp.broadcast_to(index, batch)[..., None]
    return jnp.take_along_axis(spread, index, axis=-1)[..., 0]


def log_normal(z):
    """The log density of a standard normal."""
    return -0.5 * z * z - HALF_LOG_2_PI


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


class Dagum(tfd.Distribution):
    """Incomes: a power of x below scale, a power law with exponent sharpness above."""

    def __init__(self, concentration, sharpness, scale, name="Dagum"):
        self.concentration, self.sharpness, self.scale = jnp.broadcast_arrays(
            concentration, sharpness, scale
        )
        super().__init__(
            self.concentration.dtype, tfd.FULLY_REPARAMETERIZED, False, True, name=name
        )

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self.concentration.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape(())

    def _log_prob(self, value):
        possible = value > 0
        value = jnp.where(possible, value, 1.0)
        z = self.sharpness * (jnp.log(value) - jnp.log(self.scale))
        front = jnp.log(self.concentration) + jnp.log(self.sharpness) - jnp.log(value)
        density = front - self.concentration * jax.nn.softplus(-z) - jax.nn.softplus(z)
        return jnp.where(possible, density, -jnp.inf)

    def _sample_n(self, n, seed=None):
        shape = [n, *self.batch_shape, *self.event_shape]
        odds = jnp.expm1(
            -jnp.log(random.uniform(seed, shape, minval=1e-30)) / self.concentration
        )
        return self.scale * jnp.exp(-jnp.log(odds) / self.sharpness)

    def _default_event_space_bijector(self):
        return tfb.Exp()


class SkewLogistic(tfd.Distribution):
    """Logistic whose distribution function is raised to the power asymmetry."""

    def __init__(self, loc, scale, asymmetry=1.0, name="SkewLogistic"):
        self.loc, self.scale, self.asymmetry = jnp.broadcast_arrays(
            loc, scale, asymmetry
        )
        super().__init__(
            self.loc.dtype, tfd.FULLY_REPARAMETERIZED, False, True, name=name
        )

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self.loc.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape(())

    def _log_prob(self, value):
        z = (value - self.loc) / self.scale
        front = jnp.log(self.asymmetry) - jnp.log(self.scale)
        return front - self.asymmetry * jax.nn.softplus(-z) - jax.nn.softplus(z)

    def _sample_n(self, n, seed=None):
        shape = [n, *self.batch_shape, *self.event_shape]
        return self.loc - self.scale * jnp.log(
            jnp.expm1(
                -jnp.log(random.uniform(seed, shape, minval=1e-30)) / self.asymmetry
            ),
        )

    def _default_event_space_bijector(self):
        return tfb.Identity()


class OrderedProbit(tfd.Distribution):
    """A grade from 0 to C: how many cutpoints a normal variable exceeds."""

    def __init__(self, predictor, cutpoints, name="OrderedProbit"):
        self.predictor = jnp.asarray(predictor)
        self.cutpoints = jnp.asarray(cutpoints)
        super().__init__(
            self.predictor.dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name
        )

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(
            jnp.broadcast_shapes(self.predictor.shape, self.cutpoints.shape[:-1])
        )

    def _event_shape(self):
        return tfp.tf2jax.TensorShape(())

    def _log_prob(self, value):
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

    def _sample_n(self, n, seed=None):
        shape = [n, *self.batch_shape, *self.event_shape]
        z = self.predictor + random.normal(seed, shape)
        return jnp.sum(self.cutpoints < z[..., None], axis=-1).astype(self.dtype)

    def _default_event_space_bijector(self):
        return None


def lacking(income):
    return tfd.JointDistributionSequential(
        [
            Dagum(jnp.array(2.0), 3.0, 1.0, name="scale"),
            lambda scale: SkewLogistic(0.0, scale, 0.5, name="level"),
            lambda level, scale: tfd.Sample(
                tfd.JohnsonSU(-1.0, 2.0, level, scale), len(income), name="income"
            ),
            lambda income, level: tfd.Sample(
                OrderedProbit(level, jnp.array([-0.5, 0.75])), len(income), name="grade"
            ),
        ],
        batch_ndims=0,
        use_vectorized_map=True,
    )


def observed(income, grade):
    return {"income": income, "grade": grade.astype(float)}


DATA = {
    "income": np.array([0.25, 1.5, 0.75]),
    "grade": np.array([0, 2, 1]),
}

if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    joint = lacking(DATA["income"])
    draws, _ = tfp.experimental.mcmc.windowed_adaptive_nuts(
        1000,
        joint,
        n_chains=4,
        seed=random.PRNGKey(0),
        **observed(DATA["income"], DATA["grade"]),
    )
    print(jax.tree.map(lambda x: x.mean(axis=(0, 1)), draws))
