"""What an array library must offer to evaluate expressions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Array = Any


class Arrays(ABC):
    """What an array library must offer; one instance per library and float width.

    Subclasses give `functions`, a table from the names of the vocabulary (and `permute`,
    `broadcast`) to callables on arrays, and the four methods below.  Functions with an
    axis get it negative; `reduce` functions get a tuple of them.
    """

    functions: Mapping[str, Callable[..., Array]]
    dtypes: Mapping[str, Any]

    @abstractmethod
    def array(self, values: Any, kind: str) -> Array:
        """An array of this library from NumPy's, in the width for `kind`."""

    @abstractmethod
    def holds(self, x: Any) -> bool:
        """Whether `x` is already an array of this library, traced ones included."""

    @abstractmethod
    def cast(self, x: Array, kind: str) -> Array:
        """The array `x` as `kind`; floats go toward zero to become ints."""

    @abstractmethod
    def numpy(self, x: Array) -> np.ndarray:
        """A NumPy copy of `x`."""

    @abstractmethod
    def scan(
        self,
        step: Callable[[tuple[Array, ...], tuple[Array, ...]], Any],
        init: tuple[Array, ...],
        over: tuple[Array, ...],
        length: int,
    ) -> tuple[Array, ...]:
        """The outputs of `step(carry, slice) -> (carry, out)`, stacked on axis 0."""
