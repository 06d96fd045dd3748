"""Constant arrays as text: names of known data, numbers, or new data.

[[1, 0], [0, 1]]         eye(2)
[2.0, 2.0, 2.0]          2.0
the values of `sigma`    sigma
anything longer          new data, under the name of the local variable
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from jointbridge.expression import (
    Call,
    Expression,
    Index,
    Name,
    Number,
    Sequence,
    Slice,
)
from jointbridge.spec import Data, Type

#: A vector of at most this many elements is written out.
SHORT = 4
#: Arrays with fewer elements are not looked for among the known data.
TELLING = 2


class Constants:
    """What constant arrays are called.

    Args:
        data: Known arrays by name; one without values is known by its type alone.
        taken: Other names that new data must not have.
        scalars: Data without axes, by the id of the object: its value tells nothing.
    """

    def __init__(
        self,
        data: Mapping[str, Any] = {},
        taken: Any = (),
        scalars: Mapping[int, str] = {},
    ) -> None:
        self.data: dict[str, Data] = {
            n: d if isinstance(d, Data) else Data.of(n, d) for n, d in data.items()
        }
        self.taken = set(taken)
        self.scalars = dict(scalars)
        #: What was registered because nothing else says it, by name.
        self.added: dict[str, Data] = {}
        self._printed: dict[tuple[Any, ...], Expression] = {}

    def types(self) -> dict[str, Type]:
        """The types of all data by name."""
        return {n: d.type for n, d in (self.data | self.added).items()}

    def values(self, name: str) -> np.ndarray | None:
        """The values behind a name, where they are known."""
        found = (self.data | self.added).get(name)
        return None if found is None else found.values

    # -- known arrays ---------------------------------------------------------

    def same(self, given: Any) -> Name | None:
        """The data that an object of the model is, or that has its values."""
        if id(given) in self.scalars:
            return Name(self.scalars[id(given)])
        return self.known(np.asarray(given))

    def known(self, array: np.ndarray) -> Name | None:
        """The data whose values these are, in their own shape."""
        if array.size < TELLING:
            return None
        for name, entry in (self.data | self.added).items():
            if _equal(entry.values, array):
                return Name(name)
        return None

    def expression(self, array: np.ndarray, hint: str | None = None) -> Expression:
        """An expression for an array, up to broadcasting.

        Args:
            array: The values; equal ones along an axis are written once.
            hint: The name for new data, where there must be some.
        """
        if not np.all(_is_uniform(array)) and (name := self.known(array)):
            return name
        small = _collapsed(np.asarray(array))
        key = (small.dtype.str, small.shape, small.tobytes())
        if key not in self._printed:
            self._printed[key] = self._text(small, hint)
        return self._printed[key]

    def _text(self, array: np.ndarray, hint: str | None) -> Expression:
        if array.ndim == 0:
            return Number(_number(array))
        found = self.known(array) or self._part(array) or _pattern(array)
        return found or self._new(array, hint)

    def _part(self, array: np.ndarray) -> Expression | None:
        """A reshaped or indexed array of the known data."""
        if array.size <= TELLING:
            return None
        for name, entry in self.data.items():
            values = entry.values
            if values is None or values.size < array.size:
                continue
            for node, part in _views(Name(name), values):
                if _equal(part, array):
                    return node
                if part.size == array.size and _equal(part.reshape(array.shape), array):
                    return Call("reshape", (node,), (("shape", array.shape),))
        return None

    def _new(self, array: np.ndarray, hint: str | None) -> Name:
        stem = hint or "const"
        taken = {*self.taken, *self.data, *self.added}
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        self.added[name] = Data.of(name, array)
        return Name(name)


def _equal(values: np.ndarray | None, array: np.ndarray) -> bool:
    """Whether two arrays are the same, up to their kinds and a float's width."""
    if values is None or values.shape != array.shape:
        return False
    if array.dtype == np.float32:
        values = values.astype(np.float32)
    floats = values.dtype.kind == "f" and array.dtype.kind == "f"
    return bool(np.array_equal(values, array, equal_nan=floats))


def _is_uniform(array: np.ndarray) -> Any:
    return array == array.reshape(-1)[:1] if array.size else np.asarray(False)


def _collapsed(array: np.ndarray) -> np.ndarray:
    """The array with every axis along which nothing changes cut to 1, none in front."""
    for axis in range(array.ndim):
        first = np.take(array, [0], axis) if array.shape[axis] else array
        if _all_same(array, first):
            array = first
    while array.ndim and array.shape[0] == 1:
        array = array[0]
    return array


def _all_same(array: np.ndarray, first: np.ndarray) -> bool:
    same = array == first
    if array.dtype.kind == "f":
        same |= np.isnan(array) & np.isnan(first)
    return bool(np.all(same)) and first.size > 0


def _number(value: Any) -> float | int | bool:
    """The Python number that a person would have typed."""
    if value.dtype.kind == "f" and value.dtype.itemsize < 8:
        return float(str(value.item() if value.dtype.kind != "f" else value[()]))
    found: float | int | bool = value.item()
    return found


def _views(name: Name, values: np.ndarray) -> Iterator[tuple[Expression, np.ndarray]]:
    """The array and its parts that a model is likely to use."""
    yield name, values
    if values.ndim == 0:
        return
    for start, stop in ((1, None), (None, -1)):
        yield Index(name, (Slice(start, stop),)), values[start:stop]
    if values.ndim == 2:
        for k in range(min(values.shape[0], 64)):
            yield Index(name, (Number(k),)), values[k]
        for k in range(min(values.shape[1], 64)):
            yield Index(name, (Slice(), Number(k))), values[:, k]


# -- patterns -----------------------------------------------------------------


def _pattern(array: np.ndarray) -> Expression | None:
    return _identity(array) or _mask(array) or _range(array) or _vector(array)


#: Comparisons of rows with columns that make masks.
_MASKS = {
    "greater_equal": np.greater_equal,
    "greater": np.greater,
    "less_equal": np.less_equal,
    "less": np.less,
    "equal": np.equal,
    "not_equal": np.not_equal,
}


def _mask(array: np.ndarray) -> Expression | None:
    """`arange(0, 3)[:, None] >= arange(0, 3)` and the like."""
    if array.ndim != 2 or array.dtype.kind != "b":
        return None
    rows, columns = (np.arange(n) for n in array.shape)
    for name, compare in _MASKS.items():
        if np.array_equal(array, compare(rows[:, None], columns)):
            left, right = (_steps(n) for n in array.shape)
            return Call(name, (Index(left, (Slice(), None)), right))
    return None


def _steps(size: int) -> Call:
    return Call("arange", (), (("start", 0), ("stop", size)))


def _identity(array: np.ndarray) -> Expression | None:
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.dtype.kind == "b":
        return None
    top = array[0, 0]
    if top == 0 or not np.array_equal(
        array, top * np.eye(len(array), dtype=array.dtype)
    ):
        return None
    eye = Call("eye", (), (("size", len(array)),))
    return eye if top == 1 else Call("multiply", (Number(_number(top)), eye))


def _range(array: np.ndarray) -> Expression | None:
    """`arange(start, stop)`, also as a column or as floats."""
    flat = array.reshape(-1)
    if array.dtype.kind not in "iuf" or max(array.shape) != flat.size or flat.size < 3:
        return None
    start = flat[0]
    if start and array.dtype.kind == "f" and flat.size <= SHORT:
        return None  # [1.0, 2.0, 3.0] says more
    if not math.isfinite(start) or start != int(start):
        return None
    if not np.array_equal(flat, int(start) + np.arange(flat.size)):
        return None
    options = (("start", int(start)), ("stop", int(start) + flat.size))
    return _turned(Call("arange", (), options), array.shape)


def _vector(array: np.ndarray) -> Expression | None:
    if not 0 < array.size <= SHORT or max(array.shape) != array.size:
        return None
    node = Sequence(tuple(Number(_number(x)) for x in array.reshape(-1)))
    return _turned(node, array.shape)


def _turned(node: Expression, shape: tuple[int, ...]) -> Expression:
    """A vector as a column, where its axis is not the last one."""
    after = len(shape) - 1 - shape.index(max(shape))
    return Index(node, (Slice(), *(None,) * after)) if after else node
