"""NumPyro's distributions as trees of what their author wrote.

dist.Normal(mu, 1.0).expand([3]).to_event(1).mask(seen)

tree          Normal(loc=<array 0>, scale=1.0)
independent   1        its axes come after those of plates
mask          <array 1>
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro.distributions as dist
from numpyro.distributions import constraints, transforms

from jointbridge.backends.numpyro.laws import CLASSES as LACKING
from jointbridge.backends.numpyro.read_constructors import public_name, written
from jointbridge.backends.numpyro.table import CONSTRAINTS, SAME_SETS
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Distribution, Name, Node, Number, Sequence, Support
from jointbridge.support import SUPPORTS


def defaults(name: str) -> dict[str, Node]:
    """The arguments that a constructor has by default, where they are numbers."""
    made = getattr(dist, name, None) or getattr(transforms, name, None)
    if made is None:
        return {}
    parameters = inspect.signature(made).parameters.values()
    numbers = {p.name: number(p.default) for p in parameters}
    return {n: v for n, v in numbers.items() if v is not None}


# -- arrays -------------------------------------------------------------------


def number(value: Any) -> Number | None:
    """The literal for a Python or NumPy number, or a known array of no axes."""
    if isinstance(value, jax.core.Tracer):
        return None
    if isinstance(value, (np.ndarray, jax.Array)):
        if value.ndim or value.dtype.kind not in "fiub":
            return None
        value = np.asarray(value)[()]
    if isinstance(value, np.generic) and value.dtype.kind == "f":
        return Number(float(str(value)))  # 0.1, also where a float32 holds it
    if isinstance(value, (bool, np.bool_)):
        return Number(bool(value))
    if isinstance(value, (int, np.integer)):
        return Number(int(value))
    return Number(value) if isinstance(value, float) else None


@dataclass
class Leaves:
    """The arrays of a model that expressions are wanted for, in order.

    Attributes:
        arrays: These arrays.
        own: Classes of the user's that are taken for the families of their names; None
            where nothing is.
    """

    arrays: list[Any] = field(default_factory=list)
    own: set[str] | None = None

    def add(self, value: Any) -> Node:
        """A literal, or a place for the expression of an array."""
        literal = number(value)
        if literal is not None:
            return literal
        self.arrays.append(jnp.asarray(value))
        return slot(len(self.arrays) - 1)


_SLOT = "\0"


def slot(number: int) -> Name:
    """The node that stands for an array until there is an expression for it."""
    return Name(f"{_SLOT}{number}")


def slot_number(node: Any) -> int | None:
    """Which array a node stands for."""
    if isinstance(node, Name) and node.name.startswith(_SLOT):
        return int(node.name[len(_SLOT) :])
    return None


# -- trees --------------------------------------------------------------------


@dataclass
class Unwrapped:
    """A distribution without its wrappers.

    Attributes:
        core: What is inside.
        shape: Axes of independent copies that the wrappers made part of an event.
        mask: What the wrappers mask it with, aligned to batch and `shape`.
    """

    core: Any
    shape: tuple[int, ...] = ()
    mask: Any = None


def unwrapped(made: Any) -> Unwrapped:
    """A distribution without `expand`, `to_event` and `mask`."""
    full = tuple(made.event_shape)
    mask, core = None, made
    while True:
        if isinstance(core, dist.MaskedDistribution):
            inner = core.base_dist
            mask = _both(mask, _aligned(core._mask, len(_copies(inner))))  # noqa: SLF001
        elif not isinstance(core, (dist.Independent, dist.ExpandedDistribution)):
            break
        core = core.base_dist
    shape = full[: len(full) - _event_dim(core)]
    return Unwrapped(core, shape, mask)


def _event_dim(core: Any) -> int:
    return 0 if isinstance(core, dist.Delta) else int(core.event_dim)


def _copies(made: Any) -> tuple[int, ...]:
    """The axes of a distribution's event that wrappers made."""
    core = made
    while isinstance(
        core, (dist.Independent, dist.ExpandedDistribution, dist.MaskedDistribution)
    ):
        core = core.base_dist
    return tuple(made.event_shape[: made.event_dim - _event_dim(core)])


def _aligned(mask: Any, axes: int) -> Any:
    if isinstance(mask, bool) or not axes or not jnp.ndim(mask):
        return mask
    return jnp.asarray(mask)[(..., *(None,) * axes)]


def _both(one: Any, other: Any) -> Any:
    if other is True:
        return one
    if one is None or other is None:
        return other if one is None else one
    return jnp.logical_and(one, other)


def tree(made: Any, leaves: Leaves) -> Distribution:
    """A distribution without wrappers, with NumPyro's names, arrays put into `leaves`.

    Raises:
        ReadError: An argument is something that no expression says.
    """
    _require_known(made, leaves)
    given = written(made)
    if isinstance(made, dist.ImproperUniform):
        region = support(given["support"], leaves, tuple(made.event_shape))
        return Distribution("ImproperUniform", (("support", region),))
    if isinstance(made, dist.Delta):
        given.pop("event_dim", None)
    cls: Any = type(made)
    name = public_name(cls)
    params = [(n, _argument(name, n, v, leaves)) for n, v in given.items()]
    return Distribution(name, tuple((n, v) for n, v in params if v is not None))


def _require_known(made: Any, leaves: Leaves) -> None:
    # A class of the same name need not be the same family.
    cls = type(made)
    if cls.__module__.startswith(("numpyro.", "jointbridge.")):
        return
    if leaves.own is None or cls.__name__ not in LACKING:
        message = f"{cls.__name__} is a class of your own (in {cls.__module__})"
        raise ReadError(message, code="unknown-family")
    leaves.own.add(cls.__name__)


def _argument(name: str, parameter: str, value: Any, leaves: Leaves) -> Any:
    if value is None:
        return None
    if isinstance(value, dist.Distribution):
        return _inner(name, parameter, value, leaves)
    if isinstance(value, constraints.Constraint):
        return support(value, leaves)
    if isinstance(value, transforms.Transform):
        return _transform(value, leaves)
    if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], int):
        return Number(value[0])  # the shape of a vector
    if isinstance(value, (list, tuple)) and value and not _is_numeric(value):
        return _parts(name, parameter, value, leaves)
    try:
        return leaves.add(value)
    except (TypeError, ValueError):
        pass
    message = f"{name}: {parameter}={value!r} is no array"
    raise ReadError(message, hint="pass numbers or arrays")


def _is_numeric(value: Any) -> bool:
    return all(
        not isinstance(v, (dist.Distribution, transforms.Transform)) for v in value
    )


def _inner(name: str, parameter: str, value: Any, leaves: Leaves) -> Distribution:
    found = unwrapped(value)
    if found.mask is not None:
        message = f"{name}: {parameter} is masked"
        raise ReadError(message, hint="mask the whole distribution")
    made = tree(found.core, leaves)
    if found.shape:
        size = (("reinterpreted_batch_ndims", Number(len(found.shape))),)
        made = Distribution("Independent", (("base_dist", made), *size))
    return made


def _parts(name: str, parameter: str, values: Any, leaves: Leaves) -> Any:
    """One transform of a list; several, and lists of distributions, as a sequence."""
    parts = tuple(_argument(name, parameter, v, leaves) for v in values)
    if all(isinstance(v, dist.Distribution) for v in values):
        return Sequence(parts)
    return (
        parts[0]
        if len(parts) == 1
        else Distribution(
            "Sequence", tuple((f"part_{k}", part) for k, part in enumerate(parts))
        )
    )


def _transform(value: Any, leaves: Leaves) -> Distribution:
    _require_known(value, leaves)
    names = inspect.signature(type(value)).parameters
    given = {n: getattr(value, n, None) for n in names}
    plain = {n: v for n, v in given.items() if v is not None and n != "domain"}
    params = (
        (n, _argument(type(value).__name__, n, v, leaves)) for n, v in plain.items()
    )
    return Distribution(type(value).__name__, tuple(params))


# -- supports -----------------------------------------------------------------

_BOUNDS = {
    "low": ("lower_bound",),
    "high": ("upper_bound",),
    "total_count": ("upper_bound",),
}


def support(value: Any, leaves: Leaves, shape: tuple[int, ...] = ()) -> Support:
    """A constraint as a support.

    Args:
        value: NumPyro's constraint.
        leaves: Takes the arrays of its bounds.
        shape: The event shape of its values.

    Raises:
        ReadError: The catalogue has no such support.
    """
    while isinstance(value, constraints.independent):
        value = value.base_constraint
    for name, row in SUPPORTS.items():
        if _is(value, CONSTRAINTS.get(name, name), bool(row.bounds)):
            bounds = ((b, _bound_of(value, b, leaves)) for b in row.bounds)
            return Support(name, tuple(bounds), shape)
    for constraint, name in SAME_SETS.items():
        if _is(value, constraint, bounded=False):
            return Support(name, (), shape)
    known = ", ".join(SUPPORTS)
    message = f"the constraint {value} is no support of the catalogue"
    raise ReadError(message, code="unknown-support", hint=f"it has {known}")


def _is(value: Any, name: str, bounded: bool) -> bool:
    known: Any = getattr(constraints, name, None)
    if known is None:
        return False
    return type(value) is known if bounded else type(value) is type(known)


def _bound_of(value: Any, name: str, leaves: Leaves) -> Any:
    found = next(getattr(value, a) for a in _BOUNDS[name] if hasattr(value, a))
    return leaves.add(found)


def discrete(made: Any) -> bool:
    """Whether the values of a distribution are counted."""
    try:
        return bool(made.support.is_discrete)
    except (AttributeError, NotImplementedError):
        return False


def value_type(made: Any) -> jax.ShapeDtypeStruct:
    """The shape and dtype of one value."""
    core = unwrapped(made).core
    if isinstance(core, dist.Delta):
        dtype = jnp.result_type(core.v)
    else:
        dtype = jnp.result_type(int if discrete(made) else float)
    return jax.ShapeDtypeStruct(tuple(made.shape()), dtype)
