"""Sums and other reductions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jointbridge.backends.arrays.raising.views import ALL as _ALL
from jointbridge.expression import Call, Expression, Number
from jointbridge.spec import Type


def reduction(
    raiser: Any, name: str, node: Expression, axes: Sequence[int], *, keepdims: bool
) -> Expression:
    """A reduction over negative axes; over all of them, the axes are not written."""
    rank = raiser.type(node).rank
    axes = tuple(sorted(map(int, axes)))
    options: list[tuple[str, Any]] = []
    if len(axes) < rank:
        options.append(("axis", axes[0] if len(axes) == 1 else axes))
    if keepdims and axes:
        options.append(("keepdims", True))
    return Call(name, (node,), tuple(options))


def reduce(raiser: Any, name: str, x: Any, axes: Sequence[int]) -> Expression:
    """A reduction over axes of the jaxpr, where some may not be spelled out.

    Args:
        raiser: The state of the walk.
        name: `sum`, `prod`, `min`, `max`, `any` or `all`.
        x: The operand.
        axes: Non-negative axes.
    """
    rank = len(x.shape)
    real = [a - rank for a in axes if x.padded[a] == x.shape[a]]
    real = [a for a in real if a >= -len(x.own)]
    node = reduction(raiser, name, x.node, real, keepdims=False) if real else x.node
    # An axis of 1 that stands for several has to go as well.
    ones = {a - rank for a in axes if a - rank >= -len(x.own)} - set(real)
    if ones:
        kept = [a for a in range(-len(x.own), 0) if a not in real]
        items = [Number(0) if a in ones else _ALL for a in kept]
        node = raiser.view(node, items)
    repeated = Type(tuple(x.shape[a] for a in axes if a - rank not in real)).size
    if repeated == 1 or name not in _REPEATED:
        return node
    return Call(_REPEATED[name], (node, Number(repeated)))


#: What reducing n equal elements does to one of them.
_REPEATED = {"sum": "multiply", "prod": "power"}
