"""Large expressions by their fingerprint, so that two of them compare at once.

An expression is a graph as soon as names are replaced by what they stand for: compared
as a tree, sixty squarings of one value are more nodes than anybody can wait for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from jointbridge.expression import (
    EXPRESSIONS,
    Call,
    Distribution,
    Index,
    Name,
    Node,
    Number,
    Support,
    children,
    rebuild,
)

#: Parts of more nodes, or of more levels, than this are said by their fingerprint.
_LARGE, _DEEP = 1000, 60


@dataclass(frozen=True)
class _Known:
    digest: str
    size: int
    height: int
    short: Node

    @property
    def large(self) -> bool:
        return self.size > _LARGE or self.height > _DEEP


@dataclass
class Fingerprints:
    """Cuts expressions where they are large; equal ones are cut at the same places."""

    _known: dict[int, _Known] = field(default_factory=dict)
    #: Objects are known by their id, so none may be freed.
    _alive: list[Node] = field(default_factory=list)

    def short(self, node: Node) -> Node:
        """The node with a name made of its fingerprint for each large part."""
        stack = [node]
        while stack:
            top = stack[-1]
            missing = [c for c in children(top) if id(c) not in self._known]
            if missing:
                stack += missing
                continue
            self._known[id(stack.pop())] = self._about(top)
            self._alive.append(top)
        return self._known[id(node)].short

    def _about(self, node: Node) -> _Known:
        below = [self._known[id(c)] for c in children(node)]
        text = repr((_own(node), [k.digest for k in below]))
        return _Known(
            sha256(text.encode()).hexdigest(),
            1 + sum(k.size for k in below),
            1 + max((k.height for k in below), default=0),
            rebuild(node, self._part),
        )

    def _part(self, child: Node) -> Node:
        found = self._known[id(child)]
        return Name(f"#{found.digest}") if found.large else found.short


def _own(node: Node) -> Any:
    """What a node says without its children."""
    kind = type(node).__name__
    match node:
        case Number(value):
            return kind, type(value).__name__, value
        case Name(name):
            return kind, name
        case Call(function, _, options):
            return kind, function, options
        case Index(_, items):
            return kind, ["value" if isinstance(i, EXPRESSIONS) else i for i in items]
        case Distribution(family, params):
            return kind, family, [n for n, _ in params]
        case Support(name, params, sizes):
            return kind, name, [n for n, _ in params], sizes
    return kind
