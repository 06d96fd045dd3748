"""NumPyro classes of families that NumPyro lacks, made from their laws."""

from __future__ import annotations

from functools import partial
from inspect import Parameter
from typing import Any, ClassVar

import jax.numpy as jnp
import numpyro.distributions as dist
from numpyro.distributions import constraints
from numpyro.distributions.util import validate_sample

from jointbridge.backends.arrays.jax import JaxArrays
from jointbridge.backends.arrays.jax_laws import FUNCTIONS, drawn
from jointbridge.backends.laws import (
    LAWS,
    Law,
    batch_shape,
    class_of,
    constrained,
    constructor,
    event_shape,
    given_to,
    guarded,
    own_shape,
)
from jointbridge.backends.numpyro.regions import constraint
from jointbridge.backends.numpyro.table import DIMENSIONS
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES, Family


class Lawful(dist.Distribution):
    """A distribution of one value with a density and draws of its family's law.

    Attributes:
        family: The catalogue's row.
        law: Its density and draws.
    """

    family: ClassVar[Family]
    law: ClassVar[Law]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        given = given_to(self, args, keywords)
        validate_args = given.pop("validate_args")
        vars(self).update(given)
        arrays = {n: jnp.asarray(x, float) for n, x in given.items() if x is not None}
        shapes = (batch_shape(self.family, n, x) for n, x in arrays.items())
        batch = jnp.broadcast_shapes(*shapes)
        for name, array in arrays.items():
            shape = (*batch, *own_shape(self.family, name, array))
            setattr(self, name, jnp.broadcast_to(array, shape))
        event = event_shape(self.family, arrays)
        super().__init__(batch, event, validate_args=validate_args)

    @property
    def _given(self) -> dict[str, Array]:
        given = {n: getattr(self, n) for n in self.family.parameters}
        return {n: x for n, x in given.items() if x is not None}

    @property
    def _arrays(self) -> JaxArrays:
        return JaxArrays(str(next(iter(self._given.values())).dtype))

    def get_args(self) -> dict[str, Array]:
        """The parameters that were given."""
        return self._given

    def sample(self, key: Array, sample_shape: tuple[int, ...] = ()) -> Array:
        """Draws; counts are integers."""
        shape = (*sample_shape, *self.batch_shape, *self.event_shape)
        dtype = self._arrays.dtypes["float"]
        found = drawn(self.law.draw, key, shape, dtype, self._given)
        return found.astype(int) if self.family.discrete else found

    @validate_sample
    def log_prob(self, value: Array) -> Array:
        """The log density, one number for each batch element."""
        value = jnp.asarray(value, self._arrays.dtypes["float"])
        shape = jnp.broadcast_shapes(value.shape, self.batch_shape + self.event_shape)
        value = jnp.broadcast_to(value, shape)
        density = partial(self.law.log_prob, FUNCTIONS, **self._given)
        return guarded(self.family, self._arrays, self._given, value, density)


def _class(name: str) -> type:
    family = FAMILIES[name]
    last = Parameter("validate_args", Parameter.KEYWORD_ONLY, default=None)
    return class_of(
        name,
        LAWS[name],
        Lawful,
        __init__=constructor(Lawful, family.parameters, last),
        pytree_data_fields=tuple(family.parameters),
        **constrained(family, constraints, constraint),
    )


#: NumPyro's own class has a density in few dimensions.
_NARROW = {"ProjectedNormal"}

#: The classes, by the name of the family.
CLASSES = {
    name: _class(name) for name in LAWS if name in _NARROW or not hasattr(dist, name)
}

# They can be pickled, and imported by name.
globals().update(CLASSES)


def projected_normal(concentration: Array, validate_args: bool | None = None) -> Any:
    """NumPyro's own where it has a density, and the law's class elsewhere."""
    own = concentration.shape[-1] in DIMENSIONS
    found = dist.ProjectedNormal if own else CLASSES["ProjectedNormal"]
    return found(concentration, validate_args=validate_args)
