"""Text to expressions and back, exactly: `parse(show(node)) == node`.

The grammar is our own choice of Python's expression syntax, read by a small Pratt parser:
numbers, names, operators, indexing, `[a, b]` vectors and calls of known functions,
families and supports.  Nothing is ever evaluated as Python.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from jointbridge.errors import LimitError, SpecError, did_you_mean
from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Item,
    Name,
    Node,
    Number,
    Sequence,
    Slice,
    Support,
)
from jointbridge.families import FAMILIES
from jointbridge.functions import (
    COMPARE,
    CONSTANTS,
    FUNCTIONS,
    OPERATORS,
    POWER,
    REQUIRED,
    UNARY,
    Function,
)
from jointbridge.supports import SUPPORTS

MAX_DEPTH = 64
MAX_LENGTH = 100_000

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[^\W\d]\w*)
      | (?P<quoted>`[^`]*`)
      | (?P<text>"[^"\\]*"|'[^'\\]*')
      | (?P<symbol>\*\*|<=|>=|==|!=|\.\.\.|[-+*/@<>()\[\],:=|&~])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def parse(text: str, sizes: Mapping[str, int] | None = None) -> Any:
    """The node that `text` says.

    Args:
        text: An expression, a distribution or a support.
        sizes: Names that stand for integers known now, also inside static options.

    Raises:
        SpecError: The text is not in the grammar; the message shows the place.
        LimitError: The text is too long or too deeply nested.
    """
    return _Parser(text, sizes or {}).whole()


@lru_cache(maxsize=None)
def parse_template(text: str) -> Any:
    """A row of a backend's table: its constructors need not be in the catalogue."""
    return _Parser(text, {}, template=True).whole()


def parse_support(text: str) -> Support:
    """The support that `text` says, `positive` or `interval(low=0, high=1)`."""
    node = parse(text)
    if isinstance(node, Name) and node.name in SUPPORTS:
        return _support(node.name, [], {})
    if isinstance(node, Support):
        return node
    hint = did_you_mean(text, SUPPORTS)
    raise SpecError(f"not a support: {text}", code="unknown-support", hint=hint)


class _Parser:
    def __init__(
        self, text: str, sizes: Mapping[str, int], *, template: bool = False
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise LimitError(f"an expression of {len(text):,} characters is too long")
        self.text = text
        self.sizes = sizes
        self.template = template
        self.tokens = list(self._scan())
        self.at = 0
        self.depth = 0

    def _scan(self) -> Any:
        position = 0
        while position < len(self.text):
            match = _TOKEN.match(self.text, position)
            if match is None:
                self.fail(f"unexpected {self.text[position]!r}", position)
            if match.lastgroup != "space":
                yield _Token(str(match.lastgroup), match.group(), position)
            position = match.end()
        yield _Token("end", "", position)

    def fail(self, message: str, position: int | None = None, hint: str = "") -> NoReturn:
        position = self.tokens[self.at].start if position is None else position
        before = self.text[max(0, position - 30) : position]
        after = self.text[position : position + 30]
        raise SpecError(f"{message}, here: {before!r} ⟶ {after!r}", hint=hint)

    # -- tokens ---------------------------------------------------------------

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self, text: str) -> bool:
        found = self.token.kind in ("symbol", "end") and self.token.text == text
        self.at += found
        return found

    def expect(self, text: str) -> None:
        if not self.take(text):
            got = repr(self.token.text) if self.token.text else "the end"
            self.fail(f"expected {text!r}, got {got}")

    # -- grammar --------------------------------------------------------------

    def whole(self) -> Node:
        node = self.expression(0)
        if self.token.kind != "end":
            self.fail(f"unexpected {self.token.text!r}")
        return node

    def expression(self, least: int) -> Any:
        """Operators that bind at least as tightly as `least`, left to right."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitError(f"nested more than {MAX_DEPTH} deep", hint="use a let")
        left = self.prefix()
        compared = False
        while (row := self.infix()) and row.precedence >= least:
            if compared and row.precedence == COMPARE:
                self.fail("a chained comparison", hint="write (a < b) & (b < c)")
            compared = row.precedence == COMPARE
            self.at += 1
            # `**` binds to the right, everything else to the left.
            right = self.expression(row.precedence + (row.precedence != POWER))
            left = Call(row.name, (self.array(left), self.array(right)))
        self.depth -= 1
        return left

    def infix(self) -> Function | None:
        if self.token.kind != "symbol":
            return None
        return OPERATORS.get((self.token.text, 2))

    def prefix(self) -> Any:
        for symbol in "-~":
            if self.take(symbol):
                return self.unary(OPERATORS[symbol, 1])
        return self.postfix(self.atom())

    def unary(self, row: Function) -> Any:
        # `-1` is a number, `-(1)` and `-1 ** 2` are negations.
        number = self.token.kind == "number" or self.token.text in ("inf", "pi")
        literal = row.symbol == "-" and number
        if literal and self.tokens[self.at + 1].text not in ("**", "["):
            value = self.atom().value
            return Number(-value)
        operand = self.expression(UNARY)
        return Call(row.name, (self.array(operand),))

    def atom(self) -> Any:
        token = self.token
        self.at += 1
        if token.kind == "number":
            return Number(self.number(token))
        if token.kind == "quoted":
            return Name(token.text[1:-1])
        if token.kind == "name":
            return self.call(token) if self.take("(") else self.name(token)
        if token.text == "(":
            node = self.expression(0)
            self.expect(")")
            return node
        if token.text == "[":
            return Sequence(tuple(self.array(x) for x in self.items("]")))
        self.at -= 1
        got = repr(token.text) if token.text else "the end"
        self.fail(f"expected a value, got {got}")

    def number(self, token: _Token) -> float | int:
        if token.text.isdigit():
            if len(token.text) > 18:
                self.fail("an integer of more than 18 digits", token.start)
            return int(token.text)
        value = float(token.text)
        if math.isinf(value):
            self.fail(f"{token.text} is out of the range of floats", token.start)
        return value

    def name(self, token: _Token) -> Any:
        constants: dict[str, Any] = {"True": True, "False": False}
        constants |= {"inf": math.inf, "pi": math.pi}
        if token.text in constants:
            return Number(constants[token.text])
        if token.text in self.sizes:
            return Number(self.sizes[token.text])
        return Name(token.text)

    def items(self, close: str) -> list[Any]:
        found: list[Any] = []
        while not self.take(close):
            if found:
                self.expect(",")
                if self.take(close):
                    break
            found.append(self.expression(0))
        return found

    # -- indexing -------------------------------------------------------------

    def postfix(self, base: Any) -> Any:
        while self.take("["):
            items = [self.item()]
            while self.take(","):
                items.append(self.item())
            self.expect("]")
            base = Index(self.array(base), tuple(items))
        return base

    def item(self) -> Item:
        if self.take("..."):
            return ...
        if self.token.text == "None":
            self.at += 1
            return None
        if self.token.text != ":":
            first = self.expression(0)
            if self.token.text != ":":
                return self.array(first)  # type: ignore[no-any-return]
            bounds: list[int | None] = [self.whole_number(first)]
        else:
            bounds = [None]
        while self.take(":"):
            done = self.token.text in (":", ",", "]")
            bounds.append(None if done else self.whole_number(self.expression(0)))
        if len(bounds) > 3:
            self.fail("a slice has at most two colons")
        return Slice(*bounds)

    def whole_number(self, node: Any) -> int:
        value = _fold(node)
        if type(value) is int:
            return value
        self.fail("expected a whole number", hint="slices and shapes are static")

    # -- calls ----------------------------------------------------------------

    def call(self, token: _Token) -> Node:
        name = token.text
        row = FUNCTIONS.get(name)
        args: list[Any] = []
        keywords: dict[str, Any] = {}
        while not self.take(")"):
            if args or keywords:
                self.expect(",")
                if self.take(")"):
                    break
            key = self.keyword()
            field = key or (row.order[len(args)] if row and self.fits(row, args) else "")
            value = self.static() if row and field in row.options else self.expression(0)
            if key is None and keywords:
                self.fail("a positional argument after a keyword")
            if key in keywords:
                self.fail(f"{key!r} is given twice")
            if key is None:
                args.append(value)
            else:
                keywords[key] = value
        try:
            return self.make(name, args, keywords)
        except SpecError as error:
            problem = error.problems[0]
            raise SpecError(problem.message, code=problem.code, hint=problem.hint) from None

    def fits(self, row: Function, args: list[Any]) -> bool:
        return len(args) < len(row.order)

    def keyword(self) -> str | None:
        following = self.tokens[self.at + 1 : self.at + 2]
        if self.token.kind == "name" and following and following[0].text == "=":
            self.at += 2
            return self.tokens[self.at - 2].text
        return None

    def static(self) -> Any:
        """An option: an integer, a bool, None, a text or a tuple of integers."""
        if self.token.kind == "text":
            self.at += 1
            return self.tokens[self.at - 1].text[1:-1]
        if self.token.text == "None":
            self.at += 1
            return None
        close = {"(": ")", "[": "]"}.get(self.token.text)
        if close:
            self.at += 1
            return tuple(self.whole_number(x) for x in self.items(close))
        value = _fold(self.expression(0))
        if isinstance(value, int):
            return value
        self.fail("expected a static value (an integer, a tuple of them, or a text)")

    def make(self, name: str, args: list[Any], keywords: dict[str, Any]) -> Node:
        if name in FUNCTIONS:
            return make_call(name, args, keywords)
        if name in SUPPORTS:
            return _support(name, args, keywords)
        if self.template and not args:
            return Distribution(name, tuple(keywords.items()))
        if name in FAMILIES:
            return make_distribution(name, args, keywords)
        if name[0].isupper():
            hint = did_you_mean(name, FAMILIES)
            raise SpecError(f"no family {name!r}", code="unknown-family", hint=hint)
        hint = did_you_mean(name, FUNCTIONS)
        raise SpecError(f"no function {name!r}", code="unknown-function", hint=hint)

    def array(self, node: Any) -> Any:
        if isinstance(node, (Distribution, Support)):
            self.fail("a distribution stands where a value is needed")
        return node


_WHOLE: dict[str, Callable[..., int]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "negative": operator.neg,
}


def _fold(node: Any) -> Any:
    """The value of arithmetic on literal integers, or None."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Call) and node.function in _WHOLE:
        values = [_fold(arg) for arg in node.args]
        if all(type(v) is int for v in values):
            return _WHOLE[node.function](*values)
    return None


def make_call(name: str, args: list[Any], keywords: Mapping[str, Any]) -> Call:
    """A call with its arguments sorted into arrays and static options.

    Raises:
        SpecError: An argument is missing, given twice or unknown.
    """
    row = FUNCTIONS[name]
    given = _fill(name, row.order, args, keywords)
    if row.variadic:
        return _variadic(row, given, args, keywords)
    for field in row.order:
        if field not in given and row.options.get(field, REQUIRED) is REQUIRED:
            raise _arguments(name, f"misses {field!r}", row.signature)
    arrays = tuple(given[a] for a in row.arguments)
    return Call(name, arrays, _options(row, given))


def _variadic(
    row: Function, given: dict[str, Any], args: list[Any], keywords: Mapping[str, Any]
) -> Call:
    # stack([a, b], axis=0) and einsum("ij,j->i", a, b)
    items = given.get("xs")
    if "subscripts" in row.options:
        text = given.get("subscripts")
        if not isinstance(text, str):
            raise _arguments(row.name, "needs its subscripts as a text", row.signature)
        return Call(row.name, tuple(args[1:]), (("subscripts", text),))
    if isinstance(items, Sequence):
        items = items.items
    if not items or not isinstance(items, (tuple, list)):
        raise _arguments(row.name, "needs a list, as in [a, b]", row.signature)
    return Call(row.name, tuple(items), _options(row, given))


def _options(row: Function, given: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (name, given[name])
        for name, default in row.options.items()
        if name in given and given[name] != default
    )


def _fill(
    name: str, order: tuple[str, ...], args: list[Any], keywords: Mapping[str, Any]
) -> dict[str, Any]:
    if len(args) > len(order) and name != "einsum":
        problem = f"takes {len(order)} arguments, got {len(args)}"
        raise _arguments(name, problem, ", ".join(order))
    given = dict(zip(order, args, strict=False))
    for key, value in keywords.items():
        if key in given:
            raise _arguments(name, f"gets {key!r} twice", ", ".join(order))
        if key not in order:
            problem = f"has no argument {key!r}"
            hint = did_you_mean(key, order)
            raise SpecError(f"{name} {problem}", code="arguments", hint=hint)
        given[key] = value
    return given


def _arguments(name: str, problem: str, known: str) -> SpecError:
    return SpecError(f"{name} {problem}", code="arguments", hint=f"it takes {known}")


def make_distribution(
    family: str, args: list[Any], keywords: Mapping[str, Any]
) -> Distribution:
    """A distribution with every argument under its parameter's name.

    Raises:
        SpecError: A parameter is missing, unknown or given twice.
    """
    row = FAMILIES[family]
    given = _fill(family, tuple(row.parameters), args, keywords)
    for names in row.choices.values():
        chosen = [n for n in names if n in given]
        if len(chosen) != 1:
            problem = f"needs exactly one of {', '.join(names)}, got {len(chosen)}"
            raise _arguments(family, problem, row.signature)
    for parameter in row.parameters.values():
        name = parameter.name
        if not parameter.choice and name not in given and parameter.default is None:
            raise _arguments(family, f"misses {name!r}", row.signature)
        if name in given:
            given[name] = _fit(family, name, parameter.special, given[name])
    params = tuple((n, given[n]) for n in row.parameters if n in given)
    return Distribution(family, params)


def _fit(family: str, name: str, special: str | None, value: Any) -> Node:
    """`value` where the parameter takes that sort of node."""
    if special == "support" and isinstance(value, Name) and value.name in SUPPORTS:
        value = _support(value.name, [], {})
    wanted = {"distribution": Distribution, "support": Support}.get(special or "")
    is_array = not isinstance(value, (Distribution, Support))
    if (wanted is None and is_array) or (wanted and isinstance(value, wanted)):
        return value  # type: ignore[no-any-return]
    message = f"{family}: {name} takes {special or 'a value'}, got {show(value)}"
    raise SpecError(message, code="arguments")


def _support(name: str, args: list[Any], keywords: Mapping[str, Any]) -> Support:
    """`interval(0, 1)` has bounds; `simplex(3)` has the size of its vector."""
    row = SUPPORTS[name]
    if row.rank and not row.bounds:
        sizes = [*args, *keywords.values()]
        good = len(sizes) == 1 and isinstance(sizes[0], Number)
        if not good or type(sizes[0].value) is not int or set(keywords) - {"size"}:
            raise _arguments(name, "takes its size as a whole number", f"{name}(3)")
        return Support(name, (), (sizes[0].value,) * row.rank)
    bounds = _fill(name, row.bounds, args, keywords)
    missing = [b for b in row.bounds if b not in bounds]
    if missing:
        raise _arguments(name, f"misses {missing[0]!r}", ", ".join(row.bounds))
    return Support(name, tuple((b, bounds[b]) for b in row.bounds))


# -- printing -----------------------------------------------------------------


def show(node: Any) -> str:
    """The text of a node, with no more parentheses than it needs."""
    return _show(node, 0)


def _show(node: Any, least: int) -> str:
    match node:
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
        case Distribution(name, params):
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
        left = _show(node.args[0], row.precedence + power)
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
    match = _TOKEN.fullmatch(name)
    return match is not None and match.lastgroup == "name"


def _number(value: float | int | bool) -> str:
    if isinstance(value, float) and abs(value) == math.pi:
        return "pi" if value > 0 else "-pi"
    return repr(value)


def _comma(nodes: tuple[Any, ...]) -> str:
    return ", ".join(map(show, nodes))


def _keywords(params: tuple[tuple[str, Any], ...]) -> str:
    return ", ".join(f"{k}={show(v)}" for k, v in params)


def _static(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
