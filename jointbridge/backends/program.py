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
from typing import Any

from jointbridge.analysis import Analysis, Site
from jointbridge.backends.base import Backend
from jointbridge.backends.lower import Native, lower
from jointbridge.errors import SpecError, UnsupportedError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.expression import Distribution, names, substitute
from jointbridge.families import FAMILIES
from jointbridge.membership import membership, some
from jointbridge.shapes import Scope, support_of
from jointbridge.spec import Deterministic as DeterministicStatement
from jointbridge.spec import Factor, Let, Param, Sample, Scan, Spec, Statement
from jointbridge.support import SUPPORTS
from jointbridge.validity import require

#: Domains that need no test: NaN comes out of the density by itself.
_UNTESTED = {"real", "positive_definite"}

#: From a distribution, a batch shape and a key to a value that fills the batch.
DrawOne = Callable[[Any, tuple[int, ...], Any], Array]


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
        for site in self.analysis.sites.values():
            self.lowered(site.sample.dist, self.scope)

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

    # -- one pass over the statements -----------------------------------------

    def walk(self, env: Env) -> Iterator[tuple[Statement, Evaluator]]:
        """Statements with an evaluator that sees everything before them.

        Values of sample statements are the caller's to put into `env`; the others are
        put there here.
        """
        for statement in self.spec.statements:
            evaluate = self.evaluator(env)
            match statement:
                case DeterministicStatement(name, value) | Let(name, value):
                    env[name] = evaluate(value)
                case Param(name, init):
                    if name not in env:
                        env[name] = self.arrays.cast(evaluate(init), "float")
                case Scan(name):
                    env.update(evaluate.scan(statement, *self.analysis.scans[name]))
            yield statement, evaluate

    def distribution(self, site: Site, evaluate: Evaluator) -> Any:
        """The library's distribution at a site."""
        native = self.lowered(site.sample.dist, self.scope)
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
        for statement, evaluate in self.walk(env):
            if isinstance(statement, Factor):
                rank = self.scope.type(statement.value).rank
                value = self.arrays.cast(evaluate(statement.value), "float")
                parts[statement.name] = self._total(evaluate, value, rank)
            if isinstance(statement, Sample):
                site = self.analysis.sites[statement.name]
                if site.name not in env:
                    env[site.name] = self.observed(site, evaluate)
                parts[site.name] = self._site_log_prob(site, env[site.name], evaluate)
        return parts, env

    def observations(self) -> Env:
        """The observed values, where they do not depend on unobserved sites."""
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
        for name, node in dist.params:
            parameter = row.parameters[name]
            domain = parameter.domain
            if parameter.special or domain.name in _UNTESTED or not names(node):
                continue
            axes = len(parameter.axes)
            array = evaluate.aligned(node, rank + axes)
            others: dict[str, Any] = {
                n: given.get(n, p.default) for n, p in row.parameters.items()
            }
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
        env: Env = dict(self.data)
        for statement, evaluate in self.walk(env):
            if isinstance(statement, Sample):
                site = self.analysis.sites[statement.name]
                if given and statement.observed is not None:
                    env[site.name] = self.observed(site, evaluate)
                    continue
                built = self.distribution(site, evaluate)
                value = draw_one(built, (*draws, *site.batch), next(keys))
                env[site.name] = self.arrays.cast(value, site.type.kind)
        return env

    # -- unconstrained coordinates --------------------------------------------

    def bijector(self, site: Site, evaluate: Evaluator) -> Any | None:
        """The bijector of a latent site at this point; None where it is counted."""
        if site.discrete:
            return None
        if SUPPORTS[site.support.name].free is None:
            support = f"the support {site.support.name} of {site.name!r}"
            message = f"{support} has no unconstrained coordinates here"
            hint = "compare draws and constrained densities"
            raise UnsupportedError(message, hint=hint)
        region = self.backend.region(site.support, evaluate, len(site.batch))
        return self.backend.bijector(region)

    def constrain(self, free: Mapping[str, Array]) -> tuple[Env, Array]:
        """Values from unconstrained coordinates, and the log Jacobian of the map.

        Counted sites pass through unchanged.  Supports that depend on earlier sites are
        evaluated at this point.
        """
        total = self.arrays.array(0.0, "float")

        def step(site: Site, bijector: Any, evaluate: Evaluator) -> Array:
            nonlocal total
            value = self.backend.forward(bijector, free[site.name])
            log_det = self.backend.log_det(bijector, free[site.name], value)
            total = total + self._total(evaluate, log_det, site.elementwise)
            return value

        return self._through(free, step), total

    def unconstrain(self, values: Mapping[str, Array]) -> Env:
        """Unconstrained coordinates of values of the latent sites."""
        free: Env = {}

        def step(site: Site, bijector: Any, _: Evaluator) -> Array:
            free[site.name] = self.backend.inverse(bijector, values[site.name])
            return values[site.name]

        passed = self._through(values, step)
        return {n: free.get(n, passed[n]) for n in self.analysis.latent}

    def _through(
        self,
        given: Mapping[str, Array],
        step: Callable[[Site, Any, Evaluator], Array],
    ) -> Env:
        """The values of the latent sites, each made by `step` in order."""
        env: Env = dict(self.data)
        found: Env = {}
        for statement, evaluate in self.walk(env):
            if not isinstance(statement, Sample):
                continue
            site = self.analysis.sites[statement.name]
            if statement.observed is not None:
                env[site.name] = self.observed(site, evaluate)
                continue
            bijector = self.bijector(site, evaluate)
            value = (
                given[site.name] if bijector is None else step(site, bijector, evaluate)
            )
            found[site.name] = env[site.name] = value
        return found

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
