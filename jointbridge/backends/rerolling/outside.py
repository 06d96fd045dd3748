"""What the rest of a model says of the steps of a loop, in terms of all of them.

x_3                        x[3]
[x_1, x_2, …, x_59]        x[1:]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from jointbridge.backends.graphs import below
from jointbridge.backends.rerolling.interning import Interned
from jointbridge.backends.rerolling.numbering import FEWEST
from jointbridge.expression import (
    Call,
    Expression,
    Index,
    Name,
    Node,
    Number,
    Sequence,
    Slice,
    rebuild,
)

#: What a part of a list that is no step has become.
Others: TypeAlias = Callable[[Any], Any]

#: So many parts of a list may stand before the steps in it.
_FEW = 2


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

    def now(child: Any) -> Any:
        return done[id(child)]

    def rewrite(root: Any) -> Any:
        for node in below([interned(root)], set(), done):
            if id(node) in places:
                done[id(node)] = interned(step(*places[id(node)], length))
                continue
            found = _whole(node, places, length, now)
            if found is None:
                found = rebuild(node, now)
            done[id(node)] = interned(found)
            interned.label(done[id(node)], node)
        return done[id(interned(root))]

    return rewrite


def _whole(
    node: Any, places: Mapping[int, tuple[str, int]], length: int, others: Others
) -> Expression | None:
    """Steps that stand in a list, one after another, perhaps behind a few others."""
    if not isinstance(node, Sequence):
        return None
    found = [places.get(id(item)) for item in node.items]
    before = next((k for k, place in enumerate(found) if place is not None), _FEW + 1)
    rest = found[before:]
    if before > _FEW or len(rest) < FEWEST or rest[0] is None:
        return None
    name, start = rest[0]
    if rest != [(name, start + k) for k in range(len(rest))]:
        return None
    whole = steps(name, start, start + len(rest), length)
    if not before:
        return whole
    return Call(
        "concatenate", (Sequence(tuple(map(others, node.items[:before]))), whole)
    )
