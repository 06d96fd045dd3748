"""What a law is: a density and draws of one value, over any library's array functions.

Families that some library lacks are written down once here; each backend makes a class of
its own library from them. A law is given

    m    the library's functions under common names, as `m.log` and `m.lgamma`
    r    its random numbers, each call a fresh array: `r.uniform()`, `r.gamma(a)`
    x    the value, and the parameters by name, as arrays that broadcast
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jointbridge.backends.base import Region
from jointbridge.evaluate import Array, Arrays, Evaluator
from jointbridge.expression import Name, Support
from jointbridge.families import Family
from jointbridge.membership import membership
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse


@dataclass(frozen=True)
class Law:
    """The law of a family.

    Attributes:
        log_prob: `(m, x, **parameters)` to the log density.
        draw: `(m, r, **parameters)` to draws.
        reparameterized: Whether gradients pass through draws; they do not where
            proposals are rejected.
    """

    log_prob: Callable[..., Any]
    draw: Callable[..., Any]
    reparameterized: bool = True


class Random(Protocol):
    """Random numbers of one shape."""

    def uniform(self) -> Array:
        """Between 0 and 1, never 0 or 1."""

    def normal(self) -> Array:
        """Standard normal."""

    def exponential(self) -> Array:
        """Standard exponential, never 0."""

    def log_gamma(self, concentration: Array) -> Array:
        """The logarithm of a standard gamma; finite however small the concentration."""

    def poisson(self, rate: Array) -> Array:
        """Counts, as floats."""

    def accepted(self, propose: Callable[[Random], tuple[Array, Array]]) -> Array:
        """Of proposals, each with whether it is taken, the first that is."""


def region(family: Family, arrays: Arrays, given: Mapping[str, Array]) -> Region:
    """The support of a family at given parameters.

    Args:
        family: Its row.
        arrays: The array library, of the parameters' width.
        given: The parameters, all with the same batch axes.
    """
    own = {n: own_shape(family, n, x) for n, x in given.items()}
    sizes = {
        axis: size
        for n in given
        for axis, size in zip(family.parameters[n].axes, own[n], strict=True)
    }
    if family.support in SUPPORTS:
        return Region(Support(family.support), {})
    support = parse(family.support, sizes=sizes)
    # The batch axes are handed over as draws.
    scope = Scope({n: Type(shape) for n, shape in own.items()})
    evaluate = Evaluator(arrays, scope, dict(given))
    bounds = {n: arrays.cast(evaluate(node), "float") for n, node in support.params}
    return Region(Support(support.name), bounds)


def guarded(
    family: Family,
    arrays: Arrays,
    given: Mapping[str, Array],
    value: Array,
    density: Callable[[Array], Array],
) -> Array:
    """The density inside the support, -inf outside, NaN for NaN.

    A family of vectors looks after its own support.

    Args:
        family: The family's row.
        arrays: The array library, of the parameters' width.
        given: The parameters, all with the same batch axes.
        value: The value, as floats.
        density: The log density of values inside.
    """
    if family.axes:
        return density(value)
    name, bounds = region(family, arrays, given)
    support = Support(name.name, tuple((n, Name(n)) for n in bounds))
    evaluate = Evaluator(arrays, Scope({n: Type() for n in bounds}), dict(bounds))
    inside, point = membership(support, value, evaluate, 0, "float64")
    where, known = arrays.functions["where"], value == value
    found = density(where(inside, value, arrays.cast(point, "float")))
    number = arrays.array
    outside = where(known, number(-math.inf, "float"), number(math.nan, "float"))
    return where(inside, found, outside)


def own_shape(family: Family, name: str, array: Array) -> tuple[int, ...]:
    """The shape of a parameter behind its batch axes."""
    axes = len(family.parameters[name].axes)
    return tuple(array.shape[len(array.shape) - axes :])


def batch_shape(family: Family, name: str, array: Array) -> tuple[int, ...]:
    """The batch axes of a parameter."""
    axes = len(family.parameters[name].axes)
    return tuple(array.shape[: len(array.shape) - axes])


def event_shape(family: Family, given: Mapping[str, Array]) -> tuple[int, ...]:
    """The axes of one value."""
    sizes = {
        axis: size
        for n, x in given.items()
        for axis, size in zip(
            family.parameters[n].axes, own_shape(family, n, x), strict=True
        )
    }
    return tuple(sizes[axis] for axis in family.axes)
