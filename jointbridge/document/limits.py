"""How large a file may be before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read; exceeding one is a `LimitError`, never a crash.

    Attributes:
        max_bytes: Size of the JSON text.
        max_depth: Nesting of lists and objects, and of expressions.
        max_sites: Number of statements.
        max_nodes: Nodes of all expressions together.
        max_elements: Elements of any one value, and of all data together.
        max_name: Characters of a name.
    """

    max_bytes: int = 16 * 2**20
    max_depth: int = 64
    max_sites: int = 10_000
    max_nodes: int = 1_000_000
    max_elements: int = 100_000_000
    max_name: int = 128


DEFAULT = Limits()
