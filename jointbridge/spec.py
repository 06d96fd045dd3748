"""A joint as plain frozen data: plates, data and an ordered list of statements.

This is what a file says and what every backend reads.  `jointbridge.Joint` is the same
thing with verbs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np

from jointbridge.expression import Distribution, Expression, Node, Support, names

REAL = Support("real")

Kind: TypeAlias = str  # "float", "int" or "bool"; a width belongs to the build
KINDS: dict[str, type] = {"float": np.float64, "int": np.int64, "bool": np.bool_}


@dataclass(frozen=True, slots=True)
class Type:
    """The shape of one draw of a value, and its kind."""

    shape: tuple[int, ...] = ()
    kind: Kind = "float"

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements, as an unbounded Python integer."""
        return math.prod(self.shape)

    def __str__(self) -> str:
        return f"{self.kind}{list(self.shape)}"


@dataclass(frozen=True, eq=False)
class Data:
    """An array that is known, or declared by its type and bound later."""

    name: str
    type: Type
    values: np.ndarray | None = None

    @classmethod
    def of(cls, name: str, values: Any) -> Data:
        """Bound data from anything NumPy takes; kept as float64, int64 or bool."""
        array = np.asarray(values)
        kind = {"f": "float", "i": "int", "u": "int", "b": "bool"}[array.dtype.kind]
        array = np.array(array, dtype=KINDS[kind])
        array.setflags(write=False)
        return cls(name, Type(array.shape, kind), array)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Data) or (self.name, self.type) != (
            other.name,
            other.type,
        ):
            return False
        if self.values is None or other.values is None:
            return self.values is other.values
        return bool(np.array_equal(self.values, other.values, equal_nan=True))

    def __hash__(self) -> int:
        return hash((self.name, self.type))


@dataclass(frozen=True, slots=True)
class Plate:
    """A number of independent copies; `of` names the data axis it is read from."""

    name: str
    size: int
    of: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A random variable.

    Attributes:
        plates: Left to right as in the shape; None is an axis of size 1.
        shape: Independent copies inside one draw, right of the plates.
        observed: The value it was seen to have.
        mask: Where False, the term counts as 0.
        scale: What the log density is multiplied with.
        hints: Words for inference engines, as `enumerate: parallel`.
    """

    name: str
    dist: Distribution
    plates: tuple[str | None, ...] = ()
    shape: tuple[int, ...] = ()
    observed: Expression | None = None
    mask: Expression | None = None
    scale: Expression | None = None
    hints: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Deterministic:
    """A value computed from others and reported beside the draws."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Let:
    """A name for an expression that is used more than once; not reported."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Factor:
    """A term added to the log density; an array is summed."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Param:
    """A learnable value without a density; `init` is used where none is given."""

    name: str
    init: Expression
    support: Support = REAL


@dataclass(frozen=True, slots=True)
class Scan:
    """A recurrence: carries updated by a body, once for each slice of `over`.

        carry ──► body(carry, slice of over) ──► next carry
                        ├──► collect, stacked along a new first axis
                        └──► values of the body's sites, stacked alike

    Attributes:
        carry: Names with their initial values.
        over: Names with the arrays whose first axis is walked along.
        body: `Let` and `Sample` statements in terms of carries, slices and outer names.
            In the body a site's name is the value of this step; outside, of all steps.
        next: The next value of each carry.
        collect: What each step gives, visible outside as a stacked array.
        length: The number of steps; read from `over` where there is any.
    """

    name: str
    carry: tuple[tuple[str, Expression], ...]
    over: tuple[tuple[str, Expression], ...]
    body: tuple[Let | Sample, ...]
    next: tuple[tuple[str, Expression], ...]
    collect: tuple[tuple[str, Expression], ...]
    length: int | None = None

    @property
    def sites(self) -> tuple[Sample, ...]:
        """The sample statements of the body, in order."""
        return tuple(s for s in self.body if isinstance(s, Sample))


@dataclass(frozen=True, slots=True)
class Unread:
    """A statement with a mistake: it holds its names while the rest is examined."""

    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name that it would define."""
        return self.names[0]


Statement: TypeAlias = Sample | Deterministic | Let | Factor | Param | Scan

#: The kind of data, and the size of a plate, that could not be read.
UNREAD, UNREAD_SIZE = "unread", -1


@dataclass(frozen=True, slots=True)
class Spec:
    """A joint distribution: an ordered list of named statements over plates and data."""

    statements: tuple[Statement, ...]
    name: str = "joint"
    plates: tuple[Plate, ...] = ()
    data: tuple[Data, ...] = ()
    description: str = ""
    extensions: tuple[tuple[str, Any], ...] = ()

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The sample statements, in order; those in the bodies of scans are among them."""
        return tuple(s for statement in self.statements for s in samples(statement))

    @property
    def plate_sizes(self) -> dict[str | None, int]:
        """Sizes by plate name; None, an axis of size 1, is a plate of 1."""
        return {None: 1, **{p.name: p.size for p in self.plates}}

    def batch_shape(self, site: Sample) -> tuple[int, ...]:
        """The shape of a site's independent copies: its plates, then its own shape."""
        sizes = self.plate_sizes
        return (*(sizes[p] for p in site.plates), *site.shape)


def samples(statement: Statement) -> tuple[Sample, ...]:
    """The sample statements that a statement is, or has in its body."""
    if isinstance(statement, Scan):
        return statement.sites
    return (statement,) if isinstance(statement, Sample) else ()


def nodes(statement: Statement) -> Iterator[tuple[str, Node]]:
    """The expressions of a statement with the fields they stand in."""
    for field in fields(statement):
        value = getattr(statement, field.name)
        if isinstance(value, tuple):
            for item in value:
                if isinstance(item, Let):
                    yield f"body.{item.name}", item.value
                elif isinstance(item, Sample):
                    yield from ((f"body.{item.name}.{k}", n) for k, n in nodes(item))
                elif isinstance(item, tuple) and field.name != "hints":
                    yield f"{field.name}.{item[0]}", item[1]
        elif value is not None and not isinstance(value, (str, int)):
            yield field.name, value


def defined(statement: Statement) -> tuple[str, ...]:
    """The names that later statements may read of this one."""
    if isinstance(statement, Scan):
        collected = tuple(name for name, _ in statement.collect)
        return (*(site.name for site in statement.sites), *collected)
    return (statement.name,)


def references(statement: Statement) -> frozenset[str]:
    """The outer names that a statement reads."""
    outer, inner = frozenset[str](), frozenset[str]()
    for field, node in nodes(statement):
        if isinstance(statement, Scan) and not field.startswith(("carry.", "over.")):
            inner |= names(node)
        else:
            outer |= names(node)
    return outer | (inner - own_names(statement))


def own_names(statement: Statement) -> frozenset[str]:
    """The names that mean something else in the body of a scan than around it."""
    if not isinstance(statement, Scan):
        return frozenset()
    bound = (name for name, _ in (*statement.carry, *statement.over))
    return frozenset(bound) | {inner.name for inner in statement.body}
