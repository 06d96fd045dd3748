"""Wishart distributions and their inverses, of matrices and of Cholesky factors."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import pyro.distributions as dist
import torch
from pyro.distributions import TorchDistribution, TransformedDistribution, constraints

from jointbridge.backends.arrays.torch import TorchArrays
from jointbridge.backends.pyro.distributions import cholesky_of_inverse
from jointbridge.backends.pyro.matrix_transforms import MATRICES, FromFactor

Tensor: TypeAlias = torch.Tensor


class WishartCholesky(TorchDistribution):
    """The Cholesky factor of a Wishart matrix.

    Args:
        concentration: The degrees of freedom, more than the size less 1.
        scale_matrix: The scale; this, its inverse or its factor is given.
        rate_matrix: The inverse of the scale.
        scale_tril: The Cholesky factor of the scale.
        validate_args: As for every Pyro distribution.
    """

    arg_constraints = {  # noqa: RUF012
        "concentration": constraints.positive,
        "scale_tril": constraints.lower_cholesky,
    }
    support = MATRICES["lower_cholesky"]

    def __init__(
        self,
        concentration: Tensor,
        scale_matrix: Tensor | None = None,
        rate_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if scale_matrix is not None:
            scale_tril = TorchArrays.functions["cholesky"](scale_matrix)
        if rate_matrix is not None:
            scale_tril = cholesky_of_inverse(rate_matrix)
        assert scale_tril is not None
        event = scale_tril.shape[-2:]
        batch = torch.broadcast_shapes(concentration.shape, scale_tril.shape[:-2])
        self.concentration = concentration.expand(batch)
        self.scale_tril = scale_tril.expand(batch + event)
        super().__init__(batch, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        batch = torch.Size(batch_shape)
        df = self.concentration.expand(batch)
        tril = self.scale_tril.expand(batch + self.event_shape)
        return type(self)(df, scale_tril=tril, validate_args=self._validate_args)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        df = self.concentration
        scale, value = torch.broadcast_tensors(self.scale_tril, value)
        z = torch.linalg.solve_triangular(scale, value, upper=False)
        powers = df[..., None] - 1 - self._places()
        moving = torch.sum(powers * _log_diagonal(value), dim=-1)
        front = self._front() - df * _log_diagonal(scale).sum(-1)
        return front + moving - 0.5 * torch.sum(z**2, dim=(-2, -1))

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws by Bartlett's decomposition."""
        with torch.no_grad():
            df = self.concentration[..., None] - self._places()
            return self.scale_tril @ self._bartlett(df, sample_shape)

    def _places(self) -> Tensor:
        size = self.event_shape[-1]
        return torch.arange(size, dtype=self.scale_tril.dtype)

    def _front(self) -> Tensor:
        """What depends on the degrees of freedom alone."""
        size, df = self.event_shape[-1], self.concentration
        halves = 0.5 * (df[..., None] - self._places())
        constant = 0.25 * size * (size - 1) * math.log(math.pi)
        log_gamma = constant + torch.lgamma(halves).sum(-1)
        return size * (1 - df / 2) * math.log(2) - log_gamma

    def _bartlett(self, df: Tensor, sample_shape: Any) -> Tensor:
        """A triangle of standard normals, the roots of Chi2(df) on its diagonal."""
        shape = self._extended_shape(torch.Size(sample_shape))
        squares = dist.Chi2(df.expand(shape[:-1]), validate_args=False).sample()
        normal = torch.empty(shape, dtype=self.scale_tril.dtype).normal_()
        return torch.tril(normal, -1) + torch.diag_embed(squares.sqrt())


class InverseWishartCholesky(WishartCholesky):
    """The Cholesky factor of an inverse Wishart matrix."""

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        df = self.concentration
        scale, value = torch.broadcast_tensors(self.scale_tril, value)
        z = torch.linalg.solve_triangular(value, scale, upper=False)
        powers = df[..., None] + 1 + self._places()
        moving = torch.sum(powers * _log_diagonal(value), dim=-1)
        front = self._front() + df * _log_diagonal(scale).sum(-1)
        return front - moving - 0.5 * torch.sum(z**2, dim=(-2, -1))

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws by Bartlett's decomposition of the inverse."""
        with torch.no_grad():
            size = self.event_shape[-1]
            df = self.concentration[..., None] + self._places() - size + 1
            factor = self._bartlett(df, sample_shape)
            eye = torch.eye(size, dtype=factor.dtype)
            inverse = torch.linalg.solve_triangular(factor, eye, upper=False)
            return self.scale_tril @ inverse


class Wishart(TransformedDistribution):
    """A Wishart matrix; its parameters are those of its factor."""

    def __init__(
        self, concentration: Tensor, validate_args: bool | None = None, **matrix: Tensor
    ) -> None:
        factor = WishartCholesky(concentration, validate_args=False, **matrix)
        super().__init__(factor, FromFactor(), validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        new = self.__new__(type(self)) if _instance is None else _instance
        return super().expand(batch_shape, _instance=new)


class InverseWishart(Wishart):
    """An inverse Wishart matrix; its parameters are those of its factor."""

    def __init__(
        self, concentration: Tensor, validate_args: bool | None = None, **matrix: Tensor
    ) -> None:
        factor = InverseWishartCholesky(concentration, validate_args=False, **matrix)
        TransformedDistribution.__init__(
            self, factor, FromFactor(), validate_args=validate_args
        )


def _log_diagonal(matrix: Tensor) -> Tensor:
    return torch.diagonal(matrix, dim1=-2, dim2=-1).log()


#: The classes of this module, by the name that the catalogue uses.
WISHARTS = {
    c.__name__: c
    for c in (
        InverseWishart,
        InverseWishartCholesky,
        Wishart,
        WishartCholesky,
    )
}
