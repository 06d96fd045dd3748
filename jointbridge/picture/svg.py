"""The graph of a spec as one SVG, for light and dark pages.

Lines and text take the colour of the text around them (`currentColor`), so that the
picture fits any page; on its own it brings a light and a dark background.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from html import escape

from jointbridge.picture.graph import graph
from jointbridge.picture.layout import Layout, Rect, layout
from jointbridge.picture.nodes import KINDS, Graph, Node
from jointbridge.picture.text import cut, unboxed
from jointbridge.spec import Spec

_MARGIN = 14.0
_NAME, _LABEL = 13.0, 11.0

#: More nodes than this make no picture that anyone can read.
MOST = 400

_STYLE = """\
.jb-graph{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;max-width:100%;\
height:auto;color:inherit}
.jb-graph:root{color:#1c2330;background:#fff}
@media (prefers-color-scheme:dark){.jb-graph:root{color:#e6e9ef;background:#14181f}}
.jb-graph text{fill:currentColor;text-anchor:middle}
.jb-graph .name{font-size:13px;font-weight:600}
.jb-graph .label,.jb-graph .caption{font-size:11px;opacity:.75}
.jb-graph .caption{text-anchor:end}
.jb-graph .shape,.jb-graph .plate{fill:none;stroke:currentColor;stroke-width:1.3}
.jb-graph .observed .shape{fill:currentColor;fill-opacity:.16}
.jb-graph .data .shape{fill:currentColor;fill-opacity:.05;stroke-width:.8}
.jb-graph .deterministic .shape,.jb-graph .let .shape{stroke-dasharray:4 3}
.jb-graph .frame{fill:none;stroke:currentColor;stroke-width:.8}
.jb-graph .bar{fill:currentColor}
.jb-graph .plate{opacity:.45;stroke-width:1}
.jb-graph .edge{fill:none;stroke:currentColor;stroke-width:1.1;opacity:.6}
.jb-graph .tip{fill:currentColor}"""

_ARROW = (
    '<defs><marker id="jb-arrow" viewBox="0 0 8 8" refX="7.5" refY="4" '
    'markerWidth="7" markerHeight="7" orient="auto">'
    '<path class="tip" d="M0,.8L8,4L0,7.2z"/></marker></defs>'
)


def to_svg(spec: Spec) -> str:
    """The graph of `spec` as SVG text, with every name escaped."""
    drawn = graph(spec)
    if len(drawn.nodes) > MOST:
        text = f"{spec.name}: {len(drawn.nodes):,} names, too many to draw"
        return _svg(
            spec, 480, 40, [f'<text class="name" x="240" y="25">{_(text)}</text>']
        )
    placed = layout(drawn, {n.id: _size(drawn, n) for n in drawn.nodes})
    parts = [_ARROW, *_plates(placed), *_edges(placed), *_nodes(placed)]
    width, height = placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN
    return _svg(spec, width, height, parts)


def _svg(spec: Spec, width: float, height: float, parts: list[str]) -> str:
    corner = -_MARGIN if parts[0] is _ARROW else 0.0
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" class="jb-graph" role="img" '
        f'aria-label="{_(f"The graph of {spec.name}")}" '
        f'width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{corner:.0f} {corner:.0f} {width:.0f} {height:.0f}">'
    )
    return "\n".join([head, f"<style>{_STYLE}</style>", *parts, "</svg>\n"])


def _(text: str) -> str:
    """Text for an XML document: no sign of it is markup, none is invisible."""
    return escape(
        "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    )


# -- sizes --------------------------------------------------------------------


def _lines(drawn: Graph, node: Node) -> list[str]:
    plates = unboxed(drawn, node)
    found = [cut(node.name, 26), cut(node.label, 26)]
    return [*found, f"in {cut(plates, 26)}"] if plates else found


def _width(text: str, size: float) -> float:
    """A guess without a font: wide signs count as one em, others as a good half."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return size * (wide + 0.58 * (len(text) - wide))


def _size(drawn: Graph, node: Node) -> tuple[float, float]:
    name, *labels = _lines(drawn, node)
    text = max(_width(name, _NAME), *(_width(x, _LABEL) for x in labels))
    round_ = node.kind in ("latent", "observed")
    return max(54.0, text + (34 if round_ else 22)), 26.0 + 15 * len(labels)


# -- drawing ------------------------------------------------------------------


def _plates(placed: Layout) -> Iterator[str]:
    for plate in placed.graph.plates:
        r = placed.nodes[plate.id]
        x, y = r.x + r.width / 2 - 10, r.y + r.height / 2 - 8
        yield f'<rect class="plate" {_corner(r)} rx="10"/>'
        yield f'<text class="caption" x="{x:.1f}" y="{y:.1f}">{_(plate.label)}</text>'


def _edges(placed: Layout) -> Iterator[str]:
    kinds = {n.id: n.kind for n in placed.graph.nodes}
    for edge in placed.graph.edges:
        a, b = (placed.nodes[end] for end in edge)
        bends = placed.bends.get(edge, [])
        points = [(a.x, a.y), *bends, (b.x, b.y)]
        points[0] = _border(kinds[edge[0]], a, points[1])
        points[-1] = _border(kinds[edge[1]], b, points[-2])
        yield f'<path class="edge" marker-end="url(#jb-arrow)" d="{_path(points)}"/>'


def _path(points: list[tuple[float, float]]) -> str:
    """A line straight between two points, and smooth through its bends."""
    (x, y), *rest = points
    text = f"M{x:.1f},{y:.1f}"
    for number, (x2, y2) in enumerate(rest):
        if len(points) == 2:
            text += f"L{x2:.1f},{y2:.1f}"
        else:
            bend = (y2 - y) / 3
            first = x if number else x + (x2 - x) / 3
            last = x2 if number < len(rest) - 1 else x2 - (x2 - x) / 3
            text += f"C{first:.1f},{y + bend:.1f} {last:.1f},{y2 - bend:.1f} {x2:.1f},{y2:.1f}"
        x, y = x2, y2
    return text


def _border(kind: str, rect: Rect, toward: tuple[float, float]) -> tuple[float, float]:
    """Where the line from the middle of a node to a point leaves the node."""
    dx, dy = toward[0] - rect.x, toward[1] - rect.y
    a, b = abs(dx) / (rect.width / 2), abs(dy) / (rect.height / 2)
    round_ = kind in ("latent", "observed")
    reach = (a * a + b * b) ** 0.5 if round_ else max(a, b)
    return (rect.x + dx / reach, rect.y + dy / reach) if reach else (rect.x, rect.y)


def _nodes(placed: Layout) -> Iterator[str]:
    for node in placed.graph.nodes:
        r = placed.nodes[node.id]
        name, *labels = _lines(placed.graph, node)
        y = r.y + 4.5 - 7.5 * len(labels)
        texts = [f'<text class="name" x="{r.x:.1f}" y="{y:.1f}">{_(name)}</text>']
        for number, label in enumerate(labels, start=1):
            at = y + 15 * number
            texts.append(
                f'<text class="label" x="{r.x:.1f}" y="{at:.1f}">{_(label)}</text>'
            )
        tip = f"<title>{_(cut(f'{node.text} ({KINDS[node.kind]})', 400))}</title>"
        shape = _SHAPES.get(node.kind, _box)(r)
        yield f'<g class="node {node.kind}">{tip}{shape}{"".join(texts)}</g>'


def _corner(r: Rect) -> str:
    x, y = r.x - r.width / 2, r.y - r.height / 2
    return f'x="{x:.1f}" y="{y:.1f}" width="{r.width:.1f}" height="{r.height:.1f}"'


def _ellipse(r: Rect) -> str:
    rx, ry = r.width / 2, r.height / 2
    return (
        f'<ellipse class="shape" cx="{r.x:.1f}" cy="{r.y:.1f}" '
        f'rx="{rx:.1f}" ry="{ry:.1f}"/>'
    )


def _box(r: Rect) -> str:
    return f'<rect class="shape" {_corner(r)} rx="6"/>'


def _double(r: Rect) -> str:
    inner = Rect(r.x, r.y, r.width - 6, r.height - 6)
    return _box(r) + f'<rect class="shape" {_corner(inner)} rx="4"/>'


def _flag(r: Rect) -> str:
    """A box with a black bar at its left: a term, as in a factor graph."""
    x, y = r.x - r.width / 2, r.y - r.height / 2
    bar = (
        f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="7" height="{r.height:.1f}"/>'
    )
    return f'<rect class="frame" {_corner(r)}/>{bar}'


_SHAPES: dict[str, Callable[[Rect], str]] = {
    "latent": _ellipse,
    "observed": _ellipse,
    "scan": _double,
    "param": _double,
    "factor": _flag,
}
