"""Parameters spread over the axes that a library fills in by itself.

MultivariateNormal(loc=m, scale_tril=L)  ──►  loc=full((3,), m)
"""

from __future__ import annotations

from typing import Any

from jointbridge.expression import Call, Distribution, Expression, Number, Support
from jointbridge.families import FAMILIES, Parameter
from jointbridge.shapes import Scope

Shape = tuple[int, ...]


def spread(node: Expression, own: Shape, wanted: Shape) -> Expression:
    """The expression broadcast to a shape."""
    function = "broadcast_to" if own else "full"
    return Call(function, (node,), (("shape", wanted),))


def with_event_axes(dist: Distribution, scope: Scope) -> Distribution:
    """The distribution with vectors as long as its other parameters say.

    Args:
        dist: A distribution of the catalogue that a library has taken as it is.
        scope: The types of names.
    """
    rows = FAMILIES[dist.family].parameters
    sizes = _sizes(dist, scope)
    params = []
    for name, value in dist.params:
        if _is_array(rows[name], value):
            wanted = tuple(sizes.get(axis, 0) for axis in rows[name].axes)
            value = _ending(value, scope.type(value).shape, wanted)
        params.append((name, value))
    return Distribution(dist.family, tuple(params))


def _is_array(parameter: Parameter, value: Any) -> bool:
    """Whether it has axes to be spread over; those of a square matrix are fixed."""
    axes = parameter.axes
    literal = isinstance(value, Number) and parameter.default is not None
    special = parameter.special or isinstance(value, (Distribution, Support))
    return bool(axes) and len(set(axes)) == len(axes) and not (literal or special)


def _sizes(dist: Distribution, scope: Scope) -> dict[str, int]:
    """The largest size that any parameter has for an axis, by the name of the axis."""
    found: dict[str, int] = {}
    for name, value in dist.params:
        parameter = FAMILIES[dist.family].parameters[name]
        if parameter.special or isinstance(value, (Distribution, Support)):
            continue
        axes, shape = parameter.axes, scope.type(value).shape
        # a vector may have fewer axes than it should
        for axis, size in zip(reversed(axes), reversed(shape), strict=False):
            found[axis] = max(found.get(axis, 0), size)
    return found


def _ending(node: Any, own: Shape, wanted: Shape) -> Any:
    """The expression with axes of these sizes at its end, where it can be spread so."""
    rank = len(wanted)
    end = (1,) * (rank - len(own)) + own[-rank:]
    able = all(a in (1, b) for a, b in zip(end, wanted, strict=True))
    if own[-rank:] == wanted or not able or not all(wanted):
        return node
    return spread(node, own, (*own[:-rank], *wanted))
