"""Python's expressions as documents: what a formatter would make of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from jointbridge.backends.writing.documents import Broken, Document, Group, Line, Nest

_LAMBDA, TEST, _COMPARE, _OR, _XOR, _AND = 1, 2, 4, 5, 6, 7
_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = 9, 10, 11, 12, 13

BRACKETS = ("(", "[", "{")

_BINARY: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", _SUM),
    ast.Sub: ("-", _SUM),
    ast.Mult: ("*", _PRODUCT),
    ast.Div: ("/", _PRODUCT),
    ast.FloorDiv: ("//", _PRODUCT),
    ast.Mod: ("%", _PRODUCT),
    ast.MatMult: ("@", _PRODUCT),
    ast.Pow: ("**", _POWER),
    ast.BitOr: ("|", _OR),
    ast.BitXor: ("^", _XOR),
    ast.BitAnd: ("&", _AND),
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
}
_UNARIES: dict[type[ast.unaryop], str] = {
    ast.USub: "-",
    ast.Invert: "~",
    ast.Not: "not ",
}


# -- expressions --------------------------------------------------------------


def line(node: ast.expr) -> str:
    """The text of an expression on one line."""
    out: list[str] = []
    stack: list[Document] = [document(node)]
    if isinstance(node, ast.Tuple):
        stack = [tuple(joined([document(e, TEST) for e in node.elts], ", "))]
    while stack:
        top = stack.pop()
        match top:
            case str():
                out.append(top)
            case Line(flat):
                out.append(flat)
            case Broken():
                pass
            case Group(parts) | Nest(parts):
                stack.extend(reversed(parts))
            case _:
                stack.extend(reversed(top))
    return "".join(out)


def document(node: ast.expr, least: int = 0) -> Document:
    """The document of an expression, in parentheses where it binds less than `least`."""
    body, strength = bound(node)
    if strength < least:
        return Group("(", Nest(Line(""), body), Line(""), ")")
    return body


def bound(node: ast.expr) -> tuple[Document, int]:
    """The document of an expression, and how strongly it binds."""
    match node:
        case ast.BinOp() | ast.Compare():
            return _binary(node)
        case ast.UnaryOp(op, operand):
            least = _ATOM if binding(operand) == _POWER else _UNARY
            return (_UNARIES[type(op)], document(operand, least)), _UNARY
        case ast.Lambda(arguments, body):
            names = ", ".join(a.arg for a in arguments.args)
            head = f"lambda {names}: " if names else "lambda: "
            return (head, document(body)), _LAMBDA
        case ast.IfExp(test, body, other):
            parts = ("if ", document(test, _COMPARE)), ("else ", document(other, TEST))
            first = document(body, _COMPARE)
            return Group(first, Line(), parts[0], Line(), parts[1]), TEST
        case ast.Starred(value):
            return ("*", document(value, _OR)), _ATOM
        case ast.Yield(ast.expr() as value):
            return ("yield ", document(value)), _LAMBDA
    return _atom(node), _ATOM


def _atom(node: ast.expr) -> Document:
    match node:
        case ast.Name(identifier):
            return identifier
        case ast.Constant(value):
            if value is ...:
                return "..."
            return string(value) if isinstance(value, str) else repr(value)
        case ast.JoinedStr(values):
            return _formatted(values)
        case ast.List(items):
            return _bracketed("[", [document(i, _LAMBDA) for i in items], "]")
        case ast.Tuple(items):
            return _tuple(items)
        case ast.Dict(keys, values):
            pairs = zip(keys, values, strict=True)
            entries = [(document(k), ": ", document(v)) for k, v in pairs if k]
            return _bracketed("{", entries, "}")
        case ast.Call() | ast.Attribute() | ast.Subscript():
            parts = _trailer(node, is_fluent(node))
            return Group(*parts) if is_fluent(node) else parts
    msg = f"not an expression of a writer: {ast.dump(node)}"
    raise TypeError(msg)


def _trailer(node: ast.expr, fluent: bool) -> tuple[Document, ...]:
    """`value.attribute`, `value(…)` and `value[…]`, with ends of lines before dots."""
    match node:
        case ast.Attribute(value, attribute):
            before = _trailer(value, fluent)
            broken = fluent and isinstance(value, (ast.Call, ast.Subscript))
            return (*before, *([Line("")] if broken else []), f".{attribute}")
        case ast.Call(function, args, keywords):
            items = [document(a, _LAMBDA) for a in args]
            items += [_keyword(k) for k in keywords]
            return (*_trailer(function, fluent), parenthesized(items))
        case ast.Subscript(value, index):
            inner = [_item(i) for i in _items(index)]
            comma = Broken(",") if len(inner) > 1 else ""
            body = (*joined(inner, (",", Line())), comma)
            group = Group("[", Nest(Line(""), *body), Line(""), "]")
            return (*_trailer(value, fluent), group)
    return (document(node, _ATOM),)


def is_fluent(node: ast.expr) -> bool:
    """Whether it is a chain of calls, `f(…).g(…).h(…)`, that may break at the dots."""
    dots = 0
    while True:
        match node:
            case ast.Attribute(value, _):
                dots += isinstance(value, (ast.Call, ast.Subscript))
                node = value
            case ast.Call(value, _, _) | ast.Subscript(value, _):
                node = value
            case _:
                return dots >= 2


def _keyword(node: ast.keyword) -> Document:
    if node.arg is None:
        return ("**", document(node.value, _UNARY))
    return (f"{node.arg}=", document(node.value))


def parenthesized(items: Sequence[Document]) -> Document:
    """`(a, b)`, or all on one line of their own, or one on each line."""
    if not items:
        return "()"
    inner = Group(*joined(items, (",", Line())), Broken(","))
    return Group("(", Nest(Line(""), inner), Line(""), ")")


def _bracketed(opening: str, items: Sequence[Document], closing: str) -> Document:
    if not items:
        return f"{opening}{closing}"
    inner = (*joined(items, (",", Line())), Broken(","))
    return Group(opening, Nest(Line(""), *inner), Line(""), closing)


def _tuple(items: Sequence[ast.expr]) -> Document:
    inner = [document(i, TEST) for i in items]
    if len(inner) == 1:
        return Group("(", Nest(Line(""), inner[0], ","), Line(""), ")")
    return _bracketed("(", inner, ")")


def _items(index: ast.expr) -> Sequence[ast.expr]:
    return index.elts if isinstance(index, ast.Tuple) else [index]


def _item(node: ast.expr) -> Document:
    if not isinstance(node, ast.Slice):
        return document(node, TEST)
    ends = ["" if e is None else line(e) for e in (node.lower, node.upper)]
    return ":".join([*ends, *([line(node.step)] if node.step else [])])


def chain(node: ast.expr) -> tuple[list[ast.expr], list[str]]:
    """The operands of operators that bind alike, and the operators between them."""
    match node:
        case ast.BinOp(left, op, right):
            symbol, strength = _BINARY[type(op)]
            if strength != _POWER and binding(left) == strength:
                operands, symbols = chain(left)
                return [*operands, right], [*symbols, symbol]
            return [left, right], [symbol]
        case ast.Compare(left, [op], [right]):
            return [left, right], [_COMPARISONS[type(op)]]
    return [node], []


def binding(node: ast.expr) -> int:
    """How strongly the operator of an expression binds."""
    if isinstance(node, ast.BinOp):
        return _BINARY[type(node.op)][1]
    return _COMPARE if isinstance(node, ast.Compare) else _ATOM


def _binary(node: ast.expr) -> tuple[Document, int]:
    operands, symbols = chain(node)
    strength = binding(node)
    if strength == _POWER:
        return _power(*operands), _POWER
    first = strength + (strength == _COMPARE)  # comparisons do not chain
    parts: list[Document] = [document(operands[0], first)]
    for symbol, operand in zip(symbols, operands[1:], strict=True):
        parts += [Line(), f"{symbol} ", document(operand, strength + 1)]
    return Group(*parts), strength


def _power(left: ast.expr, right: ast.expr) -> Document:
    operands = (document(left, _POWER + 1), document(right, _UNARY))
    if (
        not isinstance(left, ast.UnaryOp)
        and _is_simple(left)
        and _is_simple(_first(right))
    ):
        return (operands[0], "**", operands[1])
    return Group(operands[0], Line(), "** ", operands[1])


def _first(node: ast.expr) -> ast.expr:
    """What a chain of powers begins with."""
    is_power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)
    return node.left if is_power else node  # type: ignore[attr-defined]


def _is_simple(node: ast.expr) -> bool:
    """Whether `**` stands between such operands without spaces."""
    match node:
        case ast.Name():
            return True
        case ast.Constant(value):
            return isinstance(value, (int, float))
        case ast.Attribute(inner, _):
            return _is_simple(inner)
        case ast.UnaryOp(_, ast.Constant() | ast.Name()):
            return True
    return False


def joined(items: Sequence[Document], between: Document) -> list[Document]:
    """The items with a document between them."""
    found: list[Document] = []
    for item in items:
        found += [between, item] if found else [item]
    return found


def string(text: str) -> str:
    """A literal for a text, in the quotes that need the fewest backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return f"{quote}{''.join(escaped(c, quote) for c in text)}{quote}"


def _formatted(values: Sequence[ast.expr]) -> str:
    """An f-string of texts and of expressions between them."""
    texts = [str(v.value) for v in values if isinstance(v, ast.Constant)]
    quote = string("".join(texts))[0]
    parts = []
    for value in values:
        if isinstance(value, ast.FormattedValue):
            parts.append(f"{{{line(value.value)}}}")
        else:
            assert isinstance(value, ast.Constant)
            text = "".join(escaped(c, quote) for c in str(value.value))
            parts.append(text.replace("{", "{{").replace("}", "}}"))
    return f"f{quote}{''.join(parts)}{quote}"


def escaped(character: str, quote: str) -> str:
    """A character inside a literal that has these quotes."""
    if character == quote:
        return f"\\{quote}"
    return character if character in "'\"" else repr(character)[1:-1]
