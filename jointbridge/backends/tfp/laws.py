"""TFP classes of families that TFP lacks, made from their laws."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import jax.numpy as jnp

from jointbridge.backends.arrays.jax import JaxArrays
from jointbridge.backends.arrays.jax_laws import FUNCTIONS, Numbers
from jointbridge.backends.laws import (
    LAWS,
    Law,
    class_of,
    event_shape,
    guarded,
    own_shape,
    region,
)
from jointbridge.backends.tfp.bijectors import bijector_of
from jointbridge.backends.tfp.library import TensorShape, tfd
from jointbridge.backends.tfp.own import Own
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES, Family


class Lawful(Own):
    """A distribution of one value with a density and draws of its family's law.

    Attributes:
        family: The catalogue's row.
        law: Its density and draws.
    """

    family: ClassVar[Family]
    law: ClassVar[Law]

    @property
    def _given(self) -> dict[str, Array]:
        given = {n: getattr(self, n) for n in self.family.parameters}
        return {
            n: jnp.asarray(x, self.dtype) for n, x in given.items() if x is not None
        }

    @property
    def _spread(self) -> dict[str, Array]:
        """The parameters with all batch axes."""
        batch = tuple(self.batch_shape)
        return {
            n: jnp.broadcast_to(x, (*batch, *own_shape(self.family, n, x)))
            for n, x in self._given.items()
        }

    @property
    def _arrays(self) -> JaxArrays:
        return JaxArrays(jnp.dtype(self.dtype).name)

    def _event_shape(self) -> Any:
        return TensorShape(event_shape(self.family, self._given))

    def _log_prob(self, value: Array) -> Array:
        value = jnp.asarray(value, self.dtype)
        shape = (*self.batch_shape, *self.event_shape)
        value = jnp.broadcast_to(value, jnp.broadcast_shapes(value.shape, shape))
        density = partial(self.law.log_prob, FUNCTIONS, **self._given)
        return guarded(self.family, self._arrays, self._spread, value, density)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        shape = (*shape, *self.event_shape)
        drawn = self.law.draw(
            FUNCTIONS, Numbers(seed, shape, self.dtype), **self._given
        )
        return jnp.broadcast_to(drawn, shape).astype(self.dtype)

    def _default_event_space_bijector(self) -> Any:
        if self.family.discrete:
            return None
        return bijector_of(region(self.family, self._arrays, self._spread))


def _class(name: str) -> type:
    family = FAMILIES[name]
    return class_of(
        name,
        LAWS[name],
        Lawful,
        takes=family.signature,
        reparameterized=LAWS[name].reparameterized and not family.discrete,
    )


#: TFP's own class takes one list of outcomes for a whole batch.
_NARROW = {"FiniteDiscrete"}

#: The classes, by the name of the family.
CLASSES = {
    name: _class(name) for name in LAWS if name in _NARROW or not hasattr(tfd, name)
}

# They can be pickled, and imported by name.
globals().update(CLASSES)
