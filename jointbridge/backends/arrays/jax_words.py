"""What the expression language is called in JAX: one row for each function."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from jointbridge.backends.writing.expressions import Expressions
from jointbridge.backends.writing.language import Language, Spelling
from jointbridge.backends.writing.python import (
    Code,
    array_of,
    call,
    fill,
    literal,
    method,
    name,
)
from jointbridge.expression import Call, Number

_SPECIAL = "from jax.scipy.special import {}"

IMPORTS = {
    "Path": "from pathlib import Path",
    "jax": "import jax",
    "jnp": "import jax.numpy as jnp",
    "math": "import math",
    "np": "import numpy as np",
    "lax": "from jax import lax",
    "random": "from jax import random",
    "solve_triangular": "from jax.scipy.linalg import solve_triangular",
    **{
        name: _SPECIAL.format(name)
        for name in (
            "digamma",
            "erf",
            "erfc",
            "gammaln",
            "i0e",
            "log_ndtr",
            "logsumexp",
            "ndtr",
        )
    },
    **{name: _SPECIAL.format(name) for name in ("expit", "logit")},
}

CONSTANTS = {"inf": "jnp.inf", "pi": "jnp.pi"}


def _full(write: Expressions, node: Call) -> Code:
    shape = write.sizes.shape(node, write.scope.type(node).shape)
    if isinstance(shape, ast.Tuple) and len(shape.elts) == 1:
        short: Code = shape.elts[0]
    else:
        short = shape
    (value,) = node.args
    if isinstance(value, Number) and value.value in (0.0, 1.0):
        word = "ones" if value.value else "zeros"
        if isinstance(value.value, float):
            return fill(f"jnp.{word}(shape)", shape=short)
    return fill("jnp.full(shape, x)", shape=short, x=write(value))


def _transpose(write: Expressions, node: Call) -> Code:
    axes = node.option("axes")
    code = write.array(node.args[0])
    if axes is None:
        return fill("x.T", x=code)
    return fill("jnp.transpose(x, axes)", x=code, axes=literal(axes))


def _diag(write: Expressions, node: Call) -> Code:
    code = write.array(node.args[0])
    if write.scope.type(node).rank == 2:
        return fill("jnp.diag(x)", x=code)
    eye = f"jnp.eye({write.scope.type(node).shape[-1]}, dtype=bool)"
    return fill(f"jnp.where({eye}, x[..., None], 0)", x=code)


def _diagonal(write: Expressions, node: Call) -> Code:
    code = write(node.args[0])
    if write.scope.type(node).rank == 1:
        return fill("jnp.diagonal(x)", x=code)
    return fill("jnp.diagonal(x, axis1=-2, axis2=-1)", x=code)


def _einsum(write: Expressions, node: Call) -> Code:
    code = fill("jnp.einsum(x)", x=literal(node.option("subscripts")))
    assert isinstance(code, ast.Call)
    code.args += write.arguments(node)
    return code


def _solve(write: Expressions, node: Call) -> Code:
    a, b = write.arguments(node)
    ranks = [write.scope.type(arg).rank for arg in node.args]
    if ranks[1] < ranks[0] > 2:
        return fill("jnp.linalg.solve(a, b[..., None])[..., 0]", a=a, b=b)
    return fill("jnp.linalg.solve(a, b)", a=a, b=b)


def _solve_triangular(write: Expressions, node: Call) -> Code:
    lower, transposed = node.option("lower", True), node.option("transpose_a", False)
    a, b = write.arguments(node)
    ranks = [write.scope.type(arg).rank for arg in node.args]
    text = "solve_triangular(a, b, trans=trans, lower=lower)"
    if ranks[1] < ranks[0] > 2:
        text = f"{text.replace('b,', 'b[..., None],')}[..., 0]"
    return fill(
        text,
        a=a,
        b=b,
        trans=literal("T") if transposed else None,
        lower=literal(True) if lower else None,
    )


def _running(word: str) -> Spelling:
    def write_(write: Expressions, node: Call) -> Code:
        (x,) = write.arguments(node)
        flat = write.scope.type(node).rank == 1
        axis = None if flat else literal(node.option("axis", -1))
        return fill(f"jnp.{word}(x, axis=axis)", x=x, axis=axis)

    return write_


def _joined(word: str) -> Spelling:
    def write_(write: Expressions, node: Call) -> Code:
        axis = node.option("axis", 0)
        return fill(
            f"jnp.{word}(xs, axis=axis)",
            xs=array_of(write.arguments(node)),
            axis=literal(axis) if axis else None,
        )

    return write_


_SAME = (
    *("minimum", "maximum", "where", "exp", "expm1", "log", "log1p", "sqrt", "square"),
    *("sin", "cos", "tanh", "floor", "round", "abs", "sign", "logaddexp", "remainder"),
)
_REDUCTIONS = ("sum", "prod", "mean", "min", "max", "any", "all")
_ARGUMENTS = {
    "minimum": "x, y",
    "maximum": "x, y",
    "logaddexp": "x, y",
    "remainder": "x, y",
    "where": "condition, x, y",
}

FUNCTIONS: dict[str, Spelling] = {
    **{name: f"jnp.{name}({_ARGUMENTS.get(name, 'x')})" for name in _SAME},
    **{name: f"jnp.{name}(x, axis=axis, keepdims=keepdims)" for name in _REDUCTIONS},
    "clip": "jnp.clip(x, low, high)",
    "atan": "jnp.arctan(x)",
    "expit": "expit(x)",
    "logit": "logit(x)",
    "softplus": "jax.nn.softplus(x)",
    "log_sigmoid": "jax.nn.log_sigmoid(x)",
    "erf": "erf(x)",
    "erfc": "erfc(x)",
    "lgamma": "gammaln(x)",
    "digamma": "digamma(x)",
    "normal_cdf": "ndtr(x)",
    "i0e": "i0e(x)",
    "logsumexp": "logsumexp(x, axis=axis, keepdims=keepdims)",
    "softmax": "jax.nn.softmax(x, axis=axis)",
    "log_softmax": "jax.nn.log_softmax(x, axis=axis)",
    "cumsum": _running("cumsum"),
    "cumprod": _running("cumprod"),
    "sort": "jnp.sort(x, axis=axis)",
    "reshape": "jnp.reshape(x, shape)",
    "transpose": _transpose,
    "squeeze": "jnp.squeeze(x, axis)",
    "broadcast_to": "jnp.broadcast_to(x, shape)",
    "stack": _joined("stack"),
    "concatenate": _joined("concatenate"),
    "full": _full,
    "eye": "jnp.eye(size)",
    "arange": "jnp.arange(start, stop)",
    "one_hot": "jax.nn.one_hot(x, size)",
    "tril": "jnp.tril(x)",
    "diag": _diag,
    "diagonal": _diagonal,
    "einsum": _einsum,
    "cholesky": "jnp.linalg.cholesky(x)",
    "inv": "jnp.linalg.inv(x)",
    "solve": _solve,
    "solve_triangular": _solve_triangular,
}


class JaxLanguage(Language):
    """The words of libraries whose arrays are JAX's."""

    functions = FUNCTIONS
    constants = CONSTANTS

    def array(self, code: Code, kind: str | None = None) -> Code:
        """A JAX array."""
        dtype = None if kind is None else name(kind)
        return fill("jnp.asarray(x, dtype=dtype)", x=code, dtype=dtype)

    def cast(self, code: Code, kind: str) -> Code:
        """A JAX array as another kind."""
        return method(code, "astype", name(kind))

    def vector(self, items: Sequence[Code]) -> Code:
        """A vector of scalars."""
        ones = {ast.dump(literal(1.0)): "ones", ast.dump(literal(0.0)): "zeros"}
        first = ast.dump(items[0])
        if first in ones and len(items) > 3 and {*map(ast.dump, items)} == {first}:
            return call(f"jnp.{ones[first]}", [literal(len(items))])
        return call("jnp.array", [ast.List(list(items))])

    def broadcast(self, code: Code, shape: Code) -> Code:
        """An array broadcast to a shape."""
        return call("jnp.broadcast_to", [code, shape])
