"""Python's own syntax trees, from templates and from values.

A writer never puts text together: it fills trees into the tree of a template, so that a
name or a text of a spec cannot become code.

    fill("jnp.where(c, x, y)", c=…, x=…, y=…)
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

Code = ast.expr


@cache
def _template(text: str) -> Code:
    return ast.parse(text, mode="eval").body


def fill(template: str, /, **parts: Code | None) -> Code:
    """The tree of a template with trees in the place of its names.

    A keyword argument, and a last positional one, whose part is None is left out.
    """
    return _Filler(parts).visit(copy.deepcopy(_template(template)))  # type: ignore[no-any-return]


class _Filler(ast.NodeTransformer):
    def __init__(self, parts: dict[str, Code | None]) -> None:
        self.parts = parts

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.parts.get(node.id) or node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.args = [a for a in node.args if not self._missing(a)]
        node.keywords = [k for k in node.keywords if not self._missing(k.value)]
        return self.generic_visit(node)

    def _missing(self, node: Code) -> bool:
        return isinstance(node, ast.Name) and self.parts.get(node.id, node) is None


def name(identifier: str) -> ast.Name:
    """A variable."""
    return ast.Name(identifier)


def dotted(path: str) -> Code:
    """`a.b.c`, from a text that is the writer's own."""
    first, *rest = path.split(".")
    node: Code = name(first)
    for part in rest:
        node = ast.Attribute(node, part)
    return node


def literal(value: Any) -> Code:
    """A number, text, None, list, tuple or dict as a literal; floats are finite."""
    if isinstance(value, list):
        return ast.List([literal(v) for v in value])
    if isinstance(value, tuple):
        return ast.Tuple([literal(v) for v in value])
    if isinstance(value, dict):
        keys: list[Code | None] = [literal(k) for k in value]
        return ast.Dict(keys, [literal(v) for v in value.values()])
    if isinstance(value, (int, float)) and math.copysign(1, value) < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def call(
    function: Code | str, args: Iterable[Code] = (), **keywords: Code | None
) -> ast.Call:
    """A call; keywords that are None are left out."""
    function = dotted(function) if isinstance(function, str) else function
    named = [ast.keyword(k, v) for k, v in keywords.items() if v is not None]
    return ast.Call(function, list(args), named)


def method(subject: Code, attribute: str, *args: Code) -> ast.Call:
    """`subject.attribute(args)`."""
    return ast.Call(ast.Attribute(subject, attribute), list(args), [])


def array_of(items: Sequence[Code]) -> ast.List:
    """`[a, b]`."""
    return ast.List(list(items))


def packed(items: Sequence[Code]) -> Code:
    """The one item, or a tuple of several."""
    return items[0] if len(items) == 1 else ast.Tuple(list(items))


def assign(target: Code | str, value: Code) -> ast.Assign:
    """`target = value`."""
    target = name(target) if isinstance(target, str) else target
    return ast.Assign([target], value)


def function(
    title: str, parameters: Sequence[str], body: list[ast.stmt], optional: int = 0
) -> ast.FunctionDef:
    """A function whose last `optional` parameters are None by default."""
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(p) for p in parameters],
        vararg=None,
        kwonlyargs=[],
        kw_defaults=[],
        kwarg=None,
        defaults=[ast.Constant(None)] * optional,
    )
    return ast.FunctionDef(title, arguments, body, [])


def with_(contexts: Sequence[Code], body: list[ast.stmt]) -> ast.With:
    """`with a, b:` around statements."""
    return ast.With([ast.withitem(c) for c in contexts], body)
