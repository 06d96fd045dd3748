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
from jointbridge.backends.arrays.jax_laws import FUNCTIONS, Numbers
from jointbridge.backends.laws import (
    LAWS,
    Law,
    batch_shape,
    description,
    domain,
    event_shape,
    guarded,
    own_shape,
    region,
    signature_of,
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
        bound = type(self).__init__.__signature__.bind(self, *args, **keywords)
        bound.apply_defaults()
        given = dict(bound.arguments)
        del given["self"]
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
        drawn = self.law.draw(FUNCTIONS, Numbers(key, shape, dtype), **self._given)
        drawn = jnp.broadcast_to(drawn, shape)
        return drawn.astype(int) if self.family.discrete else drawn

    @validate_sample
    def log_prob(self, value: Array) -> Array:
        """The log density, one number for each batch element."""
        value = jnp.asarray(value, self._arrays.dtypes["float"])
        shape = jnp.broadcast_shapes(value.shape, self.batch_shape + self.event_shape)
        value = jnp.broadcast_to(value, shape)
        density = partial(self.law.log_prob, FUNCTIONS, **self._given)
        return guarded(self.family, self._arrays, self._given, value, density)


def _support(self: Lawful) -> Any:
    return constraint(region(self.family, self._arrays, self._given))


def _domain(family: Family, name: str) -> Any:
    """The constraint of a parameter, where it depends on no other."""
    found = domain(family, name)
    return constraints.dependent if found is None else constraint(found)


def _class(name: str) -> type[Lawful]:
    family = FAMILIES[name]

    def __init__(self: Any, *args: Any, **keywords: Any) -> None:  # noqa: N807
        Lawful.__init__(self, *args, **keywords)

    keyword = Parameter("validate_args", Parameter.KEYWORD_ONLY, default=None)
    __init__.__signature__ = signature_of(family, keyword)  # type: ignore[attr-defined]
    support = constraints.dependent_property(
        _support, is_discrete=family.discrete, event_dim=len(family.axes)
    )
    body = {
        "__doc__": description(family),
        "__init__": __init__,
        "__module__": __name__,
        "__qualname__": name,
        "arg_constraints": {n: _domain(family, n) for n in family.parameters},
        "family": family,
        "law": LAWS[name],
        "pytree_data_fields": tuple(family.parameters),
        "support": support,
    }
    return type(name, (Lawful,), body)


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
