"""Nodes to text, with no more parentheses than needed."""

from __future__ import annotations

import math
from typing import Any

from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Item,
    Name,
    Number,
    Sequence,
    Slice,
    Support,
    Transform,
    rebuild,
)
from jointbridge.functions import COMPARE, CONSTANTS, FUNCTIONS, POWER, UNARY, Function
from jointbridge.support import SUPPORTS
from jointbridge.syntax.tokens import TOKEN

#: A node of more characters, or of more parts, is cut where it is shown in brief.
_BRIEF = 80


def show(node: Any) -> str:
    """The text of a node, with no more parentheses than it needs."""
    return _show(node, 0)


def brief(node: Any) -> str:
    """The beginning of the text of a node, however large it is."""
    left = _BRIEF

    def cut(child: Any) -> Any:
        nonlocal left
        left -= 1
        return rebuild(child, cut) if left > 0 else ...

    text = show(cut(node))
    return text if len(text) < _BRIEF else f"{text[: _BRIEF - 3]}…"


def _show(node: Any, least: int) -> str:
    match node:
        case _ if node is ...:
            return "…"
        case Number(value):
            text = _number(value)
            return f"({text})" if text.startswith("-") and least > UNARY else text
        case Name(name):
            return name if _plain(name) else f"`{name}`"
        case Sequence(items):
            return f"[{_comma(items)}]"
        case Index(base, items):
            inner = ", ".join(map(_item, items))
            return f"{_show(base, POWER + 1)}[{inner}]"
        case Distribution(name, params) | Transform(name, params):
            return f"{name}({_keywords(params)})"
        case Support(name, params, sizes):
            if sizes:
                return f"{name}({sizes[0]})"
            return f"{name}({_keywords(params)})" if params else name
        case Call():
            return _show_call(node, least)
    msg = f"not a node: {node!r}"
    raise TypeError(msg)


def _show_call(node: Call, least: int) -> str:
    row = FUNCTIONS[node.function]
    if row.symbol is None:
        return _show_function(row, node)
    if len(node.args) == 1:
        operand = node.args[0]
        inner = _show(operand, UNARY)
        # -(1) is not the number -1
        if isinstance(operand, Number) and row.symbol == "-":
            inner = f"({inner.strip('()')})"
        text = f"{row.symbol}{inner}"
    else:
        power = row.precedence == POWER
        # `**` binds to the right, and comparisons do not chain.
        tight = row.precedence in (POWER, COMPARE)
        left = _show(node.args[0], row.precedence + tight)
        right = _show(node.args[1], row.precedence + (not power))
        text = f"{left} {row.symbol} {right}"
    return f"({text})" if row.precedence < least else text


def _show_function(row: Function, node: Call) -> str:
    parts = [f"{k}={_static(v)}" for k, v in node.options]
    if "subscripts" in row.options:
        parts = [_static(node.option("subscripts")), *map(show, node.args)]
    elif row.variadic:
        parts = [f"[{_comma(node.args)}]", *parts]
    elif row.order and row.order[0] in row.options:
        # full((3,), x): the option comes first
        parts = [*(p.split("=", 1)[1] for p in parts), *map(show, node.args)]
    else:
        parts = [*map(show, node.args), *parts]
    return f"{row.name}({', '.join(parts)})"


def _item(item: Item) -> str:
    match item:
        case None:
            return "None"
        case Slice(start, stop, step):
            parts = ["" if x is None else str(x) for x in (start, stop)]
            return ":".join([*parts, *([] if step is None else [str(step)])])
        case _ if item is ...:
            return "..."
    return show(item)


def _plain(name: str) -> bool:
    if name in CONSTANTS or name in SUPPORTS or name == "None":
        return False
    match = TOKEN.fullmatch(name)
    return match is not None and match.lastgroup == "name"


def _number(value: float | bool) -> str:
    if isinstance(value, float) and abs(value) == math.pi:
        return "pi" if value > 0 else "-pi"
    return repr(value)


def _comma(nodes: tuple[Any, ...]) -> str:
    return ", ".join(map(show, nodes))


def _keywords(params: tuple[tuple[str, Any], ...]) -> str:
    return ", ".join(f"{k}={show(v)}" for k, v in params)


def _static(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
