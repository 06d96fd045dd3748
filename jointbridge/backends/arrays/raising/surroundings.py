"""Arrays that the functions of a model refer to: by what name their author knows them."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

import jax
import numpy as np

from jointbridge.backends.sharing import identifier

#: Functions are followed through so many calls.
_DEPTH = 4


def surroundings(model: Any) -> dict[str, np.ndarray]:
    """Arrays in the closures and modules of a model's functions, by variable.

    Args:
        model: A function, whatever wraps one, or lists and dicts of them.
    """
    return {n: widened(np.asarray(x)) for n, x in originals(model).items()}


def originals(model: Any) -> dict[str, Any]:
    """The same arrays, as the objects that the functions hold."""
    found: dict[str, Any] = {}
    for function in _inside(model, set()):
        for name, value in _variables(function).items():
            if is_array(value) and not isinstance(value, jax.core.Tracer):
                found.setdefault(identifier(name), value)
    return found


def is_array(value: Any) -> bool:
    """Whether a value is an array of numbers."""
    if not isinstance(value, (np.ndarray, jax.Array)):
        return False
    return np.dtype(value.dtype).kind in "fiub"


def widened(array: np.ndarray) -> np.ndarray:
    """The array as float64, int64 or bool."""
    kinds = {"f": np.float64, "i": np.int64, "u": np.int64, "b": np.bool_}
    return array.astype(kinds[array.dtype.kind])


def _inside(model: Any, seen: set[int]) -> Iterator[FunctionType]:
    if isinstance(model, dict):
        model = list(model.values())
    if isinstance(model, (list, tuple)):
        for item in model:
            yield from _inside(item, seen)
    else:
        yield from _functions(model, _DEPTH, seen)


def _functions(value: Any, depth: int, seen: set[int]) -> Iterator[FunctionType]:
    function = _function(value)
    if function is None or id(function) in seen or not depth:
        return
    seen.add(id(function))
    yield function
    for other in _variables(function).values():
        yield from _functions(other, depth - 1, seen)


def _function(value: Any) -> FunctionType | None:
    """The Python function behind handlers, partials, methods and callable objects."""
    for _ in range(10):
        if isinstance(value, FunctionType):
            return value
        if isinstance(value, type) or not callable(value):
            return None
        wrapped = ("func", "fn", "__func__", "__wrapped__")
        inner = [getattr(value, n, None) for n in wrapped]
        inner.append(type(value).__call__)
        value = next((f for f in inner if f is not None), None)
    return None


def _variables(function: FunctionType) -> dict[str, Any]:
    """The free and global variables that a function's code names."""
    code, outer = function.__code__, function.__globals__
    found = {n: outer[n] for n in _names(code) if n in outer}
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            continue  # not assigned yet
    return found


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
