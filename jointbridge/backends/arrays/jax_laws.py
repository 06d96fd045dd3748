"""What laws are given on JAX: functions under common names, and random numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.special as jss

from jointbridge.backends.laws import Random
from jointbridge.evaluate import Array


def pick(array: Array, index: Array) -> Array:
    """The elements of the last axis at an index, or at the nearest one."""
    index = jnp.clip(index.astype(int), 0, array.shape[-1] - 1)
    batch = jnp.broadcast_shapes(array.shape[:-1], index.shape)
    spread = jnp.broadcast_to(array, (*batch, array.shape[-1]))
    index = jnp.broadcast_to(index, batch)[..., None]
    return jnp.take_along_axis(spread, index, axis=-1)[..., 0]


def take(array: Array, index: Array) -> Array:
    """The elements of the last axis in an order."""
    shape = jnp.broadcast_shapes(array.shape, index.shape)
    index = jnp.broadcast_to(index.astype(int), shape)
    return jnp.take_along_axis(jnp.broadcast_to(array, shape), index, axis=-1)


FUNCTIONS = SimpleNamespace(
    **{
        name: getattr(jnp, name)
        for name in (
            *("abs", "exp", "expm1", "floor", "log", "log1p", "logaddexp", "maximum"),
            *("minimum", "ones_like", "sinh", "sqrt", "where", "zeros_like"),
        )
    },
    asinh=jnp.arcsinh,
    atan2=jnp.arctan2,
    count=lambda flags: jnp.sum(flags, axis=-1).astype(float),
    expit=jax.nn.sigmoid,
    i0e=jss.i0e,
    lgamma=jss.gammaln,
    log_ndtr=jss.log_ndtr,
    ndtri=jss.ndtri,
    pick=pick,
    arange=lambda low, high, like: jnp.arange(low, high, dtype=like.dtype),
    argsort=lambda x: jnp.argsort(x, axis=-1),
    cumsum=lambda x: jnp.cumsum(x, axis=-1),
    logsumexp=lambda x: jss.logsumexp(x, axis=-1),
    reverse=lambda x: jnp.flip(x, axis=-1),
    stop=jax.lax.stop_gradient,
    sum=lambda x: jnp.sum(x, axis=-1),
    take=take,
    softplus=jax.nn.softplus,
)


def accepted(key: Array, propose: Callable[[Array], tuple[Array, Array]]) -> Array:
    """Of proposals, each with whether it is taken, the first that is."""

    def again(state: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        key, found, good = state
        key, one = jax.random.split(key)
        made, fine = propose(one)
        return key, jnp.where(good, found, made), good | fine

    key, one = jax.random.split(key)
    start = (key, *propose(one))
    return jax.lax.while_loop(lambda state: ~jnp.all(state[2]), again, start)[1]


class Numbers:
    """Random numbers of one shape and width; each call takes a fresh key.

    Args:
        key: A key of JAX.
        shape: The shape of all arrays.
        dtype: Their width.
    """

    def __init__(self, key: Array, shape: tuple[int, ...], dtype: Any) -> None:
        self.key, self.shape, self.dtype = key, shape, dtype

    def _next(self) -> Array:
        self.key, one = jax.random.split(self.key)
        return one

    def uniform(self) -> Array:
        """Above 0 and below 1."""
        tiny = jnp.finfo(self.dtype).tiny
        return jax.random.uniform(self._next(), self.shape, self.dtype, minval=tiny)

    def normal(self) -> Array:
        """Standard normal."""
        return jax.random.normal(self._next(), self.shape, self.dtype)

    def exponential(self) -> Array:
        """Standard exponential."""
        return -jnp.log(self.uniform())

    def log_gamma(self, concentration: Array) -> Array:
        """The logarithm of a standard gamma."""
        return jax.random.loggamma(self._next(), concentration, self.shape, self.dtype)

    def poisson(self, rate: Array) -> Array:
        """Counts, as floats."""
        # JAX gives -1 for counts beyond the largest of its integers.
        most = jnp.iinfo(jnp.int32).max / 2
        counts = jax.random.poisson(self._next(), jnp.minimum(rate, most), self.shape)
        return counts.astype(self.dtype)

    def accepted(self, propose: Callable[[Random], tuple[Array, Array]]) -> Array:
        """Of proposals, each with whether it is taken, the first that is."""

        def made(key: Array) -> tuple[Array, Array]:
            return propose(Numbers(key, self.shape, self.dtype))

        return accepted(self._next(), made)


@partial(jax.jit, static_argnums=(0, 2, 3))
def drawn(
    draw: Callable[..., Array],
    key: Array,
    shape: tuple[int, ...],
    dtype: Any,
    given: dict[str, Array],
) -> Array:
    """Draws of a law in a shape, compiled once for each law, shape and width."""
    found = draw(FUNCTIONS, Numbers(key, shape, dtype), **given)
    return jnp.broadcast_to(found, shape)
