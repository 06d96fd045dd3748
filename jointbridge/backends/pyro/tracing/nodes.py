"""Values of one run, what they came from and what they rest on; see `tape`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jointbridge.backends.reading import ReadError


@dataclass(frozen=True, slots=True)
class Origin:
    """What a value rests on: sites and parameters, data, and random numbers."""

    sites: frozenset[str] = frozenset()
    data: frozenset[str] = frozenset()
    random: str = ""

    def __or__(self, other: Origin) -> Origin:
        return Origin(
            self.sites | other.sites,
            self.data | other.data,
            self.random or other.random,
        )

    @property
    def free(self) -> bool:
        """Whether it is another one in another run."""
        return bool(self.sites or self.random)


NOTHING = Origin()

#: The call of a value that was changed out of sight.
CHANGED = "a change in place through a view"


@dataclass(eq=False, slots=True)
class Node:
    """One value of the run.

    Attributes:
        number: Its place in the run.
        value: The tensor, or the tuple of them.
        call: The torch function that gave it; empty for a leaf.
        args: What that was called with, nodes in place of tensors.
        name: The site, parameter or data that a leaf is.
        version: torch's count of changes in place, when this was written down.
        label: What a local variable calls it.
    """

    number: int
    value: Any
    call: str = ""
    args: tuple[Any, ...] = ()
    kwargs: Any = None
    origin: Origin = NOTHING
    name: str = ""
    where: str = ""
    version: int = 0
    label: str = ""


def origin_of(value: Any) -> Origin:
    """What all the nodes in nested arguments rest on."""
    found = NOTHING
    for node in nodes_in(value):
        found = found | node.origin
    return found


def nodes_in(value: Any) -> Iterator[Node]:
    """The nodes in nested arguments, those of distributions too."""
    if isinstance(value, Node):
        yield value
    elif isinstance(value, dict):
        yield from nodes_in(tuple(value.values()))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from nodes_in(item)
    elif hasattr(value, "arguments"):
        yield from nodes_in(value.arguments)


def refusal(message: str, code: str, where: str, hint: str = "") -> ReadError:
    """A refusal at a place in the user's source."""
    return ReadError(message, code=code, path=where, hint=hint)


def hidden_randomness(node: Node) -> ReadError:
    """The refusal of a value that rests on random numbers of its own."""
    return refusal(
        "a value rests on random numbers that are drawn outside of a sample statement",
        "hidden-randomness",
        node.origin.random,
        "draw it with pyro.sample, or draw it once and hand it in as data",
    )
