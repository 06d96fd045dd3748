"""Symbolic values: expressions with a known shape and kind.

    x = jb.data("x", [1.0, 2.0])        Value(x: float[2])
    2 * x[:, None] + 1                  Value(2 * x[:, None] + 1: float[2, 1])

Operators and indexing build larger ones; anything else may stand beside them: numbers,
lists, arrays, declared data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from jointbridge.author.arrays import (
    Declared,
    as_array,
    is_scalar,
    literal,
    number,
    static,
)
from jointbridge.author.location import at_users_line
from jointbridge.author.origin import Origin, check_in_sight, combined, scope
from jointbridge.author.plates import PlateContext
from jointbridge.author.recorder import active, current
from jointbridge.author.refusals import Unevaluated, numpy_refused
from jointbridge.author.symbols import Dist, Region
from jointbridge.errors import SpecError, did_you_mean
from jointbridge.expression import (
    Expression,
    Index,
    Item,
    Name,
    Sequence,
    Slice,
)
from jointbridge.functions import FUNCTIONS, Function
from jointbridge.spec import Data, Type
from jointbridge.syntax import make_call, show

#: Functions of one array that are also methods, as `x.sum(axis=-1)`.
_METHOD_RULES = {"reduce", "along", "reshape", "transpose", "squeeze", "diagonal"}
METHODS = {row.name for row in FUNCTIONS.values() if row.shape in _METHOD_RULES}

#: The ufuncs behind operators with an array on the left.
_UFUNCS = {name: name for name, row in FUNCTIONS.items() if row.symbol}
_UFUNCS |= {"bitwise_and": "logical_and", "bitwise_or": "logical_or"}


def _infix(function: str) -> tuple[Callable[..., Value], Callable[..., Value]]:
    def forward(self: Value, other: Any) -> Value:
        return call(function, self, other)

    def backward(self: Value, other: Any) -> Value:
        return call(function, other, self)

    return forward, backward


def _prefix(function: str) -> Callable[[Value], Value]:
    return lambda self: call(function, self)


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Value(Unevaluated):
    """An expression with its type; operators and indexing build larger ones.

    Attributes:
        node: The expression.
        type: Shape and kind of one draw.
        origin: The size of the tree, and where its names live.
    """

    node: Expression
    type: Type
    origin: Origin

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        text = show(self.node) if self.origin.nodes < 100 else "…"
        return f"Value({text if len(text) < 80 else text[:79] + '…'}: {self.type})"

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of its axes in one draw."""
        return self.type.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.type.rank

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.type.size

    @property
    def kind(self) -> str:
        """`float`, `int` or `bool`."""
        return self.type.kind

    @property
    def T(self) -> Value:  # noqa: N802
        """The axes in reverse order."""
        return call("transpose", self)

    def __getattr__(self, name: str) -> Callable[..., Value]:
        if name in METHODS:
            return partial(call, name, self)
        hint = "" if name.startswith("_") else f"; {did_you_mean(name, METHODS)}"
        message = f"a symbolic value has no attribute {name!r}{hint}"
        raise AttributeError(message)

    @at_users_line
    def __len__(self) -> int:
        if not self.shape:
            raise SpecError(f"a scalar has no length: {self!r}", code="shape")
        return self.shape[0]

    def __iter__(self) -> Iterator[Value]:
        return map(self.__getitem__, range(len(self)))

    @at_users_line
    def __getitem__(self, key: Any) -> Value:
        given = key if isinstance(key, tuple) else (key,)
        items = [_item(i) for i in given]
        parts = [self, *(i for i in items if isinstance(i, Value))]
        written = tuple(i.node if isinstance(i, Value) else i for i in items)
        return _make(Index(value(self).node, written), parts)

    __add__, __radd__ = _infix("add")
    __sub__, __rsub__ = _infix("subtract")
    __mul__, __rmul__ = _infix("multiply")
    __truediv__, __rtruediv__ = _infix("divide")
    __pow__, __rpow__ = _infix("power")
    __matmul__, __rmatmul__ = _infix("matmul")
    __and__, __rand__ = _infix("logical_and")
    __or__, __ror__ = _infix("logical_or")
    __lt__, __gt__ = _infix("less")[0], _infix("greater")[0]
    __le__, __ge__ = _infix("less_equal")[0], _infix("greater_equal")[0]
    __eq__, __ne__ = _infix("equal")[0], _infix("not_equal")[0]  # type: ignore[assignment]
    __neg__, __invert__ = _prefix("negative"), _prefix("logical_not")
    __abs__ = _prefix("abs")

    def __pos__(self) -> Value:
        return self

    @at_users_line
    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, **options: Any
    ) -> Value:
        """`array + value` builds an expression; other NumPy functions are refused."""
        name = _UFUNCS.get(ufunc.__name__)
        if name is None or method != "__call__" or options:
            raise numpy_refused(ufunc.__name__)
        return call(name, *inputs)


Symbol: TypeAlias = Value | Dist | Region


# -- from anything to values --------------------------------------------------


def symbol(x: Any) -> Symbol:
    """`x` as a part of a call: a value, a distribution or a support."""
    if isinstance(x, (Dist, Region)):
        check_in_sight(x)
        return x
    return value(x)


def value(x: Any) -> Value:
    """`x` as a value: a number, a list, an array, a declaration or an expression.

    Raises:
        SpecError: It is none of these.
    """
    if isinstance(x, Value):
        check_in_sight(x)
        return x
    if isinstance(x, (Dist, Region)):
        message = f"{x!r} stands where a value is needed"
        hint = "draw a value from a distribution first: x = jb.sample(name, dist)"
        raise SpecError(message, code="arguments", hint=hint)
    if isinstance(x, PlateContext):
        return call("arange", 0, x.size)
    if is_scalar(x):
        return _make(number(x))
    if isinstance(x, (list, tuple)) and has_symbol(x):
        parts = [value(item) for item in x]
        return _make(Sequence(tuple(p.node for p in parts)), parts)
    return _array(x)


def has_symbol(x: Any) -> bool:
    """Whether `x` is symbolic, or a list with symbolic items."""
    if isinstance(x, (list, tuple)):
        return any(map(has_symbol, x))
    return isinstance(x, (Value, Dist, Region))


def _array(x: Any) -> Value:
    """Arguments of the model are data; small literals are written out."""
    recorder = active()
    named = isinstance(x, Declared) or (recorder and recorder.argument(x))
    array = None if isinstance(x, Declared) else as_array(x)
    if array is not None and array.ndim == 0:
        return _make(number(array.item()))
    written = None if array is None or named else literal(array)
    if written is not None:
        return _make(written, nodes=np.size(x))
    return data_value(current("data").automatic_data(x))


def data_value(data: Data) -> Value:
    """The reference to an entry of data."""
    return Value(Name(data.name), data.type, Origin(owner=current("data").frames[0]))


def name_of(value: Value) -> str:
    """The name that a reference refers to."""
    assert isinstance(value.node, Name)
    return value.node.name


def named_value(name: str, type_: Type) -> Value:
    """The reference to a name defined just now, in the innermost frame."""
    frame = current("let").frames[-1]
    frame.scope.names[name] = type_
    return Value(Name(name), type_, Origin(owner=frame))


# -- calls --------------------------------------------------------------------


@at_users_line
def call(name: str, *args: Any, **options: Any) -> Value:
    """A function of the vocabulary, applied to anything that is a value.

    Raises:
        SpecError: The arguments do not fit the function.
    """
    row = FUNCTIONS[name]
    parts: list[Symbol] = []
    fields = _fields(row, len(args))
    positional = [
        _argument(row, f, x, parts) for f, x in zip(fields, args, strict=True)
    ]
    keywords = {f: _argument(row, f, x, parts) for f, x in options.items()}
    return _make(make_call(name, positional, keywords), parts)


def _fields(row: Function, given: int) -> list[str]:
    """The fields that positional arguments fill; einsum's arrays need no list."""
    fixed = row.order[:-1] if row.order[-1] == "xs" else row.order
    return [*fixed[:given], *["x"] * (given - len(fixed))]


def _argument(row: Function, field: str, x: Any, parts: list[Symbol]) -> Any:
    """The node of one argument; what it is made of goes into `parts`."""
    if field in row.options:
        return static(f"{row.name}: {field}", x)
    if field == "xs" and isinstance(x, (list, tuple)):
        return tuple(_argument(row, "x", item, parts) for item in x)
    part = symbol(x) if field == "distribution" else value(x)
    parts.append(part)
    return part.node


def _item(x: Any) -> Item | Value:
    if x is None or x is ...:
        return x
    if isinstance(x, slice):
        return Slice(*(static("a slice", b) for b in (x.start, x.stop, x.step)))
    return value(x)


def _make(node: Any, parts: Iterable[Symbol] = (), nodes: int = 0) -> Value:
    origin = combined(parts, nodes)
    return Value(node, scope().type(node), origin)
