"""Setting and adding to places of an array: `x.at[k].set(y)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from jointbridge.backends.arrays.raising.indexing import component, place
from jointbridge.backends.arrays.raising.layout import joined, sliced
from jointbridge.backends.arrays.raising.placing import at_known
from jointbridge.backends.arrays.raising.views import ALL
from jointbridge.expression import Call, Expression, Number

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand

#: What is done with the old and the new values, and the new one that changes nothing.
COMBINED = {
    "scatter-add": ("add", 0.0),
    "scatter-mul": ("multiply", 1.0),
    "scatter-min": ("minimum", float("inf")),
    "scatter-max": ("maximum", -float("inf")),
}


@dataclass
class Scatter:
    """The operands of a scatter, and where its axes are.

    Attributes:
        combine: A row of `COMBINED`; None where values are replaced.
    """

    raiser: Raiser
    equation: Any
    x: Operand
    index: Operand
    new: Operand
    combine: tuple[str, float] | None

    @property
    def numbers(self) -> Any:
        """Which axis is which."""
        return self.equation.params["dimension_numbers"]

    @property
    def dims(self) -> tuple[int, ...]:
        """The axes that are indexed."""
        return tuple(self.numbers.scatter_dims_to_operand_dims)

    @property
    def inserted(self) -> tuple[int, ...]:
        """The axes that the new values do not have."""
        return tuple(self.numbers.inserted_window_dims)

    @property
    def adds(self) -> bool:
        """Whether new values are added to the old ones."""
        return self.equation.primitive.name == "scatter-add"

    @property
    def windows(self) -> list[int]:
        """How many items are set along each axis."""
        sizes = iter([self.new.shape[a] for a in self.numbers.update_window_dims])
        rank = len(self.x.shape)
        return [1 if d in self.inserted else next(sizes) for d in range(rank)]

    @property
    def axis(self) -> int | None:
        """The one axis that is indexed by a list, all else being whole."""
        if len(self.index.shape) != 2 or self.dims != self.inserted:
            return None
        if len(self.dims) != 1:
            return None
        (d,) = self.dims
        whole = (*self.x.shape[:d], self.index.shape[0], *self.x.shape[d + 1 :])
        beside = tuple(a for a in range(len(whole)) if a != d)
        fits = tuple(self.numbers.update_window_dims) == beside
        return d if fits and self.new.shape == whole else None

    def placed(self, mask: Expression, node: Expression) -> Expression:
        """The array with new values where a mask holds."""
        if self.combine is None:
            return Call("where", (mask, node, self.x.node))
        function, neutral = self.combine
        change = Call("where", (mask, node, Number(neutral)))
        return Call(function, (self.x.node, change))

    def added(self, node: Expression) -> Expression:
        """The array with something added, which is 0 where nothing is new."""
        zero = self.x.array is not None and not self.x.array.any()
        return node if zero else Call("add", (self.x.node, node))


def _scatter(raiser: Raiser, equation: Any, operands: Sequence[Operand]) -> Any:
    combine = COMBINED.get(equation.primitive.name)
    x, index, new = operands
    s = Scatter(raiser, equation, x, index, new, combine)
    if not s.numbers.operand_batching_dims:
        found = _at_one_index(s) or _at_several(s) or at_known(s)
        if found is not None:
            return found
    raise raiser.refusal(
        equation,
        "with places of this sort",
        "set single places or one slice, or write it with where(), one_hot() and @",
    )


def _at_one_index(s: Scatter) -> Expression | None:
    if len(s.index.shape) != 1:
        return None
    if all(s.windows[d] == 1 for d in s.dims):
        return _at_one(s)
    if len(s.dims) == 1 and s.index.array is not None:
        return _at_window(s, int(s.index.array[0]))
    return None


def _at_one(s: Scatter) -> Expression:
    """`where(arange(0, n) == k, new, x)`."""
    rank = len(s.x.shape)
    tests = []
    for k, d in enumerate(s.dims):
        steps = Call("arange", (), (("start", 0), ("stop", s.x.shape[d])))
        column = s.raiser.view(steps, [ALL, *(None,) * (rank - 1 - d)])
        at = place(s.raiser, component(s.raiser, s.index, k), s.x.shape[d])
        tests.append(Call("equal", (column, at)))
    mask = reduce(lambda a, b: Call("logical_and", (a, b)), tests)
    # The new values, with an axis of 1 where an index has taken one away.
    axes = [None if d in s.inserted else ALL for d in range(rank)]
    node = s.raiser.view(s.new.full, axes) if s.new.own else s.new.node
    return s.placed(mask, node)


def _at_window(s: Scatter, start: int) -> Expression:
    """`concatenate([x[:a], new, x[b:]])`."""
    (d,), x = s.dims, s.x
    stop = start + s.new.shape[d]
    edges = [(0, start), (start, stop), (stop, x.shape[d])]
    parts: list[Any] = []
    for low, high in edges:
        bounds = [(0, n, 1) for n in x.shape]
        bounds[d] = (low, high, 1)
        shape = (*x.shape[:d], high - low, *x.shape[d + 1 :])
        part = s.raiser.broadcast(sliced(s.raiser, x, bounds), shape)
        parts.append(part if high > low else None)
    if s.combine is None:
        parts[1] = s.new.full
    else:
        parts[1] = Call(s.combine[0], (parts[1], s.new.node))
    nodes = [p for p in parts if p is not None]
    return joined(nodes, d - len(x.shape), len(x.shape))


def _at_several(s: Scatter) -> Expression | None:
    """`x + y @ one_hot(i, n)`."""
    d, rank = s.axis, len(s.x.shape)
    if not s.adds or d is None or (d, rank) not in ((0, 2), (rank - 1, rank)):
        return None
    i = place(s.raiser, component(s.raiser, s.index, 0), s.x.shape[d])
    hot: Expression = Call("one_hot", (i,), (("size", s.x.shape[d]),))
    if rank == 1 and not s.new.own:
        count = Call("sum", (hot,), (("axis", -2),))
        one = s.new.array is not None and bool((s.new.array == 1).all())
        return s.added(count if one else Call("multiply", (s.new.node, count)))
    if d == rank - 1:
        return s.added(Call("matmul", (s.new.full, hot)))
    return s.added(Call("matmul", (Call("transpose", (hot,)), s.new.full)))


RULES: dict[str, Callable[..., Any]] = {
    "scatter": _scatter,
    **dict.fromkeys(COMBINED, _scatter),
}
