"""Supports as NumPyro's constraints."""

from __future__ import annotations

from typing import Any

import jax
import numpyro.distributions as dist
from numpyro.distributions import constraints

from jointbridge.backends.base import Region
from jointbridge.backends.numpyro.table import CONSTRAINTS


class Permutation(constraints._SingletonConstraint):  # noqa: SLF001
    """The numbers 0, 1, …, K - 1 in some order."""

    is_discrete = True
    event_dim = 1

    def __call__(self, x: Any) -> Any:
        """Whether each vector is one."""
        order = jax.numpy.arange(x.shape[-1])
        return jax.numpy.all(jax.numpy.sort(x, axis=-1) == order, axis=-1)

    def feasible_like(self, prototype: Any) -> Any:
        """The numbers in their own order."""
        order = jax.numpy.arange(prototype.shape[-1], dtype=prototype.dtype)
        return jax.numpy.broadcast_to(order, prototype.shape)


class Atoms(constraints._SingletonConstraint):  # noqa: SLF001
    """Finitely many real numbers: no transform leads there, so that none is registered."""

    def __call__(self, x: Any) -> Any:
        """Whether each is a number."""
        return jax.numpy.isfinite(x)

    def feasible_like(self, prototype: Any) -> Any:
        """Zeros."""
        return jax.numpy.zeros_like(prototype)


def constraint(region: Region) -> Any:
    """NumPyro's constraint for a support with its bounds."""
    support, bounds = region
    if support.name == "atoms":
        return Atoms()
    if support.name == "permutation":
        return Permutation()
    if support.name == "zero_sum":
        return constraints.zero_sum(1)
    found = getattr(constraints, CONSTRAINTS.get(support.name, support.name))
    if bounds:
        return found(*bounds.values())
    return found


def improper_uniform(support: Region) -> Any:
    """Density 1 on a support, with the batch shape of its bounds."""
    shapes = [b.shape for b in support.bounds.values()]
    batch = jax.numpy.broadcast_shapes(*shapes)
    event = support.support.sizes
    return dist.ImproperUniform(constraint(support), batch, event, validate_args=False)


def zero_sum_normal(scale: Any, event_shape: int) -> Any:
    """Normals that sum to zero, with a scale for each element of the batch.

    NumPyro's own takes a batch of scales for the scales of the entries.
    """
    shape = (*jax.numpy.shape(scale), event_shape - 1)
    free = dist.Normal(0.0, scale[..., None], validate_args=False).expand(shape)
    transform = dist.transforms.ZeroSumTransform(1)
    return dist.TransformedDistribution(
        free.to_event(1), transform, validate_args=False
    )
