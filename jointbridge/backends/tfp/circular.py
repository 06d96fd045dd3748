"""Families of angles that TFP lacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.special as jss

from jointbridge.backends.tfp.combinators import widened
from jointbridge.backends.tfp.library import TensorShape, tfb, tfd
from jointbridge.backends.tfp.own import Own
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES

#: Equal steps of a circle; sums over them are exact for what is smooth on it.
_STEPS = 512


def _wrapped(angle: Array) -> Array:
    """The angle between -pi and pi."""
    return jnp.clip((angle + math.pi) % (2 * math.pi) - math.pi, -math.pi, math.pi)


def _circle(dtype: Any) -> Any:
    """A number of Python would be one of float32."""
    pi = jnp.asarray(math.pi, dtype)
    return tfb.Sigmoid(low=-pi, high=pi)


class SineBivariateVonMises(Own):
    """Two angles that depend on each other."""

    takes = FAMILIES["SineBivariateVonMises"].signature

    def _event_shape(self) -> Any:
        return TensorShape([2])

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray([2], "int32")

    def _log_marginal(self, phi: Array) -> Array:
        """Of phi alone, around 0, up to what does not depend on it; one axis more."""
        root = self._length(phi)
        front = self.phi_concentration[..., None] * (jnp.cos(phi) - 1)
        bend = root - self.psi_concentration[..., None]
        return front + bend + jnp.log(jss.i0e(root))

    def _length(self, phi: Array) -> Array:
        """The concentration of psi, given phi."""
        across = self.correlation[..., None] * jnp.sin(phi)
        return jnp.sqrt(self.psi_concentration[..., None] ** 2 + across**2)

    def _log_prob(self, value: Array) -> Array:
        phi, psi = value[..., 0] - self.phi_loc, value[..., 1] - self.psi_loc
        along = self.phi_concentration * (jnp.cos(phi) - 1)
        along += self.psi_concentration * (jnp.cos(psi) - 1)
        across = self.correlation * jnp.sin(phi) * jnp.sin(psi)
        circle = jnp.linspace(0, 2 * math.pi, _STEPS, endpoint=False, dtype=self.dtype)
        total = jss.logsumexp(self._log_marginal(circle), axis=-1) - math.log(_STEPS)
        return along + across - 2 * math.log(2 * math.pi) - total

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        of_cell, of_place, of_psi = jax.random.split(seed, 3)
        phi = self._draw_phi(shape, of_cell, of_place)
        batch = (*shape, 1)
        length = jnp.broadcast_to(self._length(phi[..., None]), batch)[..., 0]
        across = self.correlation * jnp.sin(phi)
        centre = jnp.arctan2(across, jnp.broadcast_to(self.psi_concentration, shape))
        psi = tfd.VonMises(centre, length).sample(seed=of_psi)
        return _wrapped(jnp.stack([phi + self.phi_loc, psi + self.psi_loc], axis=-1))

    def _draw_phi(self, shape: tuple[int, ...], of_cell: Any, of_place: Any) -> Array:
        """By the quantiles of its density between steps that are close to each other."""
        edges = jnp.linspace(-math.pi, math.pi, 16 * _STEPS + 1, dtype=self.dtype)
        middle = 0.5 * (edges[1:] + edges[:-1])
        mass = jax.nn.softmax(self._log_marginal(middle), axis=-1)
        below = jnp.cumsum(mass, axis=-1)[..., :-1]
        u = jax.random.uniform(of_cell, shape, self.dtype)
        cell = jnp.sum(below < u[..., None], axis=-1)
        place = jax.random.uniform(of_place, shape, self.dtype)
        return edges[cell] + place * (edges[1] - edges[0])

    def _default_event_space_bijector(self) -> Any:
        return _circle(self.dtype)


class SineSkewed(Own):
    """Angles that lean to the side of their skewness; see `sine_skewed`."""

    takes = FAMILIES["SineSkewed"].signature
    reparameterized = False

    def _event_shape(self) -> Any:
        return TensorShape(self.skewness.shape[-1:])

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray(self.skewness.shape[-1:], "int32")

    def _lean(self, value: Array) -> Array:
        return jnp.sum(self.skewness * jnp.sin(value - self.base.mean()), axis=-1)

    def _log_prob(self, value: Array) -> Array:
        return jnp.sum(self.base.log_prob(value), axis=-1) + jnp.log1p(
            self._lean(value)
        )

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        of_base, of_side = jax.random.split(seed)
        drawn = self.base.sample(n, seed=of_base)
        side = jax.random.uniform(of_side, drawn.shape[:-1], self.dtype)
        stays = 2 * side <= 1 + self._lean(drawn)
        return _wrapped(
            jnp.where(stays[..., None], drawn, 2 * self.base.mean() - drawn)
        )

    def _default_event_space_bijector(self) -> Any:
        return _circle(self.dtype)


def sine_skewed(base: Any, skewness: Array) -> SineSkewed:
    """Angles that lean to the side of their skewness.

    Args:
        base: Single angles that are symmetric about their mean; the last axis of the
            batch becomes the event.
        skewness: One number for each angle.
    """
    return SineSkewed(widened(base, tuple(skewness.shape)), skewness)


#: The constructors of this module, by the name that the table uses.
CIRCULAR: dict[str, Callable[..., Any]] = {
    "SineBivariateVonMises": SineBivariateVonMises,
    "SineSkewed": sine_skewed,
}
