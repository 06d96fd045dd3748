"""The flat vector of a joint: its sites in order, counts as floats."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, TypeAlias

import torch

from jointbridge.backends.program import Program
from jointbridge.errors import ValueMismatchError, did_you_mean

Tensor: TypeAlias = torch.Tensor
Values: TypeAlias = dict[str, Tensor]
Shapes: TypeAlias = dict[str, tuple[int, ...]]


def shapes_of(program: Program) -> Shapes:
    """The shapes of the values of the free sites, in order."""
    return {n: s.type.shape for n, s in program.analysis.latent.items()}


def free_shapes_of(program: Program) -> Shapes:
    """The shapes of the unconstrained coordinates of the free sites, in order."""
    return {n: s.free for n, s in program.analysis.latent.items()}


def size_of(shapes: Shapes) -> int:
    """The length of a vector."""
    return sum(map(prod, shapes.values()))


def split(vector: Tensor, shapes: Shapes) -> Values:
    """The parts of a vector, each with its leading axes.

    Raises:
        ValueMismatchError: The vector has another length.
    """
    if vector.shape[-1:] != (size_of(shapes),):
        message = f"expected a vector of {size_of(shapes)}, got {list(vector.shape)}"
        raise ValueMismatchError(message)
    parts = vector.split(list(map(prod, shapes.values())), dim=-1)
    return {
        name: part.reshape((*vector.shape[:-1], *shape))
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }


def join(values: Mapping[str, Any], shapes: Shapes, dtype: torch.dtype) -> Tensor:
    """The vector of its parts, whose leading axes broadcast.

    Raises:
        ValueMismatchError: A part is missing or unknown.
    """
    _check_names(values, shapes)
    arrays = {n: torch.as_tensor(values[n]).to(dtype) for n in shapes}
    leads = (x.shape[: x.dim() - len(shapes[n])] for n, x in arrays.items())
    lead = torch.broadcast_shapes(*leads)
    parts = [
        x.expand((*lead, *shapes[n])).reshape((*lead, -1)) for n, x in arrays.items()
    ]
    return torch.cat(parts, dim=-1)


def _check_names(values: Mapping[str, Any], shapes: Shapes) -> None:
    for name in values:
        if name not in shapes:
            hint = did_you_mean(name, shapes)
            raise ValueMismatchError(f"no site {name!r} in this vector", hint=hint)
    if missing := [n for n in shapes if n not in values]:
        raise ValueMismatchError(f"no value for {', '.join(map(repr, missing))}")


def kinds(program: Program, parts: Values) -> Values:
    """The parts of a vector in the kinds of their sites."""
    sites, cast = program.analysis.latent, program.arrays.cast
    return {n: cast(x, sites[n].type.kind) for n, x in parts.items()}


def log_prob(program: Program, vector: Tensor) -> Tensor:
    """The log density of vectors, one number for each."""
    parts = split(vector, shapes_of(program))
    total = program.log_prob_total(kinds(program, parts)).expand(vector.shape[:-1])
    for name, site in program.analysis.latent.items():
        if site.type.kind == "float":
            continue
        # An integer in the program: here it may be no whole number, or NaN.
        counts = parts[name].reshape((*vector.shape[:-1], -1))
        total = total.masked_fill((counts != counts.floor()).any(-1), -torch.inf)
        total = total.masked_fill(counts.isnan().any(-1), torch.nan)
    return total
