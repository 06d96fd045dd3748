"""The points that a case is tried at, from its values, its support and its domains.

             typical parameters      one parameter far out    one outside its domain
values       typical                 extreme                  bad
far out      tail
on an edge   edge
outside      outside
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from jointbridge.conformance.case import Case
from jointbridge.conformance.grid_rows import DOMAINS, VALUES
from jointbridge.conformance.points import Point
from jointbridge.evaluate import Evaluator
from jointbridge.expression import (
    Call,
    Distribution,
    Name,
    Number,
    Support,
    inner,
)
from jointbridge.families import FAMILIES, Parameter
from jointbridge.membership import membership
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope, support_of
from jointbridge.spec import Sample, Spec, Type
from jointbridge.support import SUPPORTS
from jointbridge.validity import examine

#: Counts far out are no larger than this.
MANY = 2**20


def grid(case: Case) -> list[Point]:
    """The points of a case, without answers."""
    typical = {n: single(x) for n, x in case.free.items()}
    found: dict[str, Point] = {}
    for point in _points(case, typical):
        key = json.dumps([point.region == "edge", point.params, point.value])
        found.setdefault(key, point)
    return list(found.values())


def _points(case: Case, typical: Mapping[str, Any]) -> Iterator[Point]:
    values = [_value(case, x) for x in case.values]
    yield from (Point("typical", typical, x) for x in values)
    support = support_at(case, typical)
    row = VALUES[support.name]
    bounds = bounds_at(support, typical)
    for region in ("tail", "edge", "outside"):
        for made in getattr(row, region)(values[0], *bounds):
            value = _value(case, _placed(made, values[0], SUPPORTS[support.name].rank))
            if region != "tail" or inside(case, typical, value):
                yield Point(region, typical, value)
    for name, parameter, given in _domains(case, typical):
        domain = DOMAINS[parameter.domain.name]
        yield from _extremes(case, typical, name, domain.extreme(*given), values)
        for made in domain.bad(*given):
            params = {**typical, name: single(made)}
            if not valid(case, params):
                yield Point("bad", params, values[0])


def _extremes(
    case: Case, typical: Mapping[str, Any], name: str, found: Any, values: list[Any]
) -> Iterator[Point]:
    """Extreme parameters with the typical values, and with values that move along."""
    for made in found:
        params = {**typical, name: single(made)}
        if not valid(case, params):
            continue
        for value in [*values, *_along(values[0], typical[name], params[name])]:
            value = _value(case, value)
            if inside(case, params, value):
                yield Point("extreme", params, value)


def _along(value: Any, old: Any, new: Any) -> list[Any]:
    """A value moved as a parameter is, by a shift, by its factor and by the inverse."""
    old, new = float(np.ravel(old)[0]), float(np.ravel(new)[0])
    if np.ndim(value) or not old or not new or old == new:
        return []
    scaled = [value * new / old, value * old / new] if new / old > 0 else []
    return [value + new - old, *scaled]


# -- what is inside -------------------------------------------------------------


def valid(case: Case, params: Mapping[str, Any]) -> bool:
    """Whether every parameter is in its domain."""
    return _finite(params) and not examine(Spec((Sample("x", case.at(params)),))).errors


def inside(case: Case, params: Mapping[str, Any], value: Any) -> bool:
    """Whether a value is in the support, for parameters that are valid."""
    support = support_at(case, params)
    array = np.asarray(value, float)
    rank = array.ndim - SUPPORTS[support.name].rank
    with np.errstate(all="ignore"):
        found, _ = membership(support, array, _evaluator(params), rank, "float64")
    return _finite(array) and bool(np.all(found))


def _finite(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_finite, value.values()))
    return bool(np.isfinite(np.asarray(value, float)).all())


# -- supports and domains -------------------------------------------------------


def _scope(params: Mapping[str, Any]) -> Scope:
    return Scope({n: Type(np.shape(x), "float") for n, x in params.items()})


def support_at(case: Case, params: Mapping[str, Any]) -> Support:
    """The support of a case, its bounds in terms of the free parameters."""
    return support_of(case.distribution, _scope(params))


def bounds_at(support: Support, params: Mapping[str, Any]) -> list[float]:
    """The bounds of a support, as numbers."""
    given = dict(support.params)
    evaluate = _evaluator(params)
    return [
        np.ravel(evaluate(given[n]))[0].item() for n in SUPPORTS[support.name].bounds
    ]


def _evaluator(params: Mapping[str, Any]) -> Evaluator:
    env = {n: np.asarray(x, float) for n, x in params.items()}
    return Evaluator(NumpyArrays(), _scope(params), env)


def _domains(
    case: Case, params: Mapping[str, Any]
) -> Iterator[tuple[str, Parameter, list[Any]]]:
    """Free parameters with their rows, their values and the bounds of their domains."""
    scope = _scope(params)
    for name, parameter, dist in places(case.distribution):
        if parameter.domain.name in DOMAINS:
            beside = {**dict(scope.distribution(dist).sizes), **dict(dist.params)}
            bounds = dict(parameter.domain.params)
            wanted = SUPPORTS[parameter.domain.name].bounds
            found = [_bound(bounds[n], beside, params) for n in wanted]
            yield name, parameter, [params[name], *found]


def places(dist: Distribution) -> Iterator[tuple[str, Parameter, Distribution]]:
    """Names that are a parameter as they stand: its row, and the distribution's node."""
    rows = FAMILIES[dist.family].parameters
    for name, node in dist.params:
        if isinstance(node, Name):
            yield node.name, rows[name], dist
    for _, base in inner(dist):
        yield from places(base)


def _bound(node: Any, beside: Mapping[str, Any], params: Mapping[str, Any]) -> float:
    """The number of a bound: a literal, a parameter beside, a size, or one less."""
    if isinstance(node, Call):
        left, right = (_bound(x, beside, params) for x in node.args)
        return left - right
    if isinstance(node, Number):
        return float(node.value)
    found = beside[node.name]
    if isinstance(found, (int, float)):
        return float(found)
    return float(np.ravel(_evaluator(params)(found))[0])


# -- numbers --------------------------------------------------------------------


def single(value: Any) -> Any:
    """Numbers rounded to what float32 holds; whole numbers stay whole."""
    if isinstance(value, (list, tuple)):
        return [single(x) for x in value]
    return value if isinstance(value, int) else float(np.float32(value))


def _value(case: Case, value: Any) -> Any:
    if not discrete(case):
        return single(value)
    if isinstance(value, (list, tuple)):
        return [_value(case, x) for x in value]
    return min(MANY, round(value))


def discrete(case: Case) -> bool:
    """Whether the values of a case are counted."""
    return SUPPORTS[support_at(case, case.free).name].discrete


def _placed(made: Any, value: Any, rank: int) -> Any:
    """A value of one number in a vector or matrix of them: its first entry."""
    if rank or not np.ndim(value):
        return made
    array = np.array(value, float)
    array.flat[0] = made
    return array.tolist()
