"""Which axes have the same size because of what is done with them, not by chance.

    y ~ Normal(alpha[county_idx] + beta * x, sigma) in the plate `house`

The axes of `county_idx`, `x` and `y` and the plate are one dimension, so that a model
function may read the plate's size as `len(x)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from jointbridge.analysis import Analysis
from jointbridge.backends.writing.axes import ONE, Key, Reader


class Dimensions:
    """The dimensions of a spec; axes that must be equal are joined.

    A key is `("data", name, axis)`, `("plate", name)` or one of a single node.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._parent: dict[Key, Key] = {}
        Reader(analysis, self.join).read()

    def find(self, key: Key) -> Key:
        """The key that stands for all that are joined with this one."""
        while key in self._parent:
            key = self._parent[key]
        return key

    def join(self, one: Key, other: Key) -> None:
        """Two axes that are one dimension."""
        one, other = self.find(one), self.find(other)
        if one != other and ONE not in (one, other):
            self._parent[one] = other

    def data_axes(self, key: Key) -> Iterator[tuple[str, int]]:
        """The axes of data of the same dimension, in the order of the data."""
        root = self.find(key)
        for data in self.analysis.spec.data:
            for axis in range(data.type.rank):
                if self.find(("data", data.name, axis)) == root:
                    yield data.name, axis

    def plates(self, key: Key) -> Iterator[str]:
        """The plates of the same dimension."""
        root = self.find(key)
        for plate in self.analysis.spec.plates:
            if self.find(("plate", plate.name)) == root:
                yield plate.name
