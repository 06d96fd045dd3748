"""Python's syntax trees as text in the common style: 88 columns, double quotes.

What comes out is what the formatters `ruff format` and `black` leave as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from jointbridge.backends.writing.code import (
    BRACKETS,
    TEST,
    binding,
    bound,
    chain,
    document,
    escaped,
    is_fluent,
    joined,
    line,
    parenthesized,
)
from jointbridge.backends.writing.comments import Comment
from jointbridge.backends.writing.documents import (
    WIDTH,
    Broken,
    Document,
    Group,
    Line,
    Nest,
    fits,
    render,
)


def statements(nodes: Sequence[ast.stmt], indent: int = 0) -> str:
    """The text of statements, each on its own lines."""
    lines: list[str] = []
    for number, node in enumerate(nodes):
        before = nodes[number - 1] if number else None
        if number and (_is_apart(node) or _is_apart(before)):
            lines.append("")
        lines.append(statement(node, indent))
    return "\n".join(lines)


def _is_apart(node: ast.stmt | None) -> bool:
    """Whether an empty line stands around a statement."""
    return isinstance(node, ast.FunctionDef)


def statement(node: ast.stmt, indent: int = 0) -> str:
    """The text of one statement."""
    margin = " " * indent
    match node:
        case ast.Expr(ast.Constant(str(text))):
            return docstring(text, indent)
        case ast.Expr(ast.Yield(ast.expr() as value)):
            return _right(value, indent, f"{margin}yield ")
        case ast.Expr(value):
            return _right(value, indent, margin)
        case ast.Assign([target], value):
            left = f"{margin}{line(target)} = "
            return _right(value, indent, left)
        case ast.Return(value):
            return _right(value or ast.Constant(None), indent, f"{margin}return ")
        case ast.Raise(ast.expr() as value):
            return _right(value, indent, f"{margin}raise ")
        case ast.Pass():
            return f"{margin}pass"
        case Comment(text=text):
            return f"{margin}# {text}"
    return _compound(node, indent)


def _compound(node: ast.stmt, indent: int) -> str:
    """The text of a statement that has others inside."""
    margin = " " * indent
    match node:
        case ast.With(items, body):
            head = _with([document(i.context_expr) for i in items], indent)
            return f"{head}\n{statements(body, indent + 4)}"
        case ast.For(target, over, body):
            head = _right(over, indent, f"{margin}for {line(target)} in ", 1)
            return f"{head}:\n{statements(body, indent + 4)}"
        case ast.While(test, body):
            head = _right(test, indent, f"{margin}while ", 1)
            return f"{head}:\n{statements(body, indent + 4)}"
        case ast.If(test, body, other):
            head = _right(test, indent, f"{margin}if ", 1)
            more = f"\n{margin}else:\n{statements(other, indent + 4)}" if other else ""
            return f"{head}:\n{statements(body, indent + 4)}{more}"
        case ast.FunctionDef(body=body):
            above = "".join(f"{margin}@{line(d)}\n" for d in node.decorator_list)
            signature = Group("def ", node.name, _parameters(node.args), ":")
            head = f"{above}{margin}{render(signature, indent, indent)}"
            return f"{head}\n{statements(body, indent + 4)}"
        case ast.ClassDef(title, bases, body=[said, *body]):
            head = f"{margin}class {title}({', '.join(map(line, bases))}):"
            rest = f"\n\n{statements(body, indent + 4)}" if body else ""
            return f"{head}\n{statement(said, indent + 4)}{rest}"
    msg = f"not a statement of a writer: {ast.dump(node)}"
    raise TypeError(msg)


def _with(items: list[Document], indent: int) -> str:
    margin = " " * indent
    flat = (*joined(items, ", "), ":")
    if len(items) == 1 or fits((0, False, flat), [], WIDTH - indent - 5):
        return margin + render(("with ", *flat), indent, indent)
    inner = ",\n".join(
        f"{margin}    {render(i, indent + 4, indent + 4)}" for i in items
    )
    return f"{margin}with (\n{inner},\n{margin}):"


def _parameters(arguments: ast.arguments) -> Document:
    plain = len(arguments.args) - len(arguments.defaults)
    items: list[Document] = [a.arg for a in arguments.args[:plain]]
    for argument, default in zip(
        arguments.args[plain:], arguments.defaults, strict=True
    ):
        items.append((argument.arg, "=", document(default)))
    if arguments.kwonlyargs:
        items.append("*")
    for argument, value in zip(
        arguments.kwonlyargs, arguments.kw_defaults, strict=True
    ):
        items.append((argument.arg, "=", document(value)) if value else argument.arg)
    return parenthesized(items)


def _right(value: ast.expr, indent: int, left: str, after: int = 0) -> str:
    """The right side of a statement; a sum that is too long gets parentheses."""
    body: Document = document(value)
    if isinstance(value, ast.Tuple):
        body = _optional(_bare(value.elts))
    elif isinstance(value, (ast.BinOp, ast.Compare, ast.UnaryOp)):
        body = _operators(value, indent, left, after)
    elif is_fluent(value) or isinstance(value, ast.IfExp) or _is_late(value, left):
        body = _optional(body)
    return left + render(body, indent, len(left), after)


def _is_late(value: ast.expr, left: str) -> bool:
    """Whether not even the first bracket of a call is on its line."""
    first = line(value).partition("(")[0] if isinstance(value, ast.Call) else ""
    return len(left) + len(first) >= WIDTH


def _bare(items: Sequence[ast.expr]) -> Document:
    """The items of a tuple that needs no parentheses."""
    inner = joined([document(i, TEST) for i in items], (",", Line()))
    return (*inner, Broken(",") if len(inner) > 1 else ",")


def _optional(body: Document) -> Group:
    """In parentheses where it takes several lines."""
    return Group(Broken("("), Nest(Line(""), body), Line(""), Broken(")"))


def _operators(value: ast.expr, indent: int, left: str, after: int) -> Document:
    """A sum by itself: without parentheses if one bracket of it can be opened."""
    body = document(value)
    room = WIDTH - len(left) - after
    if fits((0, False, body), [], room):
        return body
    if _opens(value) and fits((indent, True, _glue(body)), [], room):
        return _glue(body)
    return _optional(body)


def _opens(value: ast.expr) -> bool:
    """Whether there is one operator, and a bracket at an end that may be opened."""
    if isinstance(value, ast.UnaryOp):
        return True
    _, operators = chain(value)
    return len(operators) == 1 and (_is_bracket(value, 0) or _is_bracket(value, -1))


def _is_bracket(node: ast.expr, end: int) -> bool:
    while isinstance(node, (ast.BinOp, ast.Compare)):
        operand = chain(node)[0][end]
        if bound(operand)[1] < binding(node) + bool(end):
            return True  # in parentheses
        node = operand
    if isinstance(node, ast.Call):
        return bool(end and (node.args or node.keywords))
    return isinstance(node, ast.List)


def _glue(document: Document) -> Document:
    """Chains of operators on one line, whatever happens inside brackets."""
    match document:
        case Line(flat):
            return flat
        case Group((str(first), *_)) if first in BRACKETS:
            return document
        case Group(parts) | tuple(parts):
            return tuple(_glue(p) for p in parts)
    return document


def docstring(text: str, indent: int = 0) -> str:
    """A docstring: what stands first by itself, then paragraphs, wrapped."""
    margin = " " * indent
    first, *rest = [_wrapped(p, indent) for p in text.split("\n\n")]
    head = f'{margin}"""{first.strip()}'
    if not rest and "\n" not in head and len(head) + 3 <= WIDTH:
        return f'{head}"""'
    if not rest and "\n" not in head:
        # By itself it would stay on one line, however long that is.
        head = f"\n{margin}".join(head.rsplit(" ", 1))
    return "\n\n".join([head, *rest]) + f'\n{margin}"""'


def _wrapped(paragraph: str, indent: int) -> str:
    lines = [" " * indent]
    for word in paragraph.split():
        safe = "".join(escaped(c, "") for c in word).replace('"', "'")
        if len(lines[-1]) + len(safe) + 1 > WIDTH - (3 if len(lines) == 1 else 0):
            lines.append(" " * indent)
        lines[-1] += safe if lines[-1].isspace() or not lines[-1] else f" {safe}"
    return "\n".join(lines)
