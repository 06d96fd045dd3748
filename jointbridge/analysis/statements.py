"""The types that each statement gives, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from jointbridge.analysis.findings import Analysis, Site
from jointbridge.analysis.naming import check_references
from jointbridge.analysis.recurrence import scan_scope
from jointbridge.errors import SpecError, did_you_mean
from jointbridge.shapes import DistributionType, fits, support_of
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Param,
    Sample,
    Scan,
    Type,
)
from jointbridge.syntax import show


def _sample(found: Analysis, sample: Sample, path: str) -> None:
    sizes = found.plates
    for plate in sample.plates:
        if plate not in sizes:
            hint = did_you_mean(str(plate), [p.name for p in found.spec.plates])
            raise SpecError(f"no plate {plate!r}", code="unknown-plate", hint=hint)
    named = [p for p in sample.plates if p is not None]
    if len(named) != len(set(named)):
        raise SpecError(f"plates {named} repeat", code="unknown-plate")
    check_references(found, sample, path)
    scope = found.scope
    dist = scope.distribution(sample.dist)
    batch = (*(sizes[p] for p in sample.plates), *sample.shape)
    _check_batch(dist, batch)
    value = Type((*batch, *dist.event), dist.kind)
    site = Site(sample, batch, dist, value, support_of(sample.dist, scope))
    found.sites[sample.name] = site
    scope.names[sample.name] = value
    if sample.observed is not None:
        _check_observed(site, scope.type(sample.observed))
    for field_name in ("mask", "scale"):
        node = getattr(sample, field_name)
        if node is not None:
            shape = scope.type(node).shape
            if not fits(shape, batch):
                message = f"{field_name} {list(shape)} does not fit {list(batch)}"
                raise SpecError(message, code="shape")


def _check_batch(dist: DistributionType, batch: tuple[int, ...]) -> None:
    if not fits(dist.batch, batch):
        raise SpecError(
            f"the parameters broadcast to {list(dist.batch)}, but plates and shape say "
            f"{list(batch)}",
            code="shape",
            hint=f'declare the axes: "shape": {list(dist.batch)}, or plates of that size',
        )


def _check_observed(site: Site, observed: Type) -> None:
    if not fits(observed.shape, site.type.shape):
        message = f"observed {observed} does not fit the site's {site.type}"
        raise SpecError(message, code="shape")
    if site.type.kind == "int" and observed.kind == "float":
        raise SpecError(
            f"{site.sample.dist.family} counts: its observed value must be int, "
            f"got {observed}",
            code="kind",
            hint="write whole numbers without a point",
        )


def _value(found: Analysis, statement: Deterministic | Let | Factor, path: str) -> None:
    check_references(found, statement, path)
    type_ = found.scope.type(statement.value)
    if not isinstance(statement, Factor):
        found.scope.names[statement.name] = type_


def _param(found: Analysis, param: Param, path: str) -> None:
    check_references(found, param, path)
    type_ = found.scope.type(param.init)
    sizes = param.support.sizes
    if sizes and type_.shape[-len(sizes) :] != sizes:
        message = f"init {type_} is no value of {show(param.support)}"
        raise SpecError(message, code="shape")
    for name, bound in param.support.params:
        if not fits(found.scope.type(bound).shape, type_.shape):
            raise SpecError(f"bound {name} does not fit {type_}", code="shape")
    found.scope.names[param.name] = Type(type_.shape, "float")


def _scan(found: Analysis, scan: Scan, path: str) -> None:
    check_references(found, scan, path)
    inner, length = scan_scope(scan, found.scope)
    found.scans[scan.name] = (inner, length)
    for name, node in scan.collect:
        one = inner.type(node)
        found.scope.names[name] = Type((length, *one.shape), one.kind)


#: What is done with a statement, by its class.
RULES: dict[type, Any] = {
    Sample: _sample,
    Deterministic: _value,
    Let: _value,
    Factor: _value,
    Param: _param,
    Scan: _scan,
}
