"""Families of one value that TFP lacks, each with its density and its draws."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.tfp.library import tfb
from jointbridge.backends.tfp.own import Own
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES


class AsymmetricLaplace(Own):
    """Exponential tails of two lengths around `loc`."""

    takes = FAMILIES["AsymmetricLaplace"].signature

    def _lengths(self) -> tuple[Array, Array]:
        """How long the tails are, on the left and on the right."""
        return self.scale * self.asymmetry, self.scale / self.asymmetry

    def _log_prob(self, value: Array) -> Array:
        left, right = self._lengths()
        z = value - self.loc
        return -jnp.abs(z) / jnp.where(z < 0, left, right) - jnp.log(left + right)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        left, right = self._lengths()
        below, above = jax.random.exponential(seed, (2, *shape), self.dtype)
        return self.loc - left * below + right * above

    def _default_event_space_bijector(self) -> Any:
        return tfb.Identity()


class SoftLaplace(Own):
    """Laplace-like tails, smooth at `loc`."""

    takes = FAMILIES["SoftLaplace"].signature

    def _log_prob(self, value: Array) -> Array:
        z = (value - self.loc) / self.scale
        return math.log(2 / math.pi) - jnp.log(self.scale) - jnp.logaddexp(z, -z)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        u = self._uniform(shape, seed)
        return self.loc + self.scale * jnp.log(jnp.tan(u * (math.pi / 2)))

    def _default_event_space_bijector(self) -> Any:
        return tfb.Identity()


class LogUniform(Own):
    """exp of a uniform from log(low) to log(high)."""

    takes = FAMILIES["LogUniform"].signature

    def _log_prob(self, value: Array) -> Array:
        return -jnp.log(value) - jnp.log(jnp.log(self.high / self.low))

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        u = self._uniform(shape, seed)
        drawn = self.low * jnp.exp(u * jnp.log(self.high / self.low))
        return jnp.clip(drawn, self.low, self.high)

    def _default_event_space_bijector(self) -> Any:
        return tfb.Sigmoid(low=self.low, high=self.high)


class Gompertz(Own):
    """Waiting time whose hazard grows exponentially."""

    takes = FAMILIES["Gompertz"].signature

    def _log_prob(self, value: Array) -> Array:
        z = self.rate * value
        front = jnp.log(self.concentration) + jnp.log(self.rate)
        return front + z - self.concentration * jnp.expm1(z)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        waited = jax.random.exponential(seed, shape, self.dtype)
        return jnp.log1p(waited / self.concentration) / self.rate

    def _default_event_space_bijector(self) -> Any:
        return tfb.Exp()


class Levy(Own):
    """`scale` over the square of a standard normal, from `loc` on."""

    takes = FAMILIES["Levy"].signature

    def _log_prob(self, value: Array) -> Array:
        z = value - self.loc
        front = 0.5 * (jnp.log(self.scale) - math.log(2 * math.pi))
        return front - 0.5 * self.scale / z - 1.5 * jnp.log(z)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        return self.loc + self.scale / jax.random.normal(seed, shape, self.dtype) ** 2

    def _default_event_space_bijector(self) -> Any:
        return tfb.Chain([tfb.Shift(self.loc), tfb.Exp()])


class DiscreteUniform(Own):
    """Whole numbers from `low` to `high`, both included; as floats, as TFP's counts."""

    takes = FAMILIES["DiscreteUniform"].signature

    def _log_prob(self, value: Array) -> Array:
        inside = (value >= self.low) & (value <= self.high)
        density = -jnp.log(self.high - self.low + 1)
        return jnp.where(inside & (value == jnp.floor(value)), density, -jnp.inf)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        u = self._uniform(shape, seed)
        drawn = jnp.floor(self.low + u * (self.high - self.low + 1))
        return jnp.minimum(drawn, self.high)

    def _default_event_space_bijector(self) -> Any:
        return None


#: The classes of this module, by the name that the catalogue uses.
ELEMENTWISE = {
    cls.__name__: cls
    for cls in (
        AsymmetricLaplace,
        DiscreteUniform,
        Gompertz,
        Levy,
        LogUniform,
        SoftLaplace,
    )
}
