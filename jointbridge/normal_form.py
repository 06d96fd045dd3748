"""A normal form: two specs that say the same thing in other words become equal.

    let m = 2 * x;  y ~ Normal(loc=m, scale=1)        y ~ Normal(loc=2.0 * x)

What is settled: names for expressions (`let`, deterministic and observed sites stand for
their values), the kind of literals, defaults, the order of parameters, data and plates,
inner names of scans, from which end an index counts, functions of numbers alone, and
what no density depends on (the spec's own name, descriptions, where a plate's size comes
from, data that nothing reads). Nothing else is computed: `a + b` and `b + a` stay two
things. Parts of expressions that are very large are said by their fingerprint.
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
    Index,
    Name,
    Number,
    Sequence,
    Slice,
    Support,
    is_many,
    rebuild,
    substitute,
)
from jointbridge.families import FAMILIES
from jointbridge.fingerprints import Fingerprints
from jointbridge.functions import FUNCTIONS
from jointbridge.literals import Computed, computed, from_the_front
from jointbridge.shapes import Scope
from jointbridge.spec import (
    Deterministic,
    Factor,
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
        if isinstance(made, Factor):
            made = replace(made, value=_summed(made.value))
        if isinstance(made, Scan):
            made = _with_places(made, values)
        if not isinstance(made, Let):
            statements.append(made)
    used = frozenset[str]().union(*map(references, statements))
    data = sorted((d for d in spec.data if d.name in used), key=lambda d: d.name)
    plates = sorted((replace(p, of=None) for p in spec.plates), key=lambda p: p.name)
    said = [_changed(statement, Computed()) for statement in statements]
    short = Fingerprints().short
    said = [_changed(statement, short) for statement in said]
    return Spec(tuple(said), plates=tuple(plates), data=tuple(data))


def _summed(value: Any) -> Any:
    """The value of a factor, whose elements are summed anyway."""
    whole = isinstance(value, Call) and value.function == "sum" and not value.options
    return value.args[0] if whole else value


def _with_places(scan: Scan, values: dict[str, Any]) -> Scan:
    """The scan with its collected values numbered; `values` says so for what follows."""
    places = {n: f"{scan.name}.{k}" for k, (n, _) in enumerate(scan.collect)}
    values |= {n: Name(place) for n, place in places.items()}
    return replace(scan, collect=tuple((places[n], v) for n, v in scan.collect))


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
    pairs: dict[str, Any] = {
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
        made = replace(made, args=tuple(map(_float, made.args)))
    if is_many(node):
        return made
    if isinstance(node, Sequence):
        return _sequence(made, scope.type(node).kind)
    if isinstance(node, Index) and all(item is None for item in node.items):
        rank = scope.type(node).rank
        if rank == len(node.items):
            return Call("full", (made.base,), (("shape", (1,) * rank),))
    if isinstance(node, Index):
        product = _product(node, made, scope)
        return product or from_the_front(made, scope.type(node.base).shape)
    if isinstance(node, Call) and FUNCTIONS[node.function].shape == "reduce":
        return _from_the_right(made, scope.type(node.args[0]).rank)
    if isinstance(node, Call):
        return _plainer(computed(made), node, scope)
    return made


def _plainer(made: Call, node: Call, scope: Scope) -> Any:
    """One spelling of arrays that are made of scalars."""
    scalars = all(
        isinstance(a, EXPRESSIONS) and not scope.type(a).rank for a in node.args
    )
    if scalars and node.function == "broadcast_to":
        return replace(made, function="full")
    if scalars and node.function == "stack" and node.option("axis", 0) == 0:
        items: Any = made.args
        return _sequence(Sequence(items), scope.type(node).kind)
    return made


def _product(node: Index, made: Index, scope: Scope) -> Any:
    """`(X @ v[:, None])[:, 0]` as `X @ v`."""
    match made:
        case Index(
            Call("matmul", (x, Index(v, (Slice(None, None, None), None)))),
            (Slice(None, None, None), Number(0)),
        ):
            column = node.base.args[1].base  # type: ignore[union-attr]
            return Call("matmul", (x, v)) if scope.type(column).rank == 1 else None
    return None


def _sequence(node: Sequence, kind: str) -> Any:
    """A literal vector; of equal numbers, as one number filled in."""
    items = tuple(map(_float, node.items)) if kind == "float" else node.items
    if isinstance(items[0], Number) and all(item == items[0] for item in items):
        return Call("full", items[:1], (("shape", (len(items),)),))
    return Sequence(items)


def _from_the_right(node: Call, rank: int) -> Call:
    """A reduction with its axes counted from the right."""
    axis = node.option("axis")
    if axis is None:
        return node
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    counted = tuple(sorted(a - rank if a >= 0 else a for a in axes))
    options = dict(node.options) | {"axis": counted[0] if len(axes) == 1 else counted}
    return replace(node, options=tuple(sorted(options.items())))


def _in_floats(node: Call, scope: Scope) -> bool:
    """Whether the arguments of a call become floats, whatever they are."""
    kind = FUNCTIONS[node.function].kind
    if kind in ("numeric", "same"):
        return scope.type(node).kind == "float"
    if kind == "compare":
        return any(scope.type(arg).kind == "float" for arg in node.args)
    return kind in ("float", "divide")


def _float(node: Any) -> Any:
    if isinstance(node, Call) and node.function == "full":
        return replace(node, args=tuple(map(_float, node.args)))
    if isinstance(node, Number) and type(node.value) is int:
        return Number(float(node.value))
    return node


def _filled(value: Any) -> Any:
    """The number that an array is filled with."""
    full = isinstance(value, Call) and value.function == "full"
    return value.args[0] if full else value


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
        literal = _filled(value)
        if (
            default is None
            or not isinstance(literal, Number)
            or float(literal.value) != float(default.value)
        ):
            params.append((name, value))
    return Distribution(node.family, tuple(params))
