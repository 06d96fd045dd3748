"""Sums, extremes and whatever else makes axes disappear: a rule for each."""

# ruff: noqa: ARG001 - all rules are called alike

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

from jointbridge.backends.pyro.tracing.nodes import Node
from jointbridge.backends.pyro.tracing.raising import Raiser
from jointbridge.expression import Call, Expression, Index, Number, Slice

Rule: TypeAlias = Callable[..., Expression]


def negative_axes(dim: Any, rank: int) -> tuple[int, ...]:
    """Axes counted from the right, in order."""
    dims = dim if isinstance(dim, (tuple, list)) else (dim,)
    return tuple(sorted(d if d < 0 else d - rank for d in dims))


def reduction(name: str) -> Rule:
    """The rule of a reduction; of `max` and `min`, of two arguments too."""

    def rule(
        r: Raiser,
        node: Node,
        x: Node,
        dim: Any = None,
        keepdim: bool = False,
        *,
        axis: Any = None,
        **_: Any,
    ) -> Expression:
        dim = axis if dim is None else dim
        if isinstance(dim, Node):  # max(x, y)
            return r.call(f"{name}imum", r(x), r(dim))
        return _reduced(r, name, x, dim, keepdim)

    return rule


def _reduced(r: Raiser, name: str, x: Node, dim: Any, keepdim: bool) -> Expression:
    rank = x.value.dim()
    if rank == 0:
        return r(x)
    axes = negative_axes(dim, rank) if dim not in (None, [], ()) else None
    if axes is not None and len(axes) == rank and not keepdim:
        axes = None
    axis = axes[0] if axes and len(axes) == 1 else axes
    return r.call(name, r.full(x), axis=axis, keepdims=bool(keepdim))


def _spread(root: bool) -> Rule:
    """Variance or standard deviation."""

    def rule(
        r: Raiser,
        node: Node,
        x: Node,
        dim: Any = None,
        unbiased: Any = True,
        keepdim: bool = False,
        **options: Any,
    ) -> Expression:
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        correction = options.get("correction", 1 if unbiased else 0)
        keepdim = options.get("keepdim", keepdim)
        whole = _reduced(r, "mean", x, dim, True) if dim is not None else None
        mean = whole or r.call("mean", r.full(x))
        centred = Call("square", (Call("subtract", (r.full(x), mean)),))
        rank = x.value.dim()
        axes = negative_axes(dim, rank) if dim is not None else tuple(range(-rank, 0))
        count = math.prod(x.value.shape[a] for a in axes) - correction
        total = r.call(
            "sum",
            centred,
            axis=None if dim is None else axes,
            keepdims=bool(keepdim),
        )
        variance = Call("divide", (total, Number(count)))
        return Call("sqrt", (variance,)) if root else variance

    return rule


def _along(name: str) -> Rule:
    def rule(r: Raiser, node: Node, x: Node, dim: Any = None, **_: Any) -> Expression:
        (axis,) = negative_axes(-1 if dim is None else dim, max(1, x.value.dim()))
        return r.call(name, r.full(x), axis=axis)

    return rule


def _cumprod(r: Raiser, node: Node, x: Node, dim: int, **_: Any) -> Expression:
    """A product over what stands at or before each place; right for every sign."""
    if negative_axes(dim, x.value.dim()) != (-1,):
        raise r.refuse(node, "only along the last axis")
    size = x.value.shape[-1]
    places = r.call("arange", start=0, stop=size)
    before = Call("greater_equal", (Index(places, (Slice(), None)), places))
    copies = Index(r.full(x), (..., None, Slice()))
    kept = Call("where", (before, copies, Number(1.0)))
    return r.call("prod", kept, axis=-1)


def _norm(
    r: Raiser,
    node: Node,
    x: Node,
    p: Any = None,
    dim: Any = None,
    keepdim: bool = False,
    **_: Any,
) -> Expression:
    if p not in (None, "fro", 2):
        raise r.refuse(node, "only the Euclidean norm")
    square = Call("square", (r.full(x),))
    axis = None if dim is None else negative_axes(dim, x.value.dim())
    total = r.call("sum", square, axis=axis, keepdims=bool(keepdim))
    return Call("sqrt", (total,))


REDUCTIONS: dict[str, Rule] = {
    **{n: reduction(n) for n in ("sum", "prod", "mean", "min", "max", "any", "all")},
    "logsumexp": reduction("logsumexp"),
    "var": _spread(root=False),
    "std": _spread(root=True),
    **{n: _along(n) for n in ("softmax", "log_softmax", "cumsum")},
    "cumprod": _cumprod,
    "norm": _norm,
    "vector_norm": _norm,
}
