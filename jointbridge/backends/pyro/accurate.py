"""A Pyro distribution whose log density comes from a formula that keeps its digits."""

from __future__ import annotations

from typing import Any, ClassVar

import pyro.distributions as dist
import torch

from jointbridge.arrays import Arrays
from jointbridge.backends.accurate import log_density
from jointbridge.backends.lower import Formula


class Accurate(dist.TorchDistribution):
    """Another distribution in all but its log density.

    Args:
        base: The distribution that draws, and has the shapes and the support.
        formula: The log density.
        given: The parameters of the formula.
        arrays: The arrays that they are.
    """

    arg_constraints: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        base: dist.TorchDistribution,
        formula: Formula,
        given: dict[str, torch.Tensor],
        arrays: Arrays,
    ) -> None:
        self.base, self.formula, self.given, self.arrays = base, formula, given, arrays
        super().__init__(base.batch_shape, base.event_shape, validate_args=False)

    @property
    def support(self) -> Any:
        """The base's."""
        return self.base.support

    @property
    def has_rsample(self) -> bool:
        """Whether gradients pass through the draws of the base."""
        return bool(self.base.has_rsample)

    @property
    def has_enumerate_support(self) -> bool:
        """Whether the base lists its values."""
        return bool(self.base.has_enumerate_support)

    def enumerate_support(self, expand: bool = True) -> torch.Tensor:
        """The values of the base."""
        return self.base.enumerate_support(expand)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Accurate:
        """The distribution with a larger batch shape; its parameters broadcast."""
        del _instance
        base = self.base.expand(torch.Size(batch_shape))
        return Accurate(base, self.formula, self.given, self.arrays)

    def sample(self, sample_shape: Any = ()) -> torch.Tensor:
        """Draws of the base."""
        return self.base.sample(torch.Size(sample_shape))

    def rsample(self, sample_shape: Any = ()) -> torch.Tensor:
        """Draws of the base that gradients pass through."""
        return self.base.rsample(torch.Size(sample_shape))

    def log_prob(self, value: torch.Tensor) -> torch.Tensor:
        """The log density, one number for each batch element."""
        shape = torch.broadcast_shapes(value.shape, self.batch_shape)
        found = log_density(self.formula, self.arrays, value, self.given)
        return found.expand(shape)

    @property
    def mean(self) -> torch.Tensor:
        """The base's."""
        return self.base.mean

    @property
    def variance(self) -> torch.Tensor:
        """The base's."""
        return self.base.variance
