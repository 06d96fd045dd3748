"""TFP's distributions as trees of what their author wrote.

    tfd.Sample(tfd.Normal(mu, 1.0), 3)

        tree     Normal(loc=<array 0>, scale=1.0)
        axes     [3]        None stands for an axis that the parameters have themselves

Wrappers only move axes about: `Sample` adds some behind the batch, `BatchBroadcast` in
front of it, `Independent` none at all.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.library import tfb, tfd
from jointbridge.expression import Distribution, Name, Node, Number, Sequence, Support

#: Parameters of constructors that are no part of the distribution.
_PLAIN = {"validate_args", "allow_nan_stats", "name", "dtype", "parameters"}
_PLAIN |= {"kwargs_split_fn", "safe_sample_fn"}
_SLOT = "array:"


@dataclass
class Arrays:
    """The arrays of all trees, which stand in them as numbered names.

    Attributes:
        values: The arrays.
        scalars: The ids of those without axes that have a name.
    """

    values: list[Any] = field(default_factory=list)
    scalars: Collection[int] = ()

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
        known = isinstance(value, jax.core.Tracer) or id(value) in self.scalars
        if not known and np.ndim(value) == 0:
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


def _plain(cls: Any) -> Any:
    """The class without what makes it a tree of JAX, which a user's inside it may not be."""
    base = cls.__mro__[1]
    return base if base.__name__ == f"_{cls.__name__}" else cls


INDEPENDENT, SAMPLE = _plain(tfd.Independent), _plain(tfd.Sample)
BROADCAST = _plain(tfd.BatchBroadcast)


@dataclass
class Component:
    """One component of a joint, its wrappers taken off.

    Attributes:
        tree: The distribution in TFP's words; None for a term of the density alone.
        axes: The axes of a value left of the tree's own event, as sizes; None for those
            of the parameters.
        event: How many of these axes belong to the event.
        mask: Where the density counts.
        density: The log density, where the tree does not say it.
        own: Whether the class is the user's, known by its name alone.
    """

    tree: Distribution | None
    axes: list[int | None]
    event: int = 0
    mask: Node | None = None
    density: Node | None = None
    own: bool = False


def component(made: Any, arrays: Arrays, improper: Any = None) -> Component:
    """A distribution without its wrappers.

    Args:
        made: The distribution.
        arrays: Takes what was given to constructors.
        improper: A distribution inside that is said by its support alone.

    Raises:
        ReadError: A wrapper cannot be said here.
    """
    if made is improper:
        return _support(made, arrays)
    if not isinstance(made, WRAPPERS):
        return _bare(made, arrays)
    found = component(made.distribution, arrays, improper)
    if isinstance(made, INDEPENDENT):
        found.event += int(made.parameters["reinterpreted_batch_ndims"])
        return found
    if isinstance(made, SAMPLE):
        return _copies(made, found)
    if isinstance(made, BROADCAST):
        return _broadcast(made, found)
    return _masked(made, found, arrays)


#: What moves axes about, or leaves out terms, and is no family.
WRAPPERS = (INDEPENDENT, SAMPLE, BROADCAST, _plain(tfd.Masked))


def is_transformed(made: Any) -> bool:
    """Whether it is none of the families that are made so."""
    cls = tfd.TransformedDistribution
    return type(made) in (cls, _plain(cls))


def _bare(made: Any, arrays: Arrays) -> Component:
    if is_transformed(made):
        return _transformed(made, arrays)
    return Component(tree(made, arrays), [None] * len(made.batch_shape))


def _support(made: Any, arrays: Arrays) -> Component:
    """A distribution as the support that its bijector leads to."""
    bijector = made.experimental_default_event_space_bijector()
    if bijector is None:
        message = f"a {type(made).__name__} has no default event space bijector"
        raise ReadError(message, hint="give it one: it says what values there are")
    event = tuple(map(int, made.event_shape))
    copies = len(event) - int(bijector.inverse_min_event_ndims)
    # The name of the support is found when its bounds are known.
    leads: Any = bijector_of(bijector, arrays)
    place = Support("", (("bijector", leads),), event[copies:])
    axes: list[int | None] = [None] * (len(made.batch_shape) + copies)
    return Component(
        Distribution("ImproperUniform", (("support", place),)), axes, copies
    )


def _copies(made: Any, found: Component) -> Component:
    _unmasked(found, "Sample")
    shape = np.atleast_1d(np.asarray(made.parameters["sample_shape"], int))
    at = len(found.axes) - found.event
    found.axes[at:at] = [int(n) for n in shape]
    found.event += len(shape)
    return found


def _broadcast(made: Any, found: Component) -> Component:
    _unmasked(found, "BatchBroadcast")
    batch = [int(n) for n in made.batch_shape]
    inner = len(found.axes) - found.event
    found.axes[:0] = batch[: len(batch) - inner]
    return found


def _masked(made: Any, found: Component, arrays: Arrays) -> Component:
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
    assert found.tree is not None
    parts = (("distribution", found.tree), ("bijector", bijector_of(bijector, arrays)))
    found.tree = Distribution("TransformedDistribution", parts)
    return found


_KNOWN = "use a distribution that TFP has under a name of its own, as LogNormal"


def bijector_of(made: Any, arrays: Arrays) -> Distribution:
    """A bijector in TFP's words; the parts of a chain are numbered in words.

    Raises:
        ReadError: It is none, or a chain of many.
    """
    if not isinstance(made, tfb.Bijector):
        raise ReadError("a transformation that is no bijector", hint=_KNOWN)
    if not isinstance(made, tfb.Chain):
        return Distribution(type(made).__name__, tuple(_arguments(made, arrays)))
    parts = [b for b in _links(made) if not isinstance(b, tfb.Identity)]
    if len(parts) > len(_PLACES):
        raise ReadError(f"a chain of {len(parts)} bijectors", hint=_KNOWN)
    trees = [bijector_of(b, arrays) for b in parts]
    if len(trees) < 2:
        return trees[0] if trees else Distribution("Identity")
    return Distribution("Chain", tuple(zip(_PLACES, trees, strict=False)))


_PLACES = ("first", "second", "third")

#: What TFP wraps around the bijector of each copy.
_OF_COPIES = {"_DefaultSampleBijector", "_NonCompositeTensorDefaultSampleBijector"}


def _links(made: Any) -> Iterator[Any]:
    if isinstance(made, tfb.Chain):
        for part in made.parameters["bijectors"]:
            yield from _links(part)
    elif type(made).__name__ in _OF_COPIES:
        yield from _links(made.parameters["bijector"])
    else:
        yield made


def tree(made: Any, arrays: Arrays) -> Distribution:
    """A distribution in TFP's words, with what was given to its constructor."""
    return Distribution(class_name(made), tuple(_arguments(made, arrays)))


def class_name(made: Any) -> str:
    """What users call a class."""
    name = type(made).__name__
    public = getattr(tfd, name.removeprefix("_"), None)
    return (
        name if public is None or _plain(public) is not type(made) else public.__name__
    )


def given(made: Any) -> dict[str, Any]:
    """What a constructor was given besides what it takes anyway."""
    usual = _signature(type(made))
    return {
        name: value
        for name, value in made.parameters.items()
        if not (name in _PLAIN or name.startswith("experimental_"))
        and value is not None
        and value is not usual.get(name)
    }


def _arguments(made: Any, arrays: Arrays) -> Iterator[tuple[str, Node]]:
    for name, value in given(made).items():
        if isinstance(value, tfd.Distribution):
            yield name, tree(value, arrays)
        elif isinstance(value, tfb.Bijector):
            yield name, bijector_of(value, arrays)
        elif _are_distributions(value):
            yield name, Sequence(tuple(tree(d, arrays) for d in value))
        else:
            what = f"{name!r} of {type(made).__name__}"
            yield name, arrays.leaf(value, what)


def _are_distributions(value: Any) -> bool:
    is_list = isinstance(value, (list, tuple)) and bool(value)
    return is_list and all(isinstance(d, tfd.Distribution) for d in value)


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
