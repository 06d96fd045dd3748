"""Plates: independent copies along an axis, placed as NumPyro places them."""

from __future__ import annotations

import operator
from types import TracebackType
from typing import Any, Self

from jointbridge.author.location import at_users_line
from jointbridge.author.recorder import Recorder, current
from jointbridge.errors import SpecError


class PlateContext:
    """A plate to be entered with `with`, as often as needed.

    It takes its axis when first entered: the first free one from the right, so that the
    outermost plate is the last axis. As an index it stands for 0, 1, …, size - 1.

    Attributes:
        name: The plate's name.
        size: The number of copies.
        dim: The axis asked for, negative, or None for the first free one.
    """

    def __init__(self, name: str, size: int, dim: int | None = None) -> None:
        self.name = name
        self.size = size
        self.dim = dim

    def __repr__(self) -> str:
        return f"plate({self.name!r}, {self.size})"

    def __len__(self) -> int:
        return self.size

    @at_users_line
    def __enter__(self) -> Self:
        recorder = current("plate")
        recorded = recorder.plate(self.name, self.size)
        axis = _axis(recorder, self)
        if recorded in recorder.axes.values():
            message = f"plate {self.name!r} is entered inside itself"
            raise SpecError(message, code="usage")
        if axis in recorder.axes:
            message = (
                f"plates {recorder.axes[axis]!r} and {self.name!r} share axis {axis}"
            )
            hint = "give one of them dim=-2, or make it inside the other"
            raise SpecError(message, code="shape", hint=hint)
        recorder.dims[self] = axis
        recorder.axes[axis] = recorded
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        recorder = current("plate")
        del recorder.axes[recorder.dims[self]]


def _axis(recorder: Recorder, plate: PlateContext) -> int:
    known = recorder.dims.get(plate, plate.dim)
    if known is not None:
        return known
    axis = -1
    while axis in recorder.axes:
        axis -= 1
    return axis


@at_users_line
def plate(name: str, size: int, *, dim: int | None = None) -> PlateContext:
    """Independent copies of every site sampled inside the `with` block.

    Plates take their axes as in NumPyro: the outermost is axis -1, the next one inside it
    axis -2, so `with jb.plate("a", 3), jb.plate("b", 4)` gives values of shape `(4, 3)`.

    Args:
        name: The plate's name; the same name means the same plate.
        size: The number of copies, known now.
        dim: The axis to stand on, negative.

    Returns:
        A context manager that can be entered several times.

    Raises:
        SpecError: The size or the axis is no such number.
    """
    if dim is not None and (not isinstance(dim, int) or dim >= 0):
        message = f"plate {name!r}: dim must be negative, got {dim!r}"
        raise SpecError(message, code="shape", hint="axes count from the right: dim=-1")
    return PlateContext(name, _size(name, size), dim)


def _size(name: str, size: Any) -> int:
    try:
        found = operator.index(size)
    except TypeError:
        found = -1
    if found < 0 or isinstance(size, bool):
        message = f"plate {name!r}: size must be a whole number, got {size!r}"
        raise SpecError(message, code="shape", hint="len(x) is the size of data")
    return found
