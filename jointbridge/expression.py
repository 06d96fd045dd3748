"""The expression language as plain frozen data: one small tree of named nodes.

    Normal(loc=mu + 2 * x[idx], scale=exp(s))

    Distribution ── loc ──── Call add ── Name mu
        │                        └────── Call multiply ── Number 2
        │                                     └────────── Index ── Name x
        └───────── scale ─── Call exp ── Name s             └───── Name idx

The nodes know nothing of arrays, shapes or backends.  Text is read and written by
`jointbridge.syntax`; shapes are inferred by `jointbridge.shapes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import EllipsisType
from typing import Any, TypeAlias, TypeGuard


@dataclass(frozen=True, slots=True)
class Number:
    """A literal: a float, an int or a bool, without a width."""

    value: float | int | bool

    def __eq__(self, other: object) -> bool:
        # 1, 1.0 and True are three different literals here.
        return (
            isinstance(other, Number)
            and type(self.value) is type(other.value)
            and repr(self.value) == repr(other.value)
        )

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))


@dataclass(frozen=True, slots=True)
class Name:
    """A reference to a site, an entry of data or another named value."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A literal vector: its items, stacked along a new first axis.

    Where a parameter takes distributions, the items are distributions.
    """

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the vocabulary, applied to arrays, with static options."""

    function: str
    args: tuple[Node, ...]
    options: tuple[tuple[str, Any], ...] = ()

    def option(self, name: str, default: Any = None) -> Any:
        """The value of a static option, or `default` where it is not written."""
        return dict(self.options).get(name, default)


@dataclass(frozen=True, slots=True)
class Slice:
    """A static slice inside an index."""

    start: int | None = None
    stop: int | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """`base[items]`: integers, slices, `None`, `...` and integer arrays."""

    base: Expression
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """A set of values: `positive`, `interval(low=0, high=tau)`, `simplex(3)`."""

    name: str
    params: tuple[tuple[str, Expression], ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Transform(Support):
    """A map of values, `AffineTransform(loc=0, scale=2)`: a name with parameters."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A family with its parameters, in the order of the family's row."""

    family: str
    params: tuple[tuple[str, Node], ...] = ()

    def param(self, name: str) -> Node | None:
        """The parameter called `name`, or None where it is not written."""
        return dict(self.params).get(name)


Expression: TypeAlias = Number | Name | Sequence | Call | Index
Item: TypeAlias = Expression | Slice | EllipsisType | None
Node: TypeAlias = Expression | Distribution | Support

EXPRESSIONS = (Number, Name, Sequence, Call, Index)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below `node`, in reading order."""
    match node:
        case Sequence():
            return node.items
        case Call(_, args, _):
            return args
        case Index(base, items):
            return (base, *(i for i in items if isinstance(i, EXPRESSIONS)))
        case Distribution(_, params) | Support(_, params, _):
            return tuple(value for _, value in params)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, parents first; shared nodes come as often as used."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def inner(node: Distribution) -> Iterator[tuple[str, Distribution]]:
    """The distributions that a distribution takes, by parameter."""
    for name, value in node.params:
        items = value.items if isinstance(value, Sequence) else (value,)
        yield from ((name, item) for item in items if isinstance(item, Distribution))


def is_many(value: Any) -> TypeGuard[Sequence]:
    """Whether it is a list of distributions, as `[Normal(0, 1), Cauchy(0, 1)]`."""
    first = value.items[:1] if isinstance(value, Sequence) else ()
    return any(isinstance(item, Distribution) for item in first)


def names(node: Node) -> frozenset[str]:
    """The names that `node` refers to; what is shared is looked at once."""
    found: set[str] = set()
    seen: set[int] = set()
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Name):
            found.add(top.name)
        elif id(top) not in seen:
            seen.add(id(top))
            stack.extend(children(top))
    return frozenset(found)


def rebuild(node: Node, change: Callable[[Node], Any]) -> Any:
    """A copy of `node` whose children are `change(child)`."""
    match node:
        case Sequence(items):
            return Sequence(tuple(map(change, items)))
        case Call(function, args, options):
            return Call(function, tuple(map(change, args)), options)
        case Index(base, items):
            changed = (change(i) if isinstance(i, EXPRESSIONS) else i for i in items)
            return Index(change(base), tuple(changed))
        case Distribution(family, params):
            return Distribution(family, tuple((k, change(v)) for k, v in params))
        case Support(name, bounds, sizes):
            return type(node)(name, tuple((k, change(v)) for k, v in bounds), sizes)
        case _:
            return node


def substitute(node: Any, values: Mapping[str, Node]) -> Any:
    """`node` with every `Name` in `values` replaced by its value.

    What is shared stays shared.
    """
    done: dict[int, Any] = {}
    stack = [node]
    while stack:
        top = stack[-1]
        if missing := [c for c in children(top) if id(c) not in done]:
            stack += missing
        elif isinstance(top, Name):
            done[id(stack.pop())] = values.get(top.name, top)
        else:
            done[id(stack.pop())] = rebuild(top, lambda child: done[id(child)])
    return done[id(node)]
