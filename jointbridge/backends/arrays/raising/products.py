"""Matrix products and solvers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from jointbridge.backends.arrays.raising.layout import transposed
from jointbridge.backends.arrays.raising.views import ALL
from jointbridge.expression import Call, Expression, Number

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand


def _dot(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    """`x @ y` where it is one, else an einsum."""
    x, y = operands
    (cx, cy), (bx, by) = equation.params["dimension_numbers"]
    if not (x.shape and y.shape):
        return Call("multiply", (x.node, y.node))
    left, right = x.full, y.full
    if len(cx) == 1 and not bx:
        found = _matmul(raiser, left, cx[0], right, cy[0])
        if found is not None:
            return found
    if len(cx) == 1 and _is_batch(bx, by, x, y) and (cx[0], cy[0]) == _inner(x, y):
        return Call("matmul", (left, right))
    return _einsum(left, right, equation.params["dimension_numbers"], x, y)


def _matmul(raiser: Raiser, x: Any, cx: int, y: Any, cy: int) -> Expression | None:
    rx, ry = raiser.type(x).rank, raiser.type(y).rank
    if ry > 2 or (rx > 2 and cx != rx - 1):
        return None
    if cx == 0 and rx == 2:
        x = transposed(x, (1, 0))
    if cy == 1 and ry == 2:
        y = transposed(y, (1, 0))
    return Call("matmul", (x, y))


def _is_batch(bx: Any, by: Any, x: Operand, y: Operand) -> bool:
    lead = tuple(range(len(bx)))
    ranks = {len(x.shape), len(y.shape)}
    return tuple(bx) == tuple(by) == lead and ranks == {len(bx) + 2}


def _inner(x: Operand, y: Operand) -> tuple[int, int]:
    return len(x.shape) - 1, len(y.shape) - 2


def _einsum(left: Any, right: Any, numbers: Any, x: Operand, y: Operand) -> Expression:
    (cx, cy), (bx, by) = numbers
    letters = iter("ijklmnopqrstuvwxyz" + ascii_lowercase[:8])
    mine = {a: next(letters) for a in range(len(x.shape))}
    shared = {**dict(zip(cy, cx, strict=True)), **dict(zip(by, bx, strict=True))}
    theirs = {
        a: mine[shared[a]] if a in shared else next(letters)
        for a in range(len(y.shape))
    }
    result = [mine[a] for a in bx]
    result += [mine[a] for a in mine if a not in (*bx, *cx)]
    result += [theirs[a] for a in theirs if a not in (*by, *cy)]
    text = f"{''.join(mine.values())},{''.join(theirs.values())}->{''.join(result)}"
    return Call("einsum", (left, right), (("subscripts", text),))


def _solve(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    a, b = operands
    params = equation.params
    if params["unit_diagonal"]:
        raise raiser.refusal(equation, "with ones on the diagonal")
    turned = bool(params["transpose_a"])
    rank = len(b.shape)
    if not params["left_side"]:  # x a = b is a.T x.T = b.T
        order = (*range(rank - 2), rank - 1, rank - 2)
        flipped = transposed(b.full, order)
        found = _solution(a, flipped, params["lower"], not turned)
        return transposed(found, order)
    matrix = a.with_axes((-1, -2))
    if b.shape[-1] == 1 and rank == 2 and raiser.type(matrix).rank == 2:
        vector = raiser.view(b.with_axes((-2,)), [ALL, Number(0)])
        found = _solution(a, vector, params["lower"], turned)
        return raiser.view(found, [ALL, None])
    return _solution(a, b.with_axes((-1, -2)), params["lower"], turned)


def _solution(a: Operand, b: Any, lower: bool, turned: bool) -> Expression:
    options: list[tuple[str, Any]] = []
    if not lower:
        options.append(("lower", False))
    if turned:
        options.append(("transpose_a", True))
    return Call("solve_triangular", (a.with_axes((-1, -2)), b), tuple(options))


def _cholesky(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    del equation
    return Call("cholesky", (_unsymmetrised(raiser, operands[0].with_axes((-1, -2))),))


def _unsymmetrised(raiser: Raiser, node: Any) -> Expression:
    """`(x + transpose(x)) / 2` of a matrix that is symmetric anyway."""
    match node:
        case Call("divide", (Call("add", (x, y)), Number(2.0))):
            rank = raiser.type(x).rank
            order = (*range(rank - 2), rank - 1, rank - 2)
            if transposed(x, order) == y:
                return x  # type: ignore[return-value]
    return node


RULES: dict[str, Callable[..., Any]] = {
    "dot_general": _dot,
    "triangular_solve": _solve,
    "cholesky": _cholesky,
}
