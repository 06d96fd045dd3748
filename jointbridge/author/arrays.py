"""Raw arrays: what becomes a number, what is written out, what becomes data."""

from __future__ import annotations

import math
import numbers
import operator
from dataclasses import dataclass
from typing import Any

import numpy as np

from jointbridge.errors import SpecError
from jointbridge.expression import Number, Sequence
from jointbridge.spec import KINDS, Data, Type

#: Literal vectors and matrices of up to this many numbers stand in the expression.
MAX_INLINE = 16


@dataclass(frozen=True)
class Declared:
    """Data known by shape and kind only, bound later with `joint.bind`.

    Attributes:
        shape: The sizes of its axes.
        kind: `float`, `int` or `bool`.
    """

    shape: tuple[int, ...] = ()
    kind: str = "float"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            message = f"a kind is float, int or bool, got {self.kind!r}"
            raise SpecError(message, code="kind")

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]


def is_scalar(x: Any) -> bool:
    """Whether `x` is one number; such a value has no identity of its own."""
    return isinstance(x, (numbers.Real, np.bool_))


def number(x: Any) -> Number:
    """The literal of one number.

    Raises:
        SpecError: It is NaN, which the language cannot write.
    """
    if isinstance(x, (bool, np.bool_)):
        return Number(bool(x))
    if isinstance(x, numbers.Integral):
        return Number(int(x))
    if math.isnan(x):
        hint = "leave the term out with mask=, or fill the gap with a number"
        raise SpecError("nan cannot stand in an expression", code="data", hint=hint)
    return Number(float(x))


def as_array(x: Any) -> np.ndarray:
    """`x` as a NumPy array of floats, integers or booleans.

    Raises:
        SpecError: It is none.
    """
    try:
        array = np.asarray(x)
    except (TypeError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        message = f"{_described(x)} cannot become an array: {reason}"
        raise SpecError(message, code="data") from None
    if array.dtype.kind not in "fiub":
        hint = "expected numbers, a list or array of numbers, or a symbolic value"
        raise SpecError(f"{_described(x)} is not a value", code="data", hint=hint)
    return array


def _described(x: Any) -> str:
    text = repr(x)
    kind = f"{type(x).__module__}.{type(x).__qualname__}".removeprefix("builtins.")
    return f"{text} ({kind})" if len(text) <= 40 else f"an object of type {kind}"


def literal(array: np.ndarray) -> Sequence | None:
    """A small vector or matrix written out, or None where it is better kept as data."""
    small = 1 <= array.size <= MAX_INLINE and array.ndim in (1, 2)
    if not small or np.isnan(array).any():
        return None
    if array.ndim == 1:
        return Sequence(tuple(map(number, array.tolist())))
    return Sequence(tuple(Sequence(tuple(map(number, row))) for row in array.tolist()))


def as_data(name: str, x: Any) -> Data:
    """`x`, an array or a declaration, as an entry of data."""
    if isinstance(x, Declared):
        return Data(name, Type(x.shape, x.kind))
    return Data.of(name, as_array(x))


def static(what: str, x: Any) -> Any:
    """An option that is known now: a whole number, a tuple of them, a text or None.

    Raises:
        SpecError: It is something else.
    """
    if x is None or isinstance(x, (bool, str)):
        return x
    if isinstance(x, type):
        return x.__name__
    if isinstance(x, (tuple, list)):
        return tuple(static(what, item) for item in x)
    if isinstance(x, np.bool_):
        return bool(x)
    try:
        return operator.index(x)
    except TypeError:
        message = f"{what} must be a whole number known now, got {x!r}"
        raise SpecError(message, code="arguments") from None
