"""Torch's functions in the words of the expression language: one row for each spelling.

    "sigmoid(input)": "expit(input)"

The left side has torch's own parameter names; of several rows for one function that one
counts whose parameters are those that were given. What cannot be said as a text, because
it depends on shapes or on static options, is a rule in `raising.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from jointbridge.syntax import parse_template

#: Other names of the same functions.
ALIASES = {
    "multiply": "mul",
    "true_divide": "div",
    "divide": "div",
    "truediv": "div",
    "rtruediv": "rdiv",
    "subtract": "sub",
    "negative": "neg",
    "absolute": "abs",
    "less": "lt",
    "less_equal": "le",
    "greater": "gt",
    "greater_equal": "ge",
    "not_equal": "ne",
    "radd": "add",
    "rmul": "mul",
    "bitwise_and": "and",
    "logical_and": "and",
    "bitwise_or": "or",
    "logical_or": "or",
    "bitwise_not": "invert",
    "logical_not": "invert",
    "floor_divide": "floordiv",
    "expit": "sigmoid",
    "clip": "clamp",
    "arctan": "atan",
    "gammaln": "lgamma",
    "psi": "digamma",
    "concat": "cat",
    "concatenate": "cat",
    "amax": "max",
    "amin": "min",
}

ROWS = {
    # arithmetic
    "add(input, other)": "input + other",
    "add(input, other, alpha)": "input + alpha * other",
    "sub(input, other)": "input - other",
    "sub(input, other, alpha)": "input - alpha * other",
    "rsub(input, other)": "other - input",
    "mul(input, other)": "input * other",
    "div(input, other)": "input / other",
    "rdiv(input, other)": "other / input",
    "pow(input, exponent)": "input ** exponent",
    "rpow(input, exponent)": "exponent ** input",
    "float_power(input, exponent)": "input ** exponent",
    "floordiv(input, other)": "floor(input / other)",
    "rfloordiv(input, other)": "floor(other / input)",
    "remainder(input, other)": "input - floor(input / other) * other",
    "neg(input)": "-input",
    "positive(input)": "input",
    "reciprocal(input)": "1 / input",
    "lerp(input, end, weight)": "input + weight * (end - input)",
    "addcmul(input, tensor1, tensor2)": "input + tensor1 * tensor2",
    "addcdiv(input, tensor1, tensor2)": "input + tensor1 / tensor2",
    # comparisons and logic
    "lt(input, other)": "input < other",
    "le(input, other)": "input <= other",
    "gt(input, other)": "input > other",
    "ge(input, other)": "input >= other",
    "eq(input, other)": "input == other",
    "ne(input, other)": "input != other",
    "and(input, other)": "input & other",
    "or(input, other)": "input | other",
    "invert(input)": "~input",
    "logical_xor(input, other)": "input != other",
    "where(condition, input, other)": "where(condition, input, other)",
    "masked_fill(input, mask, value)": "where(mask, value, input)",
    # elementwise
    "abs(input)": "abs(input)",
    "sign(input)": "sign(input)",
    "minimum(input, other)": "minimum(input, other)",
    "maximum(input, other)": "maximum(input, other)",
    "fmin(input, other)": "minimum(input, other)",
    "fmax(input, other)": "maximum(input, other)",
    "clamp(input, min, max)": "clip(input, min, max)",
    "clamp(input, min)": "maximum(input, min)",
    "clamp(input, max)": "minimum(input, max)",
    "clamp_min(input, min)": "maximum(input, min)",
    "clamp_max(input, max)": "minimum(input, max)",
    "exp(input)": "exp(input)",
    "exp2(input)": "2 ** input",
    "expm1(input)": "expm1(input)",
    "log(input)": "log(input)",
    "log2(input)": "log(input) / log(2.0)",
    "log10(input)": "log(input) / log(10.0)",
    "log1p(input)": "log1p(input)",
    "sqrt(input)": "sqrt(input)",
    "rsqrt(input)": "1 / sqrt(input)",
    "square(input)": "square(input)",
    "sin(input)": "sin(input)",
    "cos(input)": "cos(input)",
    "tan(input)": "sin(input) / cos(input)",
    "tanh(input)": "tanh(input)",
    "sinh(input)": "0.5 * (exp(input) - exp(-input))",
    "cosh(input)": "0.5 * (exp(input) + exp(-input))",
    "atan(input)": "atan(input)",
    "floor(input)": "floor(input)",
    "ceil(input)": "-floor(-input)",
    "sigmoid(input)": "expit(input)",
    "logit(input)": "logit(input)",
    "softplus(input)": "softplus(input)",
    "log_sigmoid(input)": "log_sigmoid(input)",
    "logsigmoid(input)": "log_sigmoid(input)",
    "relu(input)": "maximum(input, 0.0)",
    "silu(input)": "input * expit(input)",
    "softsign(input)": "input / (1 + abs(input))",
    "leaky_relu(input, negative_slope)": (
        "where(input > 0, input, negative_slope * input)"
    ),
    "elu(input)": "where(input > 0, input, expm1(minimum(input, 0.0)))",
    "gelu(input)": "input * normal_cdf(input)",
    "erf(input)": "erf(input)",
    "erfc(input)": "erfc(input)",
    "ndtr(input)": "normal_cdf(input)",
    "lgamma(input)": "lgamma(input)",
    "digamma(input)": "digamma(input)",
    "logaddexp(input, other)": "logaddexp(input, other)",
    "i0e(input)": "i0e(input)",
    "xlogy(input, other)": "where(input == 0, 0.0, input * log(other))",
    "isfinite(input)": "abs(input) < inf",
    "isnan(input)": "input != input",
    # products
    "matmul(input, other)": "input @ other",
    "rmatmul(input, other)": "other @ input",
    "mm(input, mat2)": "input @ mat2",
    "mv(input, vec)": "input @ vec",
    "bmm(input, mat2)": "input @ mat2",
    "dot(input, tensor)": "input @ tensor",
    "inner(input, other)": "input @ other",
    "vdot(input, other)": "input @ other",
    "vecdot(x, y)": "sum(x * y, axis=-1)",
    "linear(input, weight)": "input @ transpose(weight)",
    "linear(input, weight, bias)": "input @ transpose(weight) + bias",
    "addmv(input, mat, vec)": "input + mat @ vec",
    "addmm(input, mat1, mat2)": "input + mat1 @ mat2",
    "outer(input, vec2)": "input[..., None] * vec2",
    "ger(input, vec2)": "input[..., None] * vec2",
    # matrices
    "cholesky(input)": "cholesky(input)",
    "tril(input)": "tril(input)",
    "diag_embed(input)": "diag(input)",
}

#: Arguments that change no value, and those that do not where they have this value.
_SILENT = {"dtype", "device", "inplace", "memory_format", "non_blocking", "copy", "out"}
_SILENT |= {"requires_grad", "layout", "pin_memory", "generator", "_stacklevel"}
_USUAL = {
    "alpha": 1,
    "beta": 1,
    "threshold": 20,
    "value": None,
    "upper": False,
    "diagonal": 0,
    "offset": 0,
    "eps": None,
    "approximate": "none",
}


class Row(NamedTuple):
    """One spelling: torch's parameters and what the call is here."""

    parameters: tuple[str, ...]
    template: Any


@cache
def rows() -> Mapping[str, tuple[Row, ...]]:
    """The rows by torch's name, those with most parameters first."""
    found: dict[str, list[Row]] = {}
    for spelling, text in ROWS.items():
        name, _, rest = spelling.partition("(")
        parameters = tuple(rest.rstrip(")").split(", "))
        found.setdefault(name, []).append(Row(parameters, parse_template(text)))
    return {
        name: tuple(sorted(items, key=lambda row: -len(row.parameters)))
        for name, items in found.items()
    }


def canonical(call: str) -> str:
    """The name that the rows have for a function: `__radd__` is `add`."""
    name = call.removeprefix("special_").removeprefix("linalg_")
    if name.startswith("__") and name.endswith("__"):
        name = _REFLECTED.get(name, name.strip("_"))
        name = name.removeprefix("i") if name in _IN_PLACE else name
    elif not name.endswith("__"):
        name = name.rstrip("_")
    return ALIASES.get(name, name)


_REFLECTED = {"__rand__": "and", "__ror__": "or"}
_IN_PLACE = {"iadd", "isub", "imul", "itruediv", "ipow", "iand", "ior"}


def matching(call: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """The template of a call with what its names stand for, or None."""
    for row in rows().get(call, ()):
        longest = _longest(call)
        given = dict(zip(longest, args, strict=False))
        given |= {_CALLED.get(k, k): v for k, v in kwargs.items()}
        said = {k: v for k, v in given.items() if not _is_usual(k, v)}
        if len(args) <= len(longest) and set(said) == set(row.parameters):
            return row.template, said
    return None


#: Keywords that methods and functions call differently.
_CALLED = {"self": "input", "x": "input"}


def _longest(call: str) -> tuple[str, ...]:
    return rows()[call][0].parameters


def _is_usual(name: str, value: Any) -> bool:
    if value is None or name in _SILENT:
        return True
    usual = _USUAL.get(name)
    return (
        usual is not None and type(value) in (int, float, bool, str) and value == usual
    )
