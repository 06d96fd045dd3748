"""Components that are no family of the catalogue, by their log density.

the value is empty                            a factor
the log density does not rest on the value    an ImproperUniform on its bijector's support
it does                                       that, and the log density as a factor

The last is for transformed distributions of TFP, whose density is TFP's, and for those
that the user asks for: nothing draws such a site from its prior.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import jax

from jointbridge.backends.arrays.raising.equations import live
from jointbridge.backends.arrays.raising.tracing import refusal
from jointbridge.backends.foreign import patterns, to_catalogue
from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.components import SiteDistribution
from jointbridge.backends.tfp.read_components import (
    WRAPPERS,
    Arrays,
    Component,
    class_name,
    component,
    defaults,
    given,
    is_transformed,
)
from jointbridge.backends.tfp.table import TABLE
from jointbridge.expression import Node

#: Whose classes are what their names say.
_LIBRARIES = ("tensorflow_probability.", "jointbridge.")


def read_component(
    made: Any, value: Any, arrays: Arrays, by_density: bool
) -> Component:
    """A component of a joint, its wrappers taken off.

    Args:
        made: The distribution.
        value: Its value, traced.
        arrays: Takes what the component is given.
        by_density: Whether an unknown family is kept as its log density.

    Raises:
        ReadError: It cannot be said.
    """
    if isinstance(made, SiteDistribution):
        made = _beneath(made)
    inner = innermost(made)
    if has_family(inner, arrays):
        found = component(made, arrays)
        found.own = not is_librarys(inner)
        return found
    if not math.prod(map(int, made.event_shape)):
        return Component(None, [], density=_density(made, value, arrays))
    if not (by_density or is_transformed(inner)) and _rests_on(made, value):
        raise _unknown(inner)
    found = component(made, arrays, improper=inner)
    found.density = _density(made, value, arrays)
    return found


def _beneath(made: SiteDistribution) -> Any:
    """TFP's own distribution beneath a component of ours."""
    sample = made.part.site.sample
    if sample.mask is not None or sample.scale is not None:
        message = f"the mask or scale of {sample.name!r}, which TFP does not have"
        raise ReadError(message, hint="read the joint that to_tfp() gave as a whole")
    return made.distribution


def innermost(made: Any) -> Any:
    """The distribution inside of wrappers."""
    while isinstance(made, WRAPPERS):
        made = made.distribution
    return made


def has_family(made: Any, arrays: Arrays) -> bool:
    """Whether the table says what a distribution is, by the name of its class."""
    if is_transformed(made):
        return _is_known_transformation(made, arrays)
    return class_name(made) in _families()


def is_librarys(made: Any) -> bool:
    """Whether the class is none of the user's, who may have given it any name."""
    return f"{type(made).__module__}.".startswith(_LIBRARIES)


@cache
def _families() -> frozenset[str]:
    # An `ImproperUniform`, which is ours, is read as any other flat density.
    return frozenset(patterns(TABLE)) - {"ImproperUniform"}


def _is_known_transformation(made: Any, arrays: Arrays) -> bool:
    try:
        found = component(made, Arrays([*arrays.values]))
        assert found.tree is not None
        to_catalogue(TABLE, found.tree, defaults)
    except ReadError:
        return False
    return True


def _unknown(made: Any) -> ReadError:
    message = (
        f"{type(made).__name__}({', '.join(given(made))}) is no family of the catalogue"
    )
    hint = "options={'density': True} keeps its density alone, as a factor"
    return ReadError(message, code="unknown-family", hint=hint)


def _rests_on(made: Any, value: Any) -> bool:
    """Whether the log density may differ from value to value."""
    aval = jax.ShapeDtypeStruct(value.shape, value.dtype)
    closed = _computed(jax.make_jaxpr(made.log_prob), aval)
    _, needed = live(closed.jaxpr, {})
    return closed.jaxpr.invars[0] in needed


def _density(made: Any, value: Any, arrays: Arrays) -> Node:
    return arrays.leaf(_computed(made.log_prob, value), "the log density")


def _computed(function: Callable[[Any], Any], value: Any) -> Any:
    try:
        return function(value)
    except Exception as error:
        raise refusal(error, "the value of a component") from error
