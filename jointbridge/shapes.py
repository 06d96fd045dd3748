"""Static shapes and kinds: what every node is, before any backend is imported.

Axes count from the right, so that leading axes of draws never move them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jointbridge.errors import SpecError, did_you_mean
from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Name,
    Number,
    Sequence,
    Slice,
    Support,
    substitute,
)
from jointbridge.families import FAMILIES, Family, Parameter
from jointbridge.functions import FUNCTIONS
from jointbridge.spec import Type
from jointbridge.supports import SUPPORTS
from jointbridge.syntax import parse, show

Shape = tuple[int, ...]
_ORDER = ("bool", "int", "float")


@dataclass(frozen=True, slots=True)
class DistributionType:
    """Batch shape, event shape and the kind of a value."""

    batch: Shape
    event: Shape
    kind: str
    sizes: tuple[tuple[str, int], ...] = ()


@dataclass
class Scope:
    """The types of the names in sight, and of every node asked about so far."""

    names: dict[str, Type] = field(default_factory=dict)
    _seen: dict[int, tuple[Any, Any]] = field(default_factory=dict, repr=False)

    def child(self, names: Mapping[str, Type]) -> Scope:
        """A scope that sees `names` as well."""
        return Scope({**self.names, **names})

    def type(self, node: Any) -> Type:
        """The type of an expression.

        Raises:
            SpecError: Shapes or kinds do not fit, or a name is unknown.
        """
        return self._once(node, _expression)  # type: ignore[no-any-return]

    def distribution(self, node: Distribution) -> DistributionType:
        """Batch and event shape of a distribution.

        Raises:
            SpecError: A parameter has a wrong shape or kind.
        """
        return self._once(node, _distribution)  # type: ignore[no-any-return]

    def _once(self, node: Any, rule: Callable[[Any, Scope], Any]) -> Any:
        # The node is kept beside its type so that its id stays its own.
        found = self._seen.get(id(node))
        if found is None:
            found = self._seen[id(node)] = (node, rule(node, self))
        return found[1]


def broadcast(*shapes: Shape) -> Shape:
    """NumPy's broadcast of shapes.

    Raises:
        SpecError: They do not broadcast.
    """
    rank = max(map(len, shapes), default=0)
    padded = [(1,) * (rank - len(s)) + s for s in shapes]
    result = []
    for axis in zip(*padded, strict=True):
        sizes = {n for n in axis if n != 1}
        if len(sizes) > 1:
            listed = " and ".join(str(list(s)) for s in shapes)
            raise SpecError(
                f"shapes {listed} do not broadcast",
                code="shape",
                hint="axes align from the right; x[:, None] adds one",
            )
        result.append(sizes.pop() if sizes else 1)
    return tuple(result)


def widest(kinds: list[str]) -> str:
    """The kind that holds all of `kinds`."""
    return max(kinds, key=_ORDER.index)


def _bad(message: str, hint: str = "", code: str = "shape") -> SpecError:
    return SpecError(message, code=code, hint=hint)


# -- expressions --------------------------------------------------------------


def _expression(node: Any, scope: Scope) -> Type:
    match node:
        case Number(value):
            return Type((), type(value).__name__)
        case Name(name):
            if name not in scope.names:
                hint = did_you_mean(name, scope.names)
                raise SpecError(f"no {name!r} in sight", code="unknown-name", hint=hint)
            return scope.names[name]
        case Sequence(items):
            types = [scope.type(i) for i in items]
            if not types:
                raise _bad("an empty vector has no kind")
            shape = broadcast(*(t.shape for t in types))
            return Type((len(items), *shape), widest([t.kind for t in types]))
        case Index(base, items):
            return _index(scope.type(base), items, scope, show(node))
        case Call():
            return _call(node, scope)
    raise _bad(f"{show(node)} is not a value", code="kind")


def _call(node: Call, scope: Scope) -> Type:
    row = FUNCTIONS[node.function]
    try:
        if row.shape == "log_prob":
            return _log_prob(node, scope)
        types = [scope.type(arg) for arg in node.args]
        shape = RULES[row.shape](node, [t.shape for t in types])
    except SpecError as error:
        if error.problems[0].path:
            raise
        problem = error.problems[0]
        message = f"{problem.message}, in {_short(show(node))}"
        raise SpecError(message, code=problem.code, hint=problem.hint) from None
    return Type(shape, _kind(node, row.kind, [t.kind for t in types]))


def _short(text: str) -> str:
    return text if len(text) < 80 else text[:77] + "…"


def _kind(node: Call, rule: str, kinds: list[str]) -> str:
    if rule in ("float", "bool"):
        return rule
    if rule == "compare":
        return "bool"
    if rule == "int":
        return "int"
    if rule == "cast":
        kind = node.option("kind")
        if kind not in _ORDER:
            raise _bad(f"cast to {kind!r}", "float, int or bool", "kind")
        return str(kind)
    if node.function == "where":
        kinds = kinds[1:]
    kind = widest(kinds)
    if rule == "numeric" and kind == "bool":
        kind = "int"
    if node.function == "power" and kind == "int":
        # an integer to a negative power is no integer
        exponent = node.args[1]
        literal = isinstance(exponent, Number) and exponent.value >= 0
        kind = "int" if literal else "float"
    return kind


def axes_of(node: Call, rank: int) -> Shape:
    """The static `axis` option as negative axes.

    Raises:
        SpecError: There is no such axis.
    """
    axis = node.option("axis", FUNCTIONS[node.function].options["axis"])
    if axis is None:
        return tuple(range(-rank, 0))
    axes = axis if isinstance(axis, tuple) else (axis,)
    for a in axes:
        if not isinstance(a, int) or not -rank <= a < rank:
            raise _bad(f"axis {a} of an array with {rank} axes")
    return tuple(a if a < 0 else a - rank for a in axes)


def _map(_: Call, shapes: list[Shape]) -> Shape:
    return broadcast(*shapes)


def _reduce(node: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    gone = {a + len(shape) for a in axes_of(node, len(shape))}
    if node.option("keepdims"):
        return tuple(1 if i in gone else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in gone)


def _along(node: Call, shapes: list[Shape]) -> Shape:
    axes_of(node, len(shapes[0]))
    return shapes[0]


def _reshape(node: Call, shapes: list[Shape]) -> Shape:
    shape = _static_shape(node)
    if Type(shape).size != Type(shapes[0]).size:
        raise _bad(f"{list(shapes[0])} cannot become {list(shape)}")
    return shape


def _static_shape(node: Call) -> Shape:
    shape = node.option("shape")
    shape = shape if isinstance(shape, tuple) else (shape,)
    if any(type(n) is not int or n < 0 for n in shape):
        raise _bad(f"shape {shape} must be whole numbers")
    return shape


def permutation(node: Call, rank: int) -> Shape:
    """The `axes` of a transpose, non-negative.

    Raises:
        SpecError: They are no permutation.
    """
    axes = node.option("axes")
    if axes is None:
        return tuple(reversed(range(rank)))
    wanted = tuple(a + rank if a < 0 else a for a in axes)
    if sorted(wanted) != list(range(rank)):
        raise _bad(f"axes {axes} do not reorder {rank} axes")
    return wanted


def _transpose(node: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    return tuple(shape[a] for a in permutation(node, len(shape)))


def _squeeze(node: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    axes = {a + len(shape) for a in axes_of(node, len(shape))}
    if any(shape[a] != 1 for a in axes):
        raise _bad(f"squeeze of an axis that is not 1 in {list(shape)}")
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def _broadcast_to(node: Call, shapes: list[Shape]) -> Shape:
    shape = _static_shape(node)
    if broadcast(shape, shapes[0]) != shape:
        raise _bad(f"{list(shapes[0])} does not broadcast to {list(shape)}")
    return shape


def join_axis(node: Call, rank: int) -> int:
    """The `axis` of a stack or concatenation, negative, in the result."""
    axis = node.option("axis", 0)
    if not -rank <= axis < rank:
        raise _bad(f"axis {axis} of a result with {rank} axes")
    return int(axis if axis < 0 else axis - rank)


def _stack(node: Call, shapes: list[Shape]) -> Shape:
    shape = broadcast(*shapes)
    axis = join_axis(node, len(shape) + 1) + len(shape) + 1
    return (*shape[:axis], len(shapes), *shape[axis:])


def _concatenate(node: Call, shapes: list[Shape]) -> Shape:
    rank = len(shapes[0])
    if rank == 0 or any(len(s) != rank for s in shapes):
        raise _bad(
            f"concatenate takes arrays of one rank, got {shapes}",
            "write x[None] or [x] to add an axis",
        )
    axis = join_axis(node, rank) + rank
    rest = {s[:axis] + s[axis + 1 :] for s in shapes}
    if len(rest) > 1:
        raise _bad(f"shapes {shapes} differ off axis {axis}")
    return (*shapes[0][:axis], sum(s[axis] for s in shapes), *shapes[0][axis + 1 :])


def _arange(node: Call, _: list[Shape]) -> Shape:
    return (max(0, node.option("stop") - node.option("start")),)


def _square(_: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise _bad(f"needs a square matrix, got {list(shape)}")
    return shape


def _matmul(_: Call, shapes: list[Shape]) -> Shape:
    x, y = shapes
    if not x or not y:
        raise _bad("@ takes vectors or matrices", "use * for scalars")
    inner = y[-2] if len(y) > 1 else y[-1]
    if x[-1] != inner:
        raise _bad(f"{list(x)} @ {list(y)}: {x[-1]} columns meet {inner} rows")
    batch = broadcast(x[:-2], y[:-2])
    return (*batch, *x[-2:-1], *(y[-1:] if len(y) > 1 else ()))


def _solve(_: Call, shapes: list[Shape]) -> Shape:
    a, b = shapes
    _square(_, [a])
    vector = len(b) < len(a)
    rows = b[-1:] if vector else b[-2:-1]
    if rows != a[-1:]:
        raise _bad(f"solve_triangular of {list(a)} and {list(b)}")
    return (*broadcast(a[:-2], b[:-1] if vector else b[:-2]), *b[-1 if vector else -2 :])


def _einsum(node: Call, shapes: list[Shape]) -> Shape:
    left, arrow, result = node.option("subscripts").replace(" ", "").partition("->")
    terms = left.split(",")
    sizes: dict[str, int] = {}
    if not arrow or len(terms) != len(shapes):
        raise _bad("einsum needs one term for each array and an explicit '->'")
    for term, shape in zip(terms, shapes, strict=True):
        if len(term) != len(shape) or not term.isalpha() and term:
            raise _bad(f"einsum term {term!r} for shape {list(shape)}")
        for letter, size in zip(term, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise _bad(f"einsum index {letter!r} is {sizes[letter]} and {size}")
    if any(letter not in sizes for letter in result):
        raise _bad(f"einsum result {result!r} has an unknown index")
    return tuple(sizes[letter] for letter in result)


RULES: dict[str, Callable[[Call, list[Shape]], Shape]] = {
    "map": _map,
    "reduce": _reduce,
    "along": _along,
    "reshape": _reshape,
    "transpose": _transpose,
    "squeeze": _squeeze,
    "broadcast": _broadcast_to,
    "full": _broadcast_to,
    "stack": _stack,
    "concatenate": _concatenate,
    "arange": _arange,
    "eye": lambda node, _: (node.option("size"),) * 2,
    "one_hot": lambda node, shapes: (*shapes[0], node.option("size")),
    "square": _square,
    "diag": lambda _, shapes: (*shapes[0], shapes[0][-1]),
    "diagonal": lambda node, shapes: _square(node, shapes)[:-1],
    "matmul": _matmul,
    "einsum": _einsum,
    "solve": _solve,
    "cast": lambda _, shapes: shapes[0],
}


# -- indexing -----------------------------------------------------------------


def spread(items: tuple[Any, ...], rank: int) -> list[Any]:
    """The items of an index with `...` written out, one for each axis (or None).

    Raises:
        SpecError: There are more items than axes.
    """
    used = sum(1 for i in items if i is not None and i is not ...)
    if used > rank:
        raise _bad(f"{used} indices for {rank} axes")
    rest = [Slice()] * (rank - used)
    if ... not in items:
        return [*items, *rest]
    at = items.index(...)
    if ... in items[at + 1 :]:
        raise _bad("two '...' in one index")
    return [*items[:at], *rest, *items[at + 1 :]]


def _index(base: Type, items: tuple[Any, ...], scope: Scope, text: str) -> Type:
    shape: list[int] = []
    arrays: list[Shape] = []
    places: list[int] = []  # where among the items an integer or an array stands
    at = 0  # where in `shape` the arrays' own axes go
    axis = 0
    for place, item in enumerate(spread(items, base.rank)):
        if item is None:
            shape.append(1)
            continue
        size = base.shape[axis]
        axis += 1
        if isinstance(item, Slice):
            shape.append(_slice_length(item, size))
            continue
        places.append(place)
        if isinstance(item, Number):
            _check_integer(item, size, text)
            continue
        kind = scope.type(item)
        if kind.kind != "int":
            raise _bad(f"an index must be int, got {kind}, in {text}", code="kind")
        if not arrays:
            at = len(shape)
        arrays.append(kind.shape)
    if not arrays:
        return Type(tuple(shape), base.kind)
    if places != list(range(places[0], places[-1] + 1)):
        raise _bad(
            f"index arrays must stand side by side, in {text}",
            "index in two steps, as x[i][:, j]",
        )
    shape[at:at] = broadcast(*arrays)
    return Type(tuple(shape), base.kind)


def _slice_length(item: Slice, size: int) -> int:
    if item.step is not None and item.step < 1:
        raise _bad("a slice steps forward", "use x[idx] with an index array")
    return len(range(*slice(item.start, item.stop, item.step).indices(size)))


def _check_integer(item: Number, size: int, text: str) -> None:
    if type(item.value) is not int or not -size <= item.value < size:
        raise _bad(f"index {item.value} of an axis of {size}, in {text}")


# -- distributions ------------------------------------------------------------


def _distribution(node: Distribution, scope: Scope) -> DistributionType:
    row = FAMILIES[node.family]
    sizes: dict[str, int] = {}
    batches: list[Shape] = []
    inner: dict[str, DistributionType] = {}
    for name, value in node.params:
        parameter = row.parameters[name]
        if parameter.special == "size":
            sizes[parameter.axes[0]] = _size(node.family, name, value)
        elif isinstance(value, Support):
            batches += [scope.type(bound).shape for _, bound in value.params]
            inner[name] = DistributionType((), value.sizes, "float")
        elif isinstance(value, Distribution):
            inner[name] = scope.distribution(value)
            batches.append(_split(node, parameter, inner[name].batch, sizes))
            _check_base(row, value)
        else:
            kind = scope.type(value)
            _check_kind(node, parameter, kind)
            batches.append(_split(node, parameter, kind.shape, sizes))
    try:
        batch = broadcast(*batches)
    except SpecError as error:
        message = f"{error.problems[0].message}, in {_short(show(node))}"
        raise SpecError(message, code="shape", hint=error.problems[0].hint) from None
    if base := inner.get(row.support):
        return DistributionType(batch, base.event, base.kind, tuple(sizes.items()))
    event = tuple(sizes[a] for a in row.axes)
    kind_ = "int" if row.discrete else "float"
    if row.support == "point(v)":
        kind_ = scope.type(node.param("v")).kind
    return DistributionType(batch, event, kind_, tuple(sizes.items()))


def _size(family: str, name: str, value: Any) -> int:
    if isinstance(value, Number) and type(value.value) is int and value.value >= 1:
        return value.value
    raise _bad(f"{family}: {name} must be a whole number, got {show(value)}")


def _split(
    node: Distribution, parameter: Parameter, shape: Shape, sizes: dict[str, int]
) -> Shape:
    """The batch part of a parameter's shape; its event axes go into `sizes`."""
    axes = parameter.axes
    if not axes:
        return shape
    if len(shape) < len(axes):
        raise _bad(
            f"{node.family}: {parameter.name} needs axes {list(axes)} at its end, "
            f"got shape {list(shape)}"
        )
    for axis, size in zip(axes, shape[-len(axes) :], strict=True):
        if sizes.setdefault(axis, size) != size:
            raise _bad(
                f"{node.family}: {parameter.name} has {size} where another parameter "
                f"has {sizes[axis]} (axis {axis})"
            )
    return shape[: -len(axes)]


def _check_kind(node: Distribution, parameter: Parameter, kind: Type) -> None:
    whole = parameter.domain.name == "nonnegative_integer"
    if whole and kind.kind != "int":
        message = f"{node.family}: {parameter.name} must be int, got {kind}"
        raise _bad(message, "write 10 rather than 10.0, or cast(x, 'int')", "kind")


def _check_base(row: Family, base: Distribution) -> None:
    found = FAMILIES[base.family]
    if row.name == "Truncated" and not found.truncates:
        able = [f.name for f in FAMILIES.values() if f.truncates]
        message = f"Truncated cannot take {base.family}"
        raise _bad(message, f"it takes {', '.join(able)}", "arguments")
    if row.name == "ZeroInflated" and (not found.discrete or found.axes):
        message = f"ZeroInflated takes a family of single counts, got {base.family}"
        raise _bad(message, "Poisson, Binomial, …", "arguments")


def _log_prob(node: Call, scope: Scope) -> Type:
    dist, value = node.args
    if not isinstance(dist, Distribution):
        raise _bad("log_prob takes a distribution first", code="arguments")
    inferred = scope.distribution(dist)
    shape = scope.type(value).shape
    rank = len(inferred.event)
    if rank and shape[-rank:] != inferred.event:
        raise _bad(f"value {list(shape)} has no event {list(inferred.event)}")
    return Type(broadcast(inferred.batch, shape[: len(shape) - rank]))


def support_of(node: Distribution, scope: Scope) -> Support:
    """The support of a distribution, its bounds in terms of the parameters written."""
    row = FAMILIES[node.family]
    params = dict(node.params)
    for parameter in row.parameters.values():
        if parameter.default is not None:
            params.setdefault(parameter.name, parameter.default)
    inner = params.get(row.support)
    if isinstance(inner, Support):
        return inner
    if isinstance(inner, Distribution):
        support = support_of(inner, scope)
        return support if row.name != "Mixture" else _shared(support, scope)
    inferred = scope.distribution(node)
    if row.support == "point(v)":
        return Support("real")
    if row.support in SUPPORTS:
        return Support(row.support, (), inferred.event)
    support = parse(row.support, sizes=dict(inferred.sizes))
    bounds = {k: substitute(v, params) for k, v in support.params}
    return _finite(support.name, bounds, inferred.event)


def _finite(name: str, bounds: dict[str, Any], event: Shape) -> Support:
    """The support without the bounds that are literally infinite."""
    ends = {
        side: bounds[side]
        for side, infinite in (("low", Number(-math.inf)), ("high", Number(math.inf)))
        if bounds.get(side, infinite) != infinite
    }
    if name == "interval" and len(ends) < 2:
        names = {"low": "greater_than_eq", "high": "less_than_eq"}
        name = names[next(iter(ends))] if ends else "real"
        bounds = ends
    return Support(name, tuple(bounds.items()), event)


def _shared(support: Support, scope: Scope) -> Support:
    """The support of all components: its bounds must not differ between them."""
    bounds = []
    for name, value in support.params:
        shape = scope.type(value).shape
        if shape and shape[-1] != 1:
            raise _bad("the components of a Mixture must share one support")
        bounds.append((name, Index(value, (..., Number(0))) if shape else value))
    return Support(support.name, tuple(bounds), support.sizes)
