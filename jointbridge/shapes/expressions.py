"""The type of every sort of expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jointbridge.errors import SpecError, did_you_mean
from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Name,
    Number,
    Sequence,
)
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes.basic import ORDER, bad, broadcast, widest
from jointbridge.shapes.indexing import index
from jointbridge.shapes.rules import RULES, check_options
from jointbridge.spec import Type
from jointbridge.syntax import brief

if TYPE_CHECKING:
    from jointbridge.shapes.scope import Scope


def expression(node: Any, scope: Scope) -> Type:
    """The type of a node; see `Scope.type`."""
    match node:
        case Number(value):
            return Type((), type(value).__name__)
        case Name(name):
            if name not in scope.names:
                hint = did_you_mean(name, scope.names)
                raise SpecError(f"no {name!r} in sight", code="unknown-name", hint=hint)
            return scope.names[name]
        case Sequence(items):
            types = [scope.type(i) for i in items]
            if not types:
                raise bad("an empty vector has no kind")
            shape = broadcast(*(t.shape for t in types))
            return Type((len(items), *shape), widest([t.kind for t in types]))
        case Index(base):
            return index(node, scope.type(base), scope)
        case Call():
            return _call(node, scope)
    raise bad(f"{brief(node)} is not a value", code="kind")


def _call(node: Call, scope: Scope) -> Type:
    row = FUNCTIONS[node.function]
    try:
        if row.shape == "log_prob":
            return _log_prob(node, scope)
        types = [scope.type(arg) for arg in node.args]
        check_options(node)
        shape = RULES[row.shape](node, [t.shape for t in types])
    except SpecError as error:
        if error.problems[0].path:
            raise
        problem = error.problems[0]
        message = f"{problem.message}, in {brief(node)}"
        raise SpecError(message, code=problem.code, hint=problem.hint) from None
    return Type(shape, _kind(node, row.kind, [t.kind for t in types]))


def _kind(node: Call, rule: str, kinds: list[str]) -> str:
    if rule in ("float", "bool"):
        return rule
    if rule == "compare":
        return "bool"
    if rule == "int":
        return "int"
    if rule == "cast":
        kind = node.option("kind")
        if kind not in ORDER:
            raise bad(f"cast to {kind!r}", "float, int or bool", "kind")
        return str(kind)
    if node.function == "where":
        kinds = kinds[1:]
    kind = widest(kinds)
    if rule == "numeric" and kind == "bool":
        kind = "int"
    if node.function == "power" and kind == "int":
        # an integer to a negative power is no integer
        exponent = node.args[1]
        literal = isinstance(exponent, Number) and exponent.value >= 0
        kind = "int" if literal else "float"
    return kind


def _log_prob(node: Call, scope: Scope) -> Type:
    dist, value = node.args
    if not isinstance(dist, Distribution):
        raise bad("log_prob takes a distribution first", code="arguments")
    inferred = scope.distribution(dist)
    shape = scope.type(value).shape
    rank = len(inferred.event)
    if rank and shape[-rank:] != inferred.event:
        raise bad(f"value {list(shape)} has no event {list(inferred.event)}")
    return Type(broadcast(inferred.batch, shape[: len(shape) - rank]))
