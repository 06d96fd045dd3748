"""Recurrences: a scan of the array library over slices of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from jointbridge.arrays import Array
from jointbridge.shapes import Scope
from jointbridge.spec import Scan, Type, references

if TYPE_CHECKING:
    from jointbridge.evaluate import Evaluator

Draws = tuple[int, ...]


def run_scan(
    evaluate: Evaluator, scan: Scan, inner: Scope, length: int
) -> dict[str, Array]:
    """What a recurrence collects, by name, stacked behind the draws.

    Args:
        evaluate: Sees the names outside.
        scan: The recurrence.
        inner: The types inside its body.
        length: The number of steps.
    """
    lead = _lead(evaluate, scan)
    init = tuple(_full(evaluate, node, inner.names[n], lead) for n, node in scan.carry)
    over = tuple(_steps(evaluate, node) for _, node in scan.over)

    def step(carry: tuple[Array, ...], slices: tuple[Array, ...]) -> Any:
        env = dict(evaluate.env)
        env |= {n: x for (n, _), x in zip(scan.carry, carry, strict=True)}
        env |= {n: x for (n, _), x in zip(scan.over, slices, strict=True)}
        body = evaluate.inside(inner, env)
        for let in scan.body:
            env[let.name] = body(let.value)
        following = tuple(
            _full(body, node, inner.names[n], lead) for n, node in scan.next
        )
        out = tuple(
            _full(body, node, inner.type(node), lead) for _, node in scan.collect
        )
        return following, out

    outs = evaluate.arrays.scan(step, init, over, length)
    collected = zip(scan.collect, outs, strict=True)
    return {name: _behind(evaluate, out, len(lead)) for (name, _), out in collected}


def _lead(evaluate: Evaluator, scan: Scan) -> Draws:
    """The axes of draws that any value read by the recurrence has."""
    read = set(references(scan)) & set(evaluate.env)
    draws = [
        evaluate.draws(evaluate.env[n], evaluate.scope.names[n].rank) for n in read
    ]
    return tuple(np.broadcast_shapes(*draws))


def _full(evaluate: Evaluator, node: Any, wanted: Type, lead: Draws) -> Array:
    """A value in the kind and full shape that it keeps from step to step."""
    x = evaluate(node)
    if evaluate.scope.type(node).kind != wanted.kind:
        x = evaluate.arrays.cast(x, wanted.kind)
    x = evaluate.pad(x, evaluate.scope.type(node).rank, wanted.rank)
    return evaluate.function("broadcast", x, (*lead, *wanted.shape))


def _steps(evaluate: Evaluator, node: Any) -> Array:
    """The array with the axis that is walked along in front."""
    x = evaluate(node)
    draws = len(x.shape) - evaluate.scope.type(node).rank
    order = (draws, *(a for a in range(len(x.shape)) if a != draws))
    return evaluate.function("permute", x, order)


def _behind(evaluate: Evaluator, x: Array, draws: int) -> Array:
    """The stacked array with its steps behind the draws."""
    order = (*range(1, draws + 1), 0, *range(draws + 1, len(x.shape)))
    return evaluate.function("permute", x, order)
