"""The components of a TFP joint: each is one site of a spec, given the earlier ones.

A component's batch shape is the draws of the values it depends on, whatever they are;
plates and the site's own shape are inside its event:

    earlier values    [1000]  [1000, 8]
    component         batch [1000]   event [8]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from jointbridge.backends.tfp.bijectors import Unchanged
from jointbridge.backends.tfp.library import TensorShape, tfd
from jointbridge.backends.tfp.parts import Part
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array
from jointbridge.membership import membership


class Component(tfd.Distribution):
    """A statement of a joint, given the values it depends on.

    Args:
        part: What the statement needs.
        values: The values of its parents, and of params.
        name: An identifier.
    """

    def __init__(self, part: Part, values: Mapping[str, Array], name: str) -> None:
        self.part = part
        self._values = dict(values)
        self._draws = part.draws({n: values[n] for n in part.parents})
        super().__init__(
            dtype=part.dtype,
            reparameterization_type=tfd.NOT_REPARAMETERIZED,
            validate_args=False,
            allow_nan_stats=True,
            name=name,
        )

    def _batch_shape(self) -> Any:
        return TensorShape(self._draws)

    def _batch_shape_tensor(self) -> Any:
        return jnp.asarray(self._draws, "int32")

    def _event_shape(self) -> Any:
        return TensorShape(self.part.shape)

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray(self.part.shape, "int32")

    def feasible(self) -> Array:
        """Some value of the support, found without drawing."""
        return jnp.zeros((*self._draws, *self.part.shape), self.dtype)

    def _default_event_space_bijector(self) -> Any:
        return Unchanged(self.part.program.dtype)


class SiteDistribution(Component):
    """A site: scored as the spec says, drawn by TFP.

    The density is -inf outside the support, NaN for NaN, and honours mask and scale.
    `distribution` is TFP's own object beneath it.
    """

    @property
    def distribution(self) -> Any:
        """TFP's distribution, its plates inside the event; no mask, no scale.

        Raises:
            UnsupportedError: The steps of a scan depend on each other.
        """
        if self.part.is_chain:
            message = f"the steps of {self.part.name!r} depend on each other"
            hint = "its moments are those of many draws"
            raise UnsupportedError(
                f"{message}: TFP has no distribution of it", hint=hint
            )
        built = self.part.distribution(self._values)
        batch = (*self._draws, *self.part.site.batch)
        if tuple(built.batch_shape) != batch:
            built = tfd.BatchBroadcast(built, to_shape=batch)
        rank = len(self.part.site.batch)
        return tfd.Independent(built, rank) if rank else built

    @property
    def reparameterization_type(self) -> Any:
        """Whether gradients pass through draws, as for TFP's own distribution."""
        return self.part.distribution(self._values).reparameterization_type

    def _log_prob(self, value: Array) -> Array:
        density = self.part.score({**self._values, self.part.name: value})
        if not self.part.is_counted or value.dtype.kind != "f":
            return density
        axes = tuple(range(-len(self.part.shape), 0))
        whole = jnp.all(value == jnp.floor(value), axis=axes)
        unknown = jnp.any(jnp.isnan(value), axis=axes)
        density = jnp.where(whole, density, -jnp.inf)
        return jnp.where(unknown, jnp.nan, density)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        batch = (int(n), *self._draws, *self.part.site.batch)
        return self.part.draw(seed, self._values, batch).astype(self.dtype)

    def feasible(self) -> Array:
        """Some value of the support, found without drawing."""
        site, evaluate = self.part.site, self.part.evaluator(self._values)
        site = site.step or site
        shape, width = (*self._draws, *self.part.shape), self.part.program.dtype
        empty = jnp.zeros(shape, width)
        _, point = membership(site.support, empty, evaluate, site.elementwise, width)
        return jnp.broadcast_to(point, shape).astype(self.dtype)

    def _default_event_space_bijector(self) -> Any:
        evaluate = self.part.evaluator(self._values)
        site = self.part.site.step or self.part.site
        if self.part.moves_support:
            message = f"the support of {site.name!r} depends on its value a step before"
            hint = "use jointbridge's own unconstrained coordinates: joint.compile(…)"
            raise UnsupportedError(f"{message}: TFP has no bijector to it", hint=hint)
        found = self.part.program.bijector(site, evaluate)
        return Unchanged(self.part.program.dtype) if found is None else found

    def _mean(self) -> Array:
        with quiet():
            return self.distribution.mean()

    def _variance(self) -> Array:
        with quiet():
            return self.distribution.variance()


class FactorDistribution(Component):
    """A factor: its value is empty, its log density the factor's term.

    It can be drawn from as every empty array can; draws of the joint do not follow it.
    """

    def _log_prob(self, value: Array) -> Array:
        term = self.part.score(self._values)
        return jnp.broadcast_to(
            term, jnp.broadcast_shapes(term.shape, value.shape[:-1])
        )

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        del seed
        return jnp.zeros((int(n), *self._draws, 0), self.dtype)
