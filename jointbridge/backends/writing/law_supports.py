"""Whether a value is possible, from the row of a support."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jointbridge.backends.writing.laws import Words
from jointbridge.backends.writing.python import Code, fill
from jointbridge.support import SupportRow


@dataclass(frozen=True)
class Inside:
    """Where a support is.

    Attributes:
        test: Whether `value` lies inside.
        point: Some value that does.
    """

    test: Code
    point: Code


def bounds_of(text: str, names: Mapping[str, Code]) -> tuple[str, list[Code]]:
    """The name of a family's support, and its bounds.

    Args:
        text: As the family has it: `interval(loc, loc + scale)`.
        names: What stands for its parameters and its axes.
    """
    tree = ast.parse(text, mode="eval").body
    if isinstance(tree, ast.Name):
        return tree.id, []
    assert isinstance(tree, ast.Call)
    return ast.unparse(tree.func), [fill(ast.unparse(b), **names) for b in tree.args]


def inside(row: SupportRow, bounds: Sequence[Code], words: Words) -> Inside | None:
    """Where a support of single values is; None where it is every number.

    Infinities count as inside: they are left to the density.

    Args:
        row: The support.
        bounds: Its bounds.
        words: The library's words.
    """
    given = dict(zip(row.bounds, bounds, strict=True))
    tests = [t for t in _tests(ast.parse(row.inside, mode="eval").body) if t]
    if row.rank or not tests:
        return None
    floor = words.functions["floor"].replace("(a)", "(value)")
    said = " & ".join(tests).replace("floor(value)", floor)
    return Inside(fill(said, **given), fill(row.point, **given))


def _tests(node: Code) -> list[str]:
    """The conditions that hold together, without those that say a value is finite."""
    match node:
        case ast.BinOp(left, ast.BitAnd(), right):
            return [*_tests(left), *_tests(right)]
        case ast.Compare(_, _, [limit]) if "inf" in ast.unparse(limit):
            return []
        case ast.BinOp():
            return [ast.unparse(node)]
    return [f"({ast.unparse(node)})"]
