"""One expression for all steps of a loop, from the expressions of each step.

    step     0      1      2
             a      a      a                 a            the same in all steps
             x_0    x_1    x_2               x            a site of this step
             y[0]   y[1]   y[2]              y_slice      an array that is walked along
             x_0*a  x_1*a  x_2*a             x * a        part by part
             m      x_0    x_1               x_carry      starts as m, goes on as x

A carry is a sequence whose values, from the second on, can be said in terms of the step
before. Its own sequence is the one that is a step longer: what is missing there is `None`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from jointbridge.analysis import free_name
from jointbridge.backends.graphs import below
from jointbridge.backends.rerolling.interning import Interned
from jointbridge.backends.rerolling.likeness import (
    Different,
    Values,
    computed,
    frame,
    is_start,
    known,
    require_places,
    turned,
)
from jointbridge.backends.rerolling.walked import Walked
from jointbridge.expression import (
    EXPRESSIONS,
    Expression,
    Index,
    Name,
    Node,
    children,
    rebuild,
)

#: So far back may a step look.
_ORDER = 3
#: So many expressions are looked at, and so deep, before it is given up.
_MOST, _DEEPEST = 20_000, 60


@dataclass
class Carry:
    """A value that goes from step to step."""

    values: Values
    next: Expression | None = None


@dataclass
class Sequences:
    """The expressions of one step of a loop.

    Args:
        interned: Makes expressions comparable.
        own: The sites of the loop: what each is in its step, and which step that is.
        length: The number of steps.
        title: What the names of carries and slices begin with.
        taken: Names that they may not have.
        constants: An expression for a list of numbers.
        shape: The shape of an expression from outside.
    """

    interned: Interned
    own: Mapping[str, tuple[str, int]]
    length: int
    title: str
    taken: frozenset[str]
    constants: Callable[[list[float]], Expression]
    shape: Callable[[Expression], tuple[int, ...]]
    carries: dict[str, Carry] = field(default_factory=dict)
    #: The sequence that is being collected, which may go on as a carry.
    target: tuple[Values, Name] | None = None
    _done: dict[tuple[int, ...], Node] = field(default_factory=dict)
    _holding: dict[int, bool] = field(default_factory=dict)
    _tries: int = 0
    _depth: int = 0

    def __post_init__(self) -> None:
        self._walked = Walked(
            self.interned,
            self.length,
            self.constants,
            self.shape,
            partial(self.name, "slice"),
            self._inside,
        )

    @property
    def over(self) -> dict[str, Expression]:
        """The arrays that are walked along, by the names of their rows."""
        return self._walked.over

    def name(self, word: str) -> str:
        """A free name for a part of the scan."""
        taken = {*self.taken, *self.carries, *self.over}
        return free_name(f"{self.title}_{word}", taken)

    def of(self, values: Values) -> Any:
        """The expression of a step.

        Raises:
            Different: There is none.
        """
        key = tuple(map(id, values))
        if key not in self._done:
            with self._bounded():
                found = self.interned(self._of(values))
            self.interned.label(found, known(values)[-1])
            self._done[key] = found
        return self._done[key]

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        self._tries += 1
        self._depth += 1
        try:
            if self._tries > _MOST or self._depth > _DEEPEST:
                raise Different
            yield
        finally:
            self._depth -= 1

    def collected(self, values: Values, name: str) -> Any:
        """The expression of a step for values that may be made of the ones before."""
        self.target = (values, Name(name))
        return self.of(values)

    def _of(self, values: Values) -> Any:
        given = known(values)
        if all(v is given[0] for v in given):
            return self._constant(given[0])
        for found in (
            self._site(values),
            self._carried(values),
            self._walked.slice(values),
        ):
            if found is not None:
                return found
        if self._goes_on(values):
            return self._carry(values)
        for way in self._alike(values):
            try:
                return self._parts(way)
            except Different:
                continue
        for way in self._with_unit(values):
            try:
                return self._plainly(way)
            except Different:
                continue
        if not any(map(self._inside, values)):
            return self._walked.listed(values)
        return self._carry(values)

    # -- what a step has ------------------------------------------------------

    def _inside(self, node: Any) -> bool:
        """Whether a value means something in a step only."""
        if node is None:
            return False
        named = not self.own.keys().isdisjoint(self.interned.names(node))
        return named or self._holds_target(node)

    def _holds_target(self, root: Any) -> bool:
        """Whether a collected value is a part of an expression."""
        if self.target is None:
            return False
        wanted = set(map(id, self.target[0]))
        for node in below([root], set(), self._holding):
            parts = any(self._holding[id(child)] for child in children(node))
            self._holding[id(node)] = parts or id(node) in wanted
        return self._holding[id(root)]

    def _constant(self, node: Any) -> Any:
        if self._inside(node):
            raise Different
        return node

    def _site(self, values: Values) -> Name | None:
        """A site of the step itself."""
        steps = [
            self.own.get(v.name) if isinstance(v, Name) else None
            for v in values
            if v is not None
        ]
        if steps[0] is None:
            return None
        base = steps[0][0]
        same = all(found == (base, t) for t, found in enumerate(steps))
        return Name(base) if same else None

    def _carried(self, values: Values) -> Name | None:
        """A carry that is there already, or what is being collected."""
        for name, carry in self.carries.items():
            if is_start(values, carry.values):
                return Name(name)
        if self.target is not None and values[-1] is None:
            whole, name_ = self.target
            return name_ if is_start(values, whole) else None
        return None

    def _goes_on(self, values: Values) -> bool:
        """Whether it is the collected value of the step before."""
        if self.target is None or values[-1] is None:
            return False
        return is_start((*values[1:], None), self.target[0])

    # -- parts and carries ----------------------------------------------------

    def _alike(self, values: Values) -> Iterator[Values]:
        """The values, where they are the same but for their parts."""
        frames = [frame(v) for v in known(values)]
        if frames[0] is not None and all(f == frames[0] for f in frames):
            last = known(values)[-1]
            yield tuple(self.interned(turned(v, last)) for v in values)

    def _with_unit(self, values: Values) -> Iterator[Values]:
        """Values whose first was computed: `0.0 + a` as `a`, where others are `x_t + a`."""
        first, *others = values
        given = known(tuple(others))
        if not given or any(frame(v) != frame(given[0]) for v in given):
            return
        for place in (0, 1):
            start = computed(first, given[0], place)
            if start and all(self._is_step(v.args[place]) for v in given):
                yield self.interned(start), *others

    def _is_step(self, node: Any) -> bool:
        """Whether a value is one of the sites of the loop, or is being collected."""
        if isinstance(node, Name):
            return node.name in self.own
        return self.target is not None and any(node is v for v in self.target[0])

    def _parts(self, values: Values) -> Any:
        """The parts of an expression, each as its own sequence."""
        first = known(values)[0]
        places = range(len(children(first)))
        if not places:
            raise Different
        if isinstance(first, Index) and None in values:
            require_places(values, self.shape)
        columns = [
            tuple(None if v is None else children(v)[i] for v in values) for i in places
        ]
        parts = iter([self.of(column) for column in columns])
        return rebuild(first, lambda _: next(parts))

    def _plainly(self, values: Values) -> Any:
        """The parts of an expression, where they need no more than one carry."""
        with self._tried():
            carries = len(self.carries)
            found = self._parts(values)
            if len(self.carries) > carries + 1:
                raise Different
        return found

    @contextmanager
    def _tried(self) -> Iterator[None]:
        """All as before, where something fails: what was found may rest on it."""
        before = dict(self.carries), dict(self._done)
        try:
            yield
        except Different:
            self.carries, self._done = before
            raise

    def _carry(self, values: Values) -> Name:
        """A value that starts anywhere and goes on as something of the step before."""
        behind = values.count(None)
        first = values[0]
        usable = isinstance(first, EXPRESSIONS) and behind < _ORDER
        if not usable or self._inside(first) or behind + 1 >= self.length:
            raise Different
        with self._tried():
            name = self.name("carry")
            self.carries[name] = carry = Carry(values)
            carry.next = self.of((*values[1:], None))
            if not self._moves(carry.next):
                raise Different
        return Name(name)

    def _moves(self, node: Node) -> bool:
        """Whether an expression of a step is another one in every step."""
        moving = {base for base, _ in self.own.values()} | {*self.carries, *self.over}
        if self.target is not None:
            moving.add(self.target[1].name)
        return not moving.isdisjoint(self.interned.names(node))
