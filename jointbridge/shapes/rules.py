"""How the shape of a call follows from the shapes of its arguments, rule by rule."""

from __future__ import annotations

from collections.abc import Callable

from jointbridge.expression import Call
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes.basic import Shape, bad, broadcast
from jointbridge.spec import Type


def _is_int(value: object) -> bool:
    return type(value) is int


def _is_size(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_tuple(value: object) -> bool:
    return isinstance(value, tuple) and all(map(_is_int, value))


def _is_bool(value: object) -> bool:
    return type(value) is bool


#: What each static option may be, and how that is said.
_OPTIONS: dict[str, tuple[Callable[[object], bool], str]] = {
    "axis": (
        lambda v: v is None or _is_int(v) or _is_tuple(v),
        "an integer or several",
    ),
    "axes": (lambda v: v is None or _is_tuple(v), "a tuple of integers"),
    "keepdims": (_is_bool, "True or False"),
    "shape": (lambda v: _is_size(v) or _is_tuple(v), "a tuple of sizes"),
    "size": (_is_size, "a size"),
    "subscripts": (lambda v: isinstance(v, str), "a text"),
    "kind": (lambda v: isinstance(v, str), "a text"),
    "lower": (_is_bool, "True or False"),
    "start": (_is_int, "an integer"),
    "stop": (_is_int, "an integer"),
    "transpose_a": (_is_bool, "True or False"),
}


def check_options(node: Call) -> None:
    """Refuse static options of a wrong sort.

    Raises:
        SpecError: An option is, say, a text where a size is meant.
    """
    for name, value in node.options:
        good, words = _OPTIONS[name]
        if not good(value):
            raise bad(f"{name} must be {words}, got {value!r}", code="arguments")


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
        if not -rank <= a < rank:
            raise bad(f"axis {a} of an array with {rank} axes")
    found = tuple(a if a < 0 else a - rank for a in axes)
    if len(set(found)) < len(found):
        raise bad(f"axes {axes} name one axis twice")
    return found


def _map(_: Call, shapes: list[Shape]) -> Shape:
    return broadcast(*shapes)


def _reduce(node: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    gone = {a + len(shape) for a in axes_of(node, len(shape))}
    if node.option("keepdims"):
        return tuple(1 if i in gone else n for i, n in enumerate(shape))
    return tuple(n for i, n in enumerate(shape) if i not in gone)


def _along(node: Call, shapes: list[Shape]) -> Shape:
    if len(axes_of(node, len(shapes[0]))) != 1:
        raise bad(f"{node.function} runs along one axis")
    return shapes[0]


def _reshape(node: Call, shapes: list[Shape]) -> Shape:
    shape = _static_shape(node)
    if Type(shape).size != Type(shapes[0]).size:
        raise bad(f"{list(shapes[0])} cannot become {list(shape)}")
    return shape


def _static_shape(node: Call) -> Shape:
    shape = node.option("shape")
    shape = shape if isinstance(shape, tuple) else (shape,)
    if any(type(n) is not int or n < 0 for n in shape):
        raise bad(f"shape {shape} must be whole numbers")
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
        raise bad(f"axes {axes} do not reorder {rank} axes")
    return wanted


def _transpose(node: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    return tuple(shape[a] for a in permutation(node, len(shape)))


def _squeeze(node: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    axes = {a + len(shape) for a in axes_of(node, len(shape))}
    if any(shape[a] != 1 for a in axes):
        raise bad(f"squeeze of an axis that is not 1 in {list(shape)}")
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def _broadcast_to(node: Call, shapes: list[Shape]) -> Shape:
    shape = _static_shape(node)
    if broadcast(shape, shapes[0]) != shape:
        raise bad(f"{list(shapes[0])} does not broadcast to {list(shape)}")
    return shape


def join_axis(node: Call, rank: int) -> int:
    """The `axis` of a stack or concatenation, negative, in the result."""
    axis = node.option("axis", 0)
    if not _is_int(axis):
        raise bad("the axis to join along must be one integer")
    if not -rank <= axis < rank:
        raise bad(f"axis {axis} of a result with {rank} axes")
    return int(axis if axis < 0 else axis - rank)


def _stack(node: Call, shapes: list[Shape]) -> Shape:
    shape = broadcast(*shapes)
    axis = join_axis(node, len(shape) + 1) + len(shape) + 1
    return (*shape[:axis], len(shapes), *shape[axis:])


def _concatenate(node: Call, shapes: list[Shape]) -> Shape:
    rank = len(shapes[0])
    if rank == 0 or any(len(s) != rank for s in shapes):
        raise bad(
            f"concatenate takes arrays of one rank, got {shapes}",
            "write x[None] or [x] to add an axis",
        )
    axis = join_axis(node, rank) + rank
    rest = {s[:axis] + s[axis + 1 :] for s in shapes}
    if len(rest) > 1:
        raise bad(f"shapes {shapes} differ off axis {axis}")
    return (*shapes[0][:axis], sum(s[axis] for s in shapes), *shapes[0][axis + 1 :])


def _arange(node: Call, _: list[Shape]) -> Shape:
    return (max(0, node.option("stop") - node.option("start")),)


def _square(_: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise bad(f"needs a square matrix, got {list(shape)}")
    return shape


def _diag(_: Call, shapes: list[Shape]) -> Shape:
    (shape,) = shapes
    if not shape:
        raise bad("needs a vector, got a scalar")
    return (*shape, shape[-1])


def _matmul(_: Call, shapes: list[Shape]) -> Shape:
    x, y = shapes
    if not x or not y:
        raise bad("@ takes vectors or matrices", "use * for scalars")
    inner = y[-2] if len(y) > 1 else y[-1]
    if x[-1] != inner:
        raise bad(f"{list(x)} @ {list(y)}: {x[-1]} columns meet {inner} rows")
    batch = broadcast(x[:-2], y[:-2])
    return (*batch, *x[-2:-1], *(y[-1:] if len(y) > 1 else ()))


def _solve(node: Call, shapes: list[Shape]) -> Shape:
    a, b = shapes
    _square(node, [a])
    vector = len(b) < len(a)
    rows = b[-1:] if vector else b[-2:-1]
    if rows != a[-1:]:
        raise bad(f"{node.function} of {list(a)} and {list(b)}")
    return (
        *broadcast(a[:-2], b[:-1] if vector else b[:-2]),
        *b[-1 if vector else -2 :],
    )


def _einsum(node: Call, shapes: list[Shape]) -> Shape:
    left, arrow, result = node.option("subscripts").replace(" ", "").partition("->")
    terms = left.split(",")
    sizes: dict[str, int] = {}
    if not arrow or len(terms) != len(shapes):
        raise bad("einsum needs one term for each array and an explicit '->'")
    for term, shape in zip(terms, shapes, strict=True):
        if len(term) != len(shape) or (not term.isalpha() and term):
            raise bad(f"einsum term {term!r} for shape {list(shape)}")
        for letter, size in zip(term, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise bad(f"einsum index {letter!r} is {sizes[letter]} and {size}")
    if any(letter not in sizes for letter in result):
        raise bad(f"einsum result {result!r} has an unknown index")
    if len(set(result)) < len(result) or not left.isascii():
        raise bad(f"einsum result {result!r} must have distinct letters a to z")
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
    "diag": _diag,
    "diagonal": lambda node, shapes: _square(node, shapes)[:-1],
    "matmul": _matmul,
    "einsum": _einsum,
    "solve": _solve,
    "cast": lambda _, shapes: shapes[0],
}
