"""The components of a TFP joint: each is one site of a spec, given the earlier ones.

A component knows the part of the program that its site needs (`Part`) and the values of
the sites it depends on.  Its batch shape is the draws of those values, whatever they are;
plates and the site's own shape are inside its event:

    earlier values    [1000]  [1000, 8]
    component         batch [1000]   event [8]
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.analysis import Site
from jointbridge.backends.program import Program
from jointbridge.backends.tfp.bijectors import Unchanged
from jointbridge.backends.tfp.library import TensorShape, tfd
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.table import INTEGER_VALUES
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.expression import Distribution, names
from jointbridge.membership import membership
from jointbridge.spec import Factor, Sample, Scan, Spec, Statement, references


@dataclass(frozen=True)
class Part:
    """The part of a program that one statement needs.

    Attributes:
        program: A program of that statement and the computed values it reads.
        statement: The sample statement or factor.
        parents: The sites that it depends on, directly or through computed values.
    """

    program: Program
    statement: Sample | Factor
    parents: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the statement."""
        return self.statement.name

    @property
    def is_factor(self) -> bool:
        """Whether there is no value, only a term of the density."""
        return isinstance(self.statement, Factor)

    @property
    def site(self) -> Site:
        """The site, for a sample statement."""
        return self.program.analysis.sites[self.name]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one draw of the value; that of a factor is empty."""
        return (0,) if self.is_factor else self.site.type.shape

    @property
    def is_counted(self) -> bool:
        """Whether values are whole numbers."""
        return not self.is_factor and self.site.type.kind != "float"

    @property
    def dtype(self) -> Any:
        """The dtype in which TFP gives the values."""
        whole = self.is_counted and _family(self.site.sample.dist) in INTEGER_VALUES
        return jnp.dtype("int32" if whole else self.program.arrays.dtypes["float"])

    def evaluator(self, values: Mapping[str, Array]) -> Evaluator:
        """What sees everything before the statement."""
        *_, (_, evaluate) = self.program.walk({**self.program.data, **values})
        return evaluate

    def distribution(self, values: Mapping[str, Array]) -> Any:
        """TFP's distribution of a site, given the values it depends on."""
        return self.program.distribution(self.site, self.evaluator(values))

    # Compiled piece by piece, so that a joint that is used outside of `jit` is not slow.

    @cached_property
    def score(self) -> Callable[[Mapping[str, Array]], Array]:
        """The log density, given the value of the site and of its parents."""
        return jax.jit(lambda values: self.program.score(values)[0][self.name])

    @cached_property
    def draw(self) -> Callable[..., Array]:
        """A draw of a batch shape, given a key and the values of the parents."""

        def draw(key: Any, values: Mapping[str, Array], batch: tuple[int, ...]) -> Array:
            return self.program.backend.draw(self.distribution(values), batch, key)

        return jax.jit(draw, static_argnums=2)

    def draws(self, values: Mapping[str, Array]) -> tuple[int, ...]:
        """The leading axes that the values of the parents have in common."""
        types = self.program.scope.names
        shapes = (x.shape[: x.ndim - types[n].rank] for n, x in values.items())
        return jnp.broadcast_shapes(*shapes)


def parts_of(program: Program) -> dict[str, Part]:
    """The part of each sample statement and factor, in order."""
    return {
        s.name: part_of(program, s)
        for s in program.spec.statements
        if isinstance(s, (Sample, Factor))
    }


def part_of(program: Program, statement: Sample | Factor) -> Part:
    """What a statement needs, its observed value left out."""
    if isinstance(statement, Sample):
        statement = replace(statement, observed=None)
    needed, parents = _reads(program.spec, references(statement))
    return Part(_only(program, [*needed, statement]), statement, parents)


def observation(program: Program, site: Site) -> Array:
    """The observed value of a site.

    Raises:
        UnsupportedError: It depends on other sites.
    """
    needed, parents = _reads(program.spec, names(site.sample.observed))
    if parents:
        raise UnsupportedError(
            f"the observed value of {site.name!r} depends on {list(parents)}",
            hint="only data can be pinned",
        )
    env: Env = dict(program.data)
    for _ in _only(program, needed).walk(env):
        pass
    return program.observed(site, program.evaluator(env))


def _reads(
    spec: Spec, wanted: frozenset[str]
) -> tuple[list[Statement], tuple[str, ...]]:
    """The statements behind names, in order, and the sites that are read."""
    needed: list[Statement] = []
    parents: list[str] = []
    seen = set(wanted)
    for statement in reversed(spec.statements):
        if not seen & _defines(statement):
            continue
        if isinstance(statement, Sample):
            parents.append(statement.name)
        else:
            needed.append(statement)
            seen |= references(statement)
    return needed[::-1], tuple(parents[::-1])


def _defines(statement: Statement) -> set[str]:
    if isinstance(statement, Scan):
        return {name for name, _ in statement.collect}
    return set() if isinstance(statement, Factor) else {statement.name}


def _only(program: Program, statements: list[Statement]) -> Program:
    """The same program, of some of its statements."""
    part = copy.copy(program)
    part.spec = replace(program.spec, statements=tuple(statements))
    return part


def _family(node: Any) -> str:
    """The family of a distribution, or of the one inside it."""
    while inner := [p for _, p in node.params if isinstance(p, Distribution)]:
        (node,) = inner
    return node.family


class Component(tfd.Distribution):
    """A statement of a joint, given the values it depends on.

    Args:
        part: What the statement needs.
        values: The values of its parents, and of params.
        name: An identifier.
    """

    def __init__(self, part: Part, values: Mapping[str, Array], name: str) -> None:
        self.part = part
        self._values = dict(values)
        self._draws = part.draws({n: values[n] for n in part.parents})
        super().__init__(
            dtype=part.dtype,
            reparameterization_type=tfd.NOT_REPARAMETERIZED,
            validate_args=False,
            allow_nan_stats=True,
            name=name,
        )

    def _batch_shape(self) -> Any:
        return TensorShape(self._draws)

    def _batch_shape_tensor(self) -> Any:
        return jnp.asarray(self._draws, "int32")

    def _event_shape(self) -> Any:
        return TensorShape(self.part.shape)

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray(self.part.shape, "int32")

    def feasible(self) -> Array:
        """Some value of the support, found without drawing."""
        return jnp.zeros((*self._draws, *self.part.shape), self.dtype)

    def _default_event_space_bijector(self) -> Any:
        return Unchanged(self.part.program.dtype)


class SiteDistribution(Component):
    """A site: scored as the spec says, drawn by TFP.

    The density is -inf outside the support, NaN for NaN, and honours mask and scale.
    `distribution` is TFP's own object beneath it.
    """

    @property
    def distribution(self) -> Any:
        """TFP's distribution, its plates inside the event; no mask, no scale."""
        built = self.part.distribution(self._values)
        batch = (*self._draws, *self.part.site.batch)
        if tuple(built.batch_shape) != batch:
            built = tfd.BatchBroadcast(built, to_shape=batch)
        rank = len(self.part.site.batch)
        return tfd.Independent(built, rank) if rank else built

    @property
    def reparameterization_type(self) -> Any:
        """Whether gradients pass through draws, as for TFP's own distribution."""
        return self.part.distribution(self._values).reparameterization_type

    def _log_prob(self, value: Array) -> Array:
        density = self.part.score({**self._values, self.part.name: value})
        if not self.part.is_counted or value.dtype.kind != "f":
            return density
        axes = tuple(range(-len(self.part.shape), 0))
        whole = jnp.all(value == jnp.floor(value), axis=axes)
        unknown = jnp.any(jnp.isnan(value), axis=axes)
        density = jnp.where(whole, density, -jnp.inf)
        return jnp.where(unknown, jnp.nan, density)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        batch = (int(n), *self._draws, *self.part.site.batch)
        return self.part.draw(seed, self._values, batch).astype(self.dtype)

    def feasible(self) -> Array:
        """Some value of the support, found without drawing."""
        site, evaluate = self.part.site, self.part.evaluator(self._values)
        shape, width = (*self._draws, *self.part.shape), self.part.program.dtype
        empty = jnp.zeros(shape, width)
        _, point = membership(site.support, empty, evaluate, site.elementwise, width)
        return jnp.broadcast_to(point, shape).astype(self.dtype)

    def _default_event_space_bijector(self) -> Any:
        evaluate = self.part.evaluator(self._values)
        found = self.part.program.bijector(self.part.site, evaluate)
        return Unchanged(self.part.program.dtype) if found is None else found

    def _mean(self) -> Array:
        with quiet():
            return self.distribution.mean()

    def _variance(self) -> Array:
        with quiet():
            return self.distribution.variance()


class FactorDistribution(Component):
    """A factor: its value is empty, its log density the factor's term.

    It can be drawn from as every empty array can; draws of the joint do not follow it.
    """

    def _log_prob(self, value: Array) -> Array:
        term = self.part.score(self._values)
        return jnp.broadcast_to(term, jnp.broadcast_shapes(term.shape, value.shape[:-1]))

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        del seed
        return jnp.zeros((int(n), *self._draws, 0), self.dtype)
