"""A joint on one backend as pure functions of arrays: score, draw, constrain.

The statements are walked in order with the environment of values so far.  There are no
effect handlers and no tracing: each site's distribution is built from its parameters,
scored, and forgotten.  Every function takes any number of leading axes of draws.

    density ◄── walking ◄── observations, coordinates ◄── program
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jointbridge.analysis import Site
from jointbridge.backends import coordinates, observations
from jointbridge.backends.base import Backend
from jointbridge.backends.density import summed
from jointbridge.backends.walking import Walker
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.spec import Factor, Spec, Statement

#: From a distribution, a batch shape and a key to a value that fills the batch.
DrawOne = Callable[[Any, tuple[int, ...], Any], Array]


class Program(Walker):
    """The pure functions of one spec on one backend and float width.

    Args:
        spec: A spec without errors, all its data bound.
        backend: The backend.
        dtype: `float64` or `float32`.
        **more: As for `Walker`.

    Raises:
        SpecError: The spec has errors or unbound data.
        UnsupportedError: The backend lacks a family or feature that the spec uses.
    """

    def __init__(
        self, spec: Spec, backend: Backend, dtype: str = "float64", **more: bool
    ) -> None:
        super().__init__(spec, backend, dtype, **more)
        #: The program that this one was made from by leaving observations out.
        self.origin: Program | None = None

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
                parts[statement.name] = summed(evaluate, value, rank)
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

        return self.walk_along(env, fill, values, ranks)

    def observations(self) -> Env:
        """The observed values that do not depend on sites."""
        return observations.observations(self)

    def log_prob_total(self, values: Mapping[str, Array]) -> Array:
        """The log density, one number for each draw."""
        parts, _ = self.score(values)
        return self.add(parts)

    def add(self, parts: Mapping[str, Array]) -> Array:
        """The sum of parts; -inf where one of them is."""
        total = sum(parts.values(), self.arrays.array(0.0, "float"))
        impossible = self.arrays.array(float("-inf"), "float")
        where = self.arrays.functions["where"]
        for part in parts.values():
            # A value outside its support is impossible, whatever comes of it further on.
            # A sum that says so already is left alone: under a mask its gradient is NaN.
            unknown = total != total
            total = where((part == impossible) & unknown, impossible, total)
        return total

    def _site_log_prob(self, site: Site, value: Array, evaluate: Evaluator) -> Array:
        if site.step:
            steps = self._site_log_prob(site.step, value, evaluate)
            return summed(evaluate, steps, 1)
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
        return summed(evaluate, density, rank)

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
        """The bijector of a latent site at this point; None where it keeps its value."""
        return coordinates.bijector_of(self, site, evaluate)

    def constrain(self, free: Mapping[str, Array]) -> tuple[Env, Array]:
        """Values from unconstrained coordinates, and the log Jacobian of the map."""
        return coordinates.constrain(self, free)

    def unconstrain(self, values: Mapping[str, Array]) -> Env:
        """Unconstrained coordinates of values of the latent sites."""
        return coordinates.unconstrain(self, values)

    def log_prob_free(self, free: Mapping[str, Array]) -> Array:
        """The log density of unconstrained coordinates, Jacobian included."""
        values, log_det = self.constrain(free)
        return self.log_prob_total(values) + log_det
