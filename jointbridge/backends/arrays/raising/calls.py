"""Calls that a trace keeps whole: one equation that knows what it says.

    { lambda ; a:f64[] b:f64[4]. let               log_prob(Normal(loc=a), b)
        c:f64[4] = kept_call[says=…, jaxpr=…] a b
      in (c,) }

The equations of the call stay inside of it. They are what it is wherever JAX transforms
it, and they are read in its place where nothing in the language says it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import jax
import jax.numpy as jnp
from jax.extend import core
from jax.interpreters import ad, batching, mlir

from jointbridge.backends.reading import ReadError
from jointbridge.errors import SpecError
from jointbridge.expression import Expression
from jointbridge.shapes import fits

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand

#: From a walk, the arguments and the shape of the result to what the call says.
Says: TypeAlias = Callable[["Raiser", Sequence["Operand"], tuple[int, ...]], Expression]

_kept_call = core.Primitive("kept_call")


def keep(function: Callable[..., Any], arrays: Sequence[Any], says: Says) -> Any:
    """The one array that a function gives, computed in one equation of the trace.

    Args:
        function: Takes the arrays; it may also use others of the trace.
        arrays: What `says` is given as operands.
        says: Makes the expression. What it refuses with a `ReadError` or a `SpecError`
            is read as the equations of the function.
    """
    arrays = [jnp.asarray(x) for x in arrays]
    closed, outer = opened(jax.make_jaxpr(function)(*arrays))
    return _kept_call.bind(
        *outer, *arrays, jaxpr=closed, says=says, arguments=len(arrays)
    )


def opened(closed: Any) -> tuple[Any, list[Any]]:
    """The jaxpr with values of the outer trace as its first inputs, and those."""
    jaxpr = closed.jaxpr
    both = list(zip(jaxpr.constvars, closed.consts, strict=True))
    outer = [(v, c) for v, c in both if isinstance(c, jax.core.Tracer)]
    known = [(v, c) for v, c in both if not isinstance(c, jax.core.Tracer)]
    inputs = [*(v for v, _ in outer), *jaxpr.invars]
    rest = (jaxpr.outvars, jaxpr.eqns, jaxpr.effects, jaxpr.debug_info)
    made = core.Jaxpr([v for v, _ in known], inputs, *rest)
    return core.ClosedJaxpr(made, [c for _, c in known]), [c for _, c in outer]


# -- what JAX has to know -------------------------------------------------------


def _plain(*arrays: Any, jaxpr: Any, **_: Any) -> Any:
    """The equations of the call, on arrays: what is left of it once it is transformed."""
    (result,) = core.jaxpr_as_fun(jaxpr)(*arrays)
    return result


def _batched(arrays: Any, axes: Any, **params: Any) -> Any:
    return jax.vmap(lambda *given: _plain(*given, **params), axes)(*arrays), 0


def _derived(arrays: Any, tangents: Any, **params: Any) -> Any:
    directions = tuple(map(ad.instantiate_zeros, tangents))
    return jax.jvp(lambda *given: _plain(*given, **params), tuple(arrays), directions)


_kept_call.def_impl(_plain)
_kept_call.def_abstract_eval(lambda *_, jaxpr, **__: jaxpr.out_avals[0])
batching.primitive_batchers[_kept_call] = _batched
ad.primitive_jvps[_kept_call] = _derived
mlir.register_lowering(_kept_call, mlir.lower_fun(_plain, multiple_results=False))


# -- what it is in the language -------------------------------------------------


def _kept(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    given = operands[len(operands) - equation.params["arguments"] :]
    shape = tuple(equation.outvars[0].aval.shape)
    try:
        found = equation.params["says"](raiser, given, shape)
        if fits(raiser.type(found).shape, shape):
            return found
    except (ReadError, SpecError):
        pass
    values = [o.value for o in operands]
    return raiser.run(equation.params["jaxpr"], values, label=False)


RULES: dict[str, Callable[..., Any]] = {"kept_call": _kept}
