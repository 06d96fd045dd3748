"""Texts of classes and functions that stand in a written module, where it uses them."""

from __future__ import annotations

import ast
from collections.abc import Mapping


def used(texts: Mapping[str, str], code: ast.AST) -> list[str]:
    """The texts that code uses, each after what it uses.

    Args:
        texts: By name; what a text uses stands before it.
        code: What calls them.
    """
    found: list[str] = []
    names = _names(code)
    for key, text in reversed(list(texts.items())):
        if key in names:
            found.insert(0, text)
            names |= _names(ast.parse(text))
    return found


def _names(code: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(code) if isinstance(n, ast.Name)}
