"""Values that no site has a part in: data by name, numbers, short vectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch

from jointbridge.analysis import free_name
from jointbridge.backends.pyro.tracing.namespace import Namespace, as_numpy
from jointbridge.backends.reading import Notebook
from jointbridge.backends.sharing import identifier
from jointbridge.expression import Call, Expression, Name, Number, Sequence
from jointbridge.shapes import Scope
from jointbridge.spec import Data, Type

Tensor: TypeAlias = torch.Tensor

#: Arrays of no more elements than this are written out.
_SHORT = 9


@dataclass
class _Entry:
    """One array that the spec needs, and whether it is taken for whole numbers."""

    array: np.ndarray
    whole: bool = False


class Constants:
    """The data of a spec, as it is found to be needed.

    Args:
        namespace: The arrays that the user knows by a name.
        scope: Where the types of data are put.
        taken: Names that sites and plates have.
        notebook: Where folded constants are noted.
    """

    def __init__(
        self, namespace: Namespace, scope: Scope, taken: set[str], notebook: Notebook
    ) -> None:
        self.namespace = namespace
        self.scope = scope
        self.taken = taken
        self.notebook = notebook
        self._entries: dict[str, _Entry] = {}
        self._named: dict[str, str] = {}

    def data(self, name: str) -> Name:
        """The data that the user calls `name`; a site's name gets `_obs`."""
        if name not in self._named:
            array = as_numpy(self.namespace.arrays[name])
            self._named[name] = self._enter(name, array)
        return Name(self._named[name])

    def value(self, x: Tensor, label: str, where: str) -> Expression:
        """A tensor that is the same in every run."""
        array = as_numpy(x)
        if plain := _plain(array):
            self._note_decimal(array.flat[:1], where)
            return plain
        if name := self.namespace.like(array):
            return self.data(name)
        if array.size <= _SHORT and array.ndim and np.all(np.isfinite(array)):
            self._note_decimal(array.flat, where)
            return _written(array)
        name = self._enter(label or "const", array)
        text = f"an array of shape {list(array.shape)}, computed once, is data {name!r}"
        self.notebook.note("folded", where or name, text)
        return Name(name)

    def _note_decimal(self, numbers: Iterable[Any], where: str) -> None:
        """Says of narrow floats that what was read is the decimal, not the float."""
        for x in numbers:
            if (
                isinstance(x, np.floating)
                and np.isfinite(x)
                and float(str(x)) != float(x)
            ):
                text = f"a {x.dtype.name} is read as the shortest decimal that it is"
                self.notebook.note("folded", where or str(x), f"{text}, as {x!s}")
                return

    def numbers(self, values: list[float]) -> Expression:
        """A list of numbers, one for each step of a loop."""
        return self.value(torch.tensor(values, dtype=_width(values)), "steps", "")

    def whole(self, node: Any) -> Expression:
        """The same value as whole numbers; as a cast where it is not data or a number."""
        if self.scope.type(node).kind == "int":
            return node
        match node:
            case Number(value) if float(value).is_integer():
                return Number(int(value))
            case Name(name) if name in self._entries and self._is_whole(name):
                self._entries[name].whole = True
                self.scope.names[name] = Type(self.scope.names[name].shape, "int")
                return Name(name)
            case Sequence(items):
                return Sequence(tuple(map(self.whole, items)))
            case Call("broadcast_to" | "full", (inner,), options):
                return Call(node.function, (self.whole(inner),), options)
        return Call("cast", (node,), (("kind", "int"),))

    def statements(self, used: frozenset[str]) -> tuple[Data, ...]:
        """The data that is used: the user's in the user's order, then what was folded."""
        known = [self._named[n] for n in self.namespace.arrays if n in self._named]
        found = []
        for name in dict.fromkeys((*known, *self._entries)):
            array, whole = self._entries[name].array, self._entries[name].whole
            if name in used:
                found.append(Data.of(name, array.astype(np.int64) if whole else array))
        return tuple(found)

    def _is_whole(self, name: str) -> bool:
        array = self._entries[name].array
        return bool(np.all(np.isfinite(array)) and np.all(array == np.floor(array)))

    def _enter(self, wanted: str, array: np.ndarray) -> str:
        name = identifier(wanted) or "data"
        if name in self.taken:
            name = f"{name}_obs"
        name = free_name(name, self.taken)
        self._entries[name] = _Entry(array)
        self.scope.names[name] = Data.of(name, array).type
        return name


def _width(values: list[float]) -> torch.dtype | None:
    floats = any(isinstance(x, float) for x in values)
    return torch.float64 if floats else None


def number(value: Any) -> Number:
    """A literal; of a narrow float, the shortest decimal that it is the nearest to."""
    if isinstance(value, (bool, np.bool_)):
        return Number(bool(value))
    if isinstance(value, (int, np.integer)):
        return Number(int(value))
    if isinstance(value, np.floating) and value.dtype != np.float64:
        return Number(float(str(value)))
    return Number(float(value))


def _plain(array: np.ndarray) -> Expression | None:
    """A number, the identity or a range, where the array is one of them."""
    if array.size == 0:
        return None
    first = array.flat[0]
    if not np.isnan(first) and np.all(array == first):
        return number(first)
    if array.ndim == 2 and array.shape[0] == array.shape[1] and first != 0:
        size = array.shape[0]
        if np.array_equal(array, first * np.eye(size)):
            eye = Call("eye", (), (("size", size),))
            return eye if first == 1 else Call("multiply", (number(first), eye))
    if array.ndim == 1 and array.dtype.kind in "iu" and array.size > 2:
        start, stop = int(first), int(first) + array.size
        if np.array_equal(array, np.arange(start, stop)):
            return Call("arange", (), (("start", start), ("stop", stop)))
    return None


def _written(array: np.ndarray) -> Expression:
    if array.ndim == 0:
        return number(array[()])
    return Sequence(tuple(_written(row) for row in array))
