"""Arrays that the steps of a loop walk along, a row for each step.

step     0      1      2
y[0]   y[1]   y[2]       rows of an array that is there
3      4      5          numbers that count, or any others
a      b      c          values from outside, in a list
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from jointbridge.backends.rerolling.interning import Interned
from jointbridge.backends.rerolling.likeness import Different, Values, is_row, known
from jointbridge.expression import (
    EXPRESSIONS,
    Call,
    Expression,
    Index,
    Name,
    Number,
    Sequence,
    Slice,
)


@dataclass
class Walked:
    """The arrays of one loop.

    Args:
        interned: Makes expressions comparable.
        length: The number of steps.
        constants: An expression for a list of numbers.
        shape: The shape of an expression from outside.
        name: A free name for a row.
        inside: Whether a value means something in a step only.
    """

    interned: Interned
    length: int
    constants: Callable[[list[float]], Expression]
    shape: Callable[[Expression], tuple[int, ...]]
    name: Callable[[], str]
    inside: Callable[[Any], bool]
    over: dict[str, Expression] = field(default_factory=dict)
    _slices: dict[Any, Name] = field(default_factory=dict)

    def slice(self, values: Values) -> Any:
        """An array that is walked along: `y[0]`, `y[1]` and so on."""
        given = known(values)
        if all(isinstance(v, Number) for v in given):
            return self._numbers(values)
        if not all(isinstance(v, Index) and is_row(v) for v in given):
            return None
        array, rest = given[0].base, given[0].items[1:]
        if any(v.base is not array or v.items[1:] != rest for v in given):
            return None
        size = self.shape(array)[0]
        starts = [v.items[0].value % size for v in given]
        rising = all(b - a == 1 for a, b in pairwise(starts))
        if not rising or self.inside(given[0]):
            return None
        start, stop = starts[0], starts[0] + self.length
        if stop > size:
            raise Different  # the last step has no row
        if (start, stop) != (0, size):
            last = None if stop == size else stop
            array = Index(array, (Slice(start or None, last),))
        found = self._walked(array)
        return Index(found, rest) if rest else found

    def _walked(self, array: Any) -> Name:
        node = self.interned(array)
        if id(node) not in self._slices:
            name = self.name()
            self.over[name] = node
            self._slices[id(node)] = Name(name)
        return self._slices[id(node)]

    def _numbers(self, values: Values) -> Any:
        """Numbers that differ from step to step."""
        found = [v.value for v in known(values)]
        whole = all(type(x) is int for x in found)
        if whole and all(b - a == 1 for a, b in pairwise(found)) and len(found) > 1:
            span = (("start", found[0]), ("stop", found[0] + self.length))
            return self._walked(Call("arange", (), span))
        if None in values:
            raise Different
        return self._walked(self.constants(found))

    def listed(self, values: Values) -> Any:
        """Any values from outside, in a list."""
        if not all(isinstance(v, EXPRESSIONS) for v in values):
            raise Different
        literal = not any(map(self.interned.names, values))
        shapes = {self.shape(v) for v in values}
        if len(shapes) > 1 or not (literal or len(set(map(type, values))) == 1):
            raise Different
        return self._walked(Sequence(values))
