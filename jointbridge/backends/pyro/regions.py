"""Supports as torch's constraints, and the bijectors that torch has for them."""

from __future__ import annotations

from typing import Any

import torch
from pyro.distributions import constraints
from torch.distributions import biject_to

from jointbridge.backends.base import Region
from jointbridge.backends.pyro.distributions import CIRCLE, ImproperUniform
from jointbridge.backends.pyro.table import CONSTRAINTS
from jointbridge.errors import UnsupportedError


def constraint(region: Region) -> Any:
    """Torch's constraint for a support with its bounds."""
    support, bounds = region
    if support.name == "circular":
        return CIRCLE
    found = getattr(constraints, CONSTRAINTS.get(support.name, support.name))
    return found(*bounds.values()) if bounds else found


def bijector(region: Region) -> Any:
    """Torch's `biject_to` of the constraint.

    Raises:
        UnsupportedError: Torch has no bijector for it.
    """
    try:
        return biject_to(constraint(region))
    except NotImplementedError as error:
        name = region.support.name
        message = f"Pyro has no unconstrained coordinates for {name}"
        hint = "use corr_cholesky and a vector of scales"
        raise UnsupportedError(message, hint=hint) from error


def improper_uniform(support: Region) -> ImproperUniform:
    """Density 1 on a support, with the batch shape of its bounds."""
    batch = torch.broadcast_shapes(*(b.shape for b in support.bounds.values()))
    event = torch.Size(support.support.sizes)
    return ImproperUniform(constraint(support), batch, event)
