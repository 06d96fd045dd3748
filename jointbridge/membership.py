"""Is a value in a support, and what would be: the rows of `support`, evaluated."""

from __future__ import annotations

from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.expression import Support
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse_row

#: How far from a simplex or a unit row a value may be, by float width.
TOLERANCE = {"float64": 1e-6, "float32": 1e-4}


def membership(
    support: Support, value: Array, evaluate: Evaluator, rank: int, dtype: str
) -> tuple[Array, Array]:
    """Whether values lie in a support, and some value that does.

    Args:
        support: The support; its bounds are evaluated and aligned to `rank` axes.
        value: Aligned values, with `rank` axes in one draw before the support's own.
        evaluate: Knows the names in the bounds.
        rank: The number of axes that are taken one element at a time.
        dtype: The float width, for what counts as equal.
    """
    row = SUPPORTS[support.name]
    arrays = evaluate.arrays
    value = arrays.cast(value, "float")
    bounds: Env = {
        n: arrays.cast(evaluate.aligned(b, rank), "float") for n, b in support.params
    }
    event = tuple(value.shape[len(value.shape) - row.rank :])
    types = {n: Type((1,) * min(rank, len(x.shape))) for n, x in bounds.items()}
    # Without bounds to align, all leading axes are as good as draws; without draws an
    # aligned array may have fewer axes.
    axes = min(rank, len(value.shape) - row.rank) if bounds else 0
    types |= {"value": Type((1,) * axes + event), "tolerance": Type()}
    tolerance = arrays.array(TOLERANCE[dtype], "float")
    env: Env = {**bounds, "value": value, "tolerance": tolerance}
    local = Evaluator(arrays, Scope(types), env)
    sizes = (("size", event[-1]),) if event else ()
    point = local(parse_row(row.point, sizes))
    inside = local(parse_row(row.inside, sizes))
    return inside, arrays.cast(point, "int" if row.discrete else "float")


def some(evaluate: Evaluator, flags: Array, rank: int) -> Array:
    """Whether any of the flags over the last `rank` axes is set."""
    rank = min(
        rank, len(flags.shape)
    )  # one for all has no axes where there are no draws
    if not rank:
        return flags
    axes = tuple(range(-rank, 0))
    return evaluate.function("any", flags, axis=axes, keepdims=False)
