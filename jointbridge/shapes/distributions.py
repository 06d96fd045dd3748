"""Batch shape, event shape and support of distributions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from jointbridge.errors import SpecError
from jointbridge.expression import (
    Distribution,
    Index,
    Number,
    Support,
    Transform,
    inner,
    is_many,
    substitute,
)
from jointbridge.families import FAMILIES, Family, Parameter
from jointbridge.families.wrapped import BASES, takes
from jointbridge.shapes.basic import DistributionType, Shape, bad, broadcast
from jointbridge.shapes.images import image
from jointbridge.spec import Type
from jointbridge.support import SUPPORTS
from jointbridge.syntax import brief, parse

if TYPE_CHECKING:
    from jointbridge.shapes.scope import Scope


def distribution(node: Distribution, scope: Scope) -> DistributionType:
    """Batch and event shape of a distribution; see `Scope.distribution`."""
    row = FAMILIES[node.family]
    sizes: dict[str, int] = {}
    batches: list[Shape] = []
    given: dict[str, DistributionType] = {}
    for name, value in node.params:
        parameter = row.parameters[name]
        if parameter.special == "size":
            sizes[parameter.axes[0]] = _size(node.family, name, value)
        elif isinstance(value, Support):
            batches += [scope.type(bound).shape for _, bound in value.params]
            given[name] = DistributionType((), value.sizes, "float")
        elif is_many(value):
            given[name] = _components(node, scope)
            batches.append(given[name].batch)
            _split(node, parameter, (len(value.items),), sizes)
        elif isinstance(value, Distribution):
            given[name] = scope.distribution(value)
            batches.append(_split(node, parameter, given[name].batch, sizes))
            _check_base(row, value)
        else:
            kind = scope.type(value)
            _check_kind(node, parameter, kind)
            if isinstance(value, Number) and parameter.default is not None:
                continue  # one literal for all elements, as loc=0
            batches.append(_split(node, parameter, kind.shape, sizes))
    try:
        batch = broadcast(*batches)
    except SpecError as error:
        message = f"{error.problems[0].message}, in {brief(node)}"
        raise SpecError(message, code="shape", hint=error.problems[0].hint) from None
    event = tuple(int(a) if a.isdigit() else sizes[a] for a in row.axes)
    if base := given.get(row.support):
        event = (*event, *base.event)
        return DistributionType(batch, event, base.kind, tuple(sizes.items()))
    kind_ = "int" if row.discrete else "float"
    if row.support == "point(v)":
        kind_ = scope.type(node.param("v")).kind
    return DistributionType(batch, event, kind_, tuple(sizes.items()))


def _components(node: Distribution, scope: Scope) -> DistributionType:
    """What the components of a mixture have in common, which is all but the family."""
    items = [d for _, d in inner(node)]
    found = [scope.distribution(d) for d in items]
    supports = [support_of(d, scope) for d in items]
    for k, (support, kind) in enumerate(zip(supports, found, strict=True)):
        if support != supports[0] or kind.event != found[0].event:
            raise bad(
                f"the components of a {node.family} must share one support: "
                f"{items[0].family} has {_said(supports[0])}, "
                f"{items[k].family} has {_said(support)}",
                "truncate or transform one of them",
            )
    batch = broadcast(*(kind.batch for kind in found))
    return DistributionType(batch, found[0].event, found[0].kind)


def _said(support: Support) -> str:
    return f"{support.name}{list(support.sizes) if support.sizes else ''}"


def _size(family: str, name: str, value: Any) -> int:
    if isinstance(value, Number) and type(value.value) is int and value.value >= 1:
        return value.value
    raise bad(f"{family}: {name} must be a whole number, got {brief(value)}")


def _split(
    node: Distribution, parameter: Parameter, shape: Shape, sizes: dict[str, int]
) -> Shape:
    """The batch part of a parameter's shape; its event axes go into `sizes`."""
    axes = parameter.axes
    if not axes:
        return shape
    if len(shape) < len(axes):
        raise bad(
            f"{node.family}: {parameter.name} needs axes {list(axes)} at its end, "
            f"got shape {list(shape)}"
        )
    for axis, size in zip(axes, shape[-len(axes) :], strict=True):
        if sizes.setdefault(axis, size) != size:
            raise bad(
                f"{node.family}: {parameter.name} has {size} where another parameter "
                f"has {sizes[axis]} (axis {axis})"
            )
    return shape[: -len(axes)]


def _check_kind(node: Distribution, parameter: Parameter, kind: Type) -> None:
    whole = SUPPORTS[parameter.domain.name].discrete
    if whole and kind.kind != "int":
        message = f"{node.family}: {parameter.name} must be int, got {kind}"
        raise bad(message, "write 10 rather than 10.0, or cast(x, 'int')", "kind")


def _check_base(row: Family, base: Distribution) -> None:
    found = FAMILIES[base.family]
    if row.name == "Truncated" and not found.truncates:
        able = [f.name for f in FAMILIES.values() if f.truncates]
        message = f"Truncated cannot take {base.family}"
        raise bad(message, f"it takes {', '.join(able)}", "arguments")
    if row.name in BASES and not takes(row.name, found):
        wanted, known = BASES[row.name]
        able = [f.name for f in FAMILIES.values() if takes(row.name, f)]
        hint = known or ", ".join(able)
        message = f"{row.name} takes {wanted}, got {base.family}"
        raise bad(message, hint, "arguments")
    if row.name == "SineSkewed" and (found.support != "circular" or found.axes):
        message = f"SineSkewed takes a family of single angles, got {base.family}"
        raise bad(message, "VonMises", "arguments")
    if row.name == "Transformed" and "counting" in found.measure:
        message = f"Transformed takes a family of measured values, got {base.family}"
        raise bad(message, "Normal, Beta, …", "arguments")
    if row.name == "ZeroInflated" and (not found.discrete or found.axes):
        message = f"ZeroInflated takes a family of single counts, got {base.family}"
        raise bad(message, "Poisson, Binomial, …", "arguments")


def support_of(node: Distribution, scope: Scope) -> Support:
    """The support of a distribution, its bounds in terms of the parameters written."""
    row = FAMILIES[node.family]
    params = dict(node.params)
    for parameter in row.parameters.values():
        if parameter.default is not None:
            params.setdefault(parameter.name, parameter.default)
    within = params.get(row.support)
    if isinstance(within, Support):
        return within
    if is_many(within):
        return support_of(within.items[0], scope)
    if isinstance(within, Distribution):
        support = support_of(within, scope)
        if row.name == "Transformed":
            return _transformed(support, cast("Transform", params["transform"]))
        return _like_its_base(node, support, scope)
    inferred = scope.distribution(node)
    if row.support == "point(v)":
        return Support("real")
    if row.support in SUPPORTS:
        return Support(row.support, (), inferred.event)
    support = parse(row.support, sizes=dict(inferred.sizes))
    bounds = {k: substitute(v, params) for k, v in support.params}
    return _finite(support.name, bounds, inferred.event)


def _like_its_base(node: Distribution, support: Support, scope: Scope) -> Support:
    """The support of a family that takes the values of another one."""
    if node.family == "Mixture":
        return _shared(support, scope)
    if node.family == "Hurdle" and support.name == "positive":
        return Support("nonnegative")
    if FAMILIES[node.family].axes:  # each entry of a vector is a value of the base
        event = scope.distribution(node).event
        return Support(support.name, support.params, event)
    return support


def _transformed(support: Support, transform: Transform) -> Support:
    if support.sizes and transform.params:
        message = f"{transform.name} is applied to single values, not to vectors"
        raise bad(message, "scale and move the family's own parameters", "arguments")
    return image(support, transform)


def _finite(name: str, bounds: dict[str, Any], event: Shape) -> Support:
    """The support without the bounds that are literally infinite."""
    ends = {
        side: bounds[side]
        for side, infinite in (("low", Number(-math.inf)), ("high", Number(math.inf)))
        if bounds.get(side, infinite) != infinite
    }
    if name == "interval" and len(ends) < 2:
        names = {"low": "greater_than_eq", "high": "less_than_eq"}
        name = names[next(iter(ends))] if ends else "real"
        bounds = ends
    return Support(name, tuple(bounds.items()), event)


def _shared(support: Support, scope: Scope) -> Support:
    """The support of all components: its bounds must not differ between them."""
    bounds = []
    for name, value in support.params:
        shape = scope.type(value).shape
        if shape and shape[-1] != 1:
            raise bad("the components of a Mixture must share one support")
        bounds.append((name, Index(value, (..., Number(0))) if shape else value))
    return Support(support.name, tuple(bounds), support.sizes)
