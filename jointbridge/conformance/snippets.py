"""A distribution as a user of a library writes it: one expression and its imports.

It is cut out of the module that the backend's own writer makes of a joint with one site,
so that it is what `to_source` would write.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jointbridge.backends.base import Backend
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Distribution
from jointbridge.spec import Sample, Spec
from jointbridge.syntax import parse

_SITE = "x"


@dataclass(frozen=True)
class Snippet:
    """Source text that stands alone.

    Attributes:
        expression: The distribution.
        imports: The lines that it needs.
        classes: What the library lacks and the module brings, by name: classes, and the
            functions and numbers that they use.
        wide: What makes the library compute in float64.
    """

    expression: str
    imports: tuple[str, ...]
    classes: Mapping[str, str] = field(default_factory=dict)
    wide: str = ""

    @property
    def head(self) -> str:
        """What comes before the expression."""
        return "\n".join(self.imports) + "".join(
            f"\n\n\n{c}\n" for c in dict.fromkeys(self.classes.values())
        )


def snippet(distribution: Distribution, backend: Backend) -> Snippet:
    """A distribution with literal parameters in the words of a library.

    Raises:
        UnsupportedError: The backend cannot write it, or not as one expression.
    """
    tree = ast.parse(backend.write(Spec((Sample(_SITE, distribution),), name="model")))
    return _snippet(tree, _expression(tree, backend))


def array(value: Any, backend: Backend) -> Snippet:
    """A number, or lists of numbers, as an array of a library."""
    made = snippet(parse("Dirichlet(concentration=[0.5, 1.5])"), backend)
    call = ast.parse(made.expression, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.args[0], ast.Call), "a list becomes an array"
    call.args[0].args[0] = ast.parse(literal(value), mode="eval").body
    tree = ast.parse(made.head)
    return _snippet(tree, call.args[0])


def literal(value: Any) -> str:
    """Plain data as Python; texts such as `nan` are numbers."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, (bool, int)):
        return repr(value)
    number = float(value)
    return repr(number) if abs(number) < float("inf") else f'float("{number}")'


# -- cutting ------------------------------------------------------------------


def _expression(tree: ast.Module, backend: Backend) -> ast.expr:
    """The distribution of the site: what stands behind its name, or what is so named."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for place, argument in enumerate(node.args[:-1]):
            if _is_site(argument):
                return node.args[place + 1]
        if any(k.arg == "name" and _is_site(k.value) for k in node.keywords):
            kept = [k for k in node.keywords if k.arg != "name"]
            return ast.Call(node.func, node.args, kept)
    raise backend.unsupported("write it as one expression")


def _is_site(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == _SITE


def _snippet(tree: ast.Module, expression: ast.expr) -> Snippet:
    """The expression with all that it rests on."""
    brought = {t: n for n in tree.body if isinstance(n, _Brought) for t in _titles(n)}
    needed = _needed([expression], brought)
    imports = [n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))]
    bound = {name for n in imports for name in _bound(n)}
    if free := _names([expression]) - bound - set(brought) - _BUILT_IN:
        raise UnsupportedError(f"the module computes {sorted(free)} beforehand")
    return Snippet(
        ast.unparse(expression),
        _lines(imports, needed),
        {name: ast.unparse(n) for name, n in brought.items() if name in needed},
        "\n".join(
            (*_lines(imports, _names(_wide(tree))), *map(ast.unparse, _wide(tree)))
        ),
    )


def _lines(imports: Sequence[_Import], needed: set[str]) -> tuple[str, ...]:
    return tuple(ast.unparse(n) for n in imports if needed & set(_bound(n)))


_Import = ast.Import | ast.ImportFrom
_Brought = ast.ClassDef | ast.FunctionDef | ast.Assign

_BUILT_IN = frozenset({"float", "int", "bool", "range", "len", "slice"})


def _wide(tree: ast.Module) -> Sequence[ast.stmt]:
    """The line of the module's own run that asks for float64."""
    return [
        line
        for block in tree.body
        for line in (block.body if isinstance(block, ast.If) else ())
        if isinstance(line, ast.Expr) and "64" in ast.unparse(line)
    ][:1]


def _needed(roots: Sequence[ast.AST], brought: Mapping[str, _Brought]) -> set[str]:
    found, waiting = set[str](), _names(roots)
    while waiting:
        name = waiting.pop()
        found.add(name)
        if name in brought:
            waiting |= _names([brought[name]]) - found
    return found


def _titles(node: _Brought) -> list[str]:
    """The names that a statement of a module makes."""
    if not isinstance(node, ast.Assign):
        return [node.name]
    return [n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)]


def _names(nodes: Sequence[ast.AST]) -> set[str]:
    return {n.id for root in nodes for n in ast.walk(root) if isinstance(n, ast.Name)}


def _bound(node: _Import) -> list[str]:
    return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
