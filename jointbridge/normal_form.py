"""A normal form: two specs that say the same thing in other words become equal.

    let m = 2 * x;  y ~ Normal(loc=m, scale=1)        y ~ Normal(loc=2.0 * x)

What is settled: names for expressions (`let`, deterministic and observed sites stand for
their values), the kind of literals, defaults, the order of parameters, data and plates,
inner names of scans, and what no density depends on (the spec's own name, descriptions,
where a plate's size comes from, data that nothing reads). Nothing is computed: `a + b`
and `b + a` stay two things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from jointbridge.analysis import analyse
from jointbridge.expression import (
    EXPRESSIONS,
    Call,
    Distribution,
    Name,
    Number,
    Sequence,
    Support,
    rebuild,
    substitute,
)
from jointbridge.families import FAMILIES
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes import Scope
from jointbridge.spec import (
    Deterministic,
    Let,
    Sample,
    Scan,
    Spec,
    Statement,
    references,
)
from jointbridge.support import SUPPORTS


def normal(spec: Spec) -> Spec:
    """The spec in the form that it shares with all that say the same.

    Args:
        spec: A spec without errors.
    """
    found = analyse(spec)
    values: dict[str, Any] = {}
    statements: list[Statement] = []
    for statement in spec.statements:
        if isinstance(statement, Scan):
            inner, length = found.scans[statement.name]
            statement = replace(statement, length=length)
            settled = _settled(statement, found.scope, inner)
            made = _scan(settled, values, sum(isinstance(s, Scan) for s in statements))
        else:
            made = _substituted(_settled(statement, found.scope, found.scope), values)
        if isinstance(made, Let | Deterministic):
            values[made.name] = made.value
        if isinstance(made, Sample) and made.observed is not None:
            values[made.name] = made.observed
        if not isinstance(made, Let):
            statements.append(made)
    used = frozenset[str]().union(*map(references, statements))
    data = sorted((d for d in spec.data if d.name in used), key=lambda d: d.name)
    plates = sorted((replace(p, of=None) for p in spec.plates), key=lambda p: p.name)
    return Spec(tuple(statements), plates=tuple(plates), data=tuple(data))


def _scan(scan: Scan, values: Mapping[str, Any], number: int) -> Any:
    """A scan without lets, its inner names numbered."""
    inner = dict(values)
    body = []
    for statement in scan.body:
        made = _substituted(statement, inner)
        if isinstance(made, Let):
            inner[made.name] = made.value
        else:
            body.append(made)
    outside = _substituted(replace(scan, body=(), next=(), collect=()), values)
    ends = {
        "next": tuple((n, substitute(v, inner)) for n, v in scan.next),
        "collect": tuple((n, substitute(v, inner)) for n, v in scan.collect),
    }
    named = [n for n, _ in (*scan.carry, *scan.over)]
    names = {n: f"{number}.{k}" for k, n in enumerate(named)}
    return _renamed(replace(outside, body=tuple(body), **ends), names, f"scan{number}")


def _renamed(scan: Scan, names: Mapping[str, str], name: str) -> Scan:
    nodes_ = {old: Name(new) for old, new in names.items()}
    pairs = {
        part: tuple((names[n], v) for n, v in getattr(scan, part))
        for part in ("carry", "over")
    }
    steps = tuple((names[n], substitute(v, nodes_)) for n, v in scan.next)
    collect = tuple((n, substitute(v, nodes_)) for n, v in scan.collect)
    body = tuple(_substituted(s, nodes_) for s in scan.body)
    return replace(scan, name=name, body=body, next=steps, collect=collect, **pairs)


def _mapped(value: Any, change: Any) -> Any:
    """A field of a statement with `change` applied to every expression in it."""
    if isinstance(value, (*EXPRESSIONS, Distribution, Support)):
        return change(value)
    if isinstance(value, Let | Sample):
        return _changed(value, change)
    if isinstance(value, tuple):
        return tuple(_mapped(v, change) for v in value)
    return value


def _changed(statement: Any, change: Any) -> Any:
    kept = {"hints", "plates", "shape", "name", "length"}
    parts = [f.name for f in fields(statement) if f.name not in kept]
    return replace(
        statement, **{n: _mapped(getattr(statement, n), change) for n in parts}
    )


def _substituted(statement: Any, values: Mapping[str, Any]) -> Any:
    return _changed(statement, lambda node: substitute(node, values))


# -- literals -----------------------------------------------------------------


def _settled(statement: Any, outer: Scope, inner: Scope) -> Any:
    """The statement with literals of settled kinds and without defaults."""
    if not isinstance(statement, Scan):
        return _changed(statement, lambda node: _node(node, outer))
    ours = {"body", "next", "collect"}
    inside = {
        n: _mapped(getattr(statement, n), lambda node: _node(node, inner)) for n in ours
    }
    around = {
        n: _mapped(getattr(statement, n), lambda node: _node(node, outer))
        for n in ("carry", "over")
    }
    return replace(statement, **inside, **around)


def _node(node: Any, scope: Scope) -> Any:
    if isinstance(node, Distribution):
        return _distribution(node, scope)
    made = rebuild(node, lambda child: _node(child, scope))
    if isinstance(node, Call) and _in_floats(node, scope):
        args = tuple(map(_float, made.args))
        return replace(made, args=args)
    if isinstance(node, Sequence) and scope.type(node).kind == "float":
        return Sequence(tuple(map(_float, made.items)))
    return made


def _in_floats(node: Call, scope: Scope) -> bool:
    """Whether the arguments of a call become floats, whatever they are."""
    kind = FUNCTIONS[node.function].kind
    if kind in ("numeric", "same"):
        return scope.type(node).kind == "float"
    if kind == "compare":
        return any(scope.type(arg).kind == "float" for arg in node.args)
    return kind in ("float", "divide")


def _float(node: Any) -> Any:
    if isinstance(node, Number) and type(node.value) is int:
        return Number(float(node.value))
    return node


def _distribution(node: Distribution, scope: Scope) -> Distribution:
    row = FAMILIES[node.family]
    given = dict(node.params)
    params = []
    for name, parameter in row.parameters.items():
        if name not in given:
            continue
        value = _node(given[name], scope)
        domain = parameter.domain.name
        if not parameter.special and not SUPPORTS[domain].discrete:
            value = _float(value)
        default = parameter.default
        if isinstance(value, Number) and default is not None:
            if float(value.value) == float(default.value):
                continue
        params.append((name, value))
    return Distribution(node.family, tuple(params))
