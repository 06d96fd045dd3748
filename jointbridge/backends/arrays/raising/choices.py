"""Choices between values: `select_n`, `cond` and `clamp`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from jointbridge.backends.arrays.raising.values import Operand, uniform
from jointbridge.expression import Call, Expression, Number

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser


def _select(_: Raiser, __: Any, operands: Sequence[Operand]) -> Any:
    which, *cases = operands
    if (chosen := uniform(which)) is not None:
        return cases[int(chosen)].node
    if (triangle := _lower_triangle(which, cases)) is not None:
        return triangle
    nodes = [c.node for c in cases]
    if which.kind == "bool":
        return Call("where", (which.of_kind("bool"), nodes[1], nodes[0]))
    return _numbered(which, nodes)


def _lower_triangle(which: Operand, cases: Sequence[Operand]) -> Any:
    """`tril(x)`, which changes nothing about a Cholesky factor."""
    mask = which.array
    if mask is None or mask.ndim < 2 or mask.dtype != bool or uniform(cases[0]) != 0:
        return None
    if mask.shape[-1] != mask.shape[-2] or np.any(mask != np.tril(np.ones_like(mask))):
        return None
    node = cases[1].with_axes((-1, -2))
    lower = isinstance(node, Call) and node.function in ("cholesky", "tril")
    return node if lower else Call("tril", (node,))


def _clamp(_: Raiser, __: Any, operands: Sequence[Operand]) -> Any:
    low, x, high = operands
    return Call("clip", (x.node, low.node, high.node))


def _conditional(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    """A `cond`: both branches are computed, and one is taken."""
    which, *rest = operands
    values = [o.value for o in rest]
    branches = equation.params["branches"]
    if which.array is not None:
        return raiser.run(branches[int(which.array)], values, label=False)
    outcomes = [raiser.run(b, values, label=False) for b in branches]
    found = []
    for column, var in zip(zip(*outcomes, strict=True), equation.outvars, strict=True):
        cases = [raiser.operand(v, var.aval).node for v in column]
        found.append(_chosen(raiser, which, cases))
    return found


def _chosen(raiser: Raiser, which: Operand, cases: list[Any]) -> Expression:
    if len(cases) == 2:
        truth = which.node
        if raiser.type(truth).kind != "bool":
            truth = Call("not_equal", (truth, Number(0)))
        return Call("where", (truth, cases[1], cases[0]))
    return _numbered(which, cases)


def _numbered(which: Operand, cases: list[Any]) -> Expression:
    """The case whose number it is; the last one for any other number."""
    found = cases[-1]
    for number in reversed(range(len(cases) - 1)):
        chosen = Call("equal", (which.node, Number(number)))
        found = Call("where", (chosen, cases[number], found))
    return found


RULES: dict[str, Callable[..., Any]] = {
    "select_n": _select,
    "clamp": _clamp,
    "cond": _conditional,
}
