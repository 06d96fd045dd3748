"""The grammar: tokens, operators by precedence, indices and calls."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
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
    is_many,
)
from jointbridge.families import FAMILIES, TRANSFORMS
from jointbridge.functions import (
    COMPARE,
    FUNCTIONS,
    OPERATORS,
    POWER,
    UNARY,
    Function,
)
from jointbridge.support import SUPPORTS
from jointbridge.syntax.calls import (
    fold,
    make_call,
    make_distribution,
    make_support,
    make_transform,
)
from jointbridge.syntax.tokens import TOKEN, Token

MAX_DEPTH = 64
MAX_LENGTH = 100_000


def read(text: str, sizes: Mapping[str, int], *, template: bool = False) -> Any:
    """The node that a whole text says; in a template any constructor is known."""
    return _Parser(text, sizes, template=template).whole()


class _Parser:
    def __init__(
        self, text: str, sizes: Mapping[str, int], *, template: bool = False
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise LimitError(f"an expression of {len(text):,} characters is too long")
        self.text = text
        self.sizes = sizes
        self.template = template
        self.tokens: list[Token] = list(self._scan())
        self.at = 0
        self.depth = 0

    def _scan(self) -> Iterator[Token]:
        position = 0
        while position < len(self.text):
            match = TOKEN.match(self.text, position)
            if match is None:
                self.fail(f"unexpected {self.text[position]!r}", position)
            if match.lastgroup != "space":
                yield Token(str(match.lastgroup), match.group(), position)
            position = match.end()
        yield Token("end", "", position)

    def fail(
        self, message: str, position: int | None = None, hint: str = ""
    ) -> NoReturn:
        position = self.tokens[self.at].start if position is None else position
        before = self.text[max(0, position - 30) : position]
        after = self.text[position : position + 30]
        raise SpecError(f"{message}, here: {before!r} ⟶ {after!r}", hint=hint)

    # -- tokens ---------------------------------------------------------------

    @property
    def token(self) -> Token:
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

    def whole(self) -> Any:
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
            return Sequence(self.alike(self.items("]")))
        self.at -= 1
        got = repr(token.text) if token.text else "the end"
        self.fail(f"expected a value, got {got}")

    def number(self, token: Token) -> float | int:
        if token.text.isdigit():
            if len(token.text) > 18:
                self.fail("an integer of more than 18 digits", token.start)
            return int(token.text)
        value = float(token.text)
        if math.isinf(value):
            self.fail(f"{token.text} is out of the range of floats", token.start)
        return value

    def name(self, token: Token) -> Any:
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
        value = fold(node)
        if type(value) is int:
            return value
        self.fail("expected a whole number", hint="slices and shapes are static")

    # -- calls ----------------------------------------------------------------

    def call(self, token: Token) -> Node:
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
            field = key or (
                row.order[len(args)] if row and self.fits(row, args) else ""
            )
            value = (
                self.static() if row and field in row.options else self.expression(0)
            )
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
            raise SpecError(
                problem.message, code=problem.code, hint=problem.hint
            ) from None

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
        value = fold(self.expression(0))
        if isinstance(value, int):
            return value
        self.fail("expected a static value (an integer, a tuple of them, or a text)")

    def make(self, name: str, args: list[Any], keywords: dict[str, Any]) -> Node:
        if name in FUNCTIONS:
            return make_call(name, args, keywords)
        if name in SUPPORTS:
            return make_support(name, args, keywords)
        if self.template and not args:
            return Distribution(name, tuple(keywords.items()))
        if name in FAMILIES:
            return make_distribution(name, args, keywords)
        if name in TRANSFORMS:
            return make_transform(name, args, keywords)
        if name[0].isupper():
            hint = did_you_mean(name, [*FAMILIES, *TRANSFORMS])
            raise SpecError(f"no family {name!r}", code="unknown-family", hint=hint)
        hint = did_you_mean(name, FUNCTIONS)
        raise SpecError(f"no function {name!r}", code="unknown-function", hint=hint)

    def alike(self, items: list[Any]) -> tuple[Any, ...]:
        """Items of a list: distributions all of them, or values."""
        if items and all(isinstance(x, Distribution) for x in items):
            return tuple(items)
        return tuple(map(self.array, items))

    def array(self, node: Any) -> Any:
        if isinstance(node, (Distribution, Support)) or is_many(node):
            self.fail("a distribution stands where a value is needed")
        return node
