"""What a model is called with: which arrays there are, and what they are called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import jax
import numpy as np

from jointbridge.backends.reading import ReadError
from jointbridge.backends.sharing import identifier

#: Arrays that a model's functions refer to are looked for this many calls deep.
_DEPTH = 3


@dataclass(frozen=True)
class Argument:
    """One array among the arguments.

    Attributes:
        name: The parameter's name, then keys and positions inside of it.
        key: The last key or position alone.
        value: The array as it was passed.
    """

    name: str
    key: str
    value: Any

    @property
    def array(self) -> np.ndarray:
        """The values, in the widths of the catalogue."""
        return widened(np.asarray(self.value))


class Arguments:
    """The arguments of a call, with the arrays among them taken out.

    Raises:
        ReadError: They do not fit the model's signature.
    """

    def __init__(
        self, model: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        self.model = model
        self._bound = _bound(model, args, kwargs)
        flat, self._tree = jax.tree_util.tree_flatten_with_path(
            dict(self._bound.arguments), is_leaf=_is_leaf
        )
        self._values = [value for _, value in flat]
        self.arrays: dict[int, Argument] = {}
        #: Lists of numbers: not traced, but known by their values.
        self.lists: dict[str, np.ndarray] = {}
        for place, (path, value) in enumerate(flat):
            words = [identifier(str(_word(entry))) for entry in path]
            name = "_".join(w for w in words if w)
            if is_array(value):
                self.arrays[place] = Argument(name, words[-1] or name, value)
            elif (numbers := _numbers(value)) is not None:
                self.lists[name] = numbers

    def call(self, values: Mapping[int, Any]) -> Any:
        """Calls the model with other values for some of the arrays."""
        leaves = [values.get(k, v) for k, v in enumerate(self._values)]
        tree: Any = jax.tree_util.tree_unflatten(self._tree, leaves)
        self._bound.arguments.update(tree)
        return self.model(*self._bound.args, **self._bound.kwargs)


def _bound(
    model: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> inspect.BoundArguments:
    try:
        return inspect.signature(model).bind(*args, **kwargs)
    except TypeError as error:
        name = name_of(model)
        message = f"{name}() was called with other arguments than it takes: {error}"
        hint = f"pass what {name} takes: {inspect.signature(model)}"
        raise ReadError(message, code="usage", hint=hint) from None


def _is_leaf(value: Any) -> bool:
    if isinstance(value, list) and value and _numbers(value) is not None:
        return True
    return not isinstance(value, (list, tuple, dict))


def _word(entry: Any) -> Any:
    for attribute in ("key", "idx", "name"):
        if hasattr(entry, attribute):
            return getattr(entry, attribute)
    return entry


def is_array(value: Any) -> bool:
    """Whether a value is an array of numbers."""
    if not isinstance(value, (np.ndarray, jax.Array)):
        return False
    return np.dtype(value.dtype).kind in "fiub"


def _numbers(value: Any) -> np.ndarray | None:
    """The array that a list of numbers, or a column of a table, is."""
    if isinstance(value, list):
        if not all(isinstance(v, (int, float, bool, list)) for v in value):
            return None
    elif not hasattr(value, "__array__") or is_array(value):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "fiub" and array.ndim else None


def widened(array: np.ndarray) -> np.ndarray:
    """The array as float64, int64 or bool."""
    kinds = {"f": np.float64, "i": np.int64, "u": np.int64, "b": np.bool_}
    return array.astype(kinds[array.dtype.kind])


def name_of(model: Any) -> str:
    """The name of a model: its function's, or its class's."""
    found = getattr(model, "func", model)  # a partial
    return str(getattr(found, "__name__", type(found).__name__))


# -- arrays that a model refers to --------------------------------------------


def surroundings(model: Any) -> dict[str, np.ndarray]:
    """Arrays in the closures and modules of a model's functions, by variable."""
    found: dict[str, np.ndarray] = {}
    for function in _functions(model, _DEPTH, set()):
        for name, value in _variables(function).items():
            if is_array(value) and not isinstance(value, jax.core.Tracer):
                found.setdefault(identifier(name), widened(np.asarray(value)))
    return found


def _functions(value: Any, depth: int, seen: set[int]) -> Iterator[FunctionType]:
    function = _function(value)
    if function is None or id(function) in seen or not depth:
        return
    seen.add(id(function))
    yield function
    for other in _variables(function).values():
        if _function(other) is not None:
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
    code = function.__code__
    found: dict[str, Any] = {}
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            continue  # not assigned yet
    used = {
        n: function.__globals__[n] for n in _names(code) if n in function.__globals__
    }
    return used | found


def _names(code: Any) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from _names(constant)
