"""The function `observed` of a written module: the values of its observed components."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jointbridge.backends.tfp.write_language import TFPExpressions, holds_integers
from jointbridge.backends.tfp.write_loop import Loop, seen
from jointbridge.backends.tfp.write_scan import scan_statements
from jointbridge.backends.tfp.write_sites import Sites
from jointbridge.backends.writing.expressions import spec_sets
from jointbridge.backends.writing.python import (
    Code,
    assign,
    fill,
    function,
    literal,
    name,
)
from jointbridge.errors import UnsupportedError
from jointbridge.expression import names
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Sample,
    Scan,
    Statement,
    own_names,
    references,
)

if TYPE_CHECKING:
    from jointbridge.backends.tfp.write_model import Component, Parts


def observed(parts: Parts) -> tuple[ast.FunctionDef, list[str]] | None:
    """The function that gives the values of observed components, and its data."""
    parts.sizes.read = set()
    expressions = parts.expressions_of(*spec_sets(parts.spec, False))
    Sites(expressions)
    loops = {s.name: seen(s) for s in parts.loops if _is_seen(s)}
    read = _read(parts, list(loops.values()))
    body: list[ast.stmt] = []
    sites, values = parts.closure(read)
    if sites:
        message = (
            f"TFP pins components to data; an observed value rests on {min(sites)!r}"
        )
        raise UnsupportedError(
            message, hint="split the site in what is seen and what not"
        )
    for value in values:
        body += _value(expressions, value, parts)
        read |= references(value)
    entries = {
        parts.identifiers[component.name]: code
        for component in parts.components
        if (code := _entry(expressions, component, parts)) is not None
    }
    if not entries and not loops:
        return None
    keys: list[Code | None] = [literal(k) for k in entries]
    result: Code = ast.Dict(keys, [*entries.values()])
    if loops:
        pins = parts.identifiers.new("pins")
        body.append(assign(pins, result))
        for scan in parts.loops:
            if scan.name in loops:
                loop = Loop(expressions, parts.analysis, loops[scan.name], parts.stems)
                body += loop.pins(
                    pins, [s for s in scan.sites if s.observed is not None]
                )
        result = name(pins)
    read |= parts.sizes.read
    data = [d.name for d in parts.spec.data if d.name in read]
    titles = [parts.identifiers[d] for d in data]
    return function("observed", titles, [*body, ast.Return(result)]), data


def _is_seen(scan: Scan) -> bool:
    return any(site.observed is not None for site in scan.sites)


def _read(parts: Parts, loops: list[Scan]) -> frozenset[str]:
    """The names that observed values read."""
    given = (c.observed for c in parts.components if isinstance(c, Sample))
    found = frozenset[str]().union(*(names(n) for n in given if n is not None))
    for scan in parts.loops:
        bare = (names(s.observed) for s in scan.sites if s.observed is not None)
        found |= frozenset[str]().union(*bare) - own_names(scan)
    return found.union(*map(references, loops))


def _value(
    expressions: TFPExpressions, value: Statement, parts: Parts
) -> list[ast.stmt]:
    if isinstance(value, Scan):
        return scan_statements(expressions, parts.analysis, value)
    assert isinstance(value, (Let, Deterministic))
    expressions.define(value.name, value.value)
    return [assign(parts.identifiers[value.name], expressions(value.value))]


def _entry(
    expressions: TFPExpressions, component: Component, parts: Parts
) -> Code | None:
    if isinstance(component, Factor):
        return fill("jnp.zeros(0)")
    if component.observed is None:
        return None
    kind = "int" if holds_integers(component.dist) else "float"
    shape = parts.analysis.sites[component.name].type.shape
    return expressions.as_shape(component.observed, shape, kind)
