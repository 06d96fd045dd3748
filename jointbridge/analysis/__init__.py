"""What a spec means, statically: the type of every name, and everything that is wrong.

All problems are collected in one pass; nothing is evaluated and no backend is needed.
"""

from __future__ import annotations

from jointbridge.analysis.findings import Analysis as Analysis
from jointbridge.analysis.findings import Site as Site
from jointbridge.analysis.findings import where
from jointbridge.analysis.naming import declarations, unused
from jointbridge.analysis.recurrence import scan_scope as scan_scope
from jointbridge.analysis.sampling import why_not_samplable as why_not_samplable
from jointbridge.analysis.statements import RULES
from jointbridge.errors import JointBridgeError
from jointbridge.spec import Scan, Spec, Statement, Type


def analyse(spec: Spec) -> Analysis:
    """The types and problems of `spec`; never raises for what is wrong in it."""
    found = Analysis(spec)
    declarations(found)
    for number, statement in enumerate(spec.statements):
        path = f"$.sites[{number}]"
        try:
            RULES[type(statement)](found, statement, path)
        except JointBridgeError as error:
            found.problems += error.at(where(statement, path)).problems
            # What comes later may still refer to it.
            _forgive(found, statement)
    unused(found)
    return found


def _forgive(found: Analysis, statement: Statement) -> None:
    defined = [statement.name]
    if isinstance(statement, Scan):
        defined = [n for n, _ in statement.collect]
    for name in defined:
        found.scope.names.setdefault(name, _UNKNOWN)


_UNKNOWN = Type((), "float")
