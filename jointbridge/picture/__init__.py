"""Pictures of a spec: a graph of its names, as Mermaid, DOT or SVG text."""

from __future__ import annotations

from jointbridge.errors import FileError
from jointbridge.picture.graph import graph as graph
from jointbridge.picture.nodes import Graph as Graph
from jointbridge.picture.svg import to_svg as to_svg
from jointbridge.picture.text import to_dot as to_dot
from jointbridge.picture.text import to_mermaid as to_mermaid
from jointbridge.spec import Spec

#: What writes a picture, by the ending of its file.
SUFFIXES = {
    ".svg": to_svg,
    ".dot": to_dot,
    ".gv": to_dot,
    ".mmd": to_mermaid,
    ".mermaid": to_mermaid,
}


def text_for(spec: Spec, suffix: str) -> str:
    """The picture of a spec for a file with this ending.

    Raises:
        FileError: No picture has such an ending.
    """
    if suffix not in SUFFIXES:
        message = f"no picture ends in {suffix!r}, only {', '.join(SUFFIXES)}"
        hint = "Graphviz makes others: dot -Tpdf graph.dot -o graph.pdf"
        raise FileError(message, hint=hint)
    return SUFFIXES[suffix](spec)
