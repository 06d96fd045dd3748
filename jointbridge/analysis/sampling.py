"""Whether draws follow from the statements."""

from __future__ import annotations

from jointbridge.analysis.findings import Analysis
from jointbridge.expression import Distribution, names, walk
from jointbridge.families import FAMILIES
from jointbridge.spec import (
    Factor,
    Sample,
    Statement,
    defined,
    nodes,
    references,
)


def why_not_samplable(found: Analysis) -> str | None:
    """The reason why a spec has no forward sampler, or None where it has one."""
    data_of = {
        s.name: names(s.sample.observed)
        for s in found.observed.values()
        if s.sample.observed is not None
    }
    for statement in found.spec.statements:
        if isinstance(statement, Factor):
            return f"factor {statement.name!r} adds to the density, no draw follows it"
        if isinstance(statement, Sample) and _improper(statement):
            return f"site {statement.name!r} is improper"
        used = _inputs(statement)
        for site, data in data_of.items():
            if shared := used & data:
                return (
                    f"{min(shared)!r}, observed at site {site!r}, is also an input of "
                    f"{statement.name!r}"
                )
    return None


def why_not_conditional(found: Analysis) -> str | None:
    """The reason why the latent sites cannot be drawn in order given the observed ones.

    They can where no observed site depends on a latent one.
    """
    drawn: set[str] = set()
    for statement in found.spec.statements:
        if not isinstance(statement, Sample):
            if references(statement) & drawn:
                drawn |= set(defined(statement))
        elif statement.observed is None:
            drawn.add(statement.name)
        elif depends := names(statement.dist) & drawn:
            return f"site {statement.name!r} is given and depends on {min(depends)!r}"
    return why_not_samplable(found)


def _improper(sample: Sample) -> bool:
    return any(
        isinstance(node, Distribution) and FAMILIES[node.family].improper
        for node in walk(sample.dist)
    )


def _inputs(statement: Statement) -> frozenset[str]:
    if not isinstance(statement, Sample):
        return references(statement)
    inputs = (n for field, n in nodes(statement) if field not in ("observed", "mask"))
    return frozenset[str]().union(*map(names, inputs))
