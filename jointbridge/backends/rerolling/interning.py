"""Equal expressions as one object, so that `is` compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from jointbridge.backends.graphs import below
from jointbridge.backends.sharing import Label
from jointbridge.expression import (
    EXPRESSIONS,
    Call,
    Distribution,
    Index,
    Name,
    Node,
    Number,
    Sequence,
    Support,
    children,
    rebuild,
)

_NODES = (*EXPRESSIONS, Distribution, Support)


class Interned:
    """Keeps one object for all equal expressions; graphs stay graphs.

    Args:
        labels: What the author calls an expression, by the id of the object; the one
            object of all equal ones gets the label of the first.
    """

    def __init__(self, labels: dict[int, Label]) -> None:
        self.labels = labels
        self._table: dict[Any, Node] = {}
        self._done: dict[int, Node] = {}
        self._names: dict[int, frozenset[str]] = {}
        #: Objects are known by their id, so none may be freed.
        self._alive: list[Node] = []

    def __call__(self, root: Any) -> Any:
        """The one object that is equal to an expression; None is None."""
        if root is None:
            return None
        for node in below([root], set(), self._done):
            made = rebuild(node, lambda child: self._done[id(child)])
            self._done[id(node)] = found = self._table.setdefault(_key(made), made)
            self._done[id(found)] = found
            self._alive += [node, found]
            self.label(found, node)
        return self._done[id(root)]

    def label(self, node: Node, like: Node) -> None:
        """Calls a node what another one is called, unless it has a label."""
        if id(like) in self.labels:
            self.labels.setdefault(id(node), self.labels[id(like)])

    def replaced(self, root: Any, values: Mapping[int, Node]) -> Any:
        """An expression with others put in place of objects, by their id."""
        done = dict(values)
        for node in below([root], set(), done):
            changed = self(rebuild(node, lambda child: done[id(child)]))
            if changed is not node:
                self.label(changed, node)
            done[id(node)] = changed
        return done[id(root)]

    def names(self, root: Node) -> frozenset[str]:
        """The names that an expression refers to."""
        for node in below([root], set(), self._names):
            own = frozenset({node.name}) if isinstance(node, Name) else frozenset()
            parts = (self._names[id(child)] for child in children(node))
            self._names[id(node)] = own.union(*parts)
        return self._names[id(root)]


def mapped(value: Any, change: Any) -> Any:
    """A statement, or a field of one, with `change` applied to its expressions."""
    if isinstance(value, _NODES):
        return change(value)
    if isinstance(value, tuple):
        return tuple(mapped(item, change) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        kept = {"hints", "plates", "shape", "name", "length"}
        parts = [f.name for f in fields(value) if f.name not in kept]
        return replace(value, **{n: mapped(getattr(value, n), change) for n in parts})
    return value


def _key(node: Node) -> Any:
    """What two equal nodes have in common, children by their id."""
    below_ = tuple(map(id, children(node)))
    match node:
        case Number(value):
            return Number, type(value), repr(value)
        case Name(name):
            return Name, name
        case Call(function, _, options):
            return Call, function, options, below_
        case Sequence():
            return Sequence, below_
        case Index(_, items):
            return Index, tuple(map(_item, items)), below_
        case Distribution(family, params):
            return Distribution, family, tuple(n for n, _ in params), below_
        case Support(name, params, sizes):
            return Support, name, tuple(n for n, _ in params), sizes, below_
    raise TypeError(type(node).__name__)


def _item(item: Any) -> Any:
    return "value" if isinstance(item, EXPRESSIONS) else item
