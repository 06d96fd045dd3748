"""NumPyro's classes that fail on their own terms: what is mended, and nothing else.

Pareto    `validate_args=False` is obeyed by the Exponential inside, so that the density
          at x = scale is not 0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpyro.distributions as dist

from jointbridge.evaluate import Array


class Pareto(dist.Pareto):
    """NumPyro's Pareto, whose Exponential inside validates nothing."""

    def __init__(
        self, scale: Array, alpha: Array, *, validate_args: bool | None = None
    ) -> None:
        super().__init__(scale, alpha, validate_args=validate_args)
        rate = jnp.broadcast_to(alpha, self.batch_shape)
        self.base_dist = dist.Exponential(rate, validate_args=False)


#: By the name of the family.
MENDED: dict[str, Callable[..., Any]] = {"Pareto": Pareto}
