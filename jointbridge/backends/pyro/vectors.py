"""Families of vectors and matrices that Pyro lacks, each with its density and draws."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import pyro.distributions as dist
import torch
from pyro.distributions import TorchDistribution, TransformedDistribution, constraints
from pyro.distributions.transforms import CorrMatrixCholeskyTransform

from jointbridge.backends.pyro.distributions import (
    Expands,
    LKJCholesky,
    Multinomial,
    MultivariateNormal,
)
from jointbridge.backends.pyro.matrix_transforms import ToZeroSum

Tensor: TypeAlias = torch.Tensor


class DirichletMultinomial(dist.DirichletMultinomial):
    """Pyro's, whose draws may have a `total_count` for each element of the batch."""

    def __init__(
        self,
        concentration: Tensor,
        total_count: Tensor | int = 1,
        validate_args: Any = None,
    ) -> None:
        count = torch.as_tensor(total_count).to(concentration)
        batch = torch.broadcast_shapes(count.shape, concentration.shape[:-1])
        event = concentration.shape[-1:]
        self.total_count, self.is_sparse = count.expand(batch), False
        whole = concentration.expand(batch + event)
        self._dirichlet = dist.Dirichlet(whole, validate_args=False)
        TorchDistribution.__init__(self, batch, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        batch = torch.Size(batch_shape)
        whole = self.concentration.expand(batch + self.event_shape)
        return DirichletMultinomial(whole, self.total_count.expand(batch), False)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> Any:
        """Counts that add up to `total_count`."""
        return constraints.multinomial(self.total_count)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Counts whose probabilities are drawn first."""
        with torch.no_grad():
            probs = self._dirichlet.sample(torch.Size(sample_shape))
            return Multinomial(self.total_count, probs, validate_args=False).sample()


class GaussianRandomWalk(TorchDistribution):
    """The running sum of `num_steps` values of Normal(0, `scale`)."""

    arg_constraints = {"scale": constraints.positive}  # noqa: RUF012
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self, scale: Tensor, num_steps: int, validate_args: bool | None = None
    ) -> None:
        self.scale, self.num_steps = scale, num_steps
        event = torch.Size((num_steps,))
        super().__init__(scale.shape, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        scale = self.scale.expand(torch.Size(batch_shape))
        return GaussianRandomWalk(scale, self.num_steps, self._validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        start = torch.zeros_like(value[..., :1])
        steps = torch.diff(value, dim=-1, prepend=start) / self.scale[..., None]
        front = -self.num_steps * (torch.log(self.scale) + 0.5 * math.log(2 * math.pi))
        return front - 0.5 * torch.sum(steps**2, dim=-1)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that gradients pass through."""
        shape = self._extended_shape(torch.Size(sample_shape))
        steps = torch.empty(shape, dtype=self.scale.dtype).normal_()
        return torch.cumsum(self.scale[..., None] * steps, dim=-1)


class MatrixNormal(TorchDistribution):
    """A normal matrix with a covariance of its rows and one of its columns."""

    arg_constraints = {  # noqa: RUF012
        "loc": constraints.independent(constraints.real, 2),
        "scale_tril_row": constraints.lower_cholesky,
        "scale_tril_column": constraints.lower_cholesky,
    }
    support = constraints.independent(constraints.real, 2)
    has_rsample = True

    def __init__(
        self,
        loc: Tensor,
        scale_tril_row: Tensor,
        scale_tril_column: Tensor,
        validate_args: bool | None = None,
    ) -> None:
        batch = torch.broadcast_shapes(
            *(x.shape[:-2] for x in (loc, scale_tril_row, scale_tril_column))
        )
        event = loc.shape[-2:]
        self.loc = loc.expand(batch + event)
        self.scale_tril_row = scale_tril_row.expand(batch + 2 * event[:1])
        self.scale_tril_column = scale_tril_column.expand(batch + 2 * event[1:])
        super().__init__(batch, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        batch = torch.Size(batch_shape)
        given = (self.loc, self.scale_tril_row, self.scale_tril_column)
        loc, row, column = (x.expand(batch + x.shape[-2:]) for x in given)
        return MatrixNormal(loc, row, column, self._validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        row, column = self.scale_tril_row, self.scale_tril_column
        z = torch.linalg.solve_triangular(row, value - self.loc, upper=False)
        z = torch.linalg.solve_triangular(column, z.mT, upper=False)
        n, p = self.event_shape
        scale = p * _log_det(row) + n * _log_det(column)
        front = -0.5 * n * p * math.log(2 * math.pi)
        return front - scale - 0.5 * torch.sum(z**2, dim=(-2, -1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that gradients pass through."""
        shape = self._extended_shape(torch.Size(sample_shape))
        z = torch.empty(shape, dtype=self.loc.dtype).normal_()
        return self.loc + self.scale_tril_row @ z @ self.scale_tril_column.mT


class ZeroSumNormal(Expands, TransformedDistribution):
    """Normals that sum to zero, `event_shape` of them, from one fewer that are free."""

    def __init__(
        self, scale: Tensor, event_shape: int, validate_args: bool | None = None
    ) -> None:
        wide = scale[..., None].expand((*scale.shape, event_shape - 1))
        free = dist.Normal(torch.zeros_like(wide), wide, validate_args=False)
        super().__init__(free.to_event(1), ToZeroSum(), validate_args=validate_args)


class LKJ(Expands, TransformedDistribution):
    """Pyro's LKJ, whose distributions inside validate nothing."""

    def __init__(
        self, dim: int, concentration: Tensor | float = 1.0, validate_args: Any = None
    ) -> None:
        factor = LKJCholesky(dim, concentration, validate_args=False)
        transform = CorrMatrixCholeskyTransform().inv
        super().__init__(factor, transform, validate_args=validate_args)


class CirculantNormal(MultivariateNormal):
    """A normal vector on a ring, from the first row of its covariance."""

    def __init__(
        self, loc: Tensor, covariance_row: Tensor, validate_args: bool | None = None
    ) -> None:
        steps = torch.arange(covariance_row.shape[-1])
        matrix = covariance_row[..., (steps - steps[:, None]) % len(steps)]
        super().__init__(loc, covariance_matrix=matrix, validate_args=validate_args)


def _log_det(tril: Tensor) -> Tensor:
    return torch.diagonal(tril, dim1=-2, dim2=-1).log().sum(-1)


#: The classes of this module, by the name that the catalogue uses.
VECTORS = {
    c.__name__: c
    for c in (
        CirculantNormal,
        DirichletMultinomial,
        GaussianRandomWalk,
        LKJ,
        MatrixNormal,
        ZeroSumNormal,
    )
}
