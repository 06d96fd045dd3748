"""The Gaussian copula, which Pyro lacks."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

import torch
from pyro.distributions import TorchDistribution, constraints

from jointbridge.backends.laws.copula import copula, uniform_of
from jointbridge.backends.pyro.distributions import MultivariateNormal
from jointbridge.backends.pyro.laws import FUNCTIONS

Tensor: TypeAlias = torch.Tensor


class GaussianCopula(TorchDistribution):
    """Values of one family, correlated as their normal scores are.

    Args:
        marginal_dist: Single values; the last axis of the batch becomes the event.
        correlation_matrix: The correlations of the scores; or
        correlation_cholesky: their Cholesky factor.
        validate_args: As for every Pyro distribution.
    """

    arg_constraints: ClassVar[dict[str, Any]] = {}
    has_rsample = True

    def __init__(
        self,
        marginal_dist: Any,
        correlation_matrix: Tensor | None = None,
        correlation_cholesky: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        given = (correlation_matrix, correlation_cholesky)
        (matrix,) = (x for x in given if x is not None)
        scores = MultivariateNormal(
            matrix.new_zeros(matrix.shape[-1]),
            correlation_matrix,
            scale_tril=correlation_cholesky,
            validate_args=False,
        )
        batch = torch.broadcast_shapes(
            marginal_dist.batch_shape[:-1], scores.batch_shape
        )
        event = scores.event_shape
        self.marginal_dist = marginal_dist.expand(batch + event)
        self.scores = scores.expand(batch)
        super().__init__(batch, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        batch = torch.Size(batch_shape)
        return GaussianCopula(
            self.marginal_dist.expand(batch + self.event_shape),
            correlation_cholesky=self.scores.expand(batch).scale_tril,
            validate_args=self._validate_args,
        )

    @constraints.dependent_property
    def support(self) -> Any:
        """Vectors of values of the family."""
        return constraints.independent(self.marginal_dist.support, 1)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        scores, factor = self.scores, self.scores.scale_tril
        found: Tensor = copula(FUNCTIONS, self.marginal_dist, scores, factor, value)
        return found

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that gradients pass through, by the family's quantiles."""
        z = self.scores.rsample(torch.Size(sample_shape))
        edge = torch.finfo(z.dtype)
        mass = uniform_of(FUNCTIONS, z, edge.tiny, 1 - edge.eps / 2)
        drawn: Tensor = self.marginal_dist.icdf(mass)
        return drawn
