"""The part of a program that one statement needs: the statement and what it reads.

statements    mu   tau   let r = tau / 2   theta(mu, r)   y(theta)
part of theta                let r = tau / 2   theta(mu, r)      parents mu, tau
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp

from jointbridge.analysis import Site
from jointbridge.backends.program import Program
from jointbridge.backends.tfp.table import INTEGER_VALUES
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.expression import Distribution, names
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

    def score(self, values: Mapping[str, Array]) -> Array:
        """The log density, given the value of the site and of its parents."""
        parts, _ = self.program.score(values)
        return parts[self.name]

    def draw(
        self, key: Any, values: Mapping[str, Array], batch: tuple[int, ...]
    ) -> Array:
        """A draw of a batch shape, given the values of the parents."""
        return self.program.backend.draw(self.distribution(values), batch, key)

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
    assert site.sample.observed is not None
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
