"""Where a value lies outside a support, from the row that says where it lies inside."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jointbridge.backends.writing.laws import Words
from jointbridge.backends.writing.python import Code, fill
from jointbridge.support import SupportRow

_OPPOSITE: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Lt: ast.GtE(),
    ast.LtE: ast.Gt(),
    ast.Gt: ast.LtE(),
    ast.GtE: ast.Lt(),
    ast.Eq: ast.NotEq(),
}
_DUAL: dict[type[ast.operator], ast.operator] = {
    ast.BitAnd: ast.BitOr(),
    ast.BitOr: ast.BitAnd(),
}


@dataclass(frozen=True)
class Outside:
    """Where a support is not.

    Attributes:
        test: Whether `value` lies outside; not for what is no number.
        point: Some value that lies inside.
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
    assert isinstance(tree.func, ast.Name)
    return tree.func.id, [fill(ast.unparse(bound), **names) for bound in tree.args]


def outside(row: SupportRow, bounds: Sequence[Code], words: Words) -> Outside | None:
    """Where a support of single values is not; None where it is every number.

    Infinities count as inside: they are left to the density.

    Args:
        row: The support.
        bounds: Its bounds.
        words: The library's words.
    """
    given = dict(zip(row.bounds, bounds, strict=True))
    test = None if row.rank else _negated(ast.parse(row.inside, mode="eval").body)
    if test is None:
        return None
    said = ast.unparse(test).replace("floor(value)", words.functions["floor"])
    point = fill(row.point, **given)
    return Outside(fill(said.replace("(a)", "(value)"), **given), point)


def _negated(node: Code) -> Code | None:
    """The opposite of a condition; None of one that says that a value is finite."""
    match node:
        case ast.Compare(_, _, [limit]) if "inf" in ast.unparse(limit):
            return None
        case ast.Compare(left, [op], [right]):
            return ast.Compare(left, [_OPPOSITE[type(op)]], [right])
        case ast.BinOp(left, op, right):
            parts = [p for p in (_negated(left), _negated(right)) if p is not None]
            if len(parts) < 2:
                return parts[0] if parts else None
            return ast.BinOp(parts[0], _DUAL[type(op)], parts[1])
    msg = f"not a condition of a support: {ast.unparse(node)}"
    raise TypeError(msg)
