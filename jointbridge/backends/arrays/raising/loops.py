"""`lax.scan`: a recurrence of the language, or, where it is short, its steps one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from jointbridge.backends.arrays.raising.layout import flipped
from jointbridge.backends.arrays.raising.views import ALL
from jointbridge.expression import Call, Expression, Number
from jointbridge.expression import Sequence as Vector
from jointbridge.spec import Scan

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand

#: Loops of at most this many steps are written out.
FEW = 4


def _scan(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    params = equation.params
    consts, carries = params["num_consts"], params["num_carry"]
    given = operands[:consts]
    init = operands[consts : consts + carries]
    over = operands[consts + carries :]
    if params["length"] <= FEW:
        return _unrolled(raiser, params, given, init, over)
    return _recurrence(raiser, equation, given, init, over)


def _unrolled(
    raiser: Raiser,
    params: Any,
    given: Sequence[Operand],
    init: Sequence[Operand],
    over: Sequence[Operand],
) -> list[Any]:
    body, length = params["jaxpr"], params["length"]
    carry = [o.value for o in init]
    rows: list[list[Any]] = []
    steps = range(length)
    for t in reversed(steps) if params["reverse"] else steps:
        slices = [_step(raiser, o, t) for o in over]
        out = raiser.run(
            body, [*(o.value for o in given), *carry, *slices], label=False
        )
        carry = out[: len(init)]
        rows.append(out[len(init) :])
    rows = rows[::-1] if params["reverse"] else rows
    outvars = body.jaxpr.outvars[len(init) :]
    stacked = [
        _stacked([raiser.operand(v, var.aval) for v in column])
        for column, var in zip(zip(*rows, strict=True), outvars, strict=True)
    ]
    return [*carry, *stacked]


def _step(raiser: Raiser, x: Operand, t: int) -> Any:
    if x.array is not None:
        return raiser.constant(x.array[t])
    node = x.with_axes((-len(x.shape),))
    return raiser.value_of(raiser.view(node, [Number(t), *(ALL,) * (len(x.shape) - 1)]))


def _stacked(items: Sequence[Operand]) -> Expression:
    if not items[0].shape:
        return Vector(tuple(o.node for o in items))
    return Call("stack", tuple(o.full for o in items))


def _recurrence(
    raiser: Raiser,
    equation: Any,
    given: Sequence[Operand],
    init: Sequence[Operand],
    over: Sequence[Operand],
) -> list[Any]:
    params = equation.params
    body, length = params["jaxpr"], params["length"]
    used = [k for k, var in enumerate(equation.outvars) if var in raiser.needed]
    name = raiser.fresh("scan")
    avals = [v.aval for v in body.jaxpr.invars[len(given) :]]
    stems = ["carry"] * len(init) + ["x"] * len(over)
    inside = [
        raiser.declare(stem, aval) for stem, aval in zip(stems, avals, strict=True)
    ]
    values = [*(o.value for o in given), *map(raiser.value_of, inside)]
    before = len(raiser.scans)
    outs = raiser.run(body, values)
    if len(raiser.scans) > before:
        raise raiser.refusal(equation, "inside of another loop")
    ends = [
        raiser.operand(v, var.aval).typed
        for v, var in zip(outs, body.jaxpr.outvars, strict=True)
    ]
    collected = {
        k: raiser.declare(
            "states" if k < len(init) else "out", body.jaxpr.outvars[k].aval, length
        )
        for k in used
    }
    following = ends[: len(init)]
    raiser.scans.append(
        Scan(
            name,
            tuple(
                (n.name, o.typed)
                for n, o in zip(inside[: len(init)], init, strict=True)
            ),
            tuple(
                (n.name, _walked(raiser, o, params["reverse"]))
                for n, o in zip(inside[len(init) :], over, strict=True)
            ),
            (),
            tuple((n.name, e) for n, e in zip(inside, following, strict=False)),
            tuple((n.name, ends[k]) for k, n in collected.items()),
            None if over else length,
        )
    )
    found: list[Any] = [Number(0.0)] * len(outs)
    for k, node in collected.items():
        rank = raiser.type(node).rank
        if k < len(init):
            found[k] = raiser.view(node, [Number(length - 1), *(ALL,) * (rank - 1)])
        else:
            found[k] = flipped(raiser, node, -rank) if params["reverse"] else node
    return found


def _walked(raiser: Raiser, x: Operand, reverse: bool) -> Expression:
    node = x.full
    return flipped(raiser, node, -len(x.shape)) if reverse else node


RULES: dict[str, Callable[..., Any]] = {"scan": _scan}
