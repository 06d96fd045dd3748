"""Pictures of a spec: a graph of its names, as Mermaid, DOT or SVG text."""

from jointbridge.picture.graph import Graph as Graph
from jointbridge.picture.graph import graph as graph
from jointbridge.picture.svg import to_svg as to_svg
from jointbridge.picture.text import to_dot as to_dot
from jointbridge.picture.text import to_mermaid as to_mermaid
