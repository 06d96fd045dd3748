"""Text to expressions and back, exactly: `parse(show(node)) == node`.

The grammar is our own choice of Python's expression syntax, read by a small Pratt parser:
numbers, names, operators, indexing, `[a, b]` vectors and calls of known functions,
families and supports.  Nothing is ever evaluated as Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jointbridge.errors import SpecError, did_you_mean
from jointbridge.expression import Name, Support
from jointbridge.support import SUPPORTS
from jointbridge.syntax.calls import make_call as make_call
from jointbridge.syntax.calls import make_distribution as make_distribution
from jointbridge.syntax.calls import make_support as make_support
from jointbridge.syntax.calls import make_transform as make_transform
from jointbridge.syntax.parser import read
from jointbridge.syntax.printer import brief as brief
from jointbridge.syntax.printer import show as show


def parse(text: str, sizes: Mapping[str, int] | None = None) -> Any:
    """The node that `text` says.

    Args:
        text: An expression, a distribution or a support.
        sizes: Names that stand for integers known now, also inside static options.

    Raises:
        SpecError: The text is not in the grammar; the message shows the place.
        LimitError: The text is too long or too deeply nested.
    """
    return read(text, sizes or {})


@cache
def parse_row(text: str, sizes: tuple[tuple[str, int], ...] = ()) -> Any:
    """An expression out of one of our own tables, parsed once."""
    return parse(text, dict(sizes))


@cache
def parse_template(text: str) -> Any:
    """A row of a backend's table: its constructors need not be in the catalogue."""
    return read(text, {}, template=True)


def parse_support(text: str) -> Support:
    """The support that `text` says, `positive` or `interval(low=0, high=1)`."""
    node = parse(text)
    if isinstance(node, Name) and node.name in SUPPORTS:
        return make_support(node.name, [], {})
    if isinstance(node, Support):
        return node
    hint = did_you_mean(text, SUPPORTS)
    raise SpecError(f"not a support: {text}", code="unknown-support", hint=hint)
