"""A TFP distribution whose log density comes from a formula that keeps its digits."""

from __future__ import annotations

from typing import Any

from jointbridge.arrays import Arrays
from jointbridge.backends.accurate import log_density
from jointbridge.backends.lower import Formula
from jointbridge.backends.tfp.library import tfd
from jointbridge.evaluate import Array


class Accurate(tfd.Distribution):
    """Another distribution in all but its log density.

    Args:
        base: The distribution that draws, and has the shapes and the support.
        formula: The log density.
        given: The parameters of the formula.
        arrays: The arrays that they are.
    """

    def __init__(
        self, base: Any, formula: Formula, given: dict[str, Array], arrays: Arrays
    ) -> None:
        self.base, self.formula, self.given, self.arrays = base, formula, given, arrays
        super().__init__(
            dtype=base.dtype,
            reparameterization_type=base.reparameterization_type,
            validate_args=False,
            allow_nan_stats=True,
            parameters={"base": base},
            name=base.name,
        )

    def _batch_shape(self) -> Any:
        return self.base.batch_shape

    def _event_shape(self) -> Any:
        return self.base.event_shape

    def _log_prob(self, value: Array) -> Array:
        return log_density(self.formula, self.arrays, value, self.given)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        return self.base.sample(n, seed=seed)

    def _mean(self) -> Array:
        return self.base.mean()

    def _variance(self) -> Array:
        return self.base.variance()

    def _default_event_space_bijector(self) -> Any:
        return self.base.experimental_default_event_space_bijector()
