"""Expressions in the words of an array library."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from jointbridge.backends.writing.language import Language
from jointbridge.backends.writing.names import Identifiers
from jointbridge.backends.writing.python import Code, array_of, fill, literal, name
from jointbridge.backends.writing.run_time import RunTime
from jointbridge.errors import UnsupportedError
from jointbridge.expression import Call, Index, Name, Number, Slice
from jointbridge.expression import Sequence as Vector
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes import Scope, axes_of, broadcast, spread
from jointbridge.spec import Spec

if TYPE_CHECKING:
    from jointbridge.backends.writing.sizes import Sizes


class Expressions(RunTime):
    """Writes the expressions of one scope.

    Args:
        language: The words.
        scope: The types of all names.
        identifiers: What names are called in the code.
        sizes: Sizes that can be read from data.
        plain: Names that may stand for plain numbers.
        foreign: Names that may stand for arrays of NumPy.
    """

    def __init__(
        self,
        language: Language,
        scope: Scope,
        identifiers: Identifiers,
        sizes: Sizes,
        plain: set[str],
        foreign: set[str],
    ) -> None:
        super().__init__(plain, foreign)
        self.language = language
        self.scope = scope
        self.identifiers = identifiers
        self.sizes = sizes
        self.distribution: Callable[[Any], Code]

    def inside(self, scope: Scope, identifiers: Identifiers) -> Expressions:
        """A writer of the same sort over other names."""
        plain = set(self.plain)
        return Expressions(
            self.language, scope, identifiers, self.sizes, plain, self.foreign
        )

    def __call__(self, node: Any) -> Code:
        """The code of an expression."""
        match node:
            case Number(value):
                return self.language.number(value)
            case Name(name_):
                return name(self.identifiers[name_])
            case Vector(items):
                return self._vector(items)
            case Index(base, items):
                return self._index(base, items)
            case Call():
                return self._call(node)
        msg = f"not an expression: {node!r}"
        raise TypeError(msg)

    def array(self, node: Any) -> Code:
        """The code of an expression that is an array for certain."""
        code = self(node)
        return code if self.is_array(node) else self.language.array(code)

    def as_kind(self, node: Any, kind: str) -> Code:
        """The code of an expression as another kind."""
        if self.scope.type(node).kind == kind:
            return self(node)
        if isinstance(node, Number):
            return self.language.number(_KINDS[kind](node.value))
        match node:
            case Call("full", (Number(value),)):
                return self(self.resized(node, Number(_KINDS[kind](value))))
        if not self.is_array(node):
            return self.language.array(self(node), kind)
        return self.language.cast(self(node), kind)

    def resized(self, node: Call, value: Number) -> Call:
        """`node` with another number, its sizes read from the same data."""
        found = Call(node.function, (value,), node.options)
        axes = range(self.scope.type(found).rank)
        self.sizes.same(found, [("node", id(node), n) for n in axes])
        return found

    def as_array(self, node: Any, kind: str) -> Code:
        """The code of an expression as another kind, where the library wants an array."""
        code = self.as_kind(node, kind)
        if self.language.takes_numbers or self.is_array(node):
            return code
        if isinstance(node, Number) or self.scope.type(node).kind == kind:
            return self.language.array(code)
        return code  # it became an array with its kind

    def as_shape(self, node: Any, shape: tuple[int, ...], kind: str) -> Code:
        """The code of an expression in a full shape and kind."""
        code = self.as_array(node, kind)
        if self.scope.type(node).shape == shape:
            return code
        return self.language.broadcast(code, literal(shape))

    # -- vectors and indices --------------------------------------------------

    def _vector(self, items: Sequence[Any]) -> Code:
        flat = self.language.takes_numbers
        if all(
            _is_literal(i) or (flat and not self.scope.type(i).shape) for i in items
        ):
            return self.language.vector([self._raw(i) for i in items])
        return self._stack(Call("stack", tuple(items)))

    def _raw(self, node: Any) -> Code:
        """A literal vector as a list, without a call around it."""
        if isinstance(node, Vector):
            return array_of([self._raw(i) for i in node.items])
        return self(node)

    def _index(self, base: Any, items: Sequence[Any]) -> Code:
        code = self.array(base)
        drawn = any(map(self._is_drawn, items))
        if drawn and self.is_array(base) and not self.is_native(base):
            code = self.language.array(code)  # NumPy's arrays take no traced index
        parts = [self._item(i) for i in _shortest(items, self.scope.type(base).rank)]
        if not parts:
            return code
        index = parts[0] if len(parts) == 1 else ast.Tuple(parts)
        return ast.Subscript(code, index)

    def _item(self, item: Any) -> Code:
        if item is None or item is ...:
            return ast.Constant(item)
        if isinstance(item, Slice):
            ends = (item.start, item.stop, item.step)
            return ast.Slice(*(None if e is None else literal(e) for e in ends))
        if isinstance(item, Number):
            return literal(item.value)
        return self.language.index(self(item))

    # -- calls ----------------------------------------------------------------

    def _call(self, node: Call) -> Code:
        row = FUNCTIONS[node.function]
        rule = getattr(self, f"_{row.shape}", None)
        return rule(node) if rule is not None else self.call(node)

    def call(self, node: Call, **options: Code | None) -> Code:
        """A call as its row says it, with options besides those that are written."""
        row = FUNCTIONS[node.function]
        spelling = self.language.functions.get(node.function)
        if callable(spelling):
            return spelling(self, node)
        if spelling is None and row.symbol is None:
            message = f"{self.language.title} has no {node.function}"
            raise UnsupportedError(message, hint="write it with other functions")
        if spelling is None:
            return self._operator(node)
        given: dict[str, Code | None] = dict.fromkeys(row.options)
        given |= {k: literal(v) for k, v in node.options if v != row.options[k]}
        given |= options
        args = self.arguments(node)
        if row.variadic:
            return fill(spelling, xs=array_of(args), **given)
        return fill(spelling, **dict(zip(row.arguments, args, strict=True)), **given)

    def arguments(self, node: Call) -> list[Code]:
        """The arguments of a call in the kinds that the library needs."""
        kinds = [self.scope.type(arg).kind for arg in node.args]
        wanted = self.language.wanted(node, kinds, self.scope.type(node).kind)
        given = self.as_kind if FUNCTIONS[node.function].symbol else self.as_array
        return [given(a, k) for a, k in zip(node.args, wanted, strict=True)]

    def _operator(self, node: Call) -> Code:
        row = FUNCTIONS[node.function]
        args = self.arguments(node)
        if not self.is_safe(node):
            args[0] = self.language.array(args[0])
        if len(args) == 1:
            return fill(f"{row.symbol}x", x=args[0])
        return fill(f"x {row.symbol} y", x=args[0], y=args[1])

    def _reduce(self, node: Call) -> Code:
        axes = axes_of(node, self.scope.type(node.args[0]).rank)
        if not axes:
            return self.as_kind(node.args[0], self.scope.type(node).kind)
        return self.call(node)

    def _reshape(self, node: Call) -> Code:
        return self.call(
            node, shape=self.sizes.shape(node, self.scope.type(node).shape)
        )

    _broadcast = _full = _reshape

    def _eye(self, node: Call) -> Code:
        size = self.sizes.size(("node", id(node), 0), node.option("size"))
        return self.call(node, size=size)

    _one_hot = _eye

    def _arange(self, node: Call) -> Code:
        start, stop = node.option("start"), node.option("stop")
        if start == 0:
            size = self.sizes.size(("node", id(node), 0), stop)
            return self.call(node, start=None, stop=size)
        return self.call(node)

    def _cast(self, node: Call) -> Code:
        return self.as_kind(node.args[0], node.option("kind"))

    def _log_prob(self, node: Call) -> Code:
        dist, value = node.args
        inferred = self.scope.distribution(dist)  # type: ignore[arg-type]
        shape = (*self.scope.type(node).shape, *inferred.event)
        kind = self.scope.type(value).kind
        code = self.as_array(value, kind)
        if inferred.event and self.scope.type(value).shape != shape:
            code = self.language.broadcast(code, literal(shape))
        code = self.language.scored(code, kind, dist)  # type: ignore[arg-type]
        return fill("d.log_prob(x)", d=self.distribution(dist), x=code)

    # -- arrays that must be given one shape ----------------------------------

    def _stack(self, node: Call) -> Code:
        types = [self.scope.type(arg) for arg in node.args]
        shape = broadcast(*(t.shape for t in types))
        if all(t.shape == shape for t in types):
            return self.call(node)
        full = tuple(
            arg
            if t.shape == shape
            else Call("broadcast_to", (arg,), (("shape", shape),))
            for arg, t in zip(node.args, types, strict=True)
        )
        return self.call(Call("stack", full, node.options))

    def _solve(self, node: Call) -> Code:
        a, b = (self.scope.type(arg).shape for arg in node.args)
        ends = 1 if len(b) < len(a) else 2
        batch = broadcast(a[:-2], b[:-ends])
        if (a[:-2], b[:-ends]) == (batch, batch):
            return self.call(node)
        full = tuple(
            Call("broadcast_to", (arg,), (("shape", (*batch, *own)),))
            for arg, own in zip(node.args, (a[-2:], b[-ends:]), strict=True)
        )
        return self.call(Call(node.function, full, node.options))


_KINDS: dict[str, type] = {"float": float, "int": int, "bool": bool}


def _is_literal(node: Any) -> bool:
    if isinstance(node, Vector):
        return all(map(_is_literal, node.items))
    return isinstance(node, Number) and not math.isinf(node.value)


def _shortest(items: Sequence[Any], rank: int) -> list[Any]:
    """The items of an index without whole axes at its end."""
    found = list(items)
    if ... not in found or found[-1] is ...:
        found = spread(tuple(items), rank)
        while found and found[-1] == Slice():
            found.pop()
    return found


def spec_sets(spec: Spec, native_data: bool) -> tuple[set[str], set[str]]:
    """The data that may be plain numbers, and those that may be arrays of NumPy."""
    if native_data:
        return set(), set()
    scalars = {d.name for d in spec.data if not d.type.shape}
    return scalars, {d.name for d in spec.data}
