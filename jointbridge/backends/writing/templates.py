"""Statements from a template: a text in which words in capitals stand for what differs."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from jointbridge.backends.writing.python import Code

#: Parameters, and the defaults of the last ones.
Parameters = tuple[Sequence[ast.arg], Sequence[Code]]


def filled(
    text: str,
    codes: Mapping[str, Code],
    blocks: Mapping[str, list[ast.stmt]],
    parameters: Parameters = ((), ()),
) -> ast.stmt:
    """The statement of a template.

    Args:
        text: The template.
        codes: What stands for a word inside of an expression.
        blocks: What stands for a line that is a word.
        parameters: What stands for the parameter `PARAMETERS`.
    """
    found: ast.stmt = _Filler(codes, blocks, parameters).visit(ast.parse(text).body[0])
    return found


class _Filler(ast.NodeTransformer):
    """Puts what differs into a template."""

    def __init__(
        self,
        codes: Mapping[str, Code],
        blocks: Mapping[str, list[ast.stmt]],
        parameters: Parameters,
    ) -> None:
        self.codes, self.blocks, self.parameters = codes, blocks, parameters

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        match node.value:
            case ast.Name(title) if title in self.blocks:
                return self.blocks[title]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.codes.get(node.id, node)

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        places = [n for n, a in enumerate(node.args) if a.arg == "PARAMETERS"]
        if places:
            names, defaults = self.parameters
            after = node.args[places[0] + 1 :]
            node.args = [*node.args[: places[0]], *names, *after]
            # What stands behind has its own.
            node.defaults = [*defaults, *node.defaults]
        return node
