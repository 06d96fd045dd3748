"""Comments of Python's source, which its trees leave out."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from typing import Any, ClassVar


class Comment(ast.stmt):
    """A line that is a comment, as a statement.

    Attributes:
        text: What it says, without the sign.
    """

    _fields = ("text",)
    _field_types: ClassVar[dict[str, Any]] = {"text": str}
    text: str

    def __init__(self, text: str = "") -> None:
        fields: dict[str, Any] = {"text": text}
        super().__init__(**fields)


def commented(source: str) -> list[ast.stmt]:
    """The statements of a source, each behind the comments that stand above it.

    Comments at the end of a line, or with words for tools, are left out.
    """
    lines = dict(_comments(source))
    return _with(ast.parse(source).body, lines)


def inlined(body: list[ast.stmt]) -> list[ast.stmt]:
    """A function's statements to stand in another: what it says of itself is a comment."""
    match body:
        case [ast.Expr(ast.Constant(str(text))), *rest]:
            lines = [line.strip() for line in text.strip().splitlines()]
            return [*(Comment(line) for line in lines if line), *rest]
    return body


def _comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        alone = token.line.strip().startswith("#")
        if token.type == tokenize.COMMENT and alone and "ruff:" not in token.string:
            yield token.start[0], token.string.lstrip("#: ")


def _with(body: list[ast.stmt], lines: dict[int, str]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in body:
        above = [line for line in lines if line < statement.lineno]
        found += [Comment(lines.pop(line)) for line in above]
        for field in ("body", "orelse"):
            if isinstance(inner := getattr(statement, field, None), list):
                setattr(statement, field, _with(inner, lines))
        inside = [line for line in lines if line <= (statement.end_lineno or 0)]
        found += [Comment(lines.pop(line)) for line in inside]
        found.append(statement)
    return found
