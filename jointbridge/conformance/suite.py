"""The suite as tests, for any backend; see `plugin`.

In a file of one's own it is one line:

    from jointbridge.conformance.suite import *
"""

from __future__ import annotations

from typing import Any

import pytest

from jointbridge.conformance.cases import CASES
from jointbridge.conformance.checks import CHECKS
from jointbridge.conformance.finding import Finding
from jointbridge.conformance.registry import every, explain
from jointbridge.conformance.reproducer import script
from jointbridge.conformance.runner import Task, findings_of
from jointbridge.errors import JointBridgeError
from jointbridge.families import FAMILIES

__all__ = ["test_family", "test_rows_speak_of_what_there_is"]


@pytest.mark.parametrize("family", dict.fromkeys(c.family for c in CASES.values()))
def test_family(backend: Any, profile: str, family: str) -> None:
    """No fault without a row of the registry, and no row without its fault."""
    names = [c.name for c in CASES.values() if c.family == family]
    records = [r for n in names for r in findings_of(Task(backend.name, n, profile))]
    outcome = explain(map(Finding.from_record, records))
    faults = [f for f in outcome.findings if f.unlisted]
    stale = [f"{s.divergence}: no longer needed for {s.family}" for s in outcome.stale]
    told = "\n\n".join([*map(_told, faults), *stale])
    assert not told, f"\n\n{told}"


def _told(finding: Finding) -> str:
    """What is wrong, and a script that shows it."""
    head = f"{finding.backend}: {finding.case}, {finding.check} in {finding.dtype}"
    try:
        shown = script(finding)
    except JointBridgeError as refusal:
        shown = str(refusal)
    return f"{head}\n{finding.verdict}: {finding.detail}\n\n{shown}"


def test_rows_speak_of_what_there_is(backend: Any) -> None:
    """Families, cases and checks of the registry exist."""
    for row in every(backend.name):
        assert set(row.families) - {"*"} <= set(FAMILIES), row.id
        assert set(row.cases) <= set(CASES), row.id
        assert set(row.checks) <= set(CHECKS), row.id
        assert row.reason, row.id
