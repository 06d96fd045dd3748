"""What a model is called with: which arrays there are, and what they are called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from jointbridge.backends.arrays.raising.surroundings import is_array, widened
from jointbridge.backends.reading import ReadError
from jointbridge.backends.sharing import identifier


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


def name_of(model: Any) -> str:
    """The name of a model: its function's, or its class's."""
    found = getattr(model, "func", model)  # a partial
    return str(getattr(found, "__name__", type(found).__name__))
