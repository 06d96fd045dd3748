"""The statements of a spec on one backend, walked with the values so far.

There are no effect handlers and no tracing: at each statement there is an evaluator that
sees everything before it.  Sites in a recurrence are walked step by step inside of the
array library's scan, and seen by those who come after with the steps as one more axis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from jointbridge.analysis import Analysis, Site
from jointbridge.backends.base import Backend
from jointbridge.backends.density import Density
from jointbridge.backends.lower import Native
from jointbridge.errors import SpecError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.evaluate.recurrence import Steps, in_front, run_scan
from jointbridge.expression import Distribution
from jointbridge.shapes import Scope
from jointbridge.spec import Deterministic as DeterministicStatement
from jointbridge.spec import Let, Param, Sample, Scan, Spec, Statement, samples
from jointbridge.validity import require

#: From a site, what sees all before it and what `along` has for it to its value.
Fill = Callable[[Site, Evaluator, Any], Array]


class Walker:
    """The statements of one spec on one backend and float width.

    Args:
        spec: A spec without errors, all its data bound.
        backend: The backend.
        dtype: `float64` or `float32`.
        keep_unmapped: Whether a latent site to which no smooth map leads keeps its value
            for coordinates, as a counted one does; otherwise it is refused there.

    Raises:
        SpecError: The spec has errors or unbound data.
        UnsupportedError: The backend lacks a family or feature that the spec uses.
    """

    def __init__(
        self,
        spec: Spec,
        backend: Backend,
        dtype: str = "float64",
        *,
        keep_unmapped: bool = False,
    ) -> None:
        self.spec = spec
        self.keep_unmapped = keep_unmapped
        self.backend = backend
        self.dtype = dtype
        self.analysis: Analysis = require(spec)
        self.scope: Scope = self.analysis.scope
        _require_bound(spec)
        self.arrays = backend.arrays(dtype)
        self.density = Density(backend, self.arrays, dtype)
        with backend.precision(dtype):
            self.data: Env = {
                d.name: self.arrays.array(d.values, d.type.kind) for d in spec.data
            }
        for statement in spec.statements:
            for site in samples(statement):
                self.lowered(site.dist, self.scope_of(statement))

    def lowered(self, dist: Distribution, scope: Scope) -> Native:
        """The backend's spelling of a distribution."""
        return self.density.lowered(dist, scope)

    def log_prob(
        self, dist: Distribution, value: Array, evaluate: Evaluator, rank: int
    ) -> Array:
        """The log density of aligned values, -inf outside the support."""
        return self.density.log_prob(dist, value, evaluate, rank)

    def evaluator(self, env: Env, scope: Scope | None = None) -> Evaluator:
        """An evaluator of expressions over `env`."""
        return Evaluator(self.arrays, scope or self.scope, env, self.log_prob)

    def scope_of(self, statement: Statement) -> Scope:
        """The scope that the distributions of a statement stand in."""
        if isinstance(statement, Scan):
            return self.analysis.scans[statement.name][0]
        return self.scope

    def sites(self, statement: Statement) -> list[Site]:
        """The sites of a statement; a scan has those of its body."""
        return [self.analysis.sites[sample.name] for sample in samples(statement)]

    def walk(
        self,
        env: Env,
        fill: Fill | None = None,
        along: Mapping[str, Any] | None = None,
        draws: tuple[int, ...] = (),
    ) -> Iterator[tuple[Statement, Evaluator]]:
        """Statements with an evaluator that sees everything before them.

        After a scan with sites that is one that sees the names of its body, where the
        steps are one more axis of draws.

        Args:
            env: The values so far; what statements define is put there.
            fill: Gives the values of sites, those in scans step by step. Without it they
                are the caller's to put into `env`, and so are scans with sites.
            along: What `fill` is called with, by site; in a scan, with slices of it.
            draws: Leading axes that the values of sites have.
        """
        given = along or {}
        for statement in self.spec.statements:
            evaluate = self.evaluator(env)
            match statement:
                case DeterministicStatement(name, value) | Let(name, value):
                    env[name] = evaluate(value)
                case Param(name, init):
                    if name not in env:
                        env[name] = self.arrays.cast(evaluate(init), "float")
                case Sample(name) if fill:
                    site = self.analysis.sites[name]
                    env[name] = fill(site, evaluate, given.get(name))
                case Scan() if fill or not statement.sites:
                    steps = self._steps(statement, evaluate, fill, given, draws)
                    env.update(steps.found)
                    evaluate = steps.inside
            yield statement, evaluate

    def _steps(
        self,
        scan: Scan,
        evaluate: Evaluator,
        fill: Fill | None,
        along: Mapping[str, Any],
        draws: tuple[int, ...],
    ) -> Steps:
        inner, length = self.analysis.scans[scan.name]

        def value(sample: Sample, body: Evaluator, slice_: Any) -> Array:
            site = self.analysis.sites[sample.name].step
            assert fill is not None
            assert site is not None
            return fill(site, body, slice_)

        walked = {s.name: along[s.name] for s in scan.sites if s.name in along}
        return run_scan(
            evaluate, scan, inner, length, fill=value, along=walked, draws=draws
        )

    def walk_along(
        self,
        env: Env,
        fill: Fill,
        values: Mapping[str, Array],
        ranks: Mapping[str, int],
    ) -> Iterator[tuple[Statement, Evaluator]]:
        """A walk with an array for each latent site at least.

        Args:
            env: As in `walk`.
            fill: As in `walk`.
            values: By site, what `fill` is called with, behind leading axes of draws.
            ranks: The numbers of axes of one draw of them.
        """
        along, draws = self._along(values, ranks), self._draws(values, ranks)
        return self.walk(env, fill, along, draws)

    def _along(self, values: Mapping[str, Array], ranks: Mapping[str, int]) -> Env:
        """Values of sites, those in scans with their steps in front."""
        evaluate = self.evaluator({})
        return {
            n: in_front(evaluate, x, ranks[n])
            if n in ranks and self.analysis.sites[n].step
            else x
            for n, x in values.items()
        }

    @staticmethod
    def _draws(
        values: Mapping[str, Array], ranks: Mapping[str, int]
    ) -> tuple[int, ...]:
        """The leading axes of values of sites."""
        known = [n for n in values if n in ranks]
        shapes = (values[n].shape[: len(values[n].shape) - ranks[n]] for n in known)
        return tuple(np.broadcast_shapes(*map(tuple, shapes)))

    def distribution(self, site: Site, evaluate: Evaluator) -> Any:
        """The library's distribution at a site."""
        native = self.lowered(site.sample.dist, evaluate.scope)
        return self.backend.build(native, evaluate, len(site.batch))

    def observed(self, site: Site, evaluate: Evaluator) -> Array:
        """The observed value of a site, in its full shape."""
        node = site.sample.observed
        value = evaluate.aligned(node, site.type.rank)
        value = self.arrays.cast(value, site.type.kind)
        draws = value.shape[: len(value.shape) - site.type.rank]
        return evaluate.function("broadcast", value, (*draws, *site.type.shape))


def _require_bound(spec: Spec) -> None:
    unbound = [d.name for d in spec.data if d.values is None]
    if unbound:
        raise SpecError(
            f"data {', '.join(map(repr, unbound))} is declared but has no values",
            code="unbound",
            hint=f"joint.bind({unbound[0]}=...)",
        )
