"""TFP's distributions as trees of what their author wrote.

    tfd.Sample(tfd.Normal(mu, 1.0), 3)

        tree     Normal(loc=<array 0>, scale=1.0)
        axes     [3]        None stands for an axis that the parameters have themselves

Wrappers only move axes about: `Sample` adds some behind the batch, `BatchBroadcast` in
front of it, `Independent` none at all.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.library import tfb, tfd
from jointbridge.expression import Distribution, Name, Node, Number

#: Parameters of constructors that are no part of the distribution.
_PLAIN = {"validate_args", "allow_nan_stats", "name", "dtype", "parameters"}
_PLAIN |= {"kwargs_split_fn", "safe_sample_fn"}
_SLOT = "array:"


@dataclass
class Arrays:
    """The arrays of all trees, which stand in them as numbered names."""

    values: list[Any] = field(default_factory=list)

    def leaf(self, value: Any, what: str) -> Node:
        """What stands for a value.

        Raises:
            ReadError: It is neither a number nor an array.
        """
        if type(value) in (bool, int, float):  # a scalar of NumPy is a float too
            return Number(value)
        if not hasattr(value, "dtype") or not hasattr(value, "shape"):
            try:
                value = np.asarray(value)
            except (TypeError, ValueError):
                value = np.asarray(None)
        if value.dtype.kind not in "fiub":
            raise ReadError(f"{what} is no array", hint="pass a number or an array")
        if not isinstance(value, jax.core.Tracer) and np.ndim(value) == 0:
            return Number(_number(np.asarray(value)))
        self.values.append(value)
        return Name(slot_name(len(self.values) - 1))


def slot_name(number: int) -> str:
    """The name that stands for an array in a tree."""
    return f"{_SLOT}{number}"


def slot(node: Any) -> int | None:
    """The number of the array that a node stands for; None for other nodes."""
    if isinstance(node, Name) and node.name.startswith(_SLOT):
        return int(node.name.removeprefix(_SLOT))
    return None


def _number(value: np.ndarray) -> float | int | bool:
    """A float32 is what was typed, not what it is in float64."""
    if value.dtype.kind == "f" and value.dtype.itemsize < 8:
        return float(str(value[()]))
    found: float | int | bool = value.item()
    return found


@dataclass
class Component:
    """One component of a joint, its wrappers taken off.

    Attributes:
        tree: The distribution in TFP's words.
        axes: The axes of a value left of the tree's own event, as sizes; None for those
            of the parameters.
        event: How many of these axes belong to the event.
        mask: Where the density counts.
    """

    tree: Distribution
    axes: list[int | None]
    event: int = 0
    mask: Node | None = None


def component(made: Any, arrays: Arrays) -> Component:
    """A distribution without its wrappers.

    Raises:
        ReadError: A wrapper cannot be said here.
    """
    if isinstance(made, tfd.Independent):
        found = component(made.distribution, arrays)
        found.event += int(made.parameters["reinterpreted_batch_ndims"])
        return found
    if isinstance(made, tfd.Sample):
        return _copies(made, arrays)
    if isinstance(made, tfd.BatchBroadcast):
        return _broadcast(made, arrays)
    if isinstance(made, tfd.Masked):
        return _masked(made, arrays)
    if type(made) is tfd.TransformedDistribution:
        return _transformed(made, arrays)
    return Component(tree(made, arrays), [None] * len(made.batch_shape))


def _copies(made: Any, arrays: Arrays) -> Component:
    found = component(made.distribution, arrays)
    _unmasked(found, "Sample")
    shape = np.atleast_1d(np.asarray(made.parameters["sample_shape"], int))
    at = len(found.axes) - found.event
    found.axes[at:at] = [int(n) for n in shape]
    found.event += len(shape)
    return found


def _broadcast(made: Any, arrays: Arrays) -> Component:
    found = component(made.distribution, arrays)
    _unmasked(found, "BatchBroadcast")
    batch = [int(n) for n in made.batch_shape]
    inner = len(found.axes) - found.event
    found.axes[:0] = batch[: len(batch) - inner]
    return found


def _masked(made: Any, arrays: Arrays) -> Component:
    found = component(made.distribution, arrays)
    if found.event or found.mask is not None:
        message = "a mask that covers several values at once"
        raise ReadError(message, hint="put Masked inside of Independent or Sample")
    found.mask = arrays.leaf(made.parameters["validity_mask"], "the mask")
    return found


def _unmasked(found: Component, wrapper: str) -> None:
    if found.mask is not None:
        raise ReadError(f"a Masked inside of {wrapper}", hint="put Masked outside")


def _transformed(made: Any, arrays: Arrays) -> Component:
    found = component(made.distribution, arrays)
    bijector = made.bijector
    if found.mask is not None or bijector.forward_min_event_ndims:
        raise ReadError("a transformation of whole vectors", hint=_KNOWN)
    parts = (("distribution", found.tree), ("bijector", _bijector(bijector, arrays)))
    found.tree = Distribution("TransformedDistribution", parts)
    return found


_KNOWN = "use a distribution that TFP has under a name of its own, as LogNormal"


def _bijector(made: Any, arrays: Arrays) -> Distribution:
    if not isinstance(made, tfb.Bijector):
        raise ReadError("a transformation that is no bijector", hint=_KNOWN)
    return Distribution(type(made).__name__, tuple(_arguments(made, arrays)))


def tree(made: Any, arrays: Arrays) -> Distribution:
    """A distribution in TFP's words, with what was given to its constructor."""
    return Distribution(type(made).__name__, tuple(_arguments(made, arrays)))


def _arguments(made: Any, arrays: Arrays) -> Iterator[tuple[str, Node]]:
    usual = _signature(type(made))
    for name, value in made.parameters.items():
        plain = name in _PLAIN or name.startswith("experimental_")
        if plain or value is None or value is usual.get(name):
            continue
        if isinstance(value, tfd.Distribution):
            yield name, tree(value, arrays)
        elif isinstance(value, tfb.Bijector):
            yield name, _bijector(value, arrays)
        else:
            what = f"{name!r} of {type(made).__name__}"
            yield name, arrays.leaf(value, what)


def _signature(cls: Any) -> dict[str, Any]:
    parameters = inspect.signature(cls.__init__).parameters.values()
    return {p.name: p.default for p in parameters}


def defaults(name: str) -> dict[str, Node]:
    """The arguments that a constructor has by default, where they are numbers."""
    made = getattr(tfd, name, None) or getattr(tfb, name, None)
    if made is None:
        return {}
    found = _signature(made)
    kinds = (bool, int, float)
    return {n: Number(v) for n, v in found.items() if isinstance(v, kinds)}
