"""Equations that only wrap other equations: `jit`, derivatives of one's own, `cond`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jax.extend import core

#: What holds the wrapped jaxpr, by parameter name, in the order it is looked for.
_HOLDERS = ("jaxpr", "call_jaxpr", "fun_jaxpr")

_WRAPPERS = {
    *("jit", "pjit", "closed_call", "core_call", "remat", "checkpoint", "remat2"),
    *("custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr", "custom_lin"),
}

Region = Callable[[list[Any]], tuple[Any, list[Any]]]


def inner(equation: Any) -> Region | None:
    """What an equation runs and with which values; None where it is an operation."""
    name = equation.primitive.name
    if name == "cond":
        return _branch(equation)
    if name in _WRAPPERS:
        closed = _wrapped(equation)
        return lambda values: (closed, values)
    return None


def _wrapped(equation: Any) -> Any:
    found = next(equation.params[h] for h in _HOLDERS if h in equation.params)
    return found if hasattr(found, "consts") else core.ClosedJaxpr(found, ())


def _branch(equation: Any) -> Region | None:
    """The branch of a `cond` that is chosen by the platform: the general one."""
    platforms = equation.params.get("branches_platforms")
    if platforms is None:
        return None
    default = [
        k for k, names in enumerate(platforms) if names is None or "cpu" in names
    ]
    closed = equation.params["branches"][default[0] if default else -1]
    return lambda values: (closed, values[1:])
