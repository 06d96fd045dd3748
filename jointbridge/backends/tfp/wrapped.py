"""Distributions that change another one of one value: censored, with a hurdle, folded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.arrays.jax_laws import FUNCTIONS
from jointbridge.backends.laws.functions import log1mexp
from jointbridge.backends.laws.tails import censored
from jointbridge.backends.tfp.library import tfb, tfd, tfp
from jointbridge.evaluate import Array

_TFPS = ("validate_args", "allow_nan_stats", "name")


class Wrapped(tfd.AutoCompositeTensorDistribution):
    """A distribution made of another one and some parameters.

    Args:
        given: What the constructor of a subclass was given: its `base`, then parameters.
    """

    def __init__(self, given: dict[str, Any]) -> None:
        own = {n: x for n, x in given.items() if n not in (*_TFPS, "self", "__class__")}
        vars(self).update(own)
        super().__init__(
            dtype=given["base"].dtype,
            reparameterization_type=tfd.NOT_REPARAMETERIZED,
            **{n: given[n] for n in _TFPS},
            parameters={**own, **{n: given[n] for n in _TFPS}},
        )

    def _event_shape(self) -> Any:
        return self.base.event_shape

    def _drawn(self, n: int, seed: Any) -> Array:
        base = tfd.BatchBroadcast(self.base, to_shape=self.batch_shape)
        return base.sample(n, seed=seed)

    def _default_event_space_bijector(self) -> Any:
        return self.base.experimental_default_event_space_bijector()


def _properties(*names: str) -> Callable[..., Any]:
    def properties(dtype: Any, num_classes: Any = None) -> Any:
        del dtype, num_classes
        base = {"base": tfp.util.BatchedComponentProperties()}
        return base | {n: tfp.util.ParameterProperties() for n in names}

    return properties


class LeftCensored(Wrapped):
    """`base`; where `censored`, its mass up to the value. Draws are those of `base`."""

    def __init__(
        self,
        base: Any,
        censored: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "LeftCensored",
    ) -> None:
        super().__init__(dict(locals()))

    _parameter_properties = staticmethod(_properties("censored"))
    _side = "below"

    def _log_prob(self, value: Array) -> Array:
        return censored(FUNCTIONS, self.base, value, self.censored, self._side)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        return self._drawn(n, seed)


class RightCensored(LeftCensored):
    """`base`; where `censored`, its mass from the value on. Draws are those of `base`."""

    def __init__(
        self,
        base: Any,
        censored: Array,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "RightCensored",
    ) -> None:
        Wrapped.__init__(self, dict(locals()))

    _parameter_properties = staticmethod(_properties("censored"))
    _side = "above"


def _log_none(base: Any) -> Array:
    """Log of the probability of 0, to the last digit where that is nearly 1.

    The densities of TFP take lgamma(1) or its like, which is 5e-7 in float32.
    """
    if isinstance(base, tfd.Poisson):
        return -base.rate_parameter()
    if isinstance(base, tfd.Binomial | tfd.NegativeBinomial):
        return -base.total_count * jax.nn.softplus(base.logits_parameter())
    return base.log_prob(jnp.zeros((), base.dtype))


class Hurdle(Wrapped):
    """0 with probability `gate`, else a draw of `base` that is not 0.

    Args:
        base: A distribution of counts or of positive values.
        gate: The probability of 0; or
        gate_logits: its log odds.
        counted: Whether `base` counts, so that it may give 0 too.
    """

    def __init__(
        self,
        base: Any,
        gate: Array | None = None,
        gate_logits: Array | None = None,
        counted: bool = False,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Hurdle",
    ) -> None:
        super().__init__(dict(locals()))

    _parameter_properties = staticmethod(_properties("gate", "gate_logits"))

    def _log_gates(self) -> tuple[Array, Array]:
        """The log probabilities of 0 and of the rest."""
        if self.gate is not None:
            gate = jnp.asarray(self.gate)
            return jnp.log(gate), jnp.log1p(-gate)
        logits = jnp.asarray(self.gate_logits)
        return jax.nn.log_sigmoid(logits), jax.nn.log_sigmoid(-logits)

    def _log_prob(self, value: Array) -> Array:
        gate, rest = self._log_gates()
        # The base's density at 0 may have no gradient.
        density = rest + self.base.log_prob(jnp.where(value == 0, 1.0, value))
        if self.counted:
            density = density - log1mexp(FUNCTIONS, _log_none(self.base))
        return jnp.where(value == 0, gate, density)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        of_gate, of_base = jax.random.split(seed)
        gate, _ = self._log_gates()
        u = jax.random.uniform(of_gate, (n, *self.batch_shape), gate.dtype)
        drawn = self._positive(n, of_base)
        return jnp.where(jnp.log(u) < gate, jnp.zeros_like(drawn), drawn)

    def _positive(self, n: int, seed: Any) -> Array:
        """Draws of the base, again and again where they are 0."""
        first, later = jax.random.split(seed)
        drawn = self._drawn(n, first)
        if not self.counted:
            return drawn

        def again(state: tuple[Any, Array]) -> tuple[Any, Array]:
            key, one = jax.random.split(state[0])
            return key, jnp.where(state[1] == 0, self._drawn(n, one), state[1])

        _, drawn = jax.lax.while_loop(
            lambda state: jnp.any(state[1] == 0), again, (later, drawn)
        )
        return drawn


def hurdle(
    base: Any, gate: Array | None = None, gate_logits: Array | None = None
) -> Hurdle:
    """A hurdle over whatever kind of base it is."""
    counted = base.experimental_default_event_space_bijector() is None
    return Hurdle(base, gate, gate_logits, counted)


def folded(base: Any) -> Any:
    """TFP's own way to take an absolute value."""
    return tfd.TransformedDistribution(base, tfb.AbsoluteValue())


#: Constructors by the name of the family.
WRAPPED: dict[str, Callable[..., Any]] = {
    "Folded": folded,
    "Hurdle": hurdle,
    "LeftCensored": LeftCensored,
    "RightCensored": RightCensored,
}
