"""Where things go: layers from top to bottom, each plate a box laid out on its own.

    1. ranks       the longest path from above; what has no reader above stays close
    2. order       a few sweeps that sort each row by the middle of its neighbours
    3. positions   each item as near to its neighbours as its row allows

A box is laid out first and is one item of the row that it stands in.  Where the boxes
would make a circle (in, out and in again), one of them is given up and becomes a label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from jointbridge.picture.nodes import Graph

GAP_X, GAP_Y, GAP_BENDS, PAD, CAPTION = 24.0, 42.0, 12.0, 16.0, 18.0
_SWEEPS = 6

#: Edges that pass more rows than this are drawn straight.
_MANY_ROWS = 30

Edge = tuple[str, str]
Size = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """A rectangle: its middle and its size."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, dx: float, dy: float) -> Rect:
        """The same rectangle elsewhere."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)


@dataclass
class Layout:
    """A drawing with its upper left corner at 0, 0.

    Attributes:
        graph: What is drawn, with the boxes that could be kept.
        nodes: A rectangle for each node id, and for each box.
        bends: The points that an edge passes on its way, from top to bottom.
        ports: Where an edge from outside enters at the top, or leaves at the bottom.
    """

    graph: Graph
    width: float = 0.0
    height: float = 0.0
    nodes: dict[str, Rect] = field(default_factory=dict)
    bends: dict[Edge, list[tuple[float, float]]] = field(default_factory=dict)
    ports: dict[Edge, float] = field(default_factory=dict)

    def take(self, inner: Layout, dx: float, dy: float) -> None:
        """Put a smaller drawing into this one."""
        for name, rect in inner.nodes.items():
            self.nodes[name] = rect.moved(dx, dy)
        for edge, points in inner.bends.items():
            moved = [(x + dx, y + dy) for x, y in points]
            # Every edge goes down, through whatever boxes it passes.
            self.bends[edge] = sorted(
                self.bends.get(edge, []) + moved, key=lambda point: point[1]
            )


class _CircleError(Exception):
    """Two boxes, or a box and a node, are above each other."""

    def __init__(self, plate: str) -> None:
        self.plate = plate


def layout(graph: Graph, sizes: Mapping[str, Size]) -> Layout:
    """Positions for a graph whose nodes have these widths and heights."""
    while True:
        try:
            return _cluster(graph, None, sizes)
        except _CircleError as circle:
            graph = graph.without(circle.plate)


def _cluster(graph: Graph, plate: str | None, sizes: Mapping[str, Size]) -> Layout:
    boxes = {p.id: _cluster(graph, p.id, sizes) for p in graph.inner(plate)}
    items = {n.id: sizes[n.id] for n in graph.members(plate)}
    for name, box in boxes.items():
        items[name] = (box.width + 2 * PAD, box.height + 2 * PAD + CAPTION)
    edges = list(_lift(graph, boxes, items))
    inner = {(e.above, e.below) for e in edges if e.above and e.below}
    rows = _Rows(items, _ranks(items, inner))
    for edge in edges:
        rows.connect(edge)
    rows.sort()
    rows.settle()
    found = rows.layout(graph)
    for name, box in boxes.items():
        rect = found.nodes[name]
        found.take(box, rect.x - box.width / 2, rect.y - box.height / 2 - CAPTION / 2)
    return found


@dataclass(frozen=True)
class _Lifted:
    """An edge as one level sees it: the items at its ends, None for an end outside.

    An end that is deep in a box is `shift` away from the middle of the box.
    """

    edge: Edge
    above: str | None
    below: str | None
    shift_above: float
    shift_below: float


def _lift(
    graph: Graph, boxes: Mapping[str, Layout], items: Mapping[str, Size]
) -> Iterator[_Lifted]:
    home = {name: name for name in items}
    for name, box in boxes.items():
        home |= dict.fromkeys(box.nodes, name)

    def shift(edge: Edge, end: str) -> float:
        box = boxes.get(home.get(end, ""))
        return box.ports[edge] - box.width / 2 if box else 0.0

    for edge in graph.edges:
        above, below = home.get(edge[0]), home.get(edge[1])
        if above != below:
            yield _Lifted(
                edge, above, below, shift(edge, edge[0]), shift(edge, edge[1])
            )


def _ranks(items: Mapping[str, Size], edges: set[Edge]) -> dict[str, int]:
    """The row of each item: below all that it reads, and close to what reads it."""
    above, below = defaultdict(set), defaultdict(set)
    for a, b in edges:
        above[b].add(a)
        below[a].add(b)
    ranks: dict[str, int] = {}
    waiting = {name: len(above[name]) for name in items}
    ready = [name for name, count in waiting.items() if not count]
    while ready:
        name = ready.pop()
        ranks[name] = 1 + max((ranks[a] for a in above[name]), default=-1)
        for reader in below[name]:
            waiting[reader] -= 1
            if not waiting[reader]:
                ready.append(reader)
    if stuck := sorted(name for name in items if name not in ranks):
        raise _CircleError(next(name for name in stuck if name.startswith("p")))
    for name in items:
        if below[name] and not above[name]:
            ranks[name] = min(ranks[b] for b in below[name]) - 1
    return ranks


# -- rows ---------------------------------------------------------------------


class _Rows:
    """The items of one level in rows, with bends where an edge passes a row.

    neighbours[above or below][item] = the items there, and how far to the side
    """

    def __init__(self, items: Mapping[str, Size], ranks: Mapping[str, int]) -> None:
        self.sizes = dict(items)
        self.ranks = ranks
        self.rows: list[list[str]] = [
            [] for _ in range(1 + max(ranks.values(), default=-1))
        ]
        for name in items:
            self.rows[ranks[name]].append(name)
        self.above: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.below: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.bends: dict[Edge, list[str]] = {}
        self.ports: dict[Edge, tuple[str, float]] = {}
        self.x: dict[str, float] = {}

    def connect(self, lifted: _Lifted) -> None:
        """An edge between two items, or between one and the outside."""
        above, below = lifted.above, lifted.below
        first = self.ranks[above] + 1 if above else 0
        last = self.ranks[below] if below else len(self.rows)
        chain = [(above, lifted.shift_above)] if above else []
        if last - first <= _MANY_ROWS:
            chain += [
                (self._bend(lifted.edge, rank), 0.0) for rank in range(first, last)
            ]
        if below:
            chain.append((below, lifted.shift_below))
        for (a, left), (b, right) in pairwise(chain):
            self.below[a].append((b, right - left))
            self.above[b].append((a, left - right))
        if above is None or below is None:
            self.ports[lifted.edge] = chain[0 if above is None else -1]

    def _bend(self, edge: Edge, rank: int) -> str:
        name = f"bend {edge[0]} {edge[1]} {rank}"
        self.sizes[name] = (2.0, 0.0)
        self.rows[rank].append(name)
        self.bends.setdefault(edge, []).append(name)
        return name

    def sort(self) -> None:
        """Order each row by the middle of its neighbours, down and up again."""
        for row in self.rows:
            self._pack(row)
        for sweep in range(_SWEEPS):
            down = sweep % 2 == 0
            for row in self.rows if down else reversed(self.rows):
                toward = self.above if down else self.below
                wanted = {n: self._middle(n, toward) for n in row}
                row.sort(key=wanted.__getitem__)
                self._pack(row)

    def settle(self) -> None:
        """Move items towards their neighbours without changing the order."""
        for sweep in range(2 * _SWEEPS):
            down = sweep % 2 == 0
            for row in self.rows if down else reversed(self.rows):
                toward = self.above if down else self.below
                wanted = [self._middle(n, toward) for n in row]
                self.x |= zip(row, self._nearest(row, wanted), strict=True)

    def layout(self, graph: Graph) -> Layout:
        """The drawing, moved to its corner."""
        found = Layout(graph)
        left = min((x - self._half(n) for n, x in self.x.items()), default=0.0)
        right = max((x + self._half(n) for n, x in self.x.items()), default=0.0)
        y, middle = 0.0, dict[str, float]()
        for row in self.rows:
            tallest = max((self.sizes[n][1] for n in row), default=0.0)
            middle |= dict.fromkeys(row, y + tallest / 2)
            y += tallest + GAP_Y
        found.width, found.height = right - left, max(0.0, y - GAP_Y)
        for name in self.ranks:
            found.nodes[name] = Rect(
                self.x[name] - left, middle[name], *self.sizes[name]
            )
        for edge, names in self.bends.items():
            found.bends[edge] = [(self.x[n] - left, middle[n]) for n in names]
        for edge, (name, shift) in self.ports.items():
            found.ports[edge] = self.x[name] + shift - left
        return found

    def _half(self, name: str) -> float:
        return self.sizes[name][0] / 2

    def _middle(
        self, name: str, toward: Mapping[str, list[tuple[str, float]]]
    ) -> float:
        near = toward.get(name)
        if not near:
            return self.x[name]
        return sum(self.x[other] + shift for other, shift in near) / len(near)

    def _offsets(self, row: Sequence[str]) -> list[float]:
        """The least distance of each item from the first."""
        offsets, at = [0.0], 0.0
        for a, b in pairwise(row):
            bends = a not in self.ranks and b not in self.ranks
            at += self._half(a) + self._half(b) + (GAP_BENDS if bends else GAP_X)
            offsets.append(at)
        return offsets[: len(row)]

    def _pack(self, row: Sequence[str]) -> None:
        offsets = self._offsets(row)
        middle = offsets[-1] / 2 if offsets else 0.0
        self.x |= {n: at - middle for n, at in zip(row, offsets, strict=True)}

    def _nearest(self, row: Sequence[str], wanted: Sequence[float]) -> list[float]:
        """The positions nearest to those wanted, in order and apart.

        Without the distances this is a regression by a rising line: neighbours that
        would swap share their mean.
        """
        offsets = self._offsets(row)
        groups: list[tuple[float, int]] = []
        for want, offset in zip(wanted, offsets, strict=True):
            mean, count = want - offset, 1
            while groups and groups[-1][0] > mean:
                before, many = groups.pop()
                mean = (before * many + mean * count) / (many + count)
                count += many
            groups.append((mean, count))
        level = [mean for mean, count in groups for _ in range(count)]
        return [a + b for a, b in zip(level, offsets, strict=True)]
