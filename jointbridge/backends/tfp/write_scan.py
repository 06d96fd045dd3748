"""A recurrence without sites as a step function and `lax.scan`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from jointbridge.analysis import Analysis
from jointbridge.backends.writing.distributions import Distributions
from jointbridge.backends.writing.expressions import Expressions
from jointbridge.backends.writing.python import (
    Code,
    assign,
    call,
    function,
    literal,
    name,
    packed,
)
from jointbridge.shapes import Scope
from jointbridge.spec import Let, Scan, own_names


def scan_statements(
    outer: Expressions, analysis: Analysis, scan: Scan
) -> list[ast.stmt]:
    """The step function of a scan, and the call that runs it."""
    scope, length = analysis.scans[scan.name]
    inner = outer.inside(scope, outer.identifiers.inner(own_names(scan)))
    Distributions(inner)
    step = outer.identifiers.new("step")
    first = [_typed(outer, node, scope, title) for title, node in scan.carry]
    over = [outer.array(node) for _, node in scan.over]
    run = call(
        "lax.scan",
        [name(step), _packed(first), _packed(over)],
        length=None if over else literal(length),
    )
    targets = [name(outer.identifiers[title]) for title, _ in scan.collect]
    target = ast.Tuple([name("_"), _packed(targets) if targets else name("_")])
    return [_step(inner, scan, step), assign(target, run)]


def _step(inner: Expressions, scan: Scan, title: str) -> ast.FunctionDef:
    parameters: list[str] = []
    body: list[ast.stmt] = []
    for word, items in (("carry", scan.carry), ("x", scan.over)):
        titles = [inner.identifiers[key] for key, _ in items]
        parameters.append(titles[0] if len(titles) == 1 else word if titles else "_")
        if len(titles) > 1:
            body.append(assign(ast.Tuple([name(t) for t in titles]), name(word)))
    for let in scan.body:
        assert isinstance(let, Let)
        inner.define(let.name, let.value)
        body.append(assign(inner.identifiers[let.name], inner(let.value)))
    following = dict(scan.next)
    carried = [_typed(inner, following[key], inner.scope, key) for key, _ in scan.carry]
    out = [inner(node) for _, node in scan.collect]
    result = ast.Return(ast.Tuple([_packed(carried), _packed(out)]))
    return function(title, parameters, [*body, result])


def _typed(write: Expressions, node: object, scope: Scope, title: str) -> Code:
    """An expression in the shape and kind of a carry."""
    type_ = scope.names[title]
    return write.as_shape(node, type_.shape, type_.kind)


def _packed(items: Sequence[Code]) -> Code:
    return packed(items) if items else ast.Constant(None)
