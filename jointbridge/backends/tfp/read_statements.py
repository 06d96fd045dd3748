"""From the components of a TFP joint and raised expressions to sample statements."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from jointbridge.backends.arrays.raising import Constants, Raised, raise_jaxpr
from jointbridge.backends.arrays.raising.views import ALL, view
from jointbridge.backends.broadcasting import spread, with_event_axes
from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.graphs import everything
from jointbridge.backends.reading import Notebook, ReadError
from jointbridge.backends.tfp.read_components import (
    Component,
    defaults,
    slot,
    slot_name,
)
from jointbridge.backends.tfp.read_trace import Traced
from jointbridge.backends.tfp.table import TABLE
from jointbridge.expression import (
    Call,
    Distribution,
    Expression,
    Name,
    Node,
    Number,
    Support,
    rebuild,
    substitute,
)
from jointbridge.expression import names as names_of
from jointbridge.families import FAMILIES
from jointbridge.shapes import Scope
from jointbridge.spec import Data, Sample, Scan, Statement, Type
from jointbridge.support import SUPPORTS

Shape = tuple[int, ...]


class Statements:
    """Makes the statements of a joint.

    Args:
        names: The names of the components.
        traced: What was recorded of them.
        constants: What constant arrays are called.
        pins: Values of pinned components, by name.
        notes: Takes what a reader should know.
        automatic: Whether the joint sums over batches by itself.
    """

    def __init__(
        self,
        names: list[str],
        traced: Traced,
        constants: Constants,
        pins: Mapping[str, np.ndarray],
        notes: Notebook,
        automatic: bool,
    ) -> None:
        self.names = names
        self.traced = traced
        self.constants = constants
        self.pins = pins
        self.notes = notes
        self.automatic = automatic
        self._settle_numbers()
        pairs = zip(names, traced.components, strict=True)
        self.dists = [_in_catalogue(name, found) for name, found in pairs]
        self._known: dict[int, Expression] = {}

    def _settle_numbers(self) -> None:
        """Numbers that JAX traced are numbers again: rows of the table may name them."""
        inputs = [Name(name) for name in self.names]
        outputs = raise_jaxpr(self.traced.closed, inputs).outputs
        numbers: dict[str, Node] = {
            slot_name(number): outputs[place]
            for number, place in self.traced.traced.items()
            if isinstance(outputs[place], Number)
            and not self.traced.closed.jaxpr.outvars[place].aval.shape
        }
        for found in self.traced.components:
            found.tree = substitute(found.tree, numbers)

    @cached_property
    def raised(self) -> Raised:
        """The expressions of what is computed of values."""
        types = {
            name: Type(tuple(aval.shape), "int" if _counts(dist) else "float")
            for name, dist, aval in zip(
                self.names, self.dists, self.traced.avals, strict=True
            )
        }
        inputs = [Name(name) for name in self.names]
        closed = self.traced.closed
        return raise_jaxpr(closed, inputs, names=self.constants, types=types)

    @property
    def scope(self) -> Scope:
        """The types of all names."""
        return self.raised.scope

    def all(self) -> list[Statement]:
        """One statement for each component, and the recurrences that they need."""
        scans: list[Scan] = list(self.raised.scans)
        samples = [self._sample(k) for k in range(len(self.names))]
        found: list[Statement] = []
        for sample in samples:
            found += [s for s in scans if _needs(sample, s)]
            scans = [s for s in scans if s not in found]
            found.append(sample)
        return found

    def _sample(self, k: int) -> Sample:
        name, found = self.names[k], self.traced.components[k]
        dist = self._distribution(self.dists[k], _gaps(found.axes))
        shape = tuple(map(int, self.traced.avals[k].shape[: len(found.axes)]))
        if len(found.axes) > found.event and not self.automatic:
            text = (
                f"axes {list(shape)[: len(found.axes) - found.event]} are independent"
            )
            self.notes.note("assumed", name, text)
        mask = None if found.mask is None else self._array(found.mask, 0)
        return Sample(name, dist, (), shape, self._observed(k), mask)

    def _observed(self, k: int) -> Expression | None:
        array = self.pins.get(self.names[k])
        if array is None:
            return None
        node = self.constants.known(array) or self.constants.expression(array)
        self.scope.names.update(self.constants.types())
        return self._whole(node) if _counts(self.dists[k]) else node

    # -- distributions --------------------------------------------------------

    def _distribution(
        self, node: Distribution, gaps: int, extra: int = 0
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
                params.append((name, self._distribution(value, gaps, axes)))
            elif parameter.special or isinstance(value, Support):
                params.append((name, value))
            else:
                array = self._spaced(self._array(value, axes), axes, gaps)
                counts = SUPPORTS[parameter.domain.name].discrete
                params.append((name, self._whole(array) if counts else array))
        return with_event_axes(Distribution(node.family, tuple(params)), self.scope)

    def _array(self, node: Any, axes: int) -> Expression:
        """An expression, with so many axes at its end in full size."""
        number = slot(node)
        if number is None:
            return rebuild(node, lambda child: self._array(child, axes))  # type: ignore[no-any-return]
        found, shape = self._written(number)
        own = self.scope.type(found).shape
        end = shape[max(0, len(shape) - axes) :]
        if not axes or own[len(own) - len(end) :] == end:
            return found
        wanted = (*own[: max(0, len(own) - len(end))], *end)
        return spread(found, own, wanted)

    def _written(self, number: int) -> tuple[Expression, Shape]:
        """An array as an expression, and its shape in the model."""
        output = self.traced.traced.get(number)
        if output is not None:
            aval = self.traced.closed.jaxpr.outvars[output].aval
            return self.raised.outputs[output], tuple(aval.shape)
        array = np.asarray(self.traced.arrays.values[number])
        if number not in self._known:
            self._known[number] = self.constants.expression(array)
            self.scope.names.update(self.constants.types())
        return self._known[number], array.shape

    def _spaced(self, node: Expression, axes: int, gaps: int) -> Expression:
        """`loc[:, None]` where copies come behind the parameters' own axes."""
        rank = self.scope.type(node).rank
        if not gaps or rank <= axes:
            return node
        items = (*(ALL,) * (rank - axes), *(None,) * gaps, *(ALL,) * axes)
        found: Expression = view(self.scope, node, items)
        return found

    def _whole(self, node: Expression) -> Expression:
        """A count, which TFP takes as a float."""
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


def _in_catalogue(name: str, found: Component) -> Distribution:
    try:
        return to_catalogue(TABLE, found.tree, defaults)
    except ReadError as error:
        raise error.at(name) from None


def _counts(node: Distribution) -> bool:
    """Whether the values are whole numbers."""
    inner = [v for _, v in node.params if isinstance(v, Distribution)]
    return FAMILIES[node.family].discrete or any(map(_counts, inner))


def _gaps(axes: list[int | None]) -> int:
    """How many axes of copies stand behind those of the parameters.

    Raises:
        ReadError: Some stand between them.
    """
    own = [k for k, size in enumerate(axes) if size is None]
    if own and own[-1] - own[0] + 1 != len(own):
        message = "copies in between the axes of the parameters"
        raise ReadError(message, hint="give the parameters their full shape")
    return len(axes) - 1 - own[-1] if own else 0


def _needs(sample: Sample, scan: Scan) -> bool:
    made = {name for name, _ in scan.collect}
    return any(names_of(node) & made for node in everything(sample))
