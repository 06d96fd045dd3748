"""Distributions that change another one of one value: censored, with a hurdle, folded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.arrays.jax_laws import FUNCTIONS
from jointbridge.backends.laws.functions import log1mexp
from jointbridge.backends.laws.tails import censored
from jointbridge.backends.tfp.library import tfb, tfd
from jointbridge.backends.tfp.own import Own
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES


class Wrapped(Own):
    """A distribution made of another one, `base`, and some parameters."""

    reparameterized = False

    def _event_shape(self) -> Any:
        return self.base.event_shape

    def _drawn(self, n: int, seed: Any) -> Array:
        base = tfd.BatchBroadcast(self.base, to_shape=self.batch_shape)
        return base.sample(n, seed=seed)

    def _default_event_space_bijector(self) -> Any:
        return self.base.experimental_default_event_space_bijector()


class LeftCensored(Wrapped):
    """`base`; where `censored`, its mass up to the value. Draws are those of `base`."""

    takes = FAMILIES["LeftCensored"].signature
    _side = "below"

    def _log_prob(self, value: Array) -> Array:
        return censored(FUNCTIONS, self.base, value, self.censored, self._side)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        return self._drawn(n, seed)


class RightCensored(LeftCensored):
    """`base`; where `censored`, its mass from the value on. Draws are those of `base`."""

    takes = FAMILIES["RightCensored"].signature
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


class Gated(Wrapped):
    """0 with a probability of its own, else as `base` says."""

    def _log_gates(self) -> tuple[Array, Array]:
        """The log probabilities of 0 and of the rest."""
        if self.gate is not None:
            gate = jnp.asarray(self.gate)
            return jnp.log(gate), jnp.log1p(-gate)
        logits = jnp.asarray(self.gate_logits)
        return jax.nn.log_sigmoid(logits), jax.nn.log_sigmoid(-logits)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        of_gate, of_base = jax.random.split(seed)
        gate, _ = self._log_gates()
        u = jax.random.uniform(of_gate, (n, *self.batch_shape), gate.dtype)
        drawn = self._others(n, of_base)
        return jnp.where(jnp.log(u) < gate, jnp.zeros_like(drawn), drawn)

    def _others(self, n: int, seed: Any) -> Array:
        """Draws where the gate is open."""
        return self._drawn(n, seed)


class ZeroInflated(Gated):
    """0 with probability `gate`, else a draw of `base`.

    `tfd.Inflated` wants equal dtypes and equal batch shapes of gate and base.
    """

    takes = FAMILIES["ZeroInflated"].signature

    def _log_prob(self, value: Array) -> Array:
        gate, rest = self._log_gates()
        counted = rest + self.base.log_prob(value)
        return jnp.where(value == 0, jnp.logaddexp(gate, counted), counted)


class Hurdle(Gated):
    """0 with probability `gate`, else a draw of `base` that is not 0.

    `base` is a distribution of counts or of positive values.
    """

    takes = FAMILIES["Hurdle"].signature

    @property
    def _counted(self) -> bool:
        """Whether `base` counts, so that it may give 0 too."""
        return self.base.experimental_default_event_space_bijector() is None

    def _log_prob(self, value: Array) -> Array:
        zero = value == 0
        # The base's density at 0 may have no gradient.
        density = self.base.log_prob(jnp.where(zero, 1.0, value))
        if self._counted:
            density = density - log1mexp(FUNCTIONS, _log_none(self.base))
        return self._log_gate(zero) + jnp.where(zero, 0.0, density)

    def _log_gate(self, zero: Array) -> Array:
        """The log probability of 0, or of the rest; a gate of 0 or 1 has a gradient."""
        if self.gate is None:
            return jnp.where(zero, *self._log_gates())
        closed, opened = (
            jnp.where(zero, self.gate, 1.0),
            jnp.where(zero, 0.0, self.gate),
        )
        return jnp.where(zero, jnp.log(closed), jnp.log1p(-opened))

    def _others(self, n: int, seed: Any) -> Array:
        """Draws of the base, again and again where they are 0."""
        first, later = jax.random.split(seed)
        drawn = self._drawn(n, first)
        if not self._counted:
            return drawn

        def again(state: tuple[Any, Array]) -> tuple[Any, Array]:
            key, one = jax.random.split(state[0])
            return key, jnp.where(state[1] == 0, self._drawn(n, one), state[1])

        _, drawn = jax.lax.while_loop(
            lambda state: jnp.any(state[1] == 0), again, (later, drawn)
        )
        return drawn


def folded(base: Any) -> Any:
    """TFP's own way to take an absolute value."""
    return tfd.TransformedDistribution(base, tfb.AbsoluteValue())


#: Constructors by the name of the family.
WRAPPED: dict[str, Callable[..., Any]] = {
    "Folded": folded,
    "Hurdle": Hurdle,
    "LeftCensored": LeftCensored,
    "RightCensored": RightCensored,
    "ZeroInflated": ZeroInflated,
}
