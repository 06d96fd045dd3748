"""Recurrences: a scan of the array library over slices of arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from jointbridge.arrays import Array
from jointbridge.expression import names
from jointbridge.shapes import Scope
from jointbridge.spec import Sample, Scan, Type, nodes, own_names, references

if TYPE_CHECKING:
    from jointbridge.evaluate import Evaluator

Draws = tuple[int, ...]

#: From a site of the body, what sees all before it and its slice (or None) to its value.
Fill = Callable[[Sample, "Evaluator", Any], Array]


@dataclass(frozen=True)
class Steps:
    """What the steps of a recurrence gave.

    Attributes:
        found: What it collected and the values of its sites, stacked behind the draws.
        inside: Sees the names of the body; the steps are one more axis of draws there.
    """

    found: dict[str, Array]
    inside: Evaluator


@dataclass(frozen=True)
class Recurrence:
    """A scan in the sight of an evaluator: how it starts, and what a step does.

    Args:
        evaluate: Sees the names outside.
        scan: The recurrence.
        inner: The types inside its body.
        lead: Axes of draws that everything is given; its own where None.
    """

    evaluate: Evaluator
    scan: Scan
    inner: Scope
    lead: Draws | None = None

    def first(self) -> tuple[Array, ...]:
        """The carry at the start."""
        pairs = self.scan.carry
        return tuple(
            self._full(self.evaluate, x, self.inner.names[n]) for n, x in pairs
        )

    def slices(self) -> tuple[Array, ...]:
        """The arrays to walk along, with their steps in front."""
        found = []
        for _, node in self.scan.over:
            rank = self.evaluate.scope.type(node).rank
            found.append(in_front(self.evaluate, self.evaluate(node), rank))
        return tuple(found)

    def step(
        self,
        carry: tuple[Array, ...],
        slices: tuple[Array, ...],
        fill: Callable[[Sample, Evaluator], Array],
    ) -> tuple[tuple[Array, ...], Evaluator]:
        """The next carry, and what sees the names of this step."""
        env = dict(self.evaluate.env)
        env |= {n: x for (n, _), x in zip(self.scan.carry, carry, strict=True)}
        env |= {n: x for (n, _), x in zip(self.scan.over, slices, strict=True)}
        body = self.evaluate.inside(self.inner, env)
        for statement in self.scan.body:
            if isinstance(statement, Sample):
                env[statement.name] = fill(statement, body)
            else:
                env[statement.name] = body(statement.value)
        following = dict(self.scan.next)
        pairs = ((n, following[n]) for n, _ in self.scan.carry)
        return tuple(self._full(body, x, self.inner.names[n]) for n, x in pairs), body

    def collected(self, body: Evaluator) -> dict[str, Array]:
        """What a step gives."""
        pairs = self.scan.collect
        return {n: self._full(body, x, self.inner.type(x)) for n, x in pairs}

    def kept(self, body: Evaluator, wanted: tuple[str, ...]) -> dict[str, Array]:
        """Values of the body by name, in full shape."""
        types = self.inner.names
        return {n: self._spread(body.env[n], types[n].rank, types[n]) for n in wanted}

    def _full(self, evaluate: Evaluator, node: Any, wanted: Type) -> Array:
        """A value in the kind and full shape that it keeps from step to step."""
        x, type_ = evaluate(node), evaluate.scope.type(node)
        if type_.kind != wanted.kind:
            x = evaluate.arrays.cast(x, wanted.kind)
        return self._spread(x, type_.rank, wanted)

    def _spread(self, x: Array, rank: int, wanted: Type) -> Array:
        x = self.evaluate.pad(x, rank, wanted.rank)
        lead = self.lead
        if lead is None:
            lead = tuple(x.shape[: max(0, len(x.shape) - wanted.rank)])
        return self.evaluate.function("broadcast", x, (*lead, *wanted.shape))


def run_scan(
    evaluate: Evaluator,
    scan: Scan,
    inner: Scope,
    length: int,
    *,
    fill: Fill | None = None,
    along: Mapping[str, Any] | None = None,
    draws: Draws = (),
) -> Steps:
    """All steps of a recurrence.

    Args:
        evaluate: Sees the names outside.
        scan: The recurrence.
        inner: The types inside its body.
        length: The number of steps.
        fill: Gives the values of the body's sites.
        along: By site, what `fill` gets a slice of, the steps in front.
        draws: Leading axes that the values of the sites have.
    """
    lead = np.broadcast_shapes(draws, _lead(evaluate, scan))
    recurrence = Recurrence(evaluate, scan, inner, tuple(lead))
    walked = dict(along or {})
    wanted = _read_by_sites(scan)

    def step(carry: tuple[Array, ...], slices: tuple[Any, ...]) -> Any:
        split = len(scan.over)
        own = dict(zip(walked, slices[split:], strict=True))

        def value(site: Sample, body: Evaluator) -> Array:
            assert fill is not None
            return fill(site, body, own.get(site.name))

        carry, body = recurrence.step(carry, slices[:split], value)
        collected = recurrence.collected(body)
        out = (*collected.values(), *recurrence.kept(body, wanted).values())
        return carry, out

    over = (*recurrence.slices(), *walked.values())
    outs = evaluate.arrays.scan(step, recurrence.first(), over, length)
    stacked = [behind(evaluate, x, len(lead)) for x in outs]
    kept = dict(zip(wanted, stacked[len(scan.collect) :], strict=True))
    found = {name: kept[name] for name in (site.name for site in scan.sites)}
    found |= {name: x for (name, _), x in zip(scan.collect, stacked, strict=False)}
    return Steps(found, evaluate.inside(inner, {**_around(evaluate, scan), **kept}))


def in_front(evaluate: Evaluator, x: Array, rank: int) -> Array:
    """An array with the first of its last `rank` axes in front of its draws."""
    draws = len(x.shape) - rank
    order = (draws, *(a for a in range(len(x.shape)) if a != draws))
    return evaluate.function("permute", x, order)


def _read_by_sites(scan: Scan) -> tuple[str, ...]:
    """The names of the body that its sites read, and the sites."""
    found = [site.name for site in scan.sites]
    for site in scan.sites:
        for _, node in nodes(site):
            found += sorted(names(node) & own_names(scan))
    return tuple(dict.fromkeys(found))


def _around(evaluate: Evaluator, scan: Scan) -> dict[str, Array]:
    """The values outside, with an axis of 1 for the steps behind their draws."""
    found = {}
    for name in references(scan) & set(evaluate.env):
        x, rank = evaluate.env[name], evaluate.scope.names[name].rank
        found[name] = evaluate.pad(x, rank, rank + 1)
    return found


def _lead(evaluate: Evaluator, scan: Scan) -> Draws:
    """The axes of draws that any value read by the recurrence has."""
    read = set(references(scan)) & set(evaluate.env)
    draws = [
        evaluate.draws(evaluate.env[n], evaluate.scope.names[n].rank) for n in read
    ]
    return tuple(np.broadcast_shapes(*draws))


def behind(evaluate: Evaluator, x: Array, draws: int) -> Array:
    """An array with its first axis behind the `draws` axes that follow it."""
    order = (*range(1, draws + 1), 0, *range(draws + 1, len(x.shape)))
    return evaluate.function("permute", x, order)
