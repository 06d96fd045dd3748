"""Expressions to arrays, for any array library, with any leading axes of draws.

Static shapes say how many axes one draw of a value has; whatever axes an array has beyond
those, on the left, are draws.  Operands of different rank are aligned behind the draws:

    one draw      mu []       x [8, 3]        mu + x
    1000 draws    [1000]      [1000, 8, 3]    mu becomes [1000, 1, 1]

so that one program serves a single draw, a batch of them, and traced or vmapped arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from jointbridge.arrays import Array as Array
from jointbridge.arrays import Arrays as Arrays
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate.indexing import index
from jointbridge.expression import (
    Call,
    Distribution,
    Index,
    Name,
    Number,
)
from jointbridge.expression import Sequence as Vector
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes import Scope, axes_of, join_axis, permutation, widest

Env = dict[str, Array]


LogProb = Callable[[Distribution, Array, "Evaluator", int], Array]


class Evaluator:
    """Evaluates the expressions of one scope.

    Args:
        arrays: The array library.
        scope: The types of all names.
        env: The arrays behind the names.
        log_prob: How `log_prob(distribution, value)` is computed; a backend gives it.
    """

    def __init__(
        self, arrays: Arrays, scope: Scope, env: Env, log_prob: LogProb | None = None
    ) -> None:
        self.arrays = arrays
        self.scope = scope
        self.env = env
        self.log_prob = log_prob
        self._seen: dict[int, tuple[Any, Array]] = {}

    def __call__(self, node: Any) -> Array:
        """The array that `node` stands for."""
        if isinstance(node, Name):
            return self.env[node.name]
        found = self._seen.get(id(node))
        if found is None:
            found = self._seen[id(node)] = (node, self._evaluate(node))
        return found[1]

    def aligned(self, node: Any, rank: int) -> Array:
        """`node` with new axes behind its draws, so that one draw has `rank` axes."""
        return self.pad(self(node), self.scope.type(node).rank, rank)

    def inside(self, scope: Scope, env: Env) -> Evaluator:
        """An evaluator of the same sort over other names."""
        return Evaluator(self.arrays, scope, env, self.log_prob)

    def function(self, name: str, *args: Any, **options: Any) -> Array:
        """A function of the vocabulary on arrays."""
        return self.arrays.functions[name](*args, **options)

    @staticmethod
    def pad(x: Array, rank: int, wanted: int) -> Array:
        """`x` with `wanted - rank` axes of 1 between its draws and its own axes."""
        draws = len(x.shape) - rank
        if draws == 0 or rank >= wanted:
            return x
        return x.reshape((*x.shape[:draws], *(1,) * (wanted - rank), *x.shape[draws:]))

    def number(self, value: Any, kind: str) -> Array:
        """A constant array."""
        return self.arrays.array(np.asarray(value), kind)

    # -- nodes ----------------------------------------------------------------

    def _evaluate(self, node: Any) -> Array:
        match node:
            case Number(value):
                return self.number(value, type(value).__name__)
            case Vector(items):
                return self._stack(items, -self.scope.type(node).rank)
            case Index():
                return self._index(node)
            case Call():
                return self._call(node)
        msg = f"not an expression: {node!r}"
        raise TypeError(msg)

    def _call(self, node: Call) -> Array:
        row = FUNCTIONS[node.function]
        if row.shape == "log_prob":
            return self._log_prob(node)
        rule = getattr(self, f"_{row.shape}", None)
        if rule is not None:
            return rule(node)
        return self.function(node.function, *self._arguments(node))

    def _arguments(self, node: Call) -> list[Array]:
        """The arguments of a call, in the kind that the function takes."""
        row = FUNCTIONS[node.function]
        kinds = [self.scope.type(arg).kind for arg in node.args]
        if row.kind in ("float", "bool"):
            wanted = [row.kind] * len(kinds)
        elif node.function == "where":
            wanted = ["bool", *[widest(kinds[1:])] * 2]
        else:
            numeric = row.kind == "numeric"
            common = self.scope.type(node).kind if numeric else widest(kinds)
            wanted = [common] * len(kinds)
        pairs = zip(node.args, kinds, wanted, strict=True)
        return [
            self(arg) if kind == want else self.arrays.cast(self(arg), want)
            for arg, kind, want in pairs
        ]

    def _ranks(self, node: Call) -> list[int]:
        return [self.scope.type(arg).rank for arg in node.args]

    def _map(self, node: Call) -> Array:
        ranks = self._ranks(node)
        most = max(ranks)
        args = zip(self._arguments(node), ranks, strict=True)
        return self.function(node.function, *(self.pad(x, r, most) for x, r in args))

    def _reduce(self, node: Call) -> Array:
        (x,) = self._arguments(node)
        axes = axes_of(node, *self._ranks(node))
        if not axes:
            return x
        keep = node.option("keepdims", False)
        return self.function(node.function, x, axis=axes, keepdims=keep)

    def _along(self, node: Call) -> Array:
        (axis,) = axes_of(node, *self._ranks(node))
        return self.function(node.function, *self._arguments(node), axis=axis)

    # -- shapes ---------------------------------------------------------------

    def draws(self, x: Array, rank: int) -> tuple[int, ...]:
        """The leading axes of an array with at most `rank` axes of its own."""
        return tuple(x.shape[: max(0, len(x.shape) - rank)])

    def _reshape(self, node: Call) -> Array:
        (x,) = self._arguments(node)
        draws = self.draws(x, *self._ranks(node))
        return x.reshape((*draws, *self.scope.type(node).shape))

    def _transpose(self, node: Call) -> Array:
        (x,), (rank,) = self._arguments(node), self._ranks(node)
        draws = len(x.shape) - rank
        order = (*range(draws), *(a + draws for a in permutation(node, rank)))
        return self.function("permute", x, order)

    def _squeeze(self, node: Call) -> Array:
        (x,), (rank,) = self._arguments(node), self._ranks(node)
        gone = axes_of(node, rank)
        items = (0 if a in gone else slice(None) for a in range(-rank, 0))
        return x[(..., *items)]

    def _broadcast(self, node: Call) -> Array:
        (x,), (rank,) = self._arguments(node), self._ranks(node)
        shape = self.scope.type(node).shape
        x = self.pad(x, rank, len(shape))
        return self.function("broadcast", x, (*self.draws(x, len(shape)), *shape))

    _full = _broadcast

    def _together(self, arrays: Sequence[Array], ranks: Sequence[int]) -> list[Array]:
        """The arrays with the same leading axes of draws."""
        draws = [self.draws(x, r) for x, r in zip(arrays, ranks, strict=True)]
        common = np.broadcast_shapes(*draws)
        return [
            self.function("broadcast", x, (*common, *x.shape[len(x.shape) - r :]))
            for x, r in zip(arrays, ranks, strict=True)
        ]

    def _stack(self, node: Any, axis: int | None = None) -> Array:
        items = node.args if isinstance(node, Call) else node
        types = [self.scope.type(i) for i in items]
        kind = widest([t.kind for t in types])
        if axis is None:
            axis = join_axis(node, self.scope.type(node).rank)
        shape = np.broadcast_shapes(*(t.shape for t in types))
        arrays = []
        for item, t in zip(items, types, strict=True):
            x = self(item) if t.kind == kind else self.arrays.cast(self(item), kind)
            x = self.pad(x, t.rank, len(shape))
            x = self.function("broadcast", x, (*self.draws(x, len(shape)), *shape))
            arrays.append(x)
        arrays = self._together(arrays, [len(shape)] * len(arrays))
        return self.function("stack", arrays, axis=axis)

    def _concatenate(self, node: Call) -> Array:
        arrays = self._together(self._arguments(node), self._ranks(node))
        axis = join_axis(node, self.scope.type(node).rank)
        return self.function("concatenate", arrays, axis=axis)

    # -- constants and matrices -----------------------------------------------

    def _arange(self, node: Call) -> Array:
        return self.number(np.arange(node.option("start"), node.option("stop")), "int")

    def _eye(self, node: Call) -> Array:
        return self.number(np.eye(node.option("size")), "float")

    def _one_hot(self, node: Call) -> Array:
        x = self.arrays.cast(self(node.args[0]), "int")
        places = self.number(np.arange(node.option("size")), "int")
        return self.arrays.cast(x[..., None] == places, "float")

    def _diag(self, node: Call) -> Array:
        (x,) = self._arguments(node)
        eye = self.number(np.eye(x.shape[-1], dtype=bool), "bool")
        return self.function(
            "where", eye, x[..., None], self.function("zeros_like", x)[..., None]
        )

    def _diagonal(self, node: Call) -> Array:
        (x,) = self._arguments(node)
        return self.function("diagonal", x)

    def _matmul(self, node: Call) -> Array:
        (x, y), (rx, ry) = self._arguments(node), self._ranks(node)
        x, y = (x[..., None, :] if rx == 1 else x), (y[..., None] if ry == 1 else y)
        rank = max(rx, ry, 2)
        z = self.function(
            "matmul", self.pad(x, max(rx, 2), rank), self.pad(y, max(ry, 2), rank)
        )
        z = z[..., 0, :] if rx == 1 else z
        return z[..., 0] if ry == 1 else z

    def _einsum(self, node: Call) -> Array:
        left, result = node.option("subscripts").replace(" ", "").split("->")
        terms = ",".join(f"...{term}" for term in left.split(","))
        return self.function("einsum", f"{terms}->...{result}", *self._arguments(node))

    def _solve(self, node: Call) -> Array:
        (a, b), (ra, rb) = self._arguments(node), self._ranks(node)
        vector = rb < ra
        b, rb = (b[..., None], rb + 1) if vector else (b, rb)
        rank = max(ra, rb)
        a, b = self.pad(a, ra, rank), self.pad(b, rb, rank)
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        a = self.function("broadcast", a, (*batch, *a.shape[-2:]))
        b = self.function("broadcast", b, (*batch, *b.shape[-2:]))
        options = FUNCTIONS[node.function].options.items()
        x = self.function(node.function, a, b, *(node.option(n, d) for n, d in options))
        return x[..., 0] if vector else x

    def _cast(self, node: Call) -> Array:
        return self.arrays.cast(self(node.args[0]), node.option("kind"))

    def _log_prob(self, node: Call) -> Array:
        dist, value = node.args
        if self.log_prob is None:
            raise UnsupportedError("log_prob(…) needs a backend")
        assert isinstance(dist, Distribution)
        rank = self.scope.type(node).rank
        event = len(self.scope.distribution(dist).event)
        return self.log_prob(dist, self.aligned(value, rank + event), self, rank)

    def _index(self, node: Index) -> Array:
        return index(self, node)
