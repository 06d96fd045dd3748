"""Supports as torch's constraints, and the bijectors that torch has for them."""

from __future__ import annotations

import math
from typing import Any

import torch
from pyro.distributions import constraints
from torch.distributions import biject_to

from jointbridge.backends.base import Region
from jointbridge.backends.pyro.distributions import CIRCLE, ImproperUniform
from jointbridge.backends.pyro.matrix_transforms import MATRICES
from jointbridge.backends.pyro.table import CONSTRAINTS

#: Whole numbers from a bound on: torch names only its instance from 1 on.
_WHOLE = type(constraints.positive_integer)


def constraint(region: Region) -> Any:
    """Torch's constraint for a support with its bounds."""
    support, bounds = region
    if support.name == "circular":
        return CIRCLE
    if support.name == "permutation":
        return Permutation()
    if support.name == "atoms":
        return Atoms()
    if support.name in MATRICES:
        return MATRICES[support.name]
    if support.name in ("integer", "integer_greater_than_eq"):
        return _WHOLE(bounds.get("low", -math.inf))
    found = getattr(constraints, CONSTRAINTS.get(support.name, support.name))
    return found(*bounds.values()) if bounds else found


class Permutation(constraints.Constraint):
    """The numbers 0, 1, …, K - 1 in some order."""

    is_discrete = True
    event_dim = 1

    def check(self, value: torch.Tensor) -> torch.Tensor:
        """Whether each vector is one."""
        order = torch.arange(value.shape[-1])
        return (value.sort(-1).values == order).all(-1)


class Atoms(constraints.Constraint):
    """Finitely many real numbers: no transform leads there, so that none is registered."""

    def check(self, value: torch.Tensor) -> torch.Tensor:
        """Whether each is a number."""
        return value.isfinite()


def bijector(region: Region) -> Any:
    """Torch's `biject_to` of the constraint."""
    return biject_to(constraint(region))


def improper_uniform(support: Region) -> ImproperUniform:
    """Density 1 on a support, with the batch shape of its bounds."""
    batch = torch.broadcast_shapes(*(b.shape for b in support.bounds.values()))
    event = torch.Size(support.support.sizes)
    return ImproperUniform(constraint(support), batch, event)
