"""Functions that a library spells out, recognised by tracing the library's own.

Each row is a function of the library and what it is in the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.linalg as jsl
import jax.scipy.special as jss

from jointbridge.expression import Call, Expression, Number
from jointbridge.functions import FUNCTIONS

Options = dict[str, Any]
#: From the raiser, the operands and the options of the library to an expression.
Build = Callable[[Any, Sequence[Any], Options], Expression]


@dataclass(frozen=True)
class Example:
    """A function of the library, and what it is in the language.

    Attributes:
        function: The library's.
        build: What it is here.
        probes: Shapes of arguments to find out how it begins.
        ranks: How many axes the first argument may have, at least and at most.
        options: The options to try, given its first equation.
    """

    function: Callable[..., Any]
    build: Build
    probes: tuple[tuple[int, ...], ...] = ((3,),)
    ranks: tuple[int, int] = (0, 32)
    options: Callable[[Any], Iterator[Options]] = lambda _: iter([{}])
    kind: str = "float"


# -- what examples are in the language ------------------------------------------


def _call(name: str, *axes: int) -> Build:
    """A function of the same arguments, which need these axes of each."""

    def build(raiser: Any, operands: Sequence[Any], _: Options) -> Expression:
        del raiser
        return Call(
            name, tuple(o.with_axes(axes) if axes else o.node for o in operands)
        )

    return build


def _reduction(name: str) -> Build:
    def build(raiser: Any, operands: Sequence[Any], options: Options) -> Expression:
        from jointbridge.backends.arrays.raising.reductions import reduction

        (x,) = operands
        axes, keep = options["axis"], options.get("keepdims", False)
        return reduction(raiser, name, x.with_axes(axes), axes, keepdims=keep)

    return build


def _along(name: str) -> Build:
    def build(raiser: Any, operands: Sequence[Any], options: Options) -> Expression:
        del raiser
        axis, usual = options["axis"], FUNCTIONS[name].options["axis"]
        written = () if axis == usual else (("axis", axis),)
        return Call(name, (operands[0].with_axes((axis,)),), written)

    return build


def _one_hot(raiser: Any, operands: Sequence[Any], options: Options) -> Expression:
    del raiser
    return Call(
        "one_hot", (operands[0].of_kind("int"),), (("size", options["num_classes"]),)
    )


def _relu(raiser: Any, operands: Sequence[Any], _: Options) -> Expression:
    del raiser
    return Call("maximum", (operands[0].node, Number(0.0)))


def _trace(raiser: Any, operands: Sequence[Any], _: Options) -> Expression:
    del raiser
    diagonal = Call("diagonal", (operands[0].with_axes((-1, -2)),))
    return Call("sum", (diagonal,), (("axis", -1),))


def _silu(raiser: Any, operands: Sequence[Any], _: Options) -> Expression:
    del raiser
    x = operands[0].node
    return Call("multiply", (x, Call("expit", (x,))))


def _betaln(raiser: Any, operands: Sequence[Any], _: Options) -> Expression:
    del raiser
    a, b = (o.node for o in operands)
    both = Call("add", (Call("lgamma", (a,)), Call("lgamma", (b,))))
    return Call("subtract", (both, Call("lgamma", (Call("add", (a, b)),))))


def _solve(raiser: Any, operands: Sequence[Any], _: Options) -> Expression:
    del raiser
    a, b = operands
    return Call("solve", (a.with_axes((-1, -2)), b.full))


def _floor_divide(raiser: Any, operands: Sequence[Any], _: Options) -> Expression:
    down = Call("floor", (Call("divide", tuple(o.node for o in operands)),))
    counted = all(o.kind == "int" for o in operands)
    return raiser.cast(down, "int") if counted else down  # type: ignore[no-any-return]


# -- which options to try -------------------------------------------------------


def _axes(equation: Any) -> tuple[int, ...]:
    rank = len(equation.invars[0].aval.shape)
    return tuple(int(a) - rank for a in equation.params["axes"])


def _reduced(equation: Any) -> Iterator[Options]:
    if "axes" in equation.params:
        for keep in (False, True):
            yield {"axis": _axes(equation), "keepdims": keep}


def _walked(equation: Any) -> Iterator[Options]:
    rank = len(equation.invars[0].aval.shape)
    axes = _axes(equation) if "axes" in equation.params else range(-rank, 0)
    for axis in axes:
        yield {"axis": axis}


def _classes(equation: Any) -> Iterator[Options]:
    yield {"num_classes": equation.outvars[0].aval.shape[-1]}


_MATRIX, _MATRICES = (2, 2), (2, 32)
_square = ((3, 3),)
EXAMPLES = [
    Example(jax.nn.softplus, _call("softplus")),
    Example(jax.nn.log_sigmoid, _call("log_sigmoid")),
    Example(jax.nn.relu, _relu),
    Example(jax.nn.silu, _silu),
    Example(jss.logit, _call("logit")),
    Example(jss.ndtr, _call("normal_cdf")),
    Example(jnp.logaddexp, _call("logaddexp"), ((3,), (3,))),
    Example(jss.betaln, _betaln, ((3,), (3,))),
    Example(jnp.remainder, _call("remainder"), ((3,), (3,))),
    Example(jnp.remainder, _call("remainder"), ((3,), (3,)), kind="int"),
    Example(jnp.floor_divide, _floor_divide, ((3,), (3,))),
    Example(jnp.floor_divide, _floor_divide, ((3,), (3,)), kind="int"),
    Example(jnp.clip, _call("clip"), ((3,), (), ())),
    Example(jss.logsumexp, _reduction("logsumexp"), options=_reduced),
    Example(jax.nn.softmax, _along("softmax"), options=_walked),
    Example(jax.nn.log_softmax, _along("log_softmax"), options=_walked),
    Example(jax.nn.one_hot, _one_hot, options=_classes, kind="int"),
    Example(jnp.linalg.cholesky, _call("cholesky", -1, -2), _square, _MATRICES),
    Example(
        partial(jsl.cholesky, lower=True), _call("cholesky", -1, -2), _square, _MATRICES
    ),
    Example(jax.lax.linalg.cholesky, _call("cholesky", -1, -2), _square, _MATRICES),
    Example(jnp.linalg.inv, _call("inv", -1, -2), _square, _MATRICES),
    Example(jnp.linalg.solve, _solve, ((3, 3), (3, 3)), _MATRIX),
    Example(jnp.tril, _call("tril", -1, -2), _square, _MATRICES),
    Example(jnp.diag, _call("diag", -1), ranks=(1, 1)),
    Example(jnp.diag, _call("diagonal", -1, -2), _square, _MATRIX),
    Example(jnp.diagonal, _call("diagonal", -1, -2), _square, _MATRIX),
    Example(jnp.trace, _trace, _square, _MATRIX),
]
