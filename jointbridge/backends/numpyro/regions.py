"""Supports as NumPyro's constraints."""

from __future__ import annotations

from typing import Any

import jax
import numpyro.distributions as dist
from numpyro.distributions import constraints

from jointbridge.backends.base import Region
from jointbridge.backends.numpyro.table import CONSTRAINTS


def constraint(region: Region) -> Any:
    """NumPyro's constraint for a support with its bounds."""
    support, bounds = region
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
