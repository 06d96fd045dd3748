"""TFP's classes that need a word more: what is mended, and nothing else.

ContinuousBernoulli, Zipf    draws as wide as the parameters
FiniteDiscrete               an outcome is met exactly; a list of them for each of a batch
GeneralizedExtremeValue      no gradient, not NaN, beyond its end
GeneralizedPareto            -inf, not NaN, beyond its upper end
VonMisesFisher               refused, not drawn as NaN, where a sphere is two points
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from jointbridge.backends.laws.directions import half_dimension
from jointbridge.backends.tfp.laws import CLASSES
from jointbridge.backends.tfp.library import tfd
from jointbridge.evaluate import Array


def continuous_bernoulli(
    probs: Array | None = None, logits: Array | None = None
) -> Any:
    """TFP's ContinuousBernoulli, whose draws would be of float32."""
    dtype = jnp.result_type(*(x for x in (probs, logits) if x is not None))
    return tfd.ContinuousBernoulli(logits=logits, probs=probs, dtype=dtype)


def finite_discrete(
    outcomes: Array, probs: Array | None = None, logits: Array | None = None
) -> Any:
    """TFP's FiniteDiscrete where all of a batch have the same outcomes."""
    if outcomes.size > outcomes.shape[-1]:
        return CLASSES["FiniteDiscrete"](outcomes, probs=probs, logits=logits)
    # A difference below a tolerance, which 0 would not be.
    exact = {"rtol": 0.0, "atol": jnp.finfo(outcomes.dtype).tiny}
    outcomes = outcomes.reshape(-1)
    return tfd.FiniteDiscrete(outcomes, probs=probs, logits=logits, **exact)


def zipf(power: Array) -> Any:
    """TFP's Zipf, whose draws would be of int32."""
    return tfd.Zipf(power, dtype=power.dtype, force_probs_to_zero_outside_support=True)


def von_mises_fisher(mean_direction: Array, concentration: Array) -> Any:
    """TFP's VonMisesFisher, which has NaN for draws on a sphere of two points."""
    half_dimension(mean_direction.shape[-1])
    return tfd.VonMisesFisher(mean_direction, concentration)


class GeneralizedPareto(tfd.GeneralizedPareto):
    """TFP's GeneralizedPareto, which has no number beyond the end of its support."""

    def _log_prob(self, value: Array) -> Array:
        end = 1 + self.concentration * (value - self.loc) / self.scale
        inside = end > 0
        density = super()._log_prob(jnp.where(inside, value, self.loc))
        return jnp.where(inside, density, -jnp.inf)


class GeneralizedExtremeValue(tfd.GeneralizedExtremeValue):
    """TFP's GeneralizedExtremeValue, whose gradient is NaN beyond the end."""

    def _log_prob(self, value: Array) -> Array:
        end = 1 + self.concentration * (value - self.loc) / self.scale
        inside = end > 0
        density = super()._log_prob(jnp.where(inside, value, self.loc))
        return jnp.where(inside, density, -jnp.inf)


#: By the name of the family.
MENDED: dict[str, Callable[..., Any]] = {
    "ContinuousBernoulli": continuous_bernoulli,
    "FiniteDiscrete": finite_discrete,
    "GeneralizedExtremeValue": GeneralizedExtremeValue,
    "GeneralizedPareto": GeneralizedPareto,
    "VonMisesFisher": von_mises_fisher,
    "Zipf": zipf,
}
