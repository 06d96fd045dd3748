"""Copies inside a draw as plates, where a mask or a scale tells them apart.

Libraries with sample statements have one mask and one scale for an event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jointbridge.analysis import Analysis
from jointbridge.backends.writing.plates import unused
from jointbridge.shapes import Scope
from jointbridge.spec import Data, Plate, Sample, Scan, Spec, Statement, defined


def in_plates(analysis: Analysis) -> Spec:
    """The spec with plates for the shapes that a mask or a scale varies in."""
    spec = analysis.spec
    found = _Copies(analysis)
    statements = tuple(map(found.statement, spec.statements))
    if not found.plates:
        return spec
    return replace(spec, statements=statements, plates=(*spec.plates, *found.plates))


class _Copies:
    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.plates: list[Plate] = []
        self.taken = {*names_in(analysis.spec)}

    def statement(self, statement: Statement) -> Statement:
        if isinstance(statement, Scan):
            scope, _ = self.analysis.scans[statement.name]
            body = tuple(
                self.sample(s, scope) if isinstance(s, Sample) else s
                for s in statement.body
            )
            return replace(statement, body=body)
        if isinstance(statement, Sample):
            return self.sample(statement, self.analysis.scope)
        return statement

    def sample(self, site: Sample, scope: Scope) -> Sample:
        varying = (node for node in (site.mask, site.scale) if node is not None)
        if not site.shape or not any(scope.type(node).rank for node in varying):
            return site
        new = tuple(self.plate(site, n) for n in range(len(site.shape)))
        return replace(site, plates=(*site.plates, *new), shape=())

    def plate(self, site: Sample, axis: int) -> str:
        number = f"_{axis + 1}" if len(site.shape) > 1 else ""
        title = unused(f"{site.name}_copies{number}", self.taken)
        self.taken.add(title)
        self.plates.append(Plate(title, site.shape[axis]))
        return title


def names_in(spec: Spec) -> Iterator[str]:
    """The names of plates, data, sites and values."""
    things: tuple[Plate | Data, ...] = (*spec.plates, *spec.data)
    yield from (thing.name for thing in things)
    for statement in spec.statements:
        yield from (statement.name, *defined(statement))
