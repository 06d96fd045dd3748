"""The functions of the expression language: one row each.

A row says how a call is written (`signature`), how its shape follows from its arguments
(`shape`, a rule of `jointbridge.shapes`), which kind it takes and gives (`kind`), and,
for operators, the symbol.  How a backend computes it is that backend's own table.

    kind        arguments become            result
    float       floats                      float
    numeric     the widest kind, >= int     that kind
    same        the widest kind             that kind
    bool        bools                       bool
    compare     the widest kind             bool
    divide      floats                      float   (never an int)
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import Any

REQUIRED = object()


@dataclass(frozen=True)
class Function:
    """One row of the vocabulary."""

    signature: str
    shape: str
    kind: str
    meaning: str
    symbol: str | None = None
    precedence: int = 0
    variadic: bool = False

    @property
    def name(self) -> str:
        """The name that a call is written with."""
        return self.signature.split("(")[0]

    @cached_property
    def _fields(self) -> list[tuple[str, Any]]:
        # `cumsum(x, axis=-1)` -> [("x", REQUIRED), ("axis", -1)]
        call = ast.parse(self.signature, mode="eval").body
        assert isinstance(call, ast.Call)
        rows: list[tuple[str, Any]] = [
            (a.id, REQUIRED) for a in call.args if isinstance(a, ast.Name)
        ]
        rows += [(str(k.arg), ast.literal_eval(k.value)) for k in call.keywords]
        return rows

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the array arguments, in order."""
        return tuple(n for n, _ in self._fields if n not in STATIC)

    @cached_property
    def options(self) -> dict[str, Any]:
        """The static options with their defaults (`REQUIRED` where there is none)."""
        return {n: d for n, d in self._fields if n in STATIC}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every field in the order in which positional arguments fill them."""
        return tuple(n for n, _ in self._fields)


#: Fields that are known when a spec is read: never arrays.
STATIC = {"axis", "axes", "keepdims", "shape", "size", "subscripts", "kind"} | {
    "lower",
    "start",
    "stop",
    "transpose_a",
}

# Python's own precedences, tightest last.
COMPARE, OR, AND, SUM, PRODUCT, UNARY, POWER = 1, 2, 3, 4, 5, 6, 7


def _map(signature: str, meaning: str, kind: str = "float", **more: Any) -> Function:
    return Function(signature, "map", kind, meaning, **more)


def _infix(signature: str, symbol: str, precedence: int, kind: str) -> Function:
    name = signature.split("(")[0].replace("_", " ")
    return _map(signature, name, kind, symbol=symbol, precedence=precedence)


_ROWS = [
    # operators
    _infix("add(x, y)", "+", SUM, "numeric"),
    _infix("subtract(x, y)", "-", SUM, "numeric"),
    _infix("multiply(x, y)", "*", PRODUCT, "numeric"),
    _infix("divide(x, y)", "/", PRODUCT, "float"),
    _infix("power(x, y)", "**", POWER, "numeric"),
    _infix("negative(x)", "-", UNARY, "numeric"),
    _infix("less(x, y)", "<", COMPARE, "compare"),
    _infix("less_equal(x, y)", "<=", COMPARE, "compare"),
    _infix("greater(x, y)", ">", COMPARE, "compare"),
    _infix("greater_equal(x, y)", ">=", COMPARE, "compare"),
    _infix("equal(x, y)", "==", COMPARE, "compare"),
    _infix("not_equal(x, y)", "!=", COMPARE, "compare"),
    _infix("logical_or(x, y)", "|", OR, "bool"),
    _infix("logical_and(x, y)", "&", AND, "bool"),
    _infix("logical_not(x)", "~", UNARY, "bool"),
    Function(
        "matmul(x, y)",
        "matmul",
        "numeric",
        "matrix product over the last axes",
        symbol="@",
        precedence=PRODUCT,
    ),
    # elementwise
    _map("abs(x)", "absolute value", "numeric"),
    _map("sign(x)", "-1, 0 or 1", "numeric"),
    _map("minimum(x, y)", "the smaller of two", "numeric"),
    _map("maximum(x, y)", "the larger of two", "numeric"),
    _map("clip(x, low, high)", "x kept inside [low, high]", "numeric"),
    _map("where(condition, x, y)", "x where the condition holds, else y", "same"),
    _map("exp(x)", "e to the x"),
    _map("expm1(x)", "exp(x) - 1, accurate near 0"),
    _map("log(x)", "natural logarithm"),
    _map("log1p(x)", "log(1 + x), accurate near 0"),
    _map("sqrt(x)", "square root"),
    _map("square(x)", "x times x", "numeric"),
    _map("sin(x)", "sine"),
    _map("cos(x)", "cosine"),
    _map("tanh(x)", "hyperbolic tangent"),
    _map("atan(x)", "inverse tangent"),
    _map("floor(x)", "largest whole number not above x"),
    _map("round(x)", "nearest whole number, of two the even one"),
    _map("remainder(x, y)", "x - y * floor(x / y)", "numeric"),
    _map("expit(x)", "logistic sigmoid, 1 / (1 + exp(-x))"),
    _map("logit(x)", "log(x / (1 - x))"),
    _map("softplus(x)", "log(1 + exp(x))"),
    _map("log_sigmoid(x)", "log(expit(x))"),
    _map("erf(x)", "error function"),
    _map("erfc(x)", "1 - erf(x)"),
    _map("lgamma(x)", "logarithm of the absolute gamma function"),
    _map("digamma(x)", "derivative of lgamma"),
    _map("normal_cdf(x)", "standard normal distribution function"),
    _map("logaddexp(x, y)", "log(exp(x) + exp(y))"),
    _map("i0e(x)", "exp(-|x|) times the modified Bessel function of order 0"),
    # reductions
    Function("sum(x, axis=None, keepdims=False)", "reduce", "numeric", "sum"),
    Function("prod(x, axis=None, keepdims=False)", "reduce", "numeric", "product"),
    Function("mean(x, axis=None, keepdims=False)", "reduce", "float", "mean"),
    Function("min(x, axis=None, keepdims=False)", "reduce", "numeric", "smallest"),
    Function("max(x, axis=None, keepdims=False)", "reduce", "numeric", "largest"),
    Function("any(x, axis=None, keepdims=False)", "reduce", "bool", "true for some"),
    Function("all(x, axis=None, keepdims=False)", "reduce", "bool", "true for all"),
    Function(
        "logsumexp(x, axis=None, keepdims=False)",
        "reduce",
        "float",
        "log of the sum of exp(x)",
    ),
    Function("softmax(x, axis=-1)", "along", "float", "exp(x), normalised"),
    Function("log_softmax(x, axis=-1)", "along", "float", "log of softmax"),
    Function("cumsum(x, axis=-1)", "along", "numeric", "running sum"),
    Function("cumprod(x, axis=-1)", "along", "numeric", "running product"),
    Function("sort(x, axis=-1)", "along", "same", "from small to large"),
    # shapes
    Function("reshape(x, shape)", "reshape", "same", "same items, another shape"),
    Function("transpose(x, axes=None)", "transpose", "same", "axes in another order"),
    Function("squeeze(x, axis)", "squeeze", "same", "drop an axis of size 1"),
    Function("broadcast_to(x, shape)", "broadcast", "same", "repeat to a shape"),
    Function(
        "stack(xs, axis=0)", "stack", "same", "join along a new axis", variadic=True
    ),
    Function(
        "concatenate(xs, axis=0)",
        "concatenate",
        "same",
        "join on an axis",
        variadic=True,
    ),
    # making arrays
    Function("full(shape, x)", "full", "same", "an array filled with x"),
    Function("eye(size)", "eye", "float", "identity matrix"),
    Function("arange(start, stop)", "arange", "int", "start, start + 1, …, stop - 1"),
    Function("one_hot(x, size)", "one_hot", "float", "1 at the index x, else 0"),
    Function("tril(x)", "square", "same", "lower triangle"),
    Function("diag(x)", "diag", "same", "a vector as a diagonal matrix"),
    Function("diagonal(x)", "diagonal", "same", "the diagonal of a matrix"),
    # linear algebra
    Function(
        "einsum(subscripts, xs)", "einsum", "numeric", "Einstein sum", variadic=True
    ),
    Function("cholesky(x)", "square", "float", "lower Cholesky factor"),
    Function("inv(x)", "square", "float", "inverse of a matrix"),
    Function(
        "solve(a, b)", "solve", "float", "x with a @ x = b, b a matrix or a vector"
    ),
    Function(
        "solve_triangular(a, b, lower=True, transpose_a=False)",
        "solve",
        "float",
        "x with a @ x = b (a.T @ x = b), b a matrix or a vector",
    ),
    # kinds and densities
    Function("cast(x, kind)", "cast", "cast", "as float, int or bool (toward zero)"),
    Function("log_prob(distribution, value)", "log_prob", "float", "log density"),
]

FUNCTIONS = {row.name: row for row in _ROWS}
assert len(FUNCTIONS) == len(_ROWS), "a function has two rows"

#: `(symbol, number of operands)` -> row, for the parser and the printer.
OPERATORS = {(row.symbol, len(row.arguments)): row for row in _ROWS if row.symbol}

#: Names with a fixed value; a site of that name is written in backquotes.
CONSTANTS = {"inf", "pi", "True", "False"}
