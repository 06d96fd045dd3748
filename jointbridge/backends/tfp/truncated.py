"""A symmetric location-scale family restricted to an interval, accurate in both tails.

TFP truncates only two families, and there an absent bound is an infinite one, whose
gradient is NaN.  Everything here is one function of the lower tail, log F(z) of the
standardised family; the upper tail is its mirror image:

    both bounds    log(F(b) - F(a)),  mirrored where a > 0 so that F stays small
    one bound      log F(b)  or  log F(-a)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import jax.scipy.special as jss

from jointbridge.backends.arrays.jax_laws import FUNCTIONS
from jointbridge.backends.base import Region
from jointbridge.backends.laws.truncated import far_density, is_far
from jointbridge.backends.tfp.bijectors import bijector_of
from jointbridge.backends.tfp.library import tfd, tfp
from jointbridge.backends.tfp.own import Own
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array
from jointbridge.expression import Support
from jointbridge.families import FAMILIES

_LOG_2 = math.log(2)


class Tail(NamedTuple):
    """The lower tail of a standardised symmetric family.

    Attributes:
        log_cdf: log F(z).
        quantile: The z with log F(z) equal to what is given; exact below the median.
    """

    log_cdf: Callable[[Any, Array], Array]
    quantile: Callable[[Any, Array], Array]


def _normal_quantile(_: Any, log_p: Array) -> Array:
    deep = log_p < -50.0
    middle = jss.ndtri(jnp.exp(jnp.where(deep, -1.0, log_p)))
    z = jnp.where(deep, -jnp.sqrt(-2 * jnp.where(deep, log_p, -50.0)), middle)
    for _ in range(3):  # Newton's steps on log F, which is concave
        log_cdf = jss.log_ndtr(z)
        hazard = jnp.exp(-0.5 * z**2 - 0.5 * math.log(2 * math.pi) - log_cdf)
        z = jnp.where(deep, z - (log_cdf - log_p) / hazard, z)
    return z


def _laplace_log_cdf(_: Any, z: Array) -> Array:
    below, above = jnp.minimum(z, 0.0), jnp.maximum(z, 0.0)
    return jnp.where(z < 0, below - _LOG_2, jnp.log1p(-0.5 * jnp.exp(-above)))


@jax.jit
def _student_t_log_cdf(df: Array, z: Array) -> Array:
    one = jnp.ones_like(df)
    return jnp.log(tfd.StudentT(df=df, loc=jnp.zeros_like(one), scale=one).cdf(z))


def _student_t_quantile(base: Any, log_p: Array) -> Array:
    """By bisection over log(-z): TFP's own inverse takes half a minute to compile."""
    df, p = base.df, jnp.exp(log_p)
    end = jnp.full(jnp.broadcast_shapes(df.shape, p.shape), jnp.finfo(p.dtype).max)
    end = 0.5 * jnp.log(end) - 1  # so that z * z is finite

    def halve(_: int, bracket: tuple[Array, Array]) -> tuple[Array, Array]:
        near, far = bracket
        middle = 0.5 * (near + far)
        inner = df / (df + jnp.exp(2 * middle))
        too_near = 0.5 * jss.betainc(0.5 * df, 0.5, inner) > p
        near = jnp.where(too_near, middle, near)
        return near, jnp.where(too_near, far, middle)

    near, far = jax.lax.fori_loop(0, 64, halve, (-end, end))
    return -jnp.exp(0.5 * (near + far))


#: By the bounds that are given, the support.
_SUPPORTS = {
    (): "real",
    ("low",): "greater_than_eq",
    ("high",): "less_than_eq",
    ("low", "high"): "interval",
}

TAILS: dict[type, Tail] = {
    tfd.Normal: Tail(lambda _, z: jss.log_ndtr(z), _normal_quantile),
    tfd.Logistic: Tail(
        lambda _, z: jax.nn.log_sigmoid(z),
        lambda _, log_p: log_p - tfp.math.log1mexp(log_p),
    ),
    tfd.Laplace: Tail(_laplace_log_cdf, lambda _, log_p: log_p + _LOG_2),
    tfd.Cauchy: Tail(
        lambda _, z: jnp.log(jnp.atan2(jnp.ones_like(z), -z) / math.pi),
        lambda _, log_p: -1 / jnp.tan(math.pi * jnp.exp(log_p)),
    ),
    tfd.StudentT: Tail(
        lambda base, z: _student_t_log_cdf(base.df, z), _student_t_quantile
    ),
}


class Truncated(Own):
    """A distribution restricted to [low, high] and normalised again; see `truncated`."""

    takes = FAMILIES["Truncated"].signature
    reparameterized = False

    @property
    def _tail(self) -> Tail:
        return TAILS[type(self.base)]

    def _event_shape(self) -> Any:
        return self.base.event_shape

    def _event_shape_tensor(self) -> Any:
        return self.base.event_shape_tensor()

    def _log_cdf_below(
        self, bound: Array, sign: int, leave: Array | None = None
    ) -> Array:
        """How much mass of the base lies below a bound, or above it for sign -1."""
        z = sign * self._standard(bound)
        z = z if leave is None else jnp.where(leave, jnp.zeros_like(z), z)
        return self._tail.log_cdf(self.base, z)

    def _standard(self, x: Array) -> Array:
        return (x - self.base.loc) / self.base.scale

    def _log_mass(self, leave: Array | None = None) -> Array:
        """The log mass between the bounds; of no use where `leave` is true."""
        if self.low is None and self.high is None:
            return jnp.zeros_like(self.base.loc)
        if self.low is None:
            return self._log_cdf_below(self.high, 1, leave)
        if self.high is None:
            return self._log_cdf_below(self.low, -1, leave)
        a, b = self._standard(self.low), self._standard(self.high)
        if leave is not None:
            a, b = jnp.where(leave, -1.0, a), jnp.where(leave, 1.0, b)
        mirrored = a > 0
        ends = jnp.stack([jnp.where(mirrored, -b, a), jnp.where(mirrored, -a, b)])
        lower, upper = self._tail.log_cdf(self.base, ends)
        return upper + tfp.math.log1mexp(upper - lower)

    def _log_prob(self, value: Array) -> Array:
        far = is_far(FUNCTIONS, self.base, self.low, self.high)
        density = self.base.log_prob(value) - self._log_mass(far)
        if far is not None:
            away = far_density(FUNCTIONS, self.base, value, self.low, self.high)
            density = jnp.where(far, away, density)
        inside = jnp.ones_like(value, bool)
        if self.low is not None:
            inside &= value >= self.low
        if self.high is not None:
            inside &= value <= self.high
        return jnp.where(inside | jnp.isnan(value), density, -jnp.inf)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        shape = (n, *self.batch_shape)
        tiny = jnp.finfo(self.dtype).tiny
        u = jax.random.uniform(seed, shape, self.dtype, minval=tiny)
        mass = self._log_mass()
        below = _grow(jnp.log(u) + mass, self._outside(self.low, 1))
        above = _grow(jnp.log1p(-u) + mass, self._outside(self.high, -1))
        # Each draw is found from the nearer end.
        near = jnp.minimum(below, above)
        z = self._tail.quantile(self.base, near)
        x = jnp.where(below < above, z, -z) * self.base.scale + self.base.loc
        x = x if self.low is None else jnp.maximum(x, self.low)
        return x if self.high is None else jnp.minimum(x, self.high)

    def _default_event_space_bijector(self) -> Any:
        given = {"low": self.low, "high": self.high}
        bounds = {n: x for n, x in given.items() if x is not None}
        return bijector_of(Region(Support(_SUPPORTS[tuple(bounds)]), bounds))

    def _outside(self, bound: Array | None, sign: int) -> Array | None:
        return None if bound is None else self._log_cdf_below(bound, sign)


def _grow(log_p: Array, more: Array | None) -> Array:
    return log_p if more is None else jnp.logaddexp(log_p, more)


def truncated(base: Any, low: Array | None = None, high: Array | None = None) -> Any:
    """A distribution restricted to [low, high] and normalised again.

    Args:
        base: A Normal, Cauchy, Laplace, Logistic or StudentT.
        low: The lower bound, or None.
        high: The upper bound, or None.

    Raises:
        UnsupportedError: The base has no known tails.
    """
    if type(base) not in TAILS:
        raise UnsupportedError(
            f"cannot truncate a {type(base).__name__}",
            hint=f"it takes {', '.join(t.__name__ for t in TAILS)}",
        )
    return Truncated(base, low, high)
