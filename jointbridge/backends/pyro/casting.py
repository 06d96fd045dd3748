"""Data as floats once, at the top of a model, where all that is done wants floats."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from jointbridge.backends.writing.python import assign, method, name

_CAST = "double"


def cast_once(body: Sequence[ast.stmt], data: Collection[str]) -> list[ast.stmt]:
    """A body that casts data at its top if it casts them wherever it reads them."""
    uses, casts = Counter(_uses(body)), Counter(_casts(body))
    once = [d for d in data if casts[d] and casts[d] == uses[d]]
    if not once:
        return list(body)
    first = [assign(d, method(name(d), _CAST)) for d in once]
    bare = _Bare(once)
    return [*first, *(bare.visit(statement) for statement in body)]


def _uses(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names whose values are read, rather than their shapes."""
    for node in _values(body):
        if isinstance(node, ast.Name):
            yield node.id


def _values(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        match node:
            case ast.Call(ast.Name("len"), [ast.Name()]):
                continue
            case ast.Attribute(ast.Name(), "shape"):
                continue
        yield node
        stack += ast.iter_child_nodes(node)


def _casts(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in _values(body):
        match node:
            case ast.Call(ast.Attribute(ast.Name(title), "double"), []):
                yield title


class _Bare(ast.NodeTransformer):
    """Takes the casts of some names away."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(ast.Attribute(ast.Name(title), "double"), []):
                return name(title) if title in self.names else node
        return self.generic_visit(node)
