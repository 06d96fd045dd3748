"""What the classes that TFP lacks have alike: constructors, shapes, random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import Parameter
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from jointbridge.backends.laws import constructor, given_to
from jointbridge.backends.tfp.library import TensorShape, tfd, tfp
from jointbridge.evaluate import Array
from jointbridge.families import Parameter as Row
from jointbridge.families.row import parameters

_KIND = Parameter.POSITIONAL_OR_KEYWORD
#: What all of TFP's constructors take besides.
_LAST = (
    Parameter("validate_args", _KIND, default=False),
    Parameter("allow_nan_stats", _KIND, default=True),
)


class Own(tfd.AutoCompositeTensorDistribution):
    """A distribution whose parameters are attributes of their own names.

    TFP rebuilds objects from the signatures of their classes, and warns where a class with
    a constructor inherits what its parameters are: so each subclass gets a constructor of
    its own, and writes none.

    Attributes:
        takes: The parameters, as a signature of the catalogue.
        reparameterized: Whether gradients pass through draws.
    """

    takes: ClassVar[str] = ""
    reparameterized: ClassVar[bool] = True
    _rows: ClassVar[Mapping[str, Row]] = {}

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        cls._rows = parameters(cls.takes)
        name = Parameter("name", _KIND, default=cls.__name__)
        made = constructor(Own, cls._rows, *_LAST, name)
        cls.__init__ = made  # type: ignore[method-assign]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        given = given_to(self, args, keywords)
        vars(self).update({n: given[n] for n in self._rows})
        kinds = (tfd.NOT_REPARAMETERIZED, tfd.FULLY_REPARAMETERIZED)
        super().__init__(
            dtype=self._width(),
            reparameterization_type=kinds[self.reparameterized],
            parameters=given,
            **{n: x for n, x in given.items() if n not in self._rows},
        )

    def _width(self) -> Any:
        """The width of values: the base's, or of all arrays; JAX's own where none is."""
        given = {n: getattr(self, n) for n in self._rows}
        for name, row in self._rows.items():
            if row.special == "distribution":
                return given[name].dtype
        arrays = [x for x in given.values() if hasattr(x, "dtype")]
        return jnp.result_type(*arrays) if arrays else jnp.result_type(float)

    @classmethod
    def _parameter_properties(cls, dtype: Any, num_classes: Any = None) -> Any:
        del dtype, num_classes
        return {n: _properties(row) for n, row in cls._rows.items()}

    def _event_shape(self) -> Any:
        return TensorShape([])

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        return self._draw((n, *self.batch_shape), seed)

    def _draw(self, shape: tuple[int, ...], seed: Any) -> Array:
        """Draws, one for each element of a shape of batches."""
        raise NotImplementedError

    def _uniform(self, shape: tuple[int, ...], seed: Any) -> Array:
        """Numbers above 0 and below 1."""
        tiny = jnp.finfo(self.dtype).tiny
        return jax.random.uniform(seed, shape, self.dtype, minval=tiny)


def _properties(row: Row) -> Any:
    """What TFP wants to know of a parameter."""
    if row.special == "distribution":
        return tfp.util.BatchedComponentProperties(event_ndims=len(row.axes))
    rank = None if row.special == "size" else len(row.axes)
    return tfp.util.ParameterProperties(event_ndims=rank)
