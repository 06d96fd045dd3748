"""Distributions of TFP that take others, which TFP wants of one batch shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from jointbridge.backends.base import Region
from jointbridge.backends.tfp.library import tfb, tfd
from jointbridge.evaluate import Array


class Sigmoid(tfb.Sigmoid):
    """TFP's, whose values are never rounded to 0 or 1."""

    def _forward(self, x: Array) -> Array:
        info = jnp.finfo(x.dtype)
        return jnp.clip(super()._forward(x), info.tiny, 1 - info.epsneg)


class Tanh(tfb.Tanh):
    """TFP's, whose values are never rounded to -1 or 1."""

    def _forward(self, x: Array) -> Array:
        edge = 1 - jnp.finfo(x.dtype).epsneg
        return jnp.clip(super()._forward(x), -edge, edge)


def _affine(loc: Array, scale: Array) -> Any:
    return tfb.Chain([tfb.Shift(loc), tfb.Scale(scale)])


#: The bijector of each transform of the catalogue, from its parameters.
TRANSFORMS: dict[str, Callable[..., Any]] = {
    "AffineTransform": _affine,
    "ExpTransform": tfb.Exp,
    "PowerTransform": lambda exponent: tfb.Power(power=exponent),
    "SigmoidTransform": Sigmoid,
    "SoftplusTransform": tfb.Softplus,
    "TanhTransform": Tanh,
}


def widened(dist: Any, batch: tuple[int, ...]) -> Any:
    """A distribution with at least these batch axes."""
    batch = jnp.broadcast_shapes(tuple(dist.batch_shape), batch)
    if tuple(dist.batch_shape) == batch:
        return dist
    return tfd.BatchBroadcast(dist, to_shape=batch)


def transformed(distribution: Any, bijector: Region) -> Any:
    """A distribution sent through the transform of a row."""
    shapes = (x.shape for x in bijector.bounds.values())
    base = widened(distribution, jnp.broadcast_shapes(*shapes))
    made = TRANSFORMS[bijector.support.name](**bijector.bounds)
    return tfd.TransformedDistribution(base, made)


def mixture(cat: Any, components: list[Any]) -> Any:
    """A mixture of components, each of a family of its own."""
    batch = jnp.broadcast_shapes(*(tuple(d.batch_shape) for d in (cat, *components)))
    return tfd.Mixture(_choice(cat, batch), [widened(d, batch) for d in components])


def _choice(cat: Any, batch: tuple[int, ...]) -> Any:
    """A Categorical with these batch axes; TFP takes no wrapper of one."""

    def wide(array: Array | None) -> Array | None:
        return None if array is None else jnp.broadcast_to(array, (*batch, size))

    given = cat.logits if cat.logits is not None else cat.probs
    size = given.shape[-1]
    return tfd.Categorical(wide(cat.logits), wide(cat.probs), dtype=cat.dtype)


#: The constructors of this module, by the name that the table uses.
COMBINATORS: dict[str, Callable[..., Any]] = {
    "Mixture": mixture,
    "TransformedDistribution": transformed,
}
