"""A NumPyro distribution whose log density comes from a formula that keeps its digits."""

from __future__ import annotations

from typing import Any

import numpyro.distributions as dist
from numpyro.distributions import constraints

from jointbridge.backends.accurate import log_density
from jointbridge.backends.arrays.jax import JaxArrays
from jointbridge.backends.lower import Formula
from jointbridge.evaluate import Array


class Accurate(dist.Distribution):
    """Another distribution in all but its log density.

    Args:
        base: The distribution that draws, and has the shapes and the support.
        formula: The log density.
        given: The parameters of the formula.
        dtype: The width of floats.
    """

    pytree_data_fields = ("base", "given")
    pytree_aux_fields = ("formula", "dtype")

    def __init__(
        self,
        base: dist.Distribution,
        formula: Formula,
        given: dict[str, Array],
        dtype: str,
    ) -> None:
        self.base, self.formula, self.given, self.dtype = base, formula, given, dtype
        super().__init__(base.batch_shape, base.event_shape, validate_args=False)

    @constraints.dependent_property
    def support(self) -> Any:
        """The base's."""
        return self.base.support

    @property
    def has_enumerate_support(self) -> bool:
        """Whether the base lists its values."""
        return self.base.has_enumerate_support

    def enumerate_support(self, expand: bool = True) -> Array:
        """The values of the base."""
        return self.base.enumerate_support(expand)

    def sample(self, key: Any, sample_shape: tuple[int, ...] = ()) -> Array:
        """Draws of the base."""
        return self.base.sample(key, sample_shape)

    def log_prob(self, value: Array) -> Array:
        """The log density, one number for each batch element."""
        return log_density(self.formula, JaxArrays(self.dtype), value, self.given)

    @property
    def mean(self) -> Array:
        """The base's."""
        return self.base.mean

    @property
    def variance(self) -> Array:
        """The base's."""
        return self.base.variance
