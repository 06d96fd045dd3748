"""From records and raised expressions to statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jointbridge.backends.arrays.raising import Raised
from jointbridge.backends.broadcasting import spread, with_event_axes
from jointbridge.backends.numpyro.read_distributions import slot_number
from jointbridge.backends.numpyro.read_records import (
    DeterministicRecord,
    FactorRecord,
    ParamRecord,
    SiteRecord,
)
from jointbridge.backends.reading import Notebook
from jointbridge.expression import (
    Call,
    Distribution,
    Expression,
    Number,
    Support,
    rebuild,
)
from jointbridge.families import FAMILIES, Parameter
from jointbridge.shapes import Scope
from jointbridge.spec import Deterministic, Factor, Param, Plate, Sample, Statement
from jointbridge.support import SUPPORTS

Shape = tuple[int, ...]


@dataclass
class Builder:
    """Makes statements of records.

    Attributes:
        raised: The expressions of the arrays.
        shapes: The shapes that the arrays have in the model.
        notes: Takes what a reader should know.
        plates: All plates so far.
    """

    raised: Raised
    shapes: list[Shape]
    notes: Notebook
    plates: dict[str, Plate] = field(default_factory=dict)
    #: Builders of scans: they keep objects alive that are known by their id.
    kept: list[Any] = field(default_factory=list)
    _made: dict[tuple[int, int], Expression] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """The types of all names."""
        return self.raised.scope

    # -- expressions ----------------------------------------------------------

    def expression(self, node: Any, axes: int = 0) -> Any:
        """A node with expressions for its arrays.

        Args:
            node: What a record holds.
            axes: Axes at the end that must have their full size; -1 for all.
        """
        number = slot_number(node)
        if number is not None:
            return self._full(number, axes)
        if isinstance(node, Distribution):
            return self.distribution(node)
        return rebuild(node, lambda child: self.expression(child, axes))

    def _full(self, number: int, axes: int) -> Expression:
        node, shape = self.raised.outputs[number], self.shapes[number]
        axes = len(shape) if axes < 0 else min(axes, len(shape))
        own = self.scope.type(node).shape
        if not axes or own[-axes:] == shape[len(shape) - axes :]:
            return node
        if (number, axes) not in self._made:
            wanted = (*own[:-axes], *shape[len(shape) - axes :])
            self._made[number, axes] = spread(node, own, wanted)
        return self._made[number, axes]

    def output(self, number: int) -> Expression:
        """The expression of an array in its full shape."""
        return self._full(number, -1)

    # -- distributions --------------------------------------------------------

    def distribution(self, node: Distribution) -> Distribution:
        """A distribution of the catalogue with expressions for its arrays."""
        row = FAMILIES[node.family]
        params = [
            (name, self._parameter(row.parameters[name], value))
            for name, value in node.params
        ]
        made = with_event_axes(Distribution(node.family, tuple(params)), self.scope)
        return self._with_copies(made)

    def _parameter(self, parameter: Parameter, value: Any) -> Any:
        if isinstance(value, Distribution):
            return self.distribution(value)
        found = self.expression(value, len(parameter.axes))
        if parameter.special or isinstance(value, Support):
            return found
        if SUPPORTS[parameter.domain.name].discrete:
            return self._whole(found)
        return found

    def _whole(self, node: Expression) -> Expression:
        """A count, which NumPyro also takes as a float."""
        if self.scope.type(node).kind != "float":
            return node
        if isinstance(node, Number) and float(node.value).is_integer():
            return Number(int(node.value))
        return Call("cast", (node,), (("kind", "int"),))

    def _with_copies(self, node: Distribution) -> Distribution:
        """A mixture whose components have one parameter of their number."""
        row = FAMILIES[node.family]
        inner = [p for p in row.parameters.values() if p.special == "distribution"]
        if not any(p.axes for p in inner):
            return node
        sizes = [
            self.scope.type(v).shape[-1]
            for n, v in node.params
            if row.parameters[n].axes and not row.parameters[n].special
        ]
        given = dict(node.params)
        for parameter in inner:
            base = given.get(parameter.name)
            if parameter.axes and sizes and isinstance(base, Distribution):
                given[parameter.name] = self._copied(base, sizes[0])
        return Distribution(node.family, tuple(given.items()))

    def _copied(self, base: Distribution, size: int) -> Distribution:
        batch = self.scope.distribution(base).batch
        if batch[-1:] == (size,) or not base.params:
            return base
        (name, first), *rest = base.params
        value: Any = first
        own = self.scope.type(value).shape
        axes = len(FAMILIES[base.family].parameters[name].axes)
        event = own[len(own) - axes :]
        wanted = (*own[: len(own) - axes][:-1], size, *event)
        return Distribution(base.family, ((name, spread(value, own, wanted)), *rest))

    # -- statements -----------------------------------------------------------

    def statement(self, record: Any) -> Statement:
        """The statement of a record."""
        makers: dict[type, Callable[[Any], Statement]] = {
            SiteRecord: self._sample,
            DeterministicRecord: self._deterministic,
            FactorRecord: self._factor,
            ParamRecord: self._param,
        }
        return makers[type(record)](record)

    def _sample(self, record: SiteRecord) -> Sample:
        plates, shape = self._axes(record)
        return Sample(
            record.name,
            self.distribution(record.dist),
            plates,
            shape,
            self._optional(record.observed),
            self._optional(record.mask),
            self._optional(record.scale),
            tuple(sorted(record.hints.items())),
        )

    def _optional(self, node: Any) -> Any:
        return None if node is None else self.expression(node)

    def _axes(self, record: SiteRecord) -> tuple[tuple[str | None, ...], Shape]:
        """Plates from left to right, then axes that no plate names."""
        batch = record.batch
        last = max(record.plates, default=None)
        if last is None:
            return (), (*batch, *record.shape)
        end = len(batch) + last + 1
        while batch[end:] and batch[end] == 1:
            end += 1
        plates = []
        for place, size in enumerate(batch[:end]):
            frame = record.plates.get(place - len(batch))
            if frame is None and size > 1:
                frame = (f"{record.name}_axis_{len(batch) - place}", size)
                text = f"an axis of {size} left of its plates is called {frame[0]!r}"
                self.notes.note("named", record.name, text)
            plates.append(self._plate(*frame) if frame else None)
        return tuple(plates), (*batch[end:], *record.shape)

    def _plate(self, name: str, size: int) -> str:
        self.plates.setdefault(name, Plate(name, size))
        return name

    def _deterministic(self, record: DeterministicRecord) -> Deterministic:
        return Deterministic(record.name, self.expression(record.value, -1))

    def _factor(self, record: FactorRecord) -> Factor:
        value = self.expression(record.value)
        own = self.scope.type(value).shape
        if own != record.batch:
            value = spread(value, own, record.batch)
        return Factor(record.name, value)

    def _param(self, record: ParamRecord) -> Param:
        init = self.expression(record.init, -1)
        return Param(record.name, init, self.expression(record.support))
