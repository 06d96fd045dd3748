"""The known divergences: each backend keeps its own in `divergences.toml`.

    [[divergence]]
    id = "name-betaln"               # one name for all versions
    versions = "name>=0.22"          # a requirement: where it was seen
    families = ["BetaBinomial"]      # or ["*"]
    cases = []                       # only some forms of them; all where empty
    checks = ["density"]
    dtypes = []                      # only some widths; both where empty
    verdict = "accuracy loss"
    worst = 1e-6                     # the error that it stays below; inf by default
    at = "where it is seen best"
    reason = "why, in one sentence"
    upstream = ""                    # a link, where it is known there
    right = "who is right"

A fault that no row explains is an error, and so is a row that explains nothing any more.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any

from packaging.requirements import Requirement

from jointbridge import backends
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.finding import VERDICTS, Finding
from jointbridge.conformance.matrix import Stale
from jointbridge.errors import BackendError, did_you_mean

FILE = "divergences.toml"


@dataclass(frozen=True)
class Divergence:
    """One row; the names are those of the file."""

    id: str
    backend: str
    versions: str
    families: tuple[str, ...]
    checks: tuple[str, ...]
    verdict: str
    reason: str
    cases: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    worst: float = math.inf
    at: str = ""
    upstream: str = ""
    right: str = "the exact answer"

    def concerns(self, finding: Finding) -> bool:
        """Whether it speaks of what a finding is about."""
        return (
            finding.backend == self.backend
            and (finding.family in self.families or "*" in self.families)
            and finding.check in self.checks
            and (not self.cases or finding.case in self.cases)
            and (not self.dtypes or finding.dtype in self.dtypes)
        )

    def explains(self, finding: Finding) -> bool:
        """Whether a fault is the one that it describes."""
        milder = (self.verdict, finding.verdict) == ("wrong", "accuracy loss")
        same = self.verdict == finding.verdict or milder
        return self.concerns(finding) and same and finding.error <= self.worst

    def holds_for(self, versions: Mapping[str, str]) -> bool:
        """Whether it was seen in these versions."""
        wanted = Requirement(self.versions)
        installed = versions.get(wanted.name)
        if installed is None or installed == "not installed":
            return False
        return wanted.specifier.contains(installed, prereleases=True)


@cache
def divergences(backend: str) -> tuple[Divergence, ...]:
    """The rows of a backend that hold for what is installed.

    Raises:
        BackendError: The file has a mistake.
    """
    versions = backends.get(backend).versions()
    return tuple(d for d in every(backend) if d.holds_for(versions))


@cache
def every(backend: str) -> tuple[Divergence, ...]:
    """All rows of a backend, whatever versions they are about."""
    package = type(backends.get(backend)).__module__.rpartition(".")[0]
    file = files(package) / FILE
    if not file.is_file():
        return ()
    rows = tomllib.loads(file.read_text(encoding="utf-8")).get("divergence", [])
    found = tuple(_row(backend, row) for row in rows)
    names = [d.id for d in found]
    if repeated := {n for n in names if names.count(n) > 1}:
        raise _mistake(backend, min(repeated), "there are two rows of that name")
    return found


def _row(backend: str, row: Mapping[str, Any]) -> Divergence:
    known = {f.name for f in fields(Divergence)}
    name = str(row.get("id", "a row without id"))
    for key in row:
        if key not in known:
            raise _mistake(backend, name, f"no field {key!r}", did_you_mean(key, known))
    if not VERDICTS.get(row.get("verdict", ""), VERDICTS["agree"]).fault:
        faults = [v.name for v in VERDICTS.values() if v.fault]
        raise _mistake(backend, name, f"its verdict must be one of {faults}")
    given: dict[str, Any] = {
        n: tuple(x) if isinstance(x, list) else x for n, x in row.items()
    }
    try:
        return Divergence(backend=backend, **given)
    except TypeError as error:
        raise _mistake(backend, name, str(error)) from error


def _mistake(backend: str, name: str, what: str, hint: str = "") -> BackendError:
    return BackendError(f"{FILE} of {backend!r}, {name!r}: {what}", hint=hint)


@dataclass(frozen=True)
class Outcome:
    """Findings with the rows that explain them, and the rows that explain none."""

    findings: tuple[Finding, ...]
    stale: tuple[Stale, ...]


def explain(findings: Iterable[Finding]) -> Outcome:
    """Holds findings against the rows of their backends.

    A row is stale where a family or a check of it was tried and none of its findings
    needs the row.
    """
    found = tuple(map(_explained, findings))
    rows = {d for b in {f.backend for f in found} for d in divergences(b)}
    ordered = sorted(rows, key=lambda d: (d.backend, d.id))
    return Outcome(found, tuple(s for d in ordered for s in _stale(d, found)))


def _explained(finding: Finding) -> Finding:
    if not finding.fault:
        return replace(finding, divergence=None)
    rows = divergences(finding.backend)
    row = next((d.id for d in rows if d.explains(finding)), None)
    return replace(finding, divergence=row)


def _stale(row: Divergence, findings: Sequence[Finding]) -> Iterator[Stale]:
    """What of a row is needed no more."""
    tried = [f for f in findings if row.concerns(f)]
    needed = [f for f in tried if row.explains(f)]
    families = {f.family for f in tried} if "*" not in row.families else set()
    for family in sorted(families - {f.family for f in needed}):
        yield Stale(row.id, family)
    complete = _cases(row) <= {f.case for f in tried}
    if tried and not needed and not families:
        yield Stale(row.id, "*")
    for check in sorted({f.check for f in tried} - {f.check for f in needed}):
        if complete and needed:
            yield Stale(row.id, check)


def _cases(row: Divergence) -> set[str]:
    """The cases that a row is about."""
    if row.cases:
        return set(row.cases)
    return {
        name
        for name, case in CASES.items()
        if "*" in row.families or case.family in row.families
    }
