"""Constraints of matrices that torch cannot unconstrain, each with its bijector.

The constraints are our own, so that torch's registry says nothing new about torch's.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import torch
from pyro.distributions import constraints
from torch.distributions import biject_to, transform_to
from torch.distributions.transforms import ComposeTransform, Transform

from jointbridge.backends.arrays.torch import TorchArrays

Tensor: TypeAlias = torch.Tensor


class LowerCholesky(type(constraints.lower_cholesky)):  # type: ignore[misc]
    """Torch's lower triangular matrices with a positive diagonal."""


class PositiveDefinite(type(constraints.positive_definite)):  # type: ignore[misc]
    """Torch's positive definite matrices."""


class ZeroSum(constraints.Constraint):
    """Vectors that sum to zero."""

    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        """Whether the sum is zero, up to rounding."""
        size = 1 + value.abs().sum(-1)
        return value.sum(-1).abs() <= math.sqrt(torch.finfo(value.dtype).eps) * size


#: The constraints that stand for supports, by their names.
MATRICES = {
    "lower_cholesky": LowerCholesky(),
    "positive_definite": PositiveDefinite(),
    "zero_sum": ZeroSum(),
}


class ToLowerCholesky(Transform):
    """From a vector to a lower triangular matrix with a positive diagonal.

    The vector fills what is below the diagonal, row by row; its last entries are the
    logarithms of the diagonal.
    """

    domain = constraints.real_vector
    codomain = MATRICES["lower_cholesky"]
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        size = _matrix_size(x.shape[-1])
        # Where each entry of the matrix is found in the vector; 0 stands for nothing.
        rows, columns = torch.tril_indices(size, size, -1)
        places = torch.zeros((size, size), dtype=torch.long)
        places[rows, columns] = torch.arange(len(rows))
        below = torch.tril(x[..., places], -1)
        return below + torch.diag_embed(torch.exp(x[..., -size:]))

    def _inverse(self, y: Tensor) -> Tensor:
        rows, columns = torch.tril_indices(y.shape[-1], y.shape[-1], -1)
        diagonal = torch.diagonal(y, dim1=-2, dim2=-1).log()
        return torch.cat([y[..., rows, columns], diagonal], dim=-1)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """The logarithms of the diagonal, added up."""
        return x[..., -y.shape[-1] :].sum(-1)

    def forward_shape(self, shape: Any) -> torch.Size:
        """The shape of a matrix from that of its vector."""
        return torch.Size((*shape[:-1], *[_matrix_size(shape[-1])] * 2))

    def inverse_shape(self, shape: Any) -> torch.Size:
        """The shape of a vector from that of its matrix."""
        return torch.Size((*shape[:-2], shape[-1] * (shape[-1] + 1) // 2))


class FromFactor(Transform):
    """From a lower Cholesky factor L to L L^T, a matrix that can be unconstrained."""

    domain = MATRICES["lower_cholesky"]
    codomain = MATRICES["positive_definite"]
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        return x @ x.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return TorchArrays.functions["cholesky"](y)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """As of the entries on and below the diagonal."""
        size = y.shape[-1]
        powers = torch.arange(size, 0, -1, dtype=x.dtype)
        logs = torch.diagonal(x, dim1=-2, dim2=-1).log()
        return size * math.log(2) + torch.sum(powers * logs, dim=-1)


class ToZeroSum(Transform):
    """From a vector to one entry more, all of which sum to zero; lengths stay."""

    domain = constraints.real_vector
    codomain = MATRICES["zero_sum"]
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        size = x.shape[-1] + 1
        total = x.sum(-1, keepdim=True)
        norm = total / (math.sqrt(size) + size)
        return torch.cat([x, norm - total / math.sqrt(size)], dim=-1) - norm

    def _inverse(self, y: Tensor) -> Tensor:
        size = y.shape[-1]
        total = -y[..., -1:] * math.sqrt(size)
        return y[..., :-1] + total / (math.sqrt(size) + size)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Zero: lengths stay."""
        del y
        return x.new_zeros(x.shape[:-1])

    def forward_shape(self, shape: Any) -> torch.Size:
        """One entry more."""
        return torch.Size((*shape[:-1], shape[-1] + 1))

    def inverse_shape(self, shape: Any) -> torch.Size:
        """One entry less."""
        return torch.Size((*shape[:-1], shape[-1] - 1))


def _matrix_size(length: int) -> int:
    return (math.isqrt(1 + 8 * length) - 1) // 2


@biject_to.register(LowerCholesky)
@transform_to.register(LowerCholesky)
def _to_lower_cholesky(constraint: Any) -> Transform:
    del constraint
    return ToLowerCholesky()


@biject_to.register(PositiveDefinite)
@transform_to.register(PositiveDefinite)
def _to_positive_definite(constraint: Any) -> Transform:
    del constraint
    return ComposeTransform([ToLowerCholesky(), FromFactor()])


@biject_to.register(ZeroSum)
@transform_to.register(ZeroSum)
def _to_zero_sum(constraint: Any) -> Transform:
    del constraint
    return ToZeroSum()
