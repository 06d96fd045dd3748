"""From the components of a TFP joint and raised expressions to sample statements."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from jointbridge.analysis import free_name
from jointbridge.backends.arrays.raising import Constants, Raised, raise_jaxpr
from jointbridge.backends.broadcasting import spread
from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.graphs import everything
from jointbridge.backends.reading import Notebook, ReadError
from jointbridge.backends.rerolling import bases
from jointbridge.backends.sharing import Label
from jointbridge.backends.tfp.read_components import (
    Component,
    defaults,
    slot_name,
)
from jointbridge.backends.tfp.read_distributions import Distributions, gaps
from jointbridge.backends.tfp.read_pins import Pins
from jointbridge.backends.tfp.read_supports import support_of
from jointbridge.backends.tfp.read_trace import Traced
from jointbridge.backends.tfp.table import TABLE
from jointbridge.expression import (
    Distribution,
    Expression,
    Name,
    Node,
    Number,
    Support,
    inner,
    substitute,
)
from jointbridge.expression import names as names_of
from jointbridge.families import FAMILIES
from jointbridge.shapes import Scope
from jointbridge.spec import Factor, Sample, Scan, Statement, Type

Shape = tuple[int, ...]

#: More axes than any array has.
_ALL_AXES = 99


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
        pins: Pins,
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
        self._taken = {*names, *constants.taken}
        self._known: dict[int, Expression] = {}

    def _settle_numbers(self) -> None:
        """Numbers that JAX traced are numbers again: rows of the table may name them."""
        inputs = [Name(name) for name in self.names]
        scalars = self.constants.scalars
        known = {n: self.constants.data[n] for n in scalars.values()}
        names = Constants(known, scalars=scalars)
        outputs = raise_jaxpr(self.traced.closed, inputs, names=names).outputs
        numbers: dict[str, Node] = {
            slot_name(number): outputs[place]
            for number, place in self.traced.traced.items()
            if isinstance(outputs[place], Number)
            and not self.traced.closed.jaxpr.outvars[place].aval.shape
        }
        for found in self.traced.components:
            if found.tree is not None:
                found.tree = substitute(found.tree, numbers)
            if found.density is not None:
                found.density = substitute(found.density, numbers)

    @cached_property
    def raised(self) -> Raised:
        """The expressions of what is computed of values."""
        types = {
            name: Type(tuple(aval.shape), "int" if dist and _counts(dist) else "float")
            for name, dist, aval in zip(
                self.names, self.dists, self.traced.avals, strict=True
            )
        }
        inputs = [Name(name) for name in self.names]
        closed = self.traced.closed
        return raise_jaxpr(closed, inputs, names=self.constants, types=types)

    @cached_property
    def labels(self) -> dict[int, Label]:
        """What the author calls expressions, where it is not the name of a site."""
        sites = {*self.names, *bases(self.names)}
        found = self.raised.labels.items()
        return {i: label for i, label in found if label.name not in sites}

    @cached_property
    def distributions(self) -> Distributions:
        """What fills the places of arrays."""
        return Distributions(self.scope, self.constants, self._written)

    @property
    def scope(self) -> Scope:
        """The types of all names."""
        return self.raised.scope

    def all(self) -> list[Statement]:
        """The statements of all components, and the recurrences that they need."""
        scans: list[Scan] = list(self.raised.scans)
        made = [s for k in range(len(self.names)) for s in self._statements(k)]
        found: list[Statement] = []
        for statement in made:
            found += [s for s in scans if _needs(statement, s)]
            scans = [s for s in scans if s not in found]
            found.append(statement)
        return found

    def _statements(self, k: int) -> list[Statement]:
        """What a component says: a site, a term of the density, or both."""
        name, dist = self.names[k], self.dists[k]
        term = self._term(k)
        if dist is None:
            return [Factor(name, term or Number(0.0))]
        sample = self._sample(k, dist)
        if term is None:
            return [sample]
        text = "no family of the catalogue: kept as its density, a factor"
        text += ", so that nothing draws it from its prior"
        self.notes.note("assumed", name, text)
        return [sample, Factor(free_name(f"{name}_log_density", self._taken), term)]

    def _term(self, k: int) -> Expression | None:
        """The log density that a component has besides its family."""
        density = self.traced.components[k].density
        if density is None:
            return None
        term = self.distributions.array(density, _ALL_AXES)
        return None if term == Number(0.0) else term

    def _sample(self, k: int, dist: Distribution) -> Sample:
        name, found = self.names[k], self.traced.components[k]
        dist = self.distributions(dist, gaps(found.axes))
        shape = tuple(map(int, self.traced.avals[k].shape[: len(found.axes)]))
        if len(found.axes) > found.event and not self.automatic:
            text = (
                f"axes {list(shape)[: len(found.axes) - found.event]} are independent"
            )
            self.notes.note("assumed", name, text)
        mask = None if found.mask is None else self.distributions.array(found.mask, 0)
        return Sample(name, dist, (), shape, self._observed(k, dist), mask)

    def _observed(self, k: int, dist: Distribution) -> Expression | None:
        node = self.pins.seen(self.names[k], self.constants)
        self.scope.names.update(self.constants.types())
        return (
            self.distributions.whole(node)
            if node is not None and _counts(dist)
            else node
        )

    def _written(self, number: int) -> tuple[Expression, Shape]:
        """An array as an expression, and its shape in the model."""
        output = self.traced.traced.get(number)
        if output is not None:
            aval = self.traced.closed.jaxpr.outvars[output].aval
            return self.raised.outputs[output], tuple(aval.shape)
        given = self.traced.arrays.values[number]
        array = np.asarray(given)
        if number not in self._known:
            scalar = self.constants.scalars.get(id(given))
            node = Name(scalar) if scalar else self.constants.expression(array)
            self._known[number] = node
            self.scope.names.update(self.constants.types())
        return self._known[number], array.shape

    def listed(self, values: list[float]) -> Expression:
        """A list of numbers, one for each step of a loop."""
        node = self.constants.expression(np.asarray(values))
        self.scope.names.update(self.constants.types())
        own = self.scope.type(node).shape
        return node if own else spread(node, own, (len(values),))


def _in_catalogue(name: str, found: Component) -> Distribution | None:
    if found.tree is None:
        return None
    try:
        return to_catalogue(TABLE, _supported(found.tree), defaults)
    except ReadError as error:
        raise error.at(name) from None


def _supported(tree: Distribution) -> Distribution:
    """The distribution with the support that a bijector leads to."""
    match tree:
        case Distribution(family, (("support", Support("", ((_, bijector),), sizes)),)):
            found = support_of(bijector, sizes)  # type: ignore[arg-type]
            return Distribution(family, (("support", found),))
    return tree


def _counts(node: Distribution) -> bool:
    """Whether the values are whole numbers."""
    return FAMILIES[node.family].discrete or any(_counts(d) for _, d in inner(node))


def _needs(statement: Statement, scan: Scan) -> bool:
    made = {name for name, _ in scan.collect}
    return any(names_of(node) & made for node in everything(statement))
