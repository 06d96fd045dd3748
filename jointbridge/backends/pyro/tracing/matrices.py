"""Products, factors and triangles of matrices: a rule for each."""

# ruff: noqa: ARG001 - all rules are called alike

from __future__ import annotations

from collections.abc import Callable
from string import ascii_letters
from typing import Any, TypeAlias

import torch

from jointbridge.backends.pyro.tracing.nodes import Node
from jointbridge.backends.pyro.tracing.raising import Raiser
from jointbridge.expression import Call, Expression, Number

Rule: TypeAlias = Callable[..., Expression]


def _einsum(r: Raiser, node: Node, equation: str, *xs: Any) -> Expression:
    arrays = xs[0] if len(xs) == 1 and isinstance(xs[0], (tuple, list)) else xs
    left, arrow, right = equation.replace(" ", "").partition("->")
    if not arrow:
        letters = sorted(set(left) - {",", "."})
        right = "".join(c for c in letters if left.count(c) == 1)
        right = "..." * ("." in left) + right
    unused = [c for c in ascii_letters if c not in equation]
    terms = []
    for term, x in zip(left.split(","), arrays, strict=True):
        more = x.value.dim() - len(term.replace(".", ""))
        terms.append(term.replace("...", "".join(unused[:more][::-1])))
    more = node.value.dim() - len(right.replace(".", ""))
    right = right.replace("...", "".join(unused[:more][::-1]))
    left = ",".join(terms)
    return r.call("einsum", *map(r.full, arrays), subscripts=f"{left}->{right}")


def _inv(r: Raiser, _: Node, a: Node) -> Expression:
    return r.call("inv", r.full(a))


def _solve(r: Raiser, node: Node, a: Node, b: Node) -> Expression:
    if 1 < b.value.dim() < a.value.dim():
        raise r.refuse(node, "with fewer axes on the right side")
    return r.call("solve", r.full(a), r.full(b))


def _solve_triangular(
    r: Raiser, node: Node, a: Node, b: Node, *, upper: bool, **options: Any
) -> Expression:
    if not options.get("left", True) or options.get("unitriangular"):
        raise r.refuse(node, "with left=False or unitriangular=True")
    return r.call("solve_triangular", r.full(a), r.full(b), lower=not upper)


def _cholesky_solve(
    r: Raiser, node: Node, b: Node, factor: Node, upper: bool = False
) -> Expression:
    if upper:
        raise r.refuse(node, "with an upper factor")
    inner = r.call("solve_triangular", r.full(factor), r.full(b))
    return r.call("solve_triangular", r.full(factor), inner, transpose_a=True)


def _diag(r: Raiser, node: Node, x: Node, diagonal: int = 0) -> Expression:
    if diagonal:
        raise r.refuse(node, "off the diagonal")
    return r.call("diag" if x.value.dim() == 1 else "diagonal", r.full(x))


def _diagonal(
    r: Raiser, node: Node, x: Node, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Expression:
    rank = x.value.dim()
    if offset or {dim1 % rank, dim2 % rank} != {rank - 2, rank - 1}:
        raise r.refuse(node, "other than of the last two axes")
    return r.call("diagonal", r.full(x))


def _triangle(keep: Callable[[int, int, int], bool]) -> Rule:
    def rule(r: Raiser, node: Node, x: Node, diagonal: int = 0) -> Expression:
        rows, columns = x.value.shape[-2:]
        if diagonal == 0 and keep is _below and rows == columns:
            return r.call("tril", r.full(x))
        kept = torch.tensor(
            [[keep(i, j, diagonal) for j in range(columns)] for i in range(rows)]
        )
        mask = r.constants.value(kept, "triangle", node.where)
        return Call("where", (mask, r.full(x), Number(0.0)))

    return rule


def _below(i: int, j: int, diagonal: int) -> bool:
    return j - i <= diagonal


def _above(i: int, j: int, diagonal: int) -> bool:
    return j - i >= diagonal


def _one_hot(r: Raiser, node: Node, x: Node, num_classes: int = -1) -> Expression:
    index = r.constants.whole(r.full(x))
    return r.call("one_hot", index, size=node.value.shape[-1])


def _log_prob(r: Raiser, node: Node, made: Any, value: Any) -> Expression:
    dist, own = r.families(made)
    density = Call("log_prob", (dist, r.full(value)))
    if not own:
        return density
    batch = (*node.value.shape, *made.built.event_shape[:own])
    if r.shape(density) != batch:
        density = r.call("broadcast_to", density, shape=batch)
    axes = tuple(range(-own, 0))
    return r.call("sum", density, axis=None if own == len(batch) else axes)


MATRICES: dict[str, Rule] = {
    "einsum": _einsum,
    "inv": _inv,
    "inverse": _inv,
    "solve": _solve,
    "solve_triangular": _solve_triangular,
    "cholesky_solve": _cholesky_solve,
    "diag": _diag,
    "diagonal": _diagonal,
    "tril": _triangle(_below),
    "triu": _triangle(_above),
    "one_hot": _one_hot,
    "log_prob": _log_prob,
}
