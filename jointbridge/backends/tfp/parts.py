"""The part of a program that one statement needs: the statement and what it reads.

statements    mu   tau   let r = tau / 2   theta(mu, r)   y(theta)
part of theta                let r = tau / 2   theta(mu, r)      parents mu, tau

A site in the body of a scan has the scan as its part, with all other sites given: there
they are slices of arrays like any others.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp

from jointbridge.analysis import Site
from jointbridge.analysis.dependence import given, only, rests_on
from jointbridge.backends.program import Program
from jointbridge.backends.tfp.table import INTEGER_VALUES
from jointbridge.backends.walking import Fill
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.expression import inner, names
from jointbridge.membership import membership
from jointbridge.spec import (
    Factor,
    Sample,
    Scan,
    Spec,
    Statement,
    nodes,
    references,
)


@dataclass(frozen=True)
class Part:
    """The part of a program that one statement needs.

    Attributes:
        program: A program of that statement and the computed values it reads.
        statement: The sample statement or factor; a scan with one site.
        parents: The sites that it depends on, directly or through computed values.
    """

    program: Program
    statement: Sample | Factor | Scan
    parents: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the site or factor."""
        if isinstance(self.statement, Scan):
            return self.statement.sites[0].name
        return self.statement.name

    @property
    def is_chain(self) -> bool:
        """Whether a step depends on the site's own value of earlier steps."""
        if not isinstance(self.statement, Scan):
            return False
        read = (names(node) for _, node in nodes(self.statement.sites[0]))
        return self.name in rests_on(self.statement, frozenset().union(*read))

    @property
    def moves_support(self) -> bool:
        """Whether the support depends on the site's own value of earlier steps."""
        if not isinstance(self.statement, Scan):
            return False
        return self.name in rests_on(self.statement, names(self.site.support))

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
        """What sees everything before the statement; in a scan, its body at all steps.

        Where the steps depend on each other the site has some value of its support.
        """
        return self._steps(values, self._some_value)[1]

    def _steps(
        self,
        values: Mapping[str, Array],
        fill: Fill,
        along: Any = None,
        lead: tuple[int, ...] = (),
    ) -> tuple[Env, Evaluator]:
        env = {**self.program.data, **values}
        if not isinstance(self.statement, Scan):
            *_, (_, evaluate) = self.program.walk(env)
            return env, evaluate
        draws = self.draws({n: values[n] for n in self.parents})
        walked = {} if along is None else {self.name: along}
        *_, (_, evaluate) = self.program.walk(env, fill, walked, lead or draws)
        return env, evaluate

    def _some_value(self, site: Site, evaluate: Evaluator, _: Any) -> Array:
        shape, width = site.type.shape, self.program.dtype
        empty = jnp.zeros(shape, width)
        _, point = membership(site.support, empty, evaluate, site.elementwise, width)
        lead = point.shape[: max(0, point.ndim - len(shape))]
        return self.program.arrays.cast(
            jnp.broadcast_to(point, (*lead, *shape)), site.type.kind
        )

    def distribution(self, values: Mapping[str, Array]) -> Any:
        """TFP's distribution of a site, given the values it depends on."""
        evaluate = self.evaluator(values)
        return self.program.distribution(self.site.step or self.site, evaluate)

    def score(self, values: Mapping[str, Array]) -> Array:
        """The log density, given the value of the site and of its parents."""
        parts, _ = self.program.score(values)
        return parts[self.name]

    def draw(
        self, key: Any, values: Mapping[str, Array], batch: tuple[int, ...]
    ) -> Array:
        """A draw of a batch shape, given the values of the parents."""
        backend = self.program.backend
        if not self.is_chain:
            return backend.draw(self.distribution(values), batch, key)
        lead = batch[: len(batch) - len(self.site.batch)]

        def fill(site: Site, evaluate: Evaluator, key: Any) -> Array:
            built = self.program.distribution(site, evaluate)
            value = backend.draw(built, (*lead, *site.batch), key)
            return self.program.arrays.cast(value, site.type.kind)

        keys = backend.split(key, self.site.type.shape[0])
        env, _ = self._steps(values, fill, keys, lead)
        return env[self.name]

    def draws(self, values: Mapping[str, Array]) -> tuple[int, ...]:
        """The leading axes that the values of the parents have in common."""
        types = self.program.scope.names
        shapes = (x.shape[: x.ndim - types[n].rank] for n, x in values.items())
        return jnp.broadcast_shapes(*shapes)


def parts_of(program: Program) -> dict[str, Part]:
    """The part of each site and factor, in order."""
    found = {}
    for statement in program.spec.statements:
        if isinstance(statement, (Sample, Factor)):
            found[statement.name] = part_of(program, statement)
        elif isinstance(statement, Scan):
            for site in statement.sites:
                found[site.name] = part_of(program, _scan_of(statement, site))
    return found


def part_of(program: Program, statement: Sample | Factor | Scan) -> Part:
    """What a statement needs, its observed value left out."""
    if isinstance(statement, Sample):
        statement = replace(statement, observed=None)
    needed, parents = _reads(program.spec, references(statement))
    return Part(_only(program, [*needed, statement]), statement, parents)


def _scan_of(scan: Scan, site: Sample) -> Scan:
    """The scan with one of its sites, and what that needs; other sites are given.

    Raises:
        UnsupportedError: It needs a site after it, as it was some steps before.
    """
    body = tuple(
        replace(s, observed=None) if isinstance(s, Sample) else s for s in scan.body
    )
    scan = replace(scan, body=body, collect=())
    order = [s.name for s in scan.sites]
    needed = [n for n in order if n in rests_on(scan, {site.name}) and n != site.name]
    if later := [n for n in needed if order.index(n) > order.index(site.name)]:
        message = f"{site.name!r} needs {later[0]!r} of the step before"
        raise UnsupportedError(
            f"{message}: in scan {scan.name!r} neither comes before the other as a whole",
            hint="a TFP joint draws its parts one after the other; log_prob, sample and "
            "check work on TFP all the same",
        )
    part = given(scan, needed)
    return only(part, rests_on(part, {site.name}))


def observation(program: Program, site: Site) -> Array:
    """The observed value of a site.

    Raises:
        UnsupportedError: It depends on other sites.
    """
    assert site.sample.observed is not None
    if site.step:
        found = program.observations().get(site.name)
        if found is None:
            raise _not_data(site, "other values")
        return found
    needed, parents = _reads(program.spec, names(site.sample.observed))
    if parents:
        raise _not_data(site, str(list(parents)))
    env: Env = dict(program.data)
    for _ in _only(program, needed).walk(env):
        pass
    return program.observed(site, program.evaluator(env))


def _not_data(site: Site, parents: str) -> UnsupportedError:
    message = f"the observed value of {site.name!r} depends on {parents}"
    return UnsupportedError(message, hint="only data can be pinned")


def _reads(
    spec: Spec, wanted: frozenset[str]
) -> tuple[list[Statement], tuple[str, ...]]:
    """The statements behind names, in order, and the sites that are read."""
    needed: list[Statement] = []
    parents: list[str] = []
    seen = set(wanted)
    for statement in reversed(spec.statements):
        if isinstance(statement, Scan):
            read = _collecting(statement, seen)
            if read.collect:
                needed.append(read)
                seen |= references(read)
            parents += [s.name for s in reversed(statement.sites) if s.name in seen]
        elif isinstance(statement, Sample) and statement.name in seen:
            parents.append(statement.name)
        elif not isinstance(statement, Factor) and statement.name in seen:
            needed.append(statement)
            seen |= references(statement)
    return needed[::-1], tuple(parents[::-1])


def _collecting(scan: Scan, wanted: set[str]) -> Scan:
    """The part of a scan that collects some names, its sites given."""
    scan = given(scan, [site.name for site in scan.sites])
    collect = tuple((name, node) for name, node in scan.collect if name in wanted)
    read = frozenset[str]().union(*(names(node) for _, node in collect))
    return replace(only(scan, rests_on(scan, read)), collect=collect)


def _only(program: Program, statements: list[Statement]) -> Program:
    """The same program, of some of its statements."""
    part = copy.copy(program)
    part.spec = replace(program.spec, statements=tuple(statements))
    return part


def _family(node: Any) -> str:
    """The family of a distribution, or of the first one inside it."""
    while within := [d for _, d in inner(node)]:
        node = within[0]
    return node.family  # type: ignore[no-any-return]
