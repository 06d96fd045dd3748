"""Every family on every backend: all checks of the engine, judged with the registry."""

import pytest

from jointbridge.conformance.cases import CASES
from jointbridge.conformance.finding import Finding
from jointbridge.conformance.registry import every, explain
from jointbridge.conformance.runner import Task, findings_of
from jointbridge.families import FAMILIES

FOUND = {}


def _told(finding):
    """What is wrong, and where, in a few lines."""
    lines = [
        f"{finding.backend}: {finding.case}, {finding.check} in {finding.dtype}",
        f"{finding.verdict}: {finding.detail}",
    ]
    lines += [f"{n}: {x}" for n, x in (finding.worst or {}).items()]
    return "\n  ".join(lines)


def test_every_family_has_a_case():
    used = {case.family for case in CASES.values()}
    assert set(FAMILIES) - used <= {"Delta", "ImproperUniform"}


@pytest.mark.parametrize("name", CASES)
def test_case(backend, profile, name):
    """No fault without a row of the registry."""
    records = findings_of(Task(backend.name, name, profile))
    outcome = explain(map(Finding.from_record, records))
    FOUND.setdefault(backend.name, []).extend(outcome.findings)
    faults = [f for f in outcome.findings if f.unlisted]
    assert not faults, "\n\n" + "\n\n".join(map(_told, faults))


def test_no_row_is_stale(backend):
    """Each row of the registry is needed; rows about cases that ran are held to that."""
    outcome = explain(FOUND.get(backend.name, []))
    assert not outcome.stale, [f"{s.divergence}: {s.family}" for s in outcome.stale]


def test_rows_speak_of_what_there_is(backend):
    """Families, cases and checks of the registry exist."""
    from jointbridge.conformance.checks import CHECKS

    for row in every(backend.name):
        assert set(row.families) - {"*"} <= set(FAMILIES), row.id
        assert set(row.cases) <= set(CASES), row.id
        assert set(row.checks) <= set(CHECKS), row.id
        assert row.reason, row.id
