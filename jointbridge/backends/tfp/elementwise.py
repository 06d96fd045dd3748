"""Families of one value that TFP lacks, each with its density and its draws."""

from __future__ import annotations

import inspect
import math
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.tfp.library import TensorShape, tfb, tfd, tfp
from jointbridge.evaluate import Array

_TFPS = {"self", "validate_args", "allow_nan_stats", "name"}


def parameters_of(cls: type) -> list[str]:
    """What a class's constructor takes beyond TFP's usual arguments."""
    return [n for n in inspect.signature(cls).parameters if n not in _TFPS]


class Elementwise(tfd.AutoCompositeTensorDistribution):
    """One value for each element of the parameters.

    A subclass passes on what its constructor was given; its parameters become attributes
    of their own names. It gives `_log_prob` and `_draw`.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        arrays = {n: given[n] for n in parameters_of(type(self))}
        vars(self).update(arrays)
        super().__init__(
            dtype=jnp.result_type(*arrays.values()),
            reparameterization_type=tfd.FULLY_REPARAMETERIZED,
            validate_args=given["validate_args"],
            allow_nan_stats=given["allow_nan_stats"],
            parameters={**arrays, **{n: given[n] for n in _TFPS if n in given}},
            name=given["name"],
        )

    @classmethod
    def _parameter_properties(cls, dtype: Any, num_classes: Any = None) -> Any:
        del dtype, num_classes
        return {n: tfp.util.ParameterProperties() for n in parameters_of(cls)}

    def _event_shape(self) -> Any:
        return TensorShape([])

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        return self._draw((n, *self.batch_shape), seed)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        raise NotImplementedError

    def _uniform(self, shape: tuple[int, ...], seed: Any) -> Array:
        """Numbers above 0 and below 1."""
        tiny = jnp.finfo(self.dtype).tiny
        return jax.random.uniform(seed, shape, self.dtype, minval=tiny)


class AsymmetricLaplace(Elementwise):
    """Exponential tails of two lengths around `loc`."""

    def __init__(
        self,
        loc: Array,
        scale: Array,
        asymmetry: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "AsymmetricLaplace",
    ) -> None:
        super().__init__(locals())

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


class SoftLaplace(Elementwise):
    """Laplace-like tails, smooth at `loc`."""

    def __init__(
        self,
        loc: Array,
        scale: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "SoftLaplace",
    ) -> None:
        super().__init__(locals())

    def _log_prob(self, value: Array) -> Array:
        z = (value - self.loc) / self.scale
        return math.log(2 / math.pi) - jnp.log(self.scale) - jnp.logaddexp(z, -z)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        u = self._uniform(shape, seed)
        return self.loc + self.scale * jnp.log(jnp.tan(u * (math.pi / 2)))

    def _default_event_space_bijector(self) -> Any:
        return tfb.Identity()


class LogUniform(Elementwise):
    """exp of a uniform from log(low) to log(high)."""

    def __init__(
        self,
        low: Array,
        high: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "LogUniform",
    ) -> None:
        super().__init__(locals())

    def _log_prob(self, value: Array) -> Array:
        return -jnp.log(value) - jnp.log(jnp.log(self.high / self.low))

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        u = self._uniform(shape, seed)
        drawn = self.low * jnp.exp(u * jnp.log(self.high / self.low))
        return jnp.clip(drawn, self.low, self.high)

    def _default_event_space_bijector(self) -> Any:
        return tfb.Sigmoid(low=self.low, high=self.high)


class Gompertz(Elementwise):
    """Waiting time whose hazard grows exponentially."""

    def __init__(
        self,
        concentration: Array,
        rate: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Gompertz",
    ) -> None:
        super().__init__(locals())

    def _log_prob(self, value: Array) -> Array:
        z = self.rate * value
        front = jnp.log(self.concentration) + jnp.log(self.rate)
        return front + z - self.concentration * jnp.expm1(z)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        waited = jax.random.exponential(seed, shape, self.dtype)
        return jnp.log1p(waited / self.concentration) / self.rate

    def _default_event_space_bijector(self) -> Any:
        return tfb.Exp()


class Levy(Elementwise):
    """`scale` over the square of a standard normal, from `loc` on."""

    def __init__(
        self,
        loc: Array,
        scale: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Levy",
    ) -> None:
        super().__init__(locals())

    def _log_prob(self, value: Array) -> Array:
        z = value - self.loc
        front = 0.5 * (jnp.log(self.scale) - math.log(2 * math.pi))
        return front - 0.5 * self.scale / z - 1.5 * jnp.log(z)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        return self.loc + self.scale / jax.random.normal(seed, shape, self.dtype) ** 2

    def _default_event_space_bijector(self) -> Any:
        return tfb.Chain([tfb.Shift(self.loc), tfb.Exp()])


class DiscreteUniform(Elementwise):
    """Whole numbers from `low` to `high`, both included; as floats, as TFP's counts."""

    def __init__(
        self,
        low: Array,
        high: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "DiscreteUniform",
    ) -> None:
        super().__init__(locals())

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
