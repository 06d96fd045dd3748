"""What the rest of a model says of the steps of a loop, in terms of all of them.

x_3                        x[3]
[x_1, x_2, …, x_59]        x[1:]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jointbridge.backends.graphs import below
from jointbridge.backends.rerolling.interning import Interned
from jointbridge.expression import (
    Expression,
    Index,
    Name,
    Node,
    Number,
    Sequence,
    Slice,
    rebuild,
)


def step(name: str, place: int, length: int) -> Expression:
    """The value of one step."""
    return Index(Name(name), (Number(place if place < length - 1 else -1),))


def steps(name: str, start: int, stop: int, length: int) -> Expression:
    """The values of some steps."""
    if (start, stop) == (0, length):
        return Name(name)
    last = None if stop == length else stop
    return Index(Name(name), (Slice(start or None, last),))


def rewriter(
    interned: Interned, places: Mapping[int, tuple[str, int]], length: int
) -> Callable[[Any], Any]:
    """Rewrites expressions that stand outside of a loop.

    Args:
        interned: Makes expressions comparable.
        places: Where the value of a step is found, by the id of its expression.
        length: The number of steps.
    """
    done: dict[int, Node] = {}

    def rewrite(root: Any) -> Any:
        for node in below([interned(root)], set(), done):
            if id(node) in places:
                done[id(node)] = interned(step(*places[id(node)], length))
                continue
            found = _whole(node, places, length)
            if found is None:
                found = rebuild(node, lambda child: done[id(child)])
            done[id(node)] = interned(found)
            interned.label(done[id(node)], node)
        return done[id(interned(root))]

    return rewrite


def _whole(
    node: Any, places: Mapping[int, tuple[str, int]], length: int
) -> Expression | None:
    """Steps that stand in a list, one after another."""
    if not isinstance(node, Sequence) or not all(id(i) in places for i in node.items):
        return None
    found = [places[id(item)] for item in node.items]
    name, start = found[0]
    if found != [(name, start + k) for k in range(len(found))]:
        return None
    return steps(name, start, start + len(found), length)
