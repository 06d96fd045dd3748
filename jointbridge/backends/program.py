"""A joint on one backend as pure functions of arrays: score, draw, constrain.

The statements are walked in order with the environment of values so far.  There are no
effect handlers and no tracing: each site's distribution is built from its parameters,
scored, and forgotten.  Every function takes any number of leading axes of draws.

    score      a value outside the support        -> -inf
               a parameter outside its domain     -> nan
               nan as a value                     -> nan
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from jointbridge.analysis import Analysis, Site
from jointbridge.analysis.dependence import only, outer, rests_on
from jointbridge.backends.base import Backend
from jointbridge.backends.lower import Native, lower
from jointbridge.errors import SpecError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.evaluate.recurrence import Steps, in_front, run_scan
from jointbridge.expression import Call, Distribution, Number, names, substitute
from jointbridge.families import FAMILIES
from jointbridge.membership import membership, some
from jointbridge.shapes import Scope, support_of
from jointbridge.spec import Deterministic as DeterministicStatement
from jointbridge.spec import (
    Factor,
    Let,
    Param,
    Sample,
    Scan,
    Spec,
    Statement,
    samples,
)
from jointbridge.support import SUPPORTS
from jointbridge.validity import require

#: Domains that need no test: NaN comes out of the density by itself.
_UNTESTED = {"real", "positive_definite"}

#: From a distribution, a batch shape and a key to a value that fills the batch.
DrawOne = Callable[[Any, tuple[int, ...], Any], Array]

#: From a site, what sees all before it and what `along` has for it to its value.
Fill = Callable[[Site, Evaluator, Any], Array]


class Program:
    """The pure functions of one spec on one backend and float width.

    Args:
        spec: A spec without errors, all its data bound.
        backend: The backend.
        dtype: `float64` or `float32`.

    Raises:
        SpecError: The spec has errors or unbound data.
        UnsupportedError: The backend lacks a family or feature that the spec uses.
    """

    def __init__(self, spec: Spec, backend: Backend, dtype: str = "float64") -> None:
        self.spec = spec
        self.backend = backend
        self.dtype = dtype
        self.analysis: Analysis = require(spec)
        self.scope: Scope = self.analysis.scope
        _require_bound(spec)
        self.arrays = backend.arrays(dtype)
        #: The program that this one was made from by leaving observations out.
        self.origin: Program | None = None
        self._native: dict[int, tuple[Any, Native]] = {}
        with backend.precision(dtype):
            self.data: Env = {
                d.name: self.arrays.array(d.values, d.type.kind) for d in spec.data
            }
        for statement in spec.statements:
            for site in samples(statement):
                self.lowered(site.dist, self.scope_of(statement))

    def lowered(self, dist: Distribution, scope: Scope) -> Native:
        """The backend's spelling of a distribution."""
        found = self._native.get(id(dist))
        if found is None:
            native = lower(dist, self.backend.table, scope)
            found = self._native[id(dist)] = (dist, native)
        return found[1]

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

    # -- one pass over the statements -----------------------------------------

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

    # -- score ----------------------------------------------------------------

    def score(self, values: Mapping[str, Array]) -> tuple[dict[str, Array], Env]:
        """The log density of each site and factor, and the environment.

        Args:
            values: A value for each latent site; observed sites and params may be given.
        """
        env: Env = {**self.data, **values}
        parts: dict[str, Array] = {}
        for statement, evaluate in self._walk_given(env, values):
            if isinstance(statement, Factor):
                rank = self.scope.type(statement.value).rank
                value = self.arrays.cast(evaluate(statement.value), "float")
                parts[statement.name] = self._total(evaluate, value, rank)
            for site in self.sites(statement):
                parts[site.name] = self._site_log_prob(site, env[site.name], evaluate)
        return parts, env

    def distributions(self, values: Mapping[str, Array]) -> dict[str, Any]:
        """The library's distributions of the latent sites, given their values.

        In a scan the steps come before all other axes.
        """
        return {
            site.name: self.distribution(site.step or site, evaluate)
            for statement, evaluate in self._walk_given({**self.data, **values}, values)
            for site in self.sites(statement)
            if site.latent
        }

    def _walk_given(
        self, env: Env, values: Mapping[str, Array]
    ) -> Iterator[tuple[Statement, Evaluator]]:
        """All statements, with values of the latent sites at least."""
        ranks = {n: site.type.rank for n, site in self.analysis.sites.items()}

        def fill(site: Site, evaluate: Evaluator, value: Any) -> Array:
            return self.observed(site, evaluate) if value is None else value

        along, draws = self._along(values, ranks), self._draws(values, ranks)
        return self.walk(env, fill, along, draws)

    def observations(self) -> Env:
        """The observed values that do not depend on sites."""
        env: Env = dict(self.data)
        found: Env = {}
        for statement in self.spec.statements:
            evaluate = self.evaluator(env)
            match statement:
                case DeterministicStatement(name, value) | Let(name, value):
                    if names(value) <= set(env):
                        env[name] = evaluate(value)
                case Sample(name, observed=node):
                    if node is not None and names(node) <= set(env):
                        found[name] = self.observed(self.analysis.sites[name], evaluate)
                case Scan():
                    found |= self._observed_steps(statement, evaluate)
        return found

    def _observed_steps(self, scan: Scan, evaluate: Evaluator) -> Env:
        """The observed values of a scan's sites, where data alone gives them."""
        inner, length = self.analysis.scans[scan.name]
        found: Env = {}
        for sample in scan.sites:
            seen = frozenset() if sample.observed is None else names(sample.observed)
            part = only(scan, rests_on(scan, seen))
            if sample.observed is None or part.sites:
                continue
            if outer(scan, seen) <= set(evaluate.env):
                site = self.analysis.sites[sample.name]
                shape = (("shape", site.type.shape[1:]),)
                value = Call("broadcast_to", (sample.observed,), shape)
                part = replace(part, collect=((sample.name, value),))
                steps = run_scan(evaluate, part, inner, length)
                stacked = steps.found[sample.name]
                found[sample.name] = self.arrays.cast(stacked, site.type.kind)
        return found

    def log_prob_total(self, values: Mapping[str, Array]) -> Array:
        """The log density, one number for each draw."""
        parts, _ = self.score(values)
        return self.add(parts)

    def add(self, parts: Mapping[str, Array]) -> Array:
        """The sum of parts; -inf where one of them is."""
        # A value outside its support is impossible, whatever comes of it further on.
        total = sum(parts.values(), self.arrays.array(0.0, "float"))
        impossible = self.arrays.array(float("-inf"), "float")
        for part in parts.values():
            where = self.arrays.functions["where"]
            total = where(part == impossible, impossible, total)
        return total

    def _site_log_prob(self, site: Site, value: Array, evaluate: Evaluator) -> Array:
        if site.step:
            steps = self._site_log_prob(site.step, value, evaluate)
            return self._total(evaluate, steps, 1)
        sample, rank = site.sample, len(site.batch)
        density = self.log_prob(sample.dist, value, evaluate, rank)
        zero = self.arrays.array(0.0, "float")
        if sample.mask is not None:
            mask = self.arrays.cast(evaluate.aligned(sample.mask, rank), "bool")
            density = evaluate.function("where", mask, density, zero)
        if sample.scale is not None:
            scale = evaluate.aligned(sample.scale, rank)
            density = density * self.arrays.cast(scale, "float")
        draws = density.shape[: len(density.shape) - rank] if rank else density.shape
        if rank:
            density = evaluate.function("broadcast", density, (*draws, *site.batch))
        return self._total(evaluate, density, rank)

    @staticmethod
    def _total(evaluate: Evaluator, density: Array, rank: int) -> Array:
        """The sum over the last `rank` axes."""
        if not rank:
            return density
        axes = tuple(range(-rank, 0))
        return evaluate.function("sum", density, axis=axes, keepdims=False)

    def log_prob(
        self, dist: Distribution, value: Array, evaluate: Evaluator, rank: int
    ) -> Array:
        """The log density of aligned values, -inf outside the support."""
        scope = evaluate.scope
        inferred = scope.distribution(dist)
        kind = inferred.kind
        value = self.arrays.cast(value, kind)
        support = support_of(dist, scope)
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
        wanted = "float" if kind == "float" else self.backend.count_kind
        built = self.backend.build(self.lowered(dist, scope), evaluate, rank)
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
        row = FAMILIES[dist.family]
        given = dict(dist.params)
        sizes = {n: Number(k) for n, k in evaluate.scope.distribution(dist).sizes}
        for name, node in dist.params:
            parameter = row.parameters[name]
            domain = parameter.domain
            if parameter.special or domain.name in _UNTESTED or not names(node):
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
            yield some(evaluate, ~inside, elementwise)

    # -- draw -----------------------------------------------------------------

    def draw(
        self,
        keys: Iterator[Any],
        draws: tuple[int, ...],
        *,
        given: bool = False,
        draw_one: DrawOne | None = None,
    ) -> Env:
        """Values of every site and deterministic, drawn in order.

        Args:
            keys: One for each site that is drawn.
            draws: Leading axes.
            given: Whether observed sites keep their values rather than being drawn.
            draw_one: How one site is drawn; the backend's `draw` by default.
        """
        draw_one = draw_one or self.backend.draw
        drawn = (s for s in self.analysis.sites.values() if not given or s.latent)
        along = {s.name: self._keys(s, next(keys)) for s in drawn}

        def fill(site: Site, evaluate: Evaluator, key: Any) -> Array:
            if given and not site.latent:
                return self.observed(site, evaluate)
            built = self.distribution(site, evaluate)
            value = draw_one(built, (*draws, *site.batch), key)
            return self.arrays.cast(value, site.type.kind)

        env: Env = dict(self.data)
        for _ in self.walk(env, fill, along, draws):
            pass
        return env

    def _keys(self, site: Site, key: Any) -> Any:
        """A key for a site, or one for each of its steps."""
        return self.backend.split(key, site.type.shape[0]) if site.step else key

    # -- unconstrained coordinates --------------------------------------------

    def bijector(self, site: Site, evaluate: Evaluator) -> Any | None:
        """The bijector of a latent site at this point; None where it is counted."""
        if site.discrete:
            return None
        region = self.backend.region(site.support, evaluate, len(site.batch))
        return self.backend.bijector(region)

    def constrain(self, free: Mapping[str, Array]) -> tuple[Env, Array]:
        """Values from unconstrained coordinates, and the log Jacobian of the map.

        Counted sites pass through unchanged.  Supports that depend on earlier sites are
        evaluated at this point.
        """
        total = self.arrays.array(0.0, "float")
        ranks = {n: len(site.free) for n, site in self.analysis.latent.items()}
        values: Env = {}
        passed = self._through(free, ranks, self.backend.forward)
        for site, bijector, value, evaluate in passed:
            values[site.name] = value
            if bijector is not None:
                log_det = self.backend.log_det(bijector, free[site.name], value)
                total = total + self._total(evaluate, log_det, site.elementwise)
        return values, total

    def unconstrain(self, values: Mapping[str, Array]) -> Env:
        """Unconstrained coordinates of values of the latent sites."""
        ranks = {n: site.type.rank for n, site in self.analysis.latent.items()}
        return {
            site.name: value
            if bijector is None
            else self.backend.inverse(bijector, value)
            for site, bijector, value, _ in self._through(
                values, ranks, lambda _, value: value
            )
        }

    def _through(
        self,
        given: Mapping[str, Array],
        ranks: Mapping[str, int],
        make: Callable[[Any, Array], Array],
    ) -> Iterator[tuple[Site, Any | None, Array, Evaluator]]:
        """The latent sites with bijectors, and values made with them in order.

        Args:
            given: An array for each latent site.
            ranks: The numbers of axes of one draw of them.
            make: From a site's bijector and its array to its value.
        """
        env: Env = dict(self.data)

        def fill(site: Site, evaluate: Evaluator, x: Any) -> Array:
            if not site.latent:
                return self.observed(site, evaluate)
            bijector = self.bijector(site, evaluate)
            return x if bijector is None else make(bijector, x)

        along, draws = self._along(given, ranks), self._draws(given, ranks)
        for statement, evaluate in self.walk(env, fill, along, draws):
            for site in self.sites(statement):
                if site.latent:
                    bijector = self.bijector(site.step or site, evaluate)
                    yield site, bijector, env[site.name], evaluate

    def log_prob_free(self, free: Mapping[str, Array]) -> Array:
        """The log density of unconstrained coordinates, Jacobian included."""
        values, log_det = self.constrain(free)
        return self.log_prob_total(values) + log_det


def _require_bound(spec: Spec) -> None:
    unbound = [d.name for d in spec.data if d.values is None]
    if unbound:
        raise SpecError(
            f"data {', '.join(map(repr, unbound))} is declared but has no values",
            code="unbound",
            hint=f"joint.bind({unbound[0]}=...)",
        )
