"""What a joint distribution runs on: a compiled spec, or NumPyro's own distributions.

Both answer the same five questions about dicts of values with any leading axes.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import jax
import jax.numpy as jnp
import numpyro.distributions as dist

from jointbridge.analysis import why_not_conditional
from jointbridge.backends.program import Program
from jointbridge.errors import UnsamplableError, UnsupportedError

Values = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """Where a site stands in the flat vector, and in the unconstrained one."""

    shape: tuple[int, ...]
    free: tuple[int, ...]
    dtype: Any

    @property
    def size(self) -> int:
        """Numbers in one value."""
        return prod(self.shape)

    @property
    def free_size(self) -> int:
        """Numbers in one unconstrained value."""
        return prod(self.free)


class Engine(ABC):
    """Scores, draws and transforms of named values."""

    batch_shape: tuple[int, ...] = ()

    @property
    @abstractmethod
    def layout(self) -> dict[str, Layout]:
        """The sites, in order."""

    @abstractmethod
    def score(self, values: Values) -> Values:
        """The log density of each site and factor."""

    def total(self, parts: Values) -> Any:
        """The sum of parts; -inf where one of them is."""
        impossible = sum(jnp.isneginf(part) for part in parts.values()) > 0
        return jnp.where(impossible, -jnp.inf, sum(parts.values()))

    @abstractmethod
    def draw(self, key: Any, shape: tuple[int, ...]) -> Values:
        """A draw of every site, with leading axes."""

    @abstractmethod
    def constrain(self, free: Values) -> tuple[Values, Any]:
        """Values and the log Jacobian of the map to them."""

    @abstractmethod
    def unconstrain(self, values: Values) -> Values:
        """The inverse of `constrain`."""

    @abstractmethod
    def moment(self, name: str) -> Values:
        """The mean or variance of every site, where all are known."""


class ProgramEngine(Engine):
    """A compiled spec: leading axes are the evaluator's own affair."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def layout(self) -> dict[str, Layout]:
        """The latent sites, in order."""
        dtypes = self.program.arrays.dtypes
        return {
            n: Layout(s.type.shape, s.free, dtypes[s.type.kind])
            for n, s in self.program.analysis.latent.items()
        }

    def score(self, values: Values) -> Values:
        """The log density of each site and factor."""
        return self.program.score(values)[0]

    def draw(self, key: Any, shape: tuple[int, ...]) -> Values:
        """A draw of every site, with leading axes."""
        if reason := why_not_conditional(self.program.analysis):
            message = f"cannot draw from this joint: {reason}"
            raise UnsamplableError(message, hint="run NUTS or SVI on it")
        keys = iter(jax.random.split(key, max(1, len(self.program.analysis.sites))))
        drawn = self.program.draw(keys, shape, given=True)
        return {n: drawn[n] for n in self.layout}

    def constrain(self, free: Values) -> tuple[Values, Any]:
        """Values and the log Jacobian of the map to them."""
        return self.program.constrain(free)

    def unconstrain(self, values: Values) -> Values:
        """The inverse of `constrain`."""
        return self.program.unconstrain(values)

    def moment(self, name: str) -> Values:
        """The mean or variance of every site, where none depends on another."""
        found: Values = {}
        env = dict(self.program.data)
        for site in self.program.analysis.sites.values():
            if site.step:
                _unknown_moment(name, site.name)
            try:
                built = self.program.distribution(site, self.program.evaluator(env))
            except KeyError:
                _unknown_moment(name, site.name)
            found[site.name] = getattr(built.expand(site.batch), name)
        return found


Maker = Callable[..., dist.Distribution]


class MarginalEngine(Engine):
    """NumPyro distributions, and functions of earlier values that make them."""

    def __init__(self, makers: Mapping[str, dist.Distribution | Maker]) -> None:
        self.makers = makers
        self.wants = {
            n: tuple(inspect.signature(m).parameters)
            for n, m in makers.items()
            if not isinstance(m, dist.Distribution)
        }
        for name, wanted in self.wants.items():
            earlier = list(makers)[: list(makers).index(name)]
            if missing := set(wanted) - set(earlier):
                message = f"{name!r} asks for {sorted(missing)}"
                hint = f"earlier sites are {earlier}"
                raise UnsupportedError(message, code="unknown-name", hint=hint)

    def make(self, name: str, values: Mapping[str, Any]) -> dist.Distribution:
        """The distribution of a site, given earlier values."""
        maker = self.makers[name]
        if isinstance(maker, dist.Distribution):
            return maker
        return maker(*(values[w] for w in self.wants[name]))

    @cached_property
    def _prototypes(self) -> dict[str, Any]:
        """Shapes, dtypes and batch shapes of every site, without computing a value."""
        found: dict[str, tuple[Any, ...]] = {}

        def run() -> Values:
            values: Values = {}
            for name in self.makers:
                made = self.make(name, values)
                batch = len(made.batch_shape)
                free = biject(made.support).inverse_shape(made.shape())
                found[name] = (made.event_shape, free[batch:], made.batch_shape)
                values[name] = _some_value(made, free)
            return values

        shapes = jax.eval_shape(run)
        return {n: (*found[n], shapes[n].dtype) for n in self.makers}

    @property
    def batch_shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """The broadcast of all batch shapes."""
        return jnp.broadcast_shapes(*(p[2] for p in self._prototypes.values()))

    @cached_property
    def layout(self) -> dict[str, Layout]:
        """All sites, in order."""
        return {n: Layout(p[0], p[1], p[3]) for n, p in self._prototypes.items()}

    def score(self, values: Values) -> Values:
        """The log density of each site, one draw at a time."""
        return self._each(self._score_one, values)

    def _score_one(self, values: Values) -> Values:
        parts = {n: self.make(n, values).log_prob(values[n]) for n in self.makers}
        return {n: jnp.broadcast_to(x, self.batch_shape) for n, x in parts.items()}

    def draw(self, key: Any, shape: tuple[int, ...]) -> Values:
        """A draw of every site, with leading axes."""

        def one(key: Any) -> Values:
            values: Values = {}
            for name in self.makers:
                key, own = jax.random.split(key)
                made = self.make(name, values).expand(self.batch_shape)
                values[name] = made.sample(own)
            return values

        flat = jax.vmap(one)(jax.random.split(key, prod(shape)))
        return {n: x.reshape((*shape, *x.shape[1:])) for n, x in flat.items()}

    def constrain(self, free: Values) -> tuple[Values, Any]:
        """Values and the log Jacobian of the map to them."""
        return self._each(self._constrain_one, free, free=True)

    def _constrain_one(self, free: Values) -> tuple[Values, Any]:
        values: Values = {}
        total = jnp.zeros(self.batch_shape)
        for name in self.makers:
            made = self.make(name, values)
            if discrete(made):
                values[name] = free[name]
                continue
            bijector = biject(made.support)
            values[name] = bijector(free[name])
            log_det = bijector.log_abs_det_jacobian(free[name], values[name])
            axes = tuple(range(len(self.batch_shape), jnp.ndim(log_det)))
            total = total + jnp.sum(log_det, axis=axes)
        return values, total

    def unconstrain(self, values: Values) -> Values:
        """The inverse of `constrain`."""

        def one(values: Values) -> Values:
            made = {n: self.make(n, values) for n in self.makers}
            return {
                n: values[n] if discrete(d) else biject(d.support).inv(values[n])
                for n, d in made.items()
            }

        return self._each(one, values)

    def moment(self, name: str) -> Values:
        """The mean or variance of every site, where none depends on another."""
        for site in self.wants:
            _unknown_moment(name, site)
        return {n: getattr(m, name) for n, m in self.makers.items()}

    def _each(
        self, function: Callable[[Values], Any], values: Values, *, free: bool = False
    ) -> Any:
        """`function` of one draw, vmapped over leading axes beyond the batch."""
        first = next(iter(self.layout))
        own = self.layout[first].free if free else self.layout[first].shape
        rank = jnp.ndim(values[first]) - len(own) - len(self.batch_shape)
        for _ in range(max(rank, 0)):
            function = jax.vmap(function)
        return function(values)


def _unknown_moment(name: str, site: str) -> None:
    message = f"the {name} is not known: {site!r} depends on other sites"
    raise UnsupportedError(message, hint="estimate it from draws")


def _some_value(made: dist.Distribution, free: tuple[int, ...]) -> Any:
    if discrete(made):
        return jnp.zeros(made.shape(), int)
    return biject(made.support)(jnp.zeros(free))


def discrete(made: dist.Distribution) -> bool:
    """Whether the values of a distribution are counted."""
    return bool(made.support.is_discrete)


def biject(support: Any) -> Any:
    """NumPyro's bijector to a continuous support; the identity for a counted one."""
    if support.is_discrete:
        return dist.transforms.IdentityTransform()
    return dist.biject_to(support)
