"""What variables of a jaxpr hold, and what equations see of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from jointbridge.expression import Expression

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser

Shape = tuple[int, ...]


def kind_of(aval: Any) -> str:
    """`float`, `int` or `bool` for a JAX type."""
    kinds = {"f": "float", "i": "int", "u": "int", "b": "bool", "V": "float"}
    return kinds.get(np.dtype(aval.dtype).kind, "float") if is_plain(aval) else "key"


def is_plain(aval: Any) -> bool:
    """Whether it is an array of numbers, and not of random keys."""
    return isinstance(getattr(aval, "dtype", None), np.dtype)


@dataclass(eq=False)
class Value:
    """What a variable of the jaxpr holds.

    Attributes:
        node: The expression; None for a constant that is not written yet.
        numbers: Gives the array, where it follows from constants and known data.
        hint: The local variable that a constant was kept in.
    """

    node: Expression | None
    numbers: Callable[[], Any] | None = None
    hint: str | None = None

    @property
    def is_constant(self) -> bool:
        """Whether no name is involved."""
        return self.node is None

    @cached_property
    def array(self) -> Any:
        """The numbers."""
        assert self.numbers is not None
        return self.numbers()


def constant(array: Any, hint: str | None = None) -> Value:
    """A value that is known."""
    return Value(None, lambda: array, hint)


@dataclass(eq=False)
class Operand:
    """An argument of an equation.

    Attributes:
        value: What it holds.
        aval: Its type in the jaxpr.
    """

    raiser: Raiser
    value: Value
    aval: Any

    @cached_property
    def node(self) -> Expression:
        """The expression, whose shape broadcasts to that in the jaxpr."""
        return self.raiser.written(self.value)

    @property
    def shape(self) -> Shape:
        """The shape in the jaxpr."""
        return tuple(self.aval.shape)

    @property
    def own(self) -> Shape:
        """The shape that the expression has by itself."""
        return self.raiser.type(self.node).shape

    @property
    def padded(self) -> Shape:
        """The own shape, with axes of 1 in front where there are none."""
        return (1,) * (len(self.shape) - len(self.own)) + self.own

    @property
    def kind(self) -> str:
        """The kind in the jaxpr."""
        return kind_of(self.aval)

    @property
    def array(self) -> np.ndarray | None:
        """The numbers of a constant; None for anything that depends on a name."""
        return np.asarray(self.value.array) if self.value.is_constant else None

    def with_axes(self, axes: Sequence[int]) -> Expression:
        """The expression with these axes in their full size.

        Args:
            axes: Axes of the shape in the jaxpr, counted from the right.
        """
        rank = len(self.shape)
        wanted = {a + rank for a in axes}
        sizes = list(self.padded)
        for a in wanted:
            sizes[a] = self.shape[a]
        first = min([rank - len(self.own), *wanted])
        return self.raiser.broadcast(self.node, tuple(sizes[first:]))

    @property
    def full(self) -> Expression:
        """The expression in the shape of the jaxpr."""
        return self.raiser.broadcast(self.node, self.shape)

    @property
    def typed(self) -> Expression:
        """The expression in the shape and the kind of the jaxpr."""
        node = self.full
        if self.raiser.type(node).kind == self.kind:
            return node
        return self.raiser.cast(node, self.kind)

    def of_kind(self, kind: str) -> Expression:
        """The expression, cast where its own kind is another one."""
        if self.raiser.type(self.node).kind == kind:
            return self.node
        return self.raiser.cast(self.node, kind)


def uniform(x: Operand) -> Any:
    """The one number that a constant consists of."""
    if x.array is None or x.array.size == 0:
        return None
    first = x.array.reshape(-1)[0]
    return first.item() if np.all(x.array == first) else None
