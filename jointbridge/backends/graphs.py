"""Expressions as graphs: what they share is one Python object, met once.

Importers make graphs, not trees; walked as a tree, one of a hundred objects can have more
nodes than there is memory.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import fields
from typing import Any

from jointbridge.expression import (
    EXPRESSIONS,
    Distribution,
    Node,
    Support,
    children,
)
from jointbridge.spec import Scan, Statement

#: Children of a node before their parents, each once.
Plan = list[Node]


def roots_of(statement: Any) -> Iterator[Node]:
    """The expressions that a statement holds, bodies of scans left out."""
    skipped = {"hints", "body", "next", "collect"}
    names = [f.name for f in fields(statement) if f.name not in skipped]
    for value in (getattr(statement, name) for name in names):
        yield from nodes_in(value)


def nodes_in(value: Any) -> Iterator[Node]:
    """The expressions in nested tuples."""
    if isinstance(value, (*EXPRESSIONS, Distribution, Support)):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from nodes_in(item)


def everything(statement: Statement) -> Iterator[Node]:
    """The expressions of a statement, those inside a scan included."""
    yield from roots_of(statement)
    if isinstance(statement, Scan):
        for inner in statement.body:
            yield from roots_of(inner)
        yield from nodes_in((statement.next, statement.collect))


def below(roots: Iterable[Node], seen: set[int], done: Container[int] = ()) -> Plan:
    """Nodes that are not in `seen` or `done`, children first; without recursion."""
    plan: Plan = []
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if ready:
            plan.append(node)
        elif id(node) not in seen and id(node) not in done:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(children(node)))
    return plan


def inner_names(statement: Statement) -> set[str]:
    """The names that a scan has of its own."""
    if not isinstance(statement, Scan):
        return set()
    carried = {n for n, _ in (*statement.carry, *statement.over)}
    return carried | {s.name for s in statement.body}
