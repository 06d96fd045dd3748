"""Supports as torch's constraints, and the bijectors that torch has for them."""

from __future__ import annotations

from typing import Any

import torch
from pyro.distributions import constraints
from torch.distributions import biject_to

from jointbridge.backends.base import Region
from jointbridge.backends.pyro.distributions import CIRCLE, ImproperUniform
from jointbridge.backends.pyro.matrix_transforms import MATRICES
from jointbridge.backends.pyro.table import CONSTRAINTS


def constraint(region: Region) -> Any:
    """Torch's constraint for a support with its bounds."""
    support, bounds = region
    if support.name == "circular":
        return CIRCLE
    if support.name in MATRICES:
        return MATRICES[support.name]
    found = getattr(constraints, CONSTRAINTS.get(support.name, support.name))
    return found(*bounds.values()) if bounds else found


def bijector(region: Region) -> Any:
    """Torch's `biject_to` of the constraint."""
    return biject_to(constraint(region))


def improper_uniform(support: Region) -> ImproperUniform:
    """Density 1 on a support, with the batch shape of its bounds."""
    batch = torch.broadcast_shapes(*(b.shape for b in support.bounds.values()))
    event = torch.Size(support.support.sizes)
    return ImproperUniform(constraint(support), batch, event)
