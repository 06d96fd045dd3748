"""Literals in one spelling: what follows from numbers alone, and indices from the front.

log(112)   4.718498871295094          x[-1]   x[59]   where x has 60 rows
2 / 4      0.5                        x[:60]  x
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jointbridge.evaluate import Evaluator
from jointbridge.expression import Call, Index, Node, Number, Slice, children, rebuild
from jointbridge.functions import FUNCTIONS
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope, spread

_ALL = Slice()


def computed(node: Any) -> Any:
    """A function of numbers as the number that it gives, in 64 bits by NumPy."""
    if not isinstance(node, Call) or not node.args:
        return node
    if not all(isinstance(arg, Number) for arg in node.args):
        return node
    elementwise = FUNCTIONS[node.function].shape == "map"
    if not elementwise or node.function not in NumpyArrays.functions:
        return node
    with np.errstate(all="ignore"):
        found = Evaluator(NumpyArrays(), Scope(), {})(node)
    return Number(found.item())


class Computed:
    """`computed` for all parts of expressions; what is shared is looked at once."""

    def __init__(self) -> None:
        self._done: dict[int, Any] = {}
        #: Objects are known by their id, so none may be freed.
        self._alive: list[Node] = []

    def __call__(self, node: Node) -> Any:
        """The node with numbers for functions of numbers."""
        stack = [node]
        while stack:
            top = stack[-1]
            if missing := [c for c in children(top) if id(c) not in self._done]:
                stack += missing
            else:
                made = rebuild(stack.pop(), lambda child: self._done[id(child)])
                self._done[id(top)] = computed(made)
                self._alive.append(top)
        return self._done[id(node)]


def from_the_front(node: Index, shape: tuple[int, ...]) -> Any:
    """An index with its literals counted from the front; an index of all is left out.

    Args:
        node: The index.
        shape: The shape of its base.
    """
    items: list[Any] = []
    axis = 0
    for item in spread(node.items, len(shape)):
        items.append(item if item is None else _counted(item, shape[axis]))
        axis += item is not None
    while items and items[-1] == _ALL:
        items.pop()
    return Index(node.base, tuple(items)) if items else node.base


def _counted(item: Any, size: int) -> Any:
    match item:
        case Number(value) if type(value) is int and value < 0:
            return Number(value + size)
        case Slice(start, stop, None | 1):
            first, last, _ = slice(start, stop).indices(size)
            return Slice(first or None, None if last == size else last)
    return item
