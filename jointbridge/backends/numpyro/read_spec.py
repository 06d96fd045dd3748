"""The last steps from statements that were read to a spec."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jointbridge.analysis import analyse
from jointbridge.backends.graphs import everything
from jointbridge.expression import Name
from jointbridge.expression import names as names_of
from jointbridge.passes import unobserved
from jointbridge.spec import Data, Sample, Scan, Spec, Statement, defined


def reads(statement: Statement) -> frozenset[str]:
    """The names that a statement reads."""
    return frozenset[str]().union(*map(names_of, everything(statement)))


def with_scans(statements: list[Statement], scans: list[Scan]) -> list[Statement]:
    """Statements with each recurrence before the first one that reads it."""
    placed: list[Statement] = []

    def place(statement: Statement) -> None:
        read = reads(statement)
        for scan in [s for s in scans if read & set(defined(s))]:
            if scan in scans:
                scans.remove(scan)
                place(scan)
        placed.append(statement)

    for statement in statements:
        place(statement)
    return placed


def counted(spec: Spec) -> Spec:
    """Observed counts that were given as floats, as whole numbers."""
    sites = analyse(unobserved(spec)).sites
    floats = {d.name for d in spec.data if d.type.kind == "float" and _whole(d)}
    wanted, others = set[str](), set[str]()
    for statement in spec.statements:
        observed = getattr(statement, "observed", None)
        site = sites.get(statement.name)
        counted = site is not None and site.dist.kind == "int"
        if isinstance(statement, Sample) and isinstance(observed, Name) and counted:
            wanted.add(observed.name)
            statement = replace(statement, observed=None)
        others |= reads(statement)
    chosen = wanted & floats - others
    data = tuple(
        Data.of(d.name, np.asarray(d.values, np.int64)) if d.name in chosen else d
        for d in spec.data
    )
    return replace(spec, data=data)


def _whole(entry: Data) -> bool:
    values = entry.values
    return values is not None and bool(np.all(values == np.floor(values)))
