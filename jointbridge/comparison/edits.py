"""Changes inside of the expressions of a joint, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from jointbridge.backends.program import Program
from jointbridge.comparison.confusions import Confusion
from jointbridge.comparison.copies import settled
from jointbridge.comparison.textbook import TEXTBOOK
from jointbridge.comparison.variations import variations
from jointbridge.errors import JointBridgeError
from jointbridge.expression import EXPRESSIONS, Distribution
from jointbridge.spec import (
    Deterministic,
    Factor,
    Let,
    Sample,
    Spec,
    Statement,
    references,
)

#: More changes than this are not tried.
_MANY = 400

Said = tuple[Confusion, dict[str, str], float]


def edited(
    spec: Spec,
    site: str,
    values: Sequence[dict[str, Any]],
    wanted: Sequence[float],
    tolerance: float,
) -> Said | None:
    """A change of one expression with which a site has the wanted log densities."""
    for number, (confusion, changed) in enumerate(_edits(spec, site)):
        if number >= _MANY:
            return None
        error = _error(changed, site, values, wanted, tolerance)
        if error <= tolerance:
            return confusion, {}, error
    return None


def _error(
    spec: Spec,
    site: str,
    values: Sequence[dict[str, Any]],
    wanted: Sequence[float],
    tolerance: float,
) -> float:
    worst = 0.0
    try:
        program = Program(_settled(spec), TEXTBOOK)
        known = program.analysis.sites
        for point, number in zip(values, wanted, strict=True):
            given = {
                n: program.arrays.array(x, known[n].type.kind)
                for n, x in point.items()
                if n in known
            }
            with np.errstate(all="ignore"):
                parts, _ = program.score(given)
            error = abs(float(parts[site]) - number) / max(1.0, abs(number))
            if not error <= tolerance:
                return np.inf
            worst = max(worst, error)
    except (JointBridgeError, NotImplementedError, ValueError, IndexError, KeyError):
        return np.inf
    return worst


def _settled(spec: Spec) -> Spec:
    """The joint with the choice of parameters that the textbook has."""
    made = [
        replace(s, dist=settled(s.dist, {})) if isinstance(s, Sample) else s
        for s in spec.statements
    ]
    return replace(spec, statements=tuple(made))


def _edits(spec: Spec, site: str) -> Iterator[tuple[Confusion, Spec]]:
    """The joint with one change in an expression that a site depends on."""
    for number in _relevant(spec, site):
        statement = spec.statements[number]
        for confusion, made in _of_statement(statement):
            statements = list(spec.statements)
            statements[number] = made
            yield confusion, replace(spec, statements=tuple(statements))


def _relevant(spec: Spec, site: str) -> list[int]:
    """The statement of a site and the computed ones that it reads, the nearest first."""
    wanted, found = {site}, []
    for number in range(len(spec.statements) - 1, -1, -1):
        statement = spec.statements[number]
        computed = isinstance(statement, (Let, Deterministic))
        if statement.name in wanted and (computed or statement.name == site):
            found.append(number)
            wanted |= references(statement)
    return found


def _of_statement(statement: Statement) -> Iterator[tuple[Confusion, Statement]]:
    if not isinstance(statement, (Let, Deterministic, Factor, Sample)):
        return
    for field in fields(statement):
        node = getattr(statement, field.name)
        if isinstance(node, (*EXPRESSIONS, Distribution)) and field.name != "observed":
            for confusion, made in variations(node):
                yield confusion, replace(statement, **{field.name: made})
