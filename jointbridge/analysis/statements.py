"""The types that each statement gives, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from jointbridge.analysis.findings import Analysis
from jointbridge.analysis.naming import check_references
from jointbridge.analysis.recurrence import scan_scope
from jointbridge.analysis.sites import site_of, stacked
from jointbridge.errors import SpecError
from jointbridge.shapes import fits
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
    check_references(found, sample, path)
    site = site_of(sample, found.spec, found.scope)
    found.sites[sample.name] = site
    found.scope.names[sample.name] = site.type


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
    inner, length, steps = scan_scope(scan, found.spec, found.scope)
    found.scans[scan.name] = (inner, length)
    for step in steps:
        site = stacked(step, length)
        found.sites[site.name] = site
        found.scope.names[site.name] = site.type
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
