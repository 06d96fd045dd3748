"""One row for each primitive: how it is said in the language."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from jointbridge.backends.arrays.raising import (
    calls,
    choices,
    indexing,
    layout,
    loops,
    products,
    scatters,
    sources,
)
from jointbridge.backends.arrays.raising.interpreter import Raiser
from jointbridge.backends.arrays.raising.reductions import reduce
from jointbridge.backends.arrays.raising.values import Operand, kind_of, uniform
from jointbridge.expression import Call, Expression, Number
from jointbridge.spec import Type

Rule = Callable[[Raiser, Any, Sequence[Operand]], Any]

#: Primitives that are a function of the language under another name or the same one.
SAME = {
    "add": "add",
    "add_any": "add",
    "sub": "subtract",
    "mul": "multiply",
    "neg": "negative",
    "max": "maximum",
    "min": "minimum",
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
    "eq": "equal",
    "ne": "not_equal",
    "logistic": "expit",
    "bessel_i0e": "i0e",
    **{n: n for n in ("abs", "sign", "exp", "expm1", "log", "log1p", "sqrt", "square")},
    **{n: n for n in ("sin", "cos", "tanh", "atan", "floor", "erf", "erfc", "lgamma")},
    "digamma": "digamma",
}
#: Those that are bitwise on integers.
LOGICAL = {"and": "logical_and", "or": "logical_or", "not": "logical_not"}
REDUCTIONS = {
    "reduce_sum": "sum",
    "reduce_prod": "prod",
    "reduce_max": "max",
    "reduce_min": "min",
    "reduce_or": "any",
    "reduce_and": "all",
}
#: What changes nothing about a value.
IDENTITIES = {
    *("copy", "copy_p", "reduce_precision", "optimization_barrier"),
    *("sharding_constraint", "pvary", "device_put"),
}


def call(name: str, *nodes: Expression) -> Call:
    """A function of the language."""
    return Call(name, nodes)


def _divide(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    x, y = operands
    if (mean := _mean(raiser, x.node, y)) is not None:
        return mean
    ratio = call("divide", x.node, y.node)
    if kind_of(equation.outvars[0].aval) == "float":
        return ratio
    return Call("cast", (ratio,), (("kind", "int"),))  # toward zero, both


def _mean(raiser: Raiser, total: Any, count: Operand) -> Expression | None:
    """A sum divided by how many there are."""
    number = uniform(count)
    if number is None or not (isinstance(total, Call) and total.function == "sum"):
        return None
    x: Any = total.args[0]
    sizes = raiser.type(x).shape, raiser.type(total).shape
    before, after = (Type(s).size for s in sizes)
    if number <= 1 or number * after != before:
        return None
    return Call("mean", total.args, total.options)


#: By primitive, a number that changes nothing, on the right and on the left.
NEUTRAL = {"add": (0, 0), "sub": (0, None), "mul": (1, 1), "div": (1, None)}


def _without_neutral(name: str, operands: Sequence[Operand]) -> Any:
    """The other operand of `x + 0`, `x * 1` and the like."""
    x, y = operands
    right, left = NEUTRAL[name]
    if right is not None and uniform(y) == right:
        return x.node
    return y.node if left is not None and uniform(x) == left else None


def _power(raiser: Raiser, _: Any, operands: Sequence[Operand]) -> Any:
    x, y = operands
    node = x.node
    kinds = {raiser.type(x.node).kind, raiser.type(y.node).kind}
    if x.kind == "float" and "float" not in kinds:
        node = raiser.cast(node, "float")  # 2 ** -1 has no int
    return call("power", node, y.node)


def _integer_power(_: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    (x,), y = operands, equation.params["y"]
    if y < 0:
        power = x.node if y == -1 else call("power", x.node, Number(-y))
        return call("divide", Number(1.0), power)
    return x.node if y == 1 else call("power", x.node, Number(y))


def _logical(_: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    if any(o.kind != "bool" for o in operands):
        return None
    return call(
        LOGICAL[equation.primitive.name], *(o.of_kind("bool") for o in operands)
    )


def _xor(_: Raiser, __: Any, operands: Sequence[Operand]) -> Any:
    if any(o.kind != "bool" for o in operands):
        return None
    return call("not_equal", *(o.of_kind("bool") for o in operands))


def _convert(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    """A cast, written where the language would not do it by itself."""
    (x,), wanted = operands, kind_of(equation.outvars[0].aval)
    own = raiser.type(x.node).kind
    order = ("bool", "int", "float")
    if order.index(wanted) >= order.index(own):
        return x.node
    if wanted == "bool":
        return call("not_equal", x.node, Number(0))
    return raiser.cast(x.node, wanted)


def _reduce(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    name = REDUCTIONS[equation.primitive.name]
    return reduce(raiser, name, operands[0], equation.params["axes"])


def _along(name: str) -> Rule:
    def rule(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
        (x,) = operands
        axis = equation.params["axis"] - len(x.shape)
        node = x.with_axes((axis,))
        flip = equation.params.get("reverse", False)
        node = layout.flipped(raiser, node, axis) if flip else node
        written = () if axis == -1 else (("axis", axis),)
        node = Call(name, (node,), written)
        return layout.flipped(raiser, node, axis) if flip else node

    return rule


def _sort(_: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    if len(operands) > 1:
        return None  # items sorted by others, as argsort does
    (x,) = operands
    axis = equation.params["dimension"] - len(x.shape)
    return [
        Call("sort", (x.with_axes((axis,)),), () if axis == -1 else (("axis", axis),))
    ]


def _round(_: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    to_even = int(equation.params["rounding_method"]) == 1  # the other is away from 0
    return call("round", operands[0].node) if to_even else None


def _scaled(function: str, factor: float) -> Rule:
    def rule(_: Raiser, __: Any, operands: Sequence[Operand]) -> Any:
        return call(function, call("multiply", operands[0].node, Number(factor)))

    return rule


def _exps(sign: str) -> Rule:
    """The hyperbolic functions that the language spells with exponentials."""

    def rule(_: Raiser, __: Any, operands: Sequence[Operand]) -> Any:
        x = operands[0].node
        both = call(sign, call("exp", x), call("exp", call("negative", x)))
        return call("divide", both, Number(2.0))

    return rule


def _stopped(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    """Nothing about the density; a library does it where it changes no gradient."""
    if sources.is_called(equation, "stop_gradient"):
        text = "stop_gradient is left out: it has no meaning for the density"
        raiser.notebook.note("dropped", raiser.place.where, text)
    return operands[0].node


RULES: dict[str, Rule] = {
    **dict.fromkeys(LOGICAL, _logical),
    **dict.fromkeys(REDUCTIONS, _reduce),
    "div": _divide,
    "pow": _power,
    "integer_pow": _integer_power,
    "rsqrt": lambda _, __, o: call("divide", Number(1.0), call("sqrt", o[0].node)),
    "exp2": _scaled("exp", math.log(2)),
    "tan": lambda _, __, o: call(
        "divide", call("sin", o[0].node), call("cos", o[0].node)
    ),
    "sinh": _exps("subtract"),
    "cosh": _exps("add"),
    "ceil": lambda _, __, o: call(
        "negative", call("floor", call("negative", o[0].node))
    ),
    "xor": _xor,
    "convert_element_type": _convert,
    "cumsum": _along("cumsum"),
    "cumprod": _along("cumprod"),
    "sort": _sort,
    "round": _round,
    "stop_gradient": _stopped,
    **choices.RULES,
    **layout.RULES,
    **indexing.RULES,
    **products.RULES,
    **scatters.RULES,
    **loops.RULES,
    **calls.RULES,
}


def apply(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    """What an equation is in the language: one node or a list; None where nothing."""
    name = equation.primitive.name
    if name in NEUTRAL and (node := _without_neutral(name, operands)) is not None:
        return node
    if name in SAME:
        return call(SAME[name], *(o.node for o in operands))
    if name in IDENTITIES:
        return operands[0].node
    rule = RULES.get(name)
    return None if rule is None else rule(raiser, equation, operands)
