"""The axes of every expression of a spec, told apart by where they come from.

mu[county_idx]      the axis of `county_idx`
x @ beta            the first axis of `x`; its second is the one of `beta`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from jointbridge.analysis import Analysis
from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Name,
    Node,
    Number,
    Slice,
    Support,
    is_many,
)
from jointbridge.expression import Sequence as Vector
from jointbridge.families import FAMILIES
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes import Scope, axes_of, permutation, spread
from jointbridge.spec import Deterministic, Factor, Let, Param, Sample, Scan

Key: TypeAlias = tuple[Any, ...]
Axes: TypeAlias = tuple[Key, ...]

#: An axis of size 1, which is of no dimension.
ONE: Key = ("one",)


class Reader:
    """Walks all statements once and joins what is broadcast, multiplied or indexed.

    Args:
        analysis: The spec and its types.
        join: Takes two axes that are one dimension.
    """

    def __init__(self, analysis: Analysis, join: Callable[[Key, Key], None]) -> None:
        self.analysis = analysis
        self.join = join
        self.env: dict[str, Axes] = {}
        self.scope: Scope = self.analysis.scope

    def read(self) -> None:
        """Everything, from data to the last statement."""
        for data in self.analysis.spec.data:
            axes = range(data.type.rank)
            self.env[data.name] = tuple(("data", data.name, a) for a in axes)
        for plate in self.analysis.spec.plates:
            if plate.of:
                self.join(("plate", plate.name), ("data", *plate.of))
        for statement in self.analysis.spec.statements:
            self.statement(statement)

    def statement(self, statement: Any) -> None:
        """What a statement says, and the axes of what it defines."""
        match statement:
            case Sample():
                self.env[statement.name] = self.sample(statement)
            case Deterministic(name, value) | Let(name, value):
                self.env[name] = self(value)
            case Factor(_, value):
                self(value)
            case Param(name, init):
                self.env[name] = self(init)
            case Scan():
                self.scan(statement)

    def sample(self, sample: Sample) -> Axes:
        """The axes of a site's values."""
        dist = self.scope.distribution(sample.dist)
        batch, event = self.distribution(sample.dist)
        own: Axes = tuple(("plate", p) for p in sample.plates)
        own += tuple(("shape", sample.name, n) for n in range(len(sample.shape)))
        plates = self.analysis.plates
        sizes = (*(plates[p] for p in sample.plates), *sample.shape)
        self.broadcast([(own, sizes), (batch, dist.batch)])
        full, shape = (*own, *event), (*sizes, *dist.event)
        for node, to in ((sample.observed, (full, shape)), (sample.mask, (own, sizes))):
            if node is not None:
                self.broadcast([to, (self(node), self.scope.type(node).shape)])
        return full

    def scan(self, scan: Scan) -> None:
        """A recurrence: its steps are one more axis of what comes out of it."""
        inner, _ = self.analysis.scans[scan.name]
        steps: Key = ("steps", scan.name)
        before, outer = dict(self.env), self.scope
        after: dict[str, Axes] = {}
        carry = {name: self(node) for name, node in scan.carry}
        for name, node in scan.over:
            axes = self(node)
            self.join(steps, axes[0])
            carry[name] = axes[1:]
        self.env |= carry
        self.scope = inner
        for step in scan.body:
            self.statement(step)
            if isinstance(step, Sample):
                after[step.name] = (steps, *self.env[step.name])
        for name, node in scan.next:
            sizes = inner.names[name].shape
            self.broadcast([(carry[name], sizes), self.pair(node)])
        after |= {name: (steps, *self(node)) for name, node in scan.collect}
        self.env, self.scope = before | after, outer

    # -- axes of nodes --------------------------------------------------------

    def __call__(self, node: Any) -> Axes:
        """The axes of an expression."""
        match node:
            case Name(name):
                return self.env[name]
            case Number():
                return ()
            case Vector(items):
                return (("node", id(node), 0), *self.broadcast(map(self.pair, items)))
            case Index(base, items):
                return self.index(node, base, items)
            case Call():
                return self.call(node)
        return ()

    def pair(self, node: Node) -> tuple[Axes, tuple[int, ...]]:
        """The axes of an expression and their sizes."""
        return self(node), self.scope.type(node).shape

    def fresh(self, node: Any) -> Axes:
        """Axes of which nothing is known."""
        return tuple(("node", id(node), n) for n in range(self.scope.type(node).rank))

    def broadcast(self, pairs: Iterable[tuple[Axes, tuple[int, ...]]]) -> Axes:
        """The axes of what these broadcast to."""
        found: list[Key] = []
        for axes, shape in pairs:
            found = [ONE] * (len(axes) - len(found)) + found
            for n in range(1, len(axes) + 1):
                if shape[-n] == 1:
                    continue
                if found[-n] == ONE:
                    found[-n] = axes[-n]
                else:
                    self.join(found[-n], axes[-n])
        return tuple(found)

    def index(self, node: Index, base: Any, items: Sequence[Any]) -> Axes:
        """The axes of `base[items]`."""
        axes, rank = self(base), self.scope.type(base).rank
        remaining = iter(axes)
        arrays: list[Any] = []
        found: list[Key] = []
        at = 0
        for place, item in enumerate(spread(tuple(items), rank)):
            if item is None:
                found.append(ONE)
                continue
            axis = next(remaining)
            if isinstance(item, Slice):
                found.append(axis if item == Slice() else ("slice", id(node), place))
            elif not isinstance(item, Number):
                at = at if arrays else len(found)
                arrays.append(item)
        found[at:at] = self.broadcast(map(self.pair, arrays))
        return tuple(found)

    def call(self, node: Call) -> Axes:
        """The axes of a call, by the rule of its shapes."""
        row = FUNCTIONS[node.function]
        rule = getattr(self, f"_{row.shape}", None)
        if rule is not None:
            return rule(node)  # type: ignore[no-any-return]
        for arg in node.args:
            self(arg)
        return self.fresh(node)

    def _map(self, node: Call) -> Axes:
        return self.broadcast(map(self.pair, node.args))

    def _reduce(self, node: Call) -> Axes:
        axes = self(node.args[0])
        gone = {a + len(axes) for a in axes_of(node, len(axes))}
        if node.option("keepdims"):
            return tuple(ONE if n in gone else a for n, a in enumerate(axes))
        return tuple(a for n, a in enumerate(axes) if n not in gone)

    def _same(self, node: Call) -> Axes:
        return self(node.args[0])

    _along = _cast = _same

    def _square(self, node: Call) -> Axes:
        axes = self(node.args[0])
        self.join(axes[-1], axes[-2])
        return axes

    def _diag(self, node: Call) -> Axes:
        axes = self(node.args[0])
        return (*axes, axes[-1])

    def _diagonal(self, node: Call) -> Axes:
        return self._square(node)[:-1]

    def _transpose(self, node: Call) -> Axes:
        axes = self(node.args[0])
        return tuple(axes[a] for a in permutation(node, len(axes)))

    def _eye(self, node: Call) -> Axes:
        return (("node", id(node), 0),) * 2

    def _one_hot(self, node: Call) -> Axes:
        return (*self(node.args[0]), ("node", id(node), 0))

    def _full(self, node: Call) -> Axes:
        own = self.fresh(node)
        self.broadcast([(own, self.scope.type(node).shape), self.pair(node.args[0])])
        return own

    _broadcast = _full

    def _matmul(self, node: Call) -> Axes:
        (x, xs), (y, ys) = map(self.pair, node.args)
        self.join(x[-1], y[-2] if len(y) > 1 else y[-1])
        batch = self.broadcast([(x[:-2], xs[:-2]), (y[:-2], ys[:-2])])
        return (*batch, *x[-2:-1], *(y[-1:] if len(y) > 1 else ()))

    def _solve(self, node: Call) -> Axes:
        (a, sa), (b, sb) = map(self.pair, node.args)
        ends = 1 if len(b) < len(a) else 2
        self.join(a[-1], b[-ends])
        batch = self.broadcast([(a[:-2], sa[:-2]), (b[:-ends], sb[:-ends])])
        return (*batch, *b[-ends:])

    def _einsum(self, node: Call) -> Axes:
        left, result = node.option("subscripts").replace(" ", "").split("->")
        letters: dict[str, Key] = {}
        for term, arg in zip(left.split(","), node.args, strict=True):
            for letter, axis in zip(term, self(arg), strict=True):
                self.join(letters.setdefault(letter, axis), axis)
        return tuple(letters[letter] for letter in result)

    def _log_prob(self, node: Call) -> Axes:
        dist, value = node.args
        assert isinstance(dist, Distribution)
        inferred = self.scope.distribution(dist)
        batch, event = self.distribution(dist)
        full = self.broadcast(
            [((*batch, *event), (*inferred.batch, *inferred.event)), self.pair(value)]
        )
        return full[: len(full) - len(event)]

    def distribution(self, node: Distribution) -> tuple[Axes, Axes]:
        """The axes of a batch and of an event."""
        row = FAMILIES[node.family]
        named: dict[str, Key] = {}
        batches: list[tuple[Axes, tuple[int, ...]]] = []
        inside: Axes | None = None
        for name, value in node.params:
            parameter = row.parameters[name]
            if isinstance(value, Support):
                batches += [self.pair(bound) for _, bound in value.params]
                inside = tuple(("event", id(value), n) for n in range(len(value.sizes)))
                continue
            if parameter.special == "size":
                named.setdefault(parameter.axes[0], ("node", id(node), 0))
                continue
            if is_many(value):
                for item in value.items:
                    axes, shape, inside = self.parameter(item)
                    batches.append((axes, shape))
                continue
            axes, shape, event = self.parameter(value)
            inside = event if name == row.support else inside
            own = len(parameter.axes) if axes else 0
            for letter, axis in zip(parameter.axes, axes[len(axes) - own :]):  # noqa: B905
                self.join(named.setdefault(letter, axis), axis)
            batches.append((axes[: len(axes) - own], shape[: len(axes) - own]))
        for letter, axis in named.items():
            self.join(("axis", id(node), letter), axis)
        outside = tuple(named.get(a, ("event", id(node), a)) for a in row.axes)
        return self.broadcast(batches), (*outside, *(inside or ()))

    def parameter(self, value: Any) -> tuple[Axes, tuple[int, ...], Axes]:
        """The axes of a parameter and their sizes, and those of an event inside it."""
        if isinstance(value, Distribution):
            batch, event = self.distribution(value)
            return batch, self.scope.distribution(value).batch, event
        return (*self.pair(value), ())
