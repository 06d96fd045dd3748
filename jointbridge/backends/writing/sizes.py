"""Sizes as a person writes them: `len(y)`, `x.shape[1]`, or a constant with a name."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from jointbridge.analysis import Analysis
from jointbridge.backends.writing.axes import Key
from jointbridge.backends.writing.dimensions import Dimensions
from jointbridge.backends.writing.names import Identifiers, constant
from jointbridge.backends.writing.python import Code, fill, literal, name


class Sizes:
    """The sizes in a model, each from the first data that has it.

    Args:
        analysis: A spec without errors.
        identifiers: What data are called in the code.
        optional: Data that the model can do without; others are asked first.

    Attributes:
        constants: By identifier, the sizes that no data has.
        read: The data that a size was read from.
    """

    def __init__(
        self, analysis: Analysis, identifiers: Identifiers, optional: Sequence[str]
    ) -> None:
        self.dimensions = Dimensions(analysis)
        self.plates = analysis.plates
        self.identifiers = identifiers
        self.optional = optional
        self.constants: dict[str, int] = {}
        self.read: set[str] = set()
        self._named: dict[str, str] = {}
        self._new: list[object] = []

    def plate(self, plate: str) -> Code:
        """The size of a plate; a constant where no data has it."""
        return self._from_data(("plate", plate)) or self._constant(plate)

    def size(self, key: Key, value: int) -> Code:
        """A size inside an expression; a number where nothing else has it."""
        found = self._from_data(key)
        if found is None:
            plates = list(self.dimensions.plates(key))
            found = self._constant(plates[0]) if plates else literal(value)
        return found

    def same(self, node: object, keys: Sequence[Key]) -> None:
        """Say of what dimensions the axes are of an array that a new node makes."""
        self._new.append(node)  # so that its id stays its own
        for n, key in enumerate(keys):
            self.dimensions.join(("node", id(node), n), key)

    def shape(self, node: object, shape: tuple[int, ...]) -> Code:
        """The shape of an array that a node makes."""
        keys = (("node", id(node), n) for n in range(len(shape)))
        return ast.Tuple([self.size(k, n) for k, n in zip(keys, shape, strict=True)])

    def _from_data(self, key: Key) -> Code | None:
        found = list(self.dimensions.data_axes(key))
        if not found:
            return None
        data, axis = min(found, key=lambda place: place[0] in self.optional)
        self.read.add(data)
        array = name(self.identifiers[data])
        if axis == 0:
            return fill("len(x)", x=array)
        return fill(f"x.shape[{axis}]", x=array)

    def _constant(self, plate: str) -> Code:
        if plate not in self._named:
            self._named[plate] = self.identifiers.new(f"N_{constant(plate)}")
            self.constants[self._named[plate]] = self.plates[plate]
        return name(self._named[plate])
