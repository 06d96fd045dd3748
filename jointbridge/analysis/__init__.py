"""What a spec means, statically: the type of every name, and everything that is wrong.

All problems are collected in one pass; nothing is evaluated and no backend is needed.
"""

from __future__ import annotations

from jointbridge.analysis.findings import Analysis as Analysis
from jointbridge.analysis.findings import Site as Site
from jointbridge.analysis.findings import where
from jointbridge.analysis.naming import check_references, declarations, unused
from jointbridge.analysis.naming import free_name as free_name
from jointbridge.analysis.sampling import why_not_conditional as why_not_conditional
from jointbridge.analysis.sampling import why_not_samplable as why_not_samplable
from jointbridge.analysis.statements import RULES
from jointbridge.errors import JointBridgeError
from jointbridge.spec import (
    Spec,
    Statement,
    Type,
    Unread,
    defined,
    references,
    samples,
)


def analyse(spec: Spec) -> Analysis:
    """The types and problems of `spec`; never raises for what is wrong in it."""
    found = Analysis(spec)
    declarations(found)
    for number, statement in enumerate(spec.statements):
        place = where(statement, f"$.sites[{number}]")
        try:
            if _rests_on_mistakes(found, statement):
                check_references(found, statement, place)
                _forgive(found, statement)
            else:
                RULES[type(statement)](found, statement, place)
        except JointBridgeError as error:
            found.problems += error.at(place).problems
            _forgive(found, statement)
    unused(found)
    return found


def _rests_on_mistakes(found: Analysis, statement: Statement) -> bool:
    """Whether something that it reads has no type, so that nothing is said of it."""
    read: set[str | None] = set(references(statement))
    if not isinstance(statement, Unread):
        read = read.union(*(sample.plates for sample in samples(statement)))
    return isinstance(statement, Unread) or bool(read & found.mistaken)


def _forgive(found: Analysis, statement: Statement) -> None:
    """What comes later may still refer to it."""
    given = statement.names if isinstance(statement, Unread) else defined(statement)
    found.mistaken |= set(given)
    for name in given:
        found.scope.names.setdefault(name, Type())
