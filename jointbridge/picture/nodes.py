"""A picture as data: nodes, edges between them, and boxes around them."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: Kinds of nodes, and what each is, for legends.
KINDS = {
    "latent": "drawn and not seen",
    "observed": "drawn and seen",
    "deterministic": "computed",
    "let": "computed, not reported",
    "scan": "computed step by step",
    "data": "given",
    "param": "learned",
    "factor": "a term of the log density",
}


@dataclass(frozen=True)
class Node:
    """One name in the picture.

    Attributes:
        id: A plain word that stands for the node in any language.
        name: The name, as the user wrote it.
        kind: A key of `KINDS`.
        label: A few words below the name.
        text: All there is to say, on one line.
        plates: The plates it stands in, as drawn.
    """

    id: str
    name: str
    kind: str
    label: str
    text: str
    plates: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plate:
    """A box around nodes: its id, name, size, and the box around it, if any."""

    id: str
    name: str
    size: int
    inside: str | None = None

    @property
    def label(self) -> str:
        """Its name and its size."""
        return f"{self.name} × {self.size}"


@dataclass(frozen=True)
class Graph:
    """Nodes, the edges between their ids, and the plates that can be drawn as boxes."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]
    plates: tuple[Plate, ...]

    def home(self, node: Node) -> str | None:
        """The id of the innermost box around a node."""
        around = [p for p in self.plates if p.name in node.plates]
        return around[-1].id if around else None

    def members(self, plate: str | None) -> tuple[Node, ...]:
        """The nodes that stand directly in a box, or in none."""
        return tuple(n for n in self.nodes if self.home(n) == plate)

    def without(self, plate: str) -> Graph:
        """The graph with one box less; what stood in it moves out by one."""
        outer = next(p.inside for p in self.plates if p.id == plate)
        left = (p for p in self.plates if p.id != plate)
        moved = (replace(p, inside=outer) if p.inside == plate else p for p in left)
        return replace(self, plates=tuple(moved))

    def inner(self, plate: str | None) -> tuple[Plate, ...]:
        """The boxes that stand directly in a box, or in none."""
        return tuple(p for p in self.plates if p.inside == plate)
