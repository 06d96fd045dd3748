"""Whether draws follow from the statements."""

from __future__ import annotations

from dataclasses import replace

from jointbridge.analysis.dependence import outer, rests_on
from jointbridge.analysis.findings import Analysis
from jointbridge.expression import Distribution, names, walk
from jointbridge.families import FAMILIES
from jointbridge.spec import (
    Factor,
    Sample,
    Scan,
    Statement,
    defined,
    nodes,
    references,
    samples,
)


def why_not_samplable(found: Analysis) -> str | None:
    """The reason why a spec has no forward sampler, or None where it has one."""
    statements = found.spec.statements
    data_of = {
        site.name: _seen_as(statement, site)
        for statement in statements
        for site in samples(statement)
    }
    for statement in statements:
        if isinstance(statement, Factor):
            return f"factor {statement.name!r} adds to the density, no draw follows it"
        for site in filter(_improper, samples(statement)):
            return f"site {site.name!r} is improper"
        used = _inputs(statement)
        for name, data in data_of.items():
            if shared := used & data:
                return (
                    f"{min(shared)!r}, observed at site {name!r}, is also an input of "
                    f"{statement.name!r}"
                )
    return None


def why_not_conditional(found: Analysis) -> str | None:
    """The reason why the latent sites cannot be drawn in order given the observed ones.

    They can where no observed site depends on a latent one.
    """
    drawn: set[str] = set()
    for statement in found.spec.statements:
        latent = {s.name for s in samples(statement) if s.observed is None}
        for site in samples(statement):
            if site.observed is not None:
                depends = _rests_on(statement, site) & (drawn | latent)
                if depends:
                    given = f"site {site.name!r} is given"
                    return f"{given} and depends on {min(depends)!r}"
        if isinstance(statement, Sample):
            drawn |= latent
        elif latent or references(statement) & drawn:
            drawn |= set(defined(statement))
    return why_not_samplable(found)


def _improper(sample: Sample) -> bool:
    return any(
        isinstance(node, Distribution) and FAMILIES[node.family].improper
        for node in walk(sample.dist)
    )


def _seen_as(statement: Statement, site: Sample) -> frozenset[str]:
    """The outer names that a site is observed as."""
    seen = names(site.observed) if site.observed is not None else frozenset[str]()
    if isinstance(statement, Scan):
        return outer(statement, seen, past_sites=False)
    return seen


def _rests_on(statement: Statement, site: Sample) -> frozenset[str]:
    """What a distribution depends on, the sites of its own body included."""
    read = names(site.dist)
    if isinstance(statement, Scan):
        return rests_on(statement, read) | outer(statement, read)
    return read


def _inputs(statement: Statement) -> frozenset[str]:
    """What values follow from: not what they are seen to be."""
    if isinstance(statement, Sample):
        inputs = (n for f, n in nodes(statement) if f not in ("observed", "mask"))
        return frozenset[str]().union(*map(names, inputs))
    if not isinstance(statement, Scan):
        return references(statement)
    body = tuple(
        replace(s, observed=None, mask=None) if isinstance(s, Sample) else s
        for s in statement.body
    )
    made = {site.name for site in statement.sites} | set(dict(statement.next))
    collected = frozenset(made).union(*(names(node) for _, node in statement.collect))
    return outer(replace(statement, body=body), collected)
