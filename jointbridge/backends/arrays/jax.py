"""JAX arrays for the evaluator; names that JAX has are looked up, the rest are rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.linalg as jsl
import jax.scipy.special as jss
import numpy as np

from jointbridge.backends.base import Backend
from jointbridge.evaluate import Arrays
from jointbridge.functions import FUNCTIONS


def _solve_triangular(a: Any, b: Any, lower: bool, transpose: bool) -> Any:
    return jsl.solve_triangular(a, b, trans=int(transpose), lower=lower)


DIFFERENT: dict[str, Callable[..., Any]] = {
    "atan": jnp.arctan,
    "expit": jax.nn.sigmoid,
    "normal_cdf": jss.ndtr,
    "lgamma": jss.gammaln,
    "softplus": jax.nn.softplus,
    "log_sigmoid": jax.nn.log_sigmoid,
    "clip": lambda x, low, high: jnp.minimum(jnp.maximum(x, low), high),
    "sum": jnp.sum,
    "cholesky": jnp.linalg.cholesky,
    "inv": jnp.linalg.inv,
    "solve": jnp.linalg.solve,
    "diagonal": lambda x: jnp.diagonal(x, axis1=-2, axis2=-1),
    "solve_triangular": _solve_triangular,
    "permute": jnp.transpose,
    "broadcast": jnp.broadcast_to,
    "zeros_like": jnp.zeros_like,
}


def _lookup(name: str) -> Callable[..., Any] | None:
    found = DIFFERENT.get(name)
    for module in (jnp, jss, jax.nn):
        found = found or getattr(module, name, None)
    return found


_FUNCTIONS = {n: f for n in (*FUNCTIONS, *DIFFERENT) if (f := _lookup(n)) is not None}


class JaxArrays(Arrays):
    """JAX arrays with floats of one width; use inside `precision`."""

    functions: Mapping[str, Callable[..., Any]] = _FUNCTIONS

    def __init__(self, dtype: str) -> None:
        width = dtype.removeprefix("float")
        self.dtypes = {"float": f"float{width}", "int": f"int{width}", "bool": "bool"}

    def array(self, values: Any, kind: str) -> Any:
        """A JAX array from NumPy's."""
        return jnp.asarray(np.asarray(values), dtype=self.dtypes[kind])

    def holds(self, x: Any) -> bool:
        """Whether `x` is a JAX array or tracer."""
        return isinstance(x, jax.Array)

    def cast(self, x: Any, kind: str) -> Any:
        """The array as another kind."""
        return x.astype(self.dtypes[kind])

    def numpy(self, x: Any) -> np.ndarray:
        """A NumPy copy."""
        return np.asarray(x)

    def scan(self, step: Any, init: Any, over: Any, length: int) -> tuple[Any, ...]:
        """`lax.scan`, giving the stacked outputs."""
        _, outs = jax.lax.scan(
            lambda carry, slices: step(carry, slices), init, over, length=length
        )
        return tuple(outs)


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """JAX with 64-bit types or without, in this thread, for the time of a `with`."""
    with jax.enable_x64(dtype == "float64"):
        yield


def default_dtype() -> str:
    """The width of floats that JAX is set to."""
    return "float64" if jax.config.jax_enable_x64 else "float32"


@contextmanager
def keys(seed: int) -> Iterator[Iterator[Any]]:
    """An endless iterator of independent keys."""

    def split() -> Iterator[Any]:
        key = jax.random.PRNGKey(seed)
        while True:
            key, one = jax.random.split(key)
            yield one

    yield split()


def value_and_grad(function: Callable[..., Any]) -> Callable[..., Any]:
    """The value of each draw, and gradients of each draw's own value."""

    def total(inputs: dict[str, Any]) -> tuple[Any, Any]:
        value = function(inputs)
        return jnp.sum(value), value

    def both(inputs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        (_, value), gradients = jax.value_and_grad(total, has_aux=True)(inputs)
        return value, gradients

    return both


class JaxBackend(Backend):
    """What the backends on JAX share: arrays, precision, keys, gradients, XLA."""

    arrays = staticmethod(JaxArrays)
    precision = staticmethod(precision)
    value_and_grad = staticmethod(value_and_grad)
    keys = staticmethod(keys)
    default_dtype = staticmethod(default_dtype)

    def split(self, key: Any, number: int) -> Any:
        """Independent keys from one."""
        return jax.random.split(key, number)

    def jit(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function compiled by XLA."""
        return jax.jit(function)
