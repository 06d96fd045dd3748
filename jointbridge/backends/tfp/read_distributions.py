"""Distributions of the catalogue with expressions in the places of arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from jointbridge.backends.arrays.raising import Constants
from jointbridge.backends.arrays.raising.views import ALL, view
from jointbridge.backends.broadcasting import spread, with_event_axes
from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.read_components import slot
from jointbridge.expression import (
    Call,
    Distribution,
    Expression,
    Index,
    Name,
    Node,
    Number,
    Sequence,
    Support,
    is_many,
    rebuild,
)
from jointbridge.families import FAMILIES
from jointbridge.shapes import Scope
from jointbridge.spec import Data
from jointbridge.support import SUPPORTS

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Distributions:
    """Fills trees of the catalogue.

    Args:
        scope: The types of all names.
        constants: What constant arrays are called.
        written: By the number of an array, its expression and its shape in the model.
    """

    scope: Scope
    constants: Constants
    written: Callable[[int], tuple[Expression, Shape]]

    def __call__(
        self, node: Distribution, gaps: int = 0, extra: int = 0
    ) -> Distribution:
        """The distribution with expressions for its arrays.

        Args:
            node: A distribution of the catalogue.
            gaps: Axes of copies behind those of the parameters.
            extra: Axes of components, right of the batch.
        """
        row = FAMILIES[node.family]
        params: list[tuple[str, Any]] = []
        for name, value in node.params:
            parameter = row.parameters[name]
            axes = len(parameter.axes) + extra
            if isinstance(value, Distribution):
                params.append((name, self(value, gaps, axes)))
            elif is_many(value):
                items = (self(item, gaps, extra) for item in value.items)
                params.append((name, Sequence(tuple(items))))
            elif isinstance(value, Support):
                params.append((name, self._bounded(value, gaps)))
            elif parameter.special:
                params.append((name, value))
            else:
                array = self._spaced(self.array(value, axes), axes, gaps)
                counts = SUPPORTS[parameter.domain.name].discrete
                params.append((name, self.whole(array) if counts else array))
        return with_event_axes(Distribution(node.family, tuple(params)), self.scope)

    def _bounded(self, support: Support, gaps: int) -> Support:
        """The support with expressions for its bounds."""

        def bound(node: Node) -> Expression:
            return self._spaced(self.array(node, 0), 0, gaps)

        found: Support = rebuild(support, bound)
        return found

    def array(self, node: Any, axes: int) -> Expression:
        """An expression, with so many axes at its end in full size."""
        number = slot(node)
        if number is None:
            return rebuild(node, lambda child: self.array(child, axes))  # type: ignore[no-any-return]
        found, shape = self.written(number)
        own = self.scope.type(found).shape
        end = shape[max(0, len(shape) - axes) :]
        if not axes or own[len(own) - len(end) :] == end:
            return found
        wanted = (*own[: max(0, len(own) - len(end))], *end)
        return spread(found, own, wanted)

    def _spaced(self, node: Expression, axes: int, gaps: int) -> Expression:
        """`loc[:, None]` where copies come behind the parameters' own axes."""
        rank = self.scope.type(node).rank
        if not gaps or rank <= axes:
            return node
        items = (*(ALL,) * (rank - axes), *(None,) * gaps, *(ALL,) * axes)
        found: Expression = view(self.scope, node, items)
        return found

    def whole(self, node: Expression) -> Expression:
        """A count, which TFP takes as a float."""
        if isinstance(node, Index) and isinstance(node.base, Name):
            return Index(self.whole(node.base), node.items)
        if isinstance(node, Number) and float(node.value).is_integer():
            return Number(int(node.value))
        if self.scope.type(node).kind != "float":
            return node
        values = self.constants.values(node.name) if isinstance(node, Name) else None
        if values is None or not np.array_equal(values, np.floor(values)):
            return Call("cast", (node,), (("kind", "int"),))
        assert isinstance(node, Name)
        known = self.constants
        home = known.data if node.name in known.data else known.added
        home[node.name] = Data.of(node.name, values.astype(np.int64))
        self.scope.names.update(known.types())
        return node


def gaps(axes: list[int | None]) -> int:
    """How many axes of copies stand behind those of the parameters.

    Raises:
        ReadError: Some stand between them.
    """
    own = [k for k, size in enumerate(axes) if size is None]
    if own and own[-1] - own[0] + 1 != len(own):
        message = "copies in between the axes of the parameters"
        raise ReadError(message, hint="give the parameters their full shape")
    return len(axes) - 1 - own[-1] if own else 0
