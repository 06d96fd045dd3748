"""The log density of one distribution on one backend, for any value and parameter.

    a value outside the support        -> -inf
    a parameter outside its domain     -> nan
    nan as a value                     -> nan

Libraries differ in what they say about these, so they are never asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jointbridge.arrays import Arrays
from jointbridge.backends.base import Backend
from jointbridge.backends.keeping import kept
from jointbridge.backends.lower import Native, lower
from jointbridge.evaluate import Array, Evaluator
from jointbridge.expression import (
    Distribution,
    Number,
    inner,
    is_many,
    names,
    substitute,
)
from jointbridge.families import FAMILIES
from jointbridge.membership import membership, some
from jointbridge.shapes import Scope, support_of
from jointbridge.support import SUPPORTS


class Density:
    """The distributions of one backend and float width, built and scored.

    Args:
        backend: The backend.
        arrays: Its arrays of that width.
        dtype: `float64` or `float32`.
    """

    def __init__(self, backend: Backend, arrays: Arrays, dtype: str) -> None:
        self.backend = backend
        self.arrays = arrays
        self.dtype = dtype
        self._native: dict[int, tuple[Any, Native]] = {}

    def lowered(self, dist: Distribution, scope: Scope) -> Native:
        """The backend's spelling of a distribution."""
        found = self._native.get(id(dist))
        if found is None:
            native = lower(dist, self.backend.table, scope)
            found = self._native[id(dist)] = (dist, native)
        return found[1]

    def log_prob(
        self, dist: Distribution, value: Array, evaluate: Evaluator, rank: int
    ) -> Array:
        """The log density of aligned values, -inf outside the support."""
        value = self.arrays.cast(value, evaluate.scope.distribution(dist).kind)
        built = self.backend.build(self.lowered(dist, evaluate.scope), evaluate, rank)

        def guarded(value: Array) -> Array:
            return self._guarded(dist, built, value, evaluate, rank)

        return kept(built, value, guarded)

    def _guarded(
        self,
        dist: Distribution,
        built: Any,
        value: Array,
        evaluate: Evaluator,
        rank: int,
    ) -> Array:
        inferred = evaluate.scope.distribution(dist)
        support = support_of(dist, evaluate.scope)
        event = (None,) * len(inferred.event)
        # A vector of reals is in its support when every element is.
        elementwise = len(event) - SUPPORTS[support.name].rank
        inside, point = membership(
            support, value, evaluate, rank + elementwise, self.dtype
        )
        inside = ~some(evaluate, ~inside, elementwise)
        where = evaluate.arrays.functions["where"]
        # The density is asked only about values inside: no NaN gradient leaks out.
        safe = where(inside[(..., *event)], value, point)
        wanted = "float" if inferred.kind == "float" else self.backend.count_kind
        density = self.backend.log_prob(built, self.arrays.cast(safe, wanted))
        number = self.arrays.array
        density = where(inside, density, number(float("-inf"), "float"))
        for bad in self._bad(dist, value, evaluate, rank, len(event)):
            density = where(bad, number(float("nan"), "float"), density)
        return density

    def _bad(
        self,
        dist: Distribution,
        value: Array,
        evaluate: Evaluator,
        rank: int,
        event: int,
    ) -> Iterator[Array]:
        """Where the answer must be NaN: a NaN value, a parameter outside its domain."""
        if evaluate.scope.distribution(dist).kind == "float":
            bad = value != value  # only NaN differs from itself
            yield some(evaluate, bad, event)
        yield from self._outside(dist, evaluate, rank)

    def _outside(
        self, dist: Distribution, evaluate: Evaluator, rank: int, extra: int = 0
    ) -> Iterator[Array]:
        """Where a parameter is outside its domain, of inner distributions too.

        Args:
            dist: The distribution.
            evaluate: Knows its parameters.
            rank: Its batch axes in one draw.
            extra: How many of these an outer distribution sums over.
        """
        row = FAMILIES[dist.family]
        given = dict(dist.params)
        sizes = {n: Number(k) for n, k in evaluate.scope.distribution(dist).sizes}
        for name, node in dist.params:
            parameter = row.parameters[name]
            domain = parameter.domain
            if parameter.special or not names(node):
                continue
            axes = len(parameter.axes)
            array = evaluate.aligned(node, rank + axes)
            others: dict[str, Any] = {
                n: given.get(n, p.default) for n, p in row.parameters.items()
            } | sizes
            bounded = substitute(domain, others)
            elementwise = axes - SUPPORTS[domain.name].rank
            inside, _ = membership(
                bounded, array, evaluate, rank + elementwise, self.dtype
            )
            yield some(evaluate, ~inside, elementwise + extra)
        for name, base in inner(dist):
            more = 0 if is_many(given[name]) else len(row.parameters[name].axes)
            yield from self._outside(base, evaluate, rank + more, extra + more)


def summed(evaluate: Evaluator, density: Array, rank: int) -> Array:
    """The sum over the last `rank` axes."""
    if not rank:
        return density
    axes = tuple(range(-rank, 0))
    return evaluate.function("sum", density, axis=axes, keepdims=False)
