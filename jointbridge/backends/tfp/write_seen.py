"""Observed values that rest on sites: TFP pins components to data alone.

y ~ Normal(mu, 1), seen to be f(z)      Factor(Normal(mu, 1).log_prob(f(z)))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jointbridge.analysis import Analysis
from jointbridge.expression import Call, Expression, Name, Number, names
from jointbridge.spec import (
    Factor,
    Let,
    Param,
    Sample,
    Spec,
    Statement,
    defined,
    references,
)


def in_factors(analysis: Analysis) -> Spec:
    """The spec with a factor for each site whose observed value rests on a site."""
    spec = analysis.spec
    read = frozenset[str]().union(*map(references, spec.statements))
    moving: set[str] = set()
    found: list[Statement] = []
    for statement in spec.statements:
        if isinstance(statement, Sample) and _rests_on(statement, moving):
            found += _scored(analysis, statement.name, statement.name in read)
        else:
            found.append(statement)
        moves = isinstance(statement, (Sample, Param))
        if moves or references(statement) & moving:
            moving.update(defined(statement))
    return replace(spec, statements=tuple(found))


def _rests_on(site: Sample, moving: set[str]) -> bool:
    return site.observed is not None and bool(names(site.observed) & moving)


def _scored(analysis: Analysis, name: str, is_read: bool) -> Iterator[Let | Factor]:
    """The term of a site; its value keeps the name where it is read."""
    site = analysis.sites[name]
    seen = site.sample.observed
    assert seen is not None
    title = name
    if is_read:
        yield Let(name, seen)
        title, seen = f"log density of {name}", Name(name)
    if analysis.scope.type(site.sample.observed).shape != site.type.shape:
        seen = Call("broadcast_to", (seen,), (("shape", site.type.shape),))
    yield Factor(title, _term(site.sample, seen))


def _term(sample: Sample, seen: Expression) -> Expression:
    term: Expression = Call("log_prob", (sample.dist, seen))
    if sample.mask is not None:
        term = Call("where", (sample.mask, term, Number(0.0)))
    if sample.scale is not None:
        term = Call("multiply", (sample.scale, term))
    return term
