"""TFP classes of families that TFP lacks, made from their laws."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from inspect import Parameter
from typing import Any, ClassVar

import jax.numpy as jnp

from jointbridge.backends.arrays.jax import JaxArrays
from jointbridge.backends.arrays.jax_laws import FUNCTIONS, Numbers
from jointbridge.backends.laws import (
    LAWS,
    Law,
    description,
    event_shape,
    guarded,
    own_shape,
    region,
    signature_of,
)
from jointbridge.backends.tfp.bijectors import bijector_of
from jointbridge.backends.tfp.library import TensorShape, tfd, tfp
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES, Family

_LAST = (("validate_args", False), ("allow_nan_stats", True))


class Lawful(tfd.AutoCompositeTensorDistribution):
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

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        shape = (n, *self.batch_shape, *self.event_shape)
        drawn = self.law.draw(
            FUNCTIONS, Numbers(seed, shape, self.dtype), **self._given
        )
        return jnp.broadcast_to(drawn, shape).astype(self.dtype)

    def _default_event_space_bijector(self) -> Any:
        if self.family.discrete:
            return None
        return bijector_of(region(self.family, self._arrays, self._spread))


def _width(given: Iterable[Any]) -> Any:
    """The width of the arrays; JAX's own where there are plain numbers alone."""
    arrays = [x for x in given if hasattr(x, "dtype")]
    return jnp.result_type(*arrays) if arrays else jnp.result_type(float)


def _class(name: str) -> type[Lawful]:
    family = FAMILIES[name]
    kind = Parameter.POSITIONAL_OR_KEYWORD
    last = [Parameter(n, kind, default=x) for n, x in (*_LAST, ("name", name))]
    signature = signature_of(family, *last)

    def __init__(self: Any, *args: Any, **keywords: Any) -> None:  # noqa: N807
        bound = signature.bind(self, *args, **keywords)
        bound.apply_defaults()
        given = dict(bound.arguments)
        del given["self"]
        own = {n: given[n] for n in family.parameters}
        vars(self).update(own)
        tfd.Distribution.__init__(
            self,
            dtype=_width(own.values()),
            reparameterization_type=tfd.FULLY_REPARAMETERIZED
            if self.law.reparameterized and not family.discrete
            else tfd.NOT_REPARAMETERIZED,
            parameters=given,
            **{n: given[n] for n, _ in _LAST},
            name=given["name"],
        )

    __init__.__signature__ = signature  # type: ignore[attr-defined]

    def _parameter_properties(dtype: Any, num_classes: Any = None) -> Any:
        del dtype, num_classes
        return {
            p.name: tfp.util.ParameterProperties(event_ndims=len(p.axes))
            for p in family.parameters.values()
        }

    body = {
        "__doc__": description(family),
        "__init__": __init__,
        "__module__": __name__,
        "__qualname__": name,
        "_parameter_properties": staticmethod(_parameter_properties),
        "family": family,
        "law": LAWS[name],
    }
    found: type[Lawful] = type(Lawful)(name, (Lawful,), body)  # type: ignore[misc]
    return found


#: The classes, by the name of the family.
CLASSES = {name: _class(name) for name in LAWS if not hasattr(tfd, name)}

# They can be pickled, and imported by name.
globals().update(CLASSES)
