"""Names for what is used twice: shared expression objects become `let` statements.

An importer builds expressions as a graph: what a model computes once is one Python
object, however often it is used.  Statements hold trees, so such an object needs a name.

    y ~ Normal(●, s)     ● = a + b * x          let m = a + b * x
    f = exp(●)                             ──►  y ~ Normal(m, s)
                                                f = exp(m)

What the model's author gave a name keeps it, even where it is used once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

from jointbridge.analysis import free_name
from jointbridge.backends.graphs import (
    below,
    everything,
    inner_names,
    nodes_in,
    roots_of,
)
from jointbridge.expression import (
    EXPRESSIONS,
    Call,
    Index,
    Name,
    Node,
    Number,
    children,
    rebuild,
)
from jointbridge.expression import names as names_of
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Param,
    Sample,
    Scan,
    Statement,
    defined,
)


class Label(NamedTuple):
    """What the author calls an expression, and where it stands (`model.py:12`)."""

    name: str | None = None
    where: str = ""


#: An expression without a name is repeated where it is no larger than this.
_SMALL = 3
#: An expression of more levels than this is cut, for readers and for recursion.
_DEEP = 30


def share(
    statements: Iterable[Statement],
    labels: Mapping[int, Label] | None = None,
    taken: Iterable[str] = (),
) -> tuple[Statement, ...]:
    """Statements in which every expression stands once, in a `let` where it is shared.

    Args:
        statements: Statements whose expressions share objects.
        labels: Names of expressions by the `id` of the object.
        taken: Names that may not be used, as those of data and plates.
    """
    ordered = _hoisted(list(statements))
    return tuple(_Sharing(ordered, labels or {}, taken).run())


def _hoisted(statements: list[Statement]) -> list[Statement]:
    """Deterministic values moved up to where their expression is first needed."""
    first: dict[int, int] = {}
    for place, statement in enumerate(statements):
        for node in below(everything(statement), set()):
            first.setdefault(id(node), place)

    def key(numbered: tuple[int, Statement]) -> tuple[int, int]:
        place, statement = numbered
        wanted = place
        if isinstance(statement, Deterministic) and not _trivial(statement.value):
            wanted = first[id(statement.value)]
            if getattr(statements[wanted], "value", None) is statement.value:
                wanted = place  # it has a name there already
        return (wanted, 0 if wanted < place else 1)

    return [s for _, s in sorted(enumerate(statements), key=key)]


def _trivial(node: Node) -> bool:
    """Whether a name for it would say nothing."""
    if isinstance(node, Call) and node.function == "negative":
        return _trivial(node.args[0])
    return isinstance(node, (Number, Name)) or not isinstance(node, EXPRESSIONS)


def identifier(text: str) -> str:
    """A word from any text: letters, digits and single underscores."""
    word = re.sub(r"\W+", "_", text).strip("_")
    return f"x{word}" if word[:1].isdigit() else word


class _Sharing:
    def __init__(
        self,
        statements: list[Statement],
        labels: Mapping[int, Label],
        taken: Iterable[str],
    ) -> None:
        self.statements = statements
        self.labels = labels
        self.taken = set(taken)
        self.uses: Counter[int] = Counter()
        #: What stands for an expression, by the id of the expression.
        self.done: dict[int, Node] = {}
        self.size: dict[int, int] = {}
        self.height: dict[int, int] = {}
        #: The expressions that are another statement's whole value.
        self.whole: set[int] = set()
        self.out: list[Statement] = []
        #: Objects are known by their id, so none may be freed meanwhile.
        self.alive: list[tuple[Node, Node]] = []
        self._survey()

    def _survey(self) -> None:
        """Counts uses and collects names."""
        seen: set[int] = set()
        for statement in self.statements:
            self.taken |= {statement.name, *defined(statement), *inner_names(statement)}
            for root in everything(statement):
                self.uses[id(root)] += 1
            for node in below(everything(statement), seen):
                self.uses.update(map(id, children(node)))
                if isinstance(node, Name):
                    self.taken.add(node.name)
            if isinstance(statement, (Deterministic, Let, Factor)):
                self.whole.add(id(statement.value))

    def run(self) -> list[Statement]:
        for statement in self.statements:
            changed: Statement
            if isinstance(statement, Scan):
                changed = self._scan(statement)
            else:
                changed = self._statement(statement, self.out.append)
            self.out.append(changed)
        return self.out

    def _statement(self, statement: Any, emit: Callable[[Let], None]) -> Any:
        """A statement with its expressions replaced, after the lets that it needs."""
        defines = isinstance(statement, (Deterministic, Let))
        own = id(statement.value) if defines else None
        for root in roots_of(statement):
            self._node(root, statement.name, emit, whole=own)
        changed = self._replaced(statement)
        if own is not None and not _trivial(self.done[own]):
            self.done[own] = Name(statement.name)
        return changed

    def _replaced(self, value: Any) -> Any:
        if id(value) in self.done:
            return self.done[id(value)]
        if isinstance(value, (Sample, Deterministic, Let, Factor, Param)):
            kept = {"name", "plates", "shape", "hints"}
            names = [f.name for f in fields(value) if f.name not in kept]
            return replace(
                value, **{n: self._replaced(getattr(value, n)) for n in names}
            )
        if isinstance(value, tuple):
            return tuple(self._replaced(item) for item in value)
        return value

    def _node(
        self,
        root: Node,
        place: str,
        emit: Callable[[Let], None],
        whole: int | None = None,
    ) -> None:
        """Decides for everything below `root` what stands for it."""
        for node in below([root], set(), self.done):
            made = rebuild(node, lambda child: self.done[id(child)])
            parts = [id(child) for child in children(made)]
            self.size[id(made)] = 1 + sum(self.size.get(c, 1) for c in parts)
            self.height[id(made)] = 1 + max(
                (self.height.get(c, 1) for c in parts), default=0
            )
            if id(node) != whole and self._deserves_a_name(node, made):
                name = self._name(node, made, place)
                emit(Let(name, made))
                made = Name(name)
            self.done[id(node)] = made
            self.alive.append((node, made))

    def _deserves_a_name(self, node: Node, made: Node) -> bool:
        if _trivial(made):
            return False
        if self.height[id(made)] > _DEEP:
            return True
        shared = self.uses[id(node)] > 1
        if self._label(node):
            return shared or id(node) not in self.whole
        return shared and self.size[id(made)] > _SMALL

    # -- scans ----------------------------------------------------------------

    def _scan(self, scan: Scan) -> Scan:
        """A scan whose body has its own lets; what needs no step stands before it."""
        own = {n for n, _ in (*scan.carry, *scan.over)} | {s.name for s in scan.body}
        for root in roots_of(scan):
            self._node(root, scan.name, self.out.append)
        carry, over = self._replaced((scan.carry, scan.over))
        outside = dict(self.done)
        body: list[Any] = []

        def emit(let: Let) -> None:
            if names_of(let.value) & own:
                own.add(let.name)
                body.append(let)
            else:
                self.out.append(let)

        for statement in scan.body:
            inner = self._statement(statement, emit)
            body.append(inner)
        for root in nodes_in((scan.next, scan.collect)):
            self._node(root, scan.name, emit)
        after = self._replaced((scan.next, scan.collect))
        # What rests on a step's own values means nothing outside.
        kept = {i: n for i, n in self.done.items() if not names_of(n) & own}
        self.done = outside | kept
        steps, collect = after
        return replace(
            scan, carry=carry, over=over, body=tuple(body), next=steps, collect=collect
        )

    # -- names ----------------------------------------------------------------

    def _label(self, node: Node) -> str:
        label = self.labels.get(id(node))
        return identifier(label.name or "") if label else ""

    def _name(self, node: Node, made: Node, place: str) -> str:
        wanted = self._label(node) or _described(made) or f"{identifier(place)}_term"
        return free_name(wanted, self.taken)


def _described(node: Node) -> str:
    """A name that tells what it is: `exp_sigma`, `x_cholesky`; empty where unclear."""
    if isinstance(node, Call):
        named = [identifier(a.name) for a in node.args if isinstance(a, Name)]
        return (
            f"{node.function}_{named[0]}" if len(named) == len(node.args) == 1 else ""
        )
    if isinstance(node, Index) and isinstance(node.base, Name):
        return f"{identifier(node.base.name)}_at"
    return ""


__all__ = ["Label", "identifier", "share"]
