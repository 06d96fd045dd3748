"""All loops of a model as scans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import is_
from typing import Any, TypeAlias

from jointbridge.analysis import free_name
from jointbridge.backends.graphs import below, everything
from jointbridge.backends.rerolling.interning import Interned, mapped
from jointbridge.backends.rerolling.likeness import Different
from jointbridge.backends.rerolling.loops import (
    finished,
    require_valid,
    rolled,
    spread,
)
from jointbridge.backends.rerolling.numbering import FEWEST, Loop, loops
from jointbridge.backends.rerolling.outside import rewriter
from jointbridge.backends.rerolling.sequences import Sequences
from jointbridge.backends.sharing import Label, identifier
from jointbridge.errors import SpecError
from jointbridge.expression import Expression, Index, Name
from jointbridge.expression import Sequence as Listed
from jointbridge.shapes import Scope
from jointbridge.spec import Deterministic, Plate, Sample, Scan, Statement, Type

#: A scan, and what rewrites the statements behind it.
_Chain: TypeAlias = tuple[Scan, Callable[[Any], Any]]

#: So many steps at the start of a loop may be other ones.
_OTHERS = 2


@dataclass(frozen=True)
class Rerolled:
    """Statements in which loops are scans.

    Attributes:
        statements: The statements.
        steps: What the steps of a site were called, by the name of the site.
    """

    statements: tuple[Statement, ...]
    steps: dict[str, tuple[str, ...]]


@dataclass
class Rerolling:
    """Makes scans of loops.

    Args:
        scope: The types of all names; those of scans are put there.
        labels: What the author calls an expression, by the id of the object.
        taken: Names that may not be used.
        reserved: Names in `taken` that are kept for the sites of loops.
        plates: Gives the plates that sites stand in.
        constants: An expression for a list of numbers.
    """

    scope: Scope
    labels: dict[int, Label]
    taken: set[str]
    reserved: frozenset[str]
    plates: Callable[[], tuple[Plate, ...]]
    constants: Callable[[list[float]], Expression]
    steps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    interned: Interned = field(init=False)

    def __post_init__(self) -> None:
        self.interned = Interned(self.labels)

    def __call__(self, statements: Iterable[Statement]) -> Rerolled:
        """The statements with scans for loops; as they are where there is no loop."""
        given = tuple(statements)
        found = [mapped(s, self.interned) for s in given]
        for loop in reversed(loops(found)):
            found = self._rerolled(loop, found)
        found = self._without_chains(found)
        if not any(isinstance(s, Scan) for s in found):
            return Rerolled(given, {})
        return Rerolled(tuple(found), self.steps)

    # -- loops of sites -------------------------------------------------------

    def _rerolled(self, loop: Loop, statements: list[Statement]) -> list[Statement]:
        """The statements with one loop rerolled, where that can be."""
        for number in range(min(_OTHERS + 1, len(loop.steps) - FEWEST + 1)):
            try:
                return self._scanned(loop.without_first(number), statements)
            except Different:
                continue
        return statements

    def _scanned(self, loop: Loop, statements: list[Statement]) -> list[Statement]:
        own = {
            statement.name: (base, t)
            for t, step in enumerate(loop.steps)
            for base, statement in zip(loop.names, step, strict=True)
            if isinstance(statement, Sample)
        }
        reports = self._reports(loop, statements)
        names = {base: self._name(base, reports) for base in loop.names}
        own = {site: (names[base], t) for site, (base, t) in own.items()}
        title = f"{names[loop.names[0]]}_steps"
        found = self._sequences(own, len(loop.steps), title)
        scan, after = rolled(loop, names, found, title)
        if not (scan.carry or reports or _looks_back(scan)):
            raise Different  # independent copies, not a recurrence
        scan = self._valid(scan, found)
        self.taken |= {title, *names.values(), *found.carries, *found.over}
        self._enter(scan, found)
        steps = {names[n]: tuple(s.name for s in loop.column(n)) for n in loop.names}
        self.steps = steps | self.steps
        places = {id(self.interned(Name(n))): place for n, place in own.items()}
        rewrite = rewriter(self.interned, places, found.length)
        rest = [
            mapped(s, rewrite)
            for s in statements[loop.stop :]
            if all(s is not report for report in reports)
        ]
        return [*statements[: loop.start], scan, *after, *rest]

    def _reports(self, loop: Loop, statements: list[Statement]) -> list[Statement]:
        """Statements that report the values of all steps under the name of the site."""
        found: list[Statement] = []
        for statement in statements[loop.stop :]:
            if isinstance(statement, Deterministic) and statement.name in loop.names:
                column = loop.column(statement.name)
                values = tuple(map(self._value, column))
                items = getattr(statement.value, "items", ())
                if len(items) == len(values) and all(map(is_, items, values)):
                    found.append(statement)
        return found

    def _value(self, statement: Statement) -> Any:
        """The expression that a site's value is known by."""
        observed = getattr(statement, "observed", None)
        return observed if observed is not None else self.interned(Name(statement.name))

    def _name(self, base: str, reports: list[Statement]) -> str:
        """What a site of all steps is called."""
        if base in self.reserved or any(s.name == base for s in reports):
            return base
        return free_name(base, set(self.taken))

    # -- chains of values -----------------------------------------------------

    def _without_chains(self, statements: list[Statement]) -> list[Statement]:
        """The statements with lists of values that are made of the ones before."""
        found: list[Statement] = []
        waiting = list(statements)
        while waiting:
            made = self._first_chain(waiting[0])
            if made is None:
                found.append(waiting.pop(0))
            else:
                scan, rewrite = made
                found.append(scan)
                waiting = [mapped(s, rewrite) for s in waiting]
        return found

    def _first_chain(self, statement: Statement) -> _Chain | None:
        for values in self._lists(statement):
            for number in range(min(_OTHERS + 1, len(values) - FEWEST + 1)):
                try:
                    return self._chain(values[number:], statement.name)
                except Different:
                    continue
        return None

    def _lists(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The lists of values in a statement, and values with one label."""
        if isinstance(statement, Scan):
            return []
        nodes = below(everything(statement), set())
        found = [n.items for n in nodes if isinstance(n, Listed)]
        named: dict[Label, list[Any]] = {}
        for node in nodes:
            label = self.labels.get(id(node))
            if label is not None and label.name and label.where:
                named.setdefault(label, []).append(node)
        found += [tuple(group) for group in named.values()]
        return [values for values in found if len(values) >= FEWEST]

    def _chain(self, values: tuple[Any, ...], place: str) -> _Chain:
        label = self.labels.get(id(values[-1]))
        wanted = (
            identifier((label and label.name) or "") or f"{identifier(place)}_values"
        )
        name = free_name(wanted, set(self.taken))
        title = f"{name}_steps"
        found = self._sequences({}, len(values), title)
        inner = free_name(f"{name}_now", set(self.taken))
        value = found.collected(values, inner)
        scan = finished(Scan(title, (), (), (), (), ((name, value),)), found)
        if not scan.carry:
            raise Different
        end = {id(self.interned(Name(inner))): value}
        following = tuple((n, self.interned.replaced(x, end)) for n, x in scan.next)
        scan = self._valid(
            Scan(
                title, scan.carry, scan.over, (), following, scan.collect, scan.length
            ),
            found,
        )
        self.taken |= {title, name, *found.carries, *found.over}
        self._enter(scan, found)
        places = {id(v): (name, t) for t, v in enumerate(values)}
        return scan, rewriter(self.interned, places, found.length)

    # -- both -----------------------------------------------------------------

    def _sequences(
        self, own: dict[str, tuple[str, int]], length: int, title: str
    ) -> Sequences:
        return Sequences(
            self.interned,
            own,
            length,
            title,
            frozenset({*self.taken, title}),
            self.constants,
            lambda node: self.scope.type(node).shape,
        )

    def _valid(self, scan: Scan, found: Sequences) -> Scan:
        try:
            scan = spread(scan, found, self.scope)
        except SpecError as error:
            raise Different from error
        made: Scan = mapped(scan, self.interned)
        return made

    def _enter(self, scan: Scan, found: Sequences) -> None:
        """Puts the types of what a scan gives into the scope."""
        inner = require_valid(scan, self.plates(), self.scope)
        for site in scan.sites:
            self._stacked(site.name, inner.names[site.name], found.length)
        for name, node in scan.collect:
            self._stacked(name, inner.type(node), found.length)

    def _stacked(self, name: str, type_: Type, length: int) -> None:
        self.scope.names[name] = Type((length, *type_.shape), type_.kind)


def _looks_back(scan: Scan) -> bool:
    """Whether a step looks at two places of one array, as at the one before its own."""
    arrays = [node.base if isinstance(node, Index) else node for _, node in scan.over]
    return any(a is b for n, a in enumerate(arrays) for b in arrays[:n])
