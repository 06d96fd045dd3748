"""The graph of a spec as Mermaid and as DOT, each with its own quoting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from jointbridge.picture.graph import graph
from jointbridge.picture.nodes import Graph, Node, Plate
from jointbridge.spec import Spec

#: Signs before and behind a quoted label, by kind.
_MERMAID = {
    "latent": "()",
    "observed": "()",
    "deterministic": "[]",
    "let": "[]",
    "scan": ("[[", "]]"),
    "data": ("[(", ")]"),
    "param": ("{{", "}}"),
    "factor": ("{", "}"),
}
_CLASSES = """\
  classDef observed fill:#8884,stroke-width:2px
  classDef computed stroke-dasharray:4 3
"""

_DOT = {
    "latent": "shape=ellipse",
    "observed": "shape=ellipse, style=filled, fillcolor=gray85",
    "deterministic": "shape=box, style=dashed",
    "let": "shape=box, style=dashed",
    "scan": "shape=box, peripheries=2",
    "data": "shape=box, style=rounded",
    "param": "shape=hexagon",
    "factor": "shape=diamond",
}

#: Labels are cut after this many characters; DOT and SVG keep the rest as a tooltip.
WIDTH = 32


def to_mermaid(spec: Spec) -> str:
    """The graph of `spec` as Mermaid text."""
    drawn = graph(spec)
    lines = ["flowchart TD", *_nested(drawn, None, "  ", _mermaid_node, _mermaid_box)]
    lines += [f"  {a} --> {b}" for a, b in drawn.edges]
    text = "\n".join(lines) + "\n" + _CLASSES
    for style, kinds in (
        ("observed", ("observed",)),
        ("computed", ("deterministic", "let")),
    ):
        if ids := [n.id for n in drawn.nodes if n.kind in kinds]:
            text += f"  class {','.join(ids)} {style}\n"
    return text


def to_dot(spec: Spec) -> str:
    """The graph of `spec` as DOT text, for Graphviz."""
    drawn = graph(spec)
    lines = ["digraph {", '  node [fontname="sans-serif"]']
    lines += _nested(drawn, None, "  ", _dot_node, _dot_box)
    lines += [f"  {a} -> {b}" for a, b in drawn.edges]
    return "\n".join([*lines, "}"]) + "\n"


def cut(text: str, width: int = WIDTH) -> str:
    """The text, or its beginning."""
    return text if len(text) <= width else text[: width - 1] + "…"


def unboxed(drawn: Graph, node: Node) -> str:
    """The plates of a node that could not be drawn, for its label."""
    boxes = {p.name for p in drawn.plates}
    return ", ".join(sorted(node.plates - boxes))


def _nested(
    drawn: Graph,
    plate: str | None,
    indent: str,
    write: Callable[[Graph, Node], str],
    box: Callable[[Plate], str],
) -> Iterator[str]:
    """The nodes of a box, then the boxes inside it."""
    for node in drawn.members(plate):
        yield indent + write(drawn, node)
    for inner in drawn.inner(plate):
        opening, closing = box(inner).split("\n")
        yield indent + opening
        yield from _nested(drawn, inner.id, indent + "  ", write, box)
        yield indent + closing


def _lines(drawn: Graph, node: Node) -> list[str]:
    plates = unboxed(drawn, node)
    found = [cut(node.name), cut(node.label)]
    return [*found, f"in {cut(plates)}"] if plates else found


# -- quoting ------------------------------------------------------------------


def _mermaid_node(drawn: Graph, node: Node) -> str:
    left, right = _MERMAID[node.kind]
    label = "<br/>".join(map(_mermaid_text, _lines(drawn, node)))
    return f'{node.id}{left}"{label}"{right}'


def _mermaid_box(plate: Plate) -> str:
    return f'subgraph {plate.id} ["{_mermaid_text(plate.label)}"]\nend'


def _mermaid_text(text: str) -> str:
    """Anything but letters, digits and a few harmless signs as a character code."""
    return "".join(c if c.isalnum() or c in " _,=~×" else f"#{ord(c)};" for c in text)


def _dot_node(drawn: Graph, node: Node) -> str:
    label = r"\n".join(map(_dot_text, _lines(drawn, node)))
    tip = _dot_text(cut(node.text, 400))
    return f'{node.id} [label="{label}", tooltip="{tip}", {_DOT[node.kind]}]'


def _dot_box(plate: Plate) -> str:
    label = _dot_text(plate.label)
    return f'subgraph cluster_{plate.id} {{ label="{label}"; style=rounded; \n}}'


def _dot_text(text: str) -> str:
    """Graphviz reads backslashes and HTML entities in a quoted label."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return escape(plain).replace("\\", "\\\\")
