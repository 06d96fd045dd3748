"""All findings of a run: families by checks by backends, no cell empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jointbridge.conformance.finding import VERDICTS, Finding


@dataclass(frozen=True)
class Cell:
    """What one check found about a case on a backend, in all widths of floats."""

    backend: str
    case: str
    check: str
    findings: tuple[Finding, ...]

    @property
    def worst(self) -> Finding:
        """The finding that the cell shows."""
        return max(self.findings, key=lambda f: f.badness)

    @property
    def verdict(self) -> str:
        """The verdict that the cell shows."""
        return self.worst.verdict


@dataclass(frozen=True)
class Stale:
    """A row of the registry, and a family in it, that no finding needs any more."""

    divergence: str
    family: str


@dataclass(frozen=True)
class Matrix:
    """The outcome of a run.

    Attributes:
        findings: All findings, in the order of the tasks.
        versions: By backend, the versions of its packages.
        profile: `quick` or `full`.
        seed: What the draws started from.
        started: When, as ISO text in UTC.
        stale: Rows of the registry that nothing matched, though they were tried.
        seconds: How long the run took.
    """

    findings: tuple[Finding, ...]
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    profile: str = "quick"
    seed: int = 0
    started: str = ""
    stale: tuple[Stale, ...] = ()
    seconds: float = 0.0

    @cached_property
    def cells(self) -> dict[tuple[str, str, str], Cell]:
        """Cells by case, check and backend."""
        found: dict[tuple[str, str, str], list[Finding]] = {}
        for f in self.findings:
            found.setdefault((f.case, f.check, f.backend), []).append(f)
        return {
            (case, check, backend): Cell(backend, case, check, tuple(all_))
            for (case, check, backend), all_ in found.items()
        }

    @property
    def backends(self) -> tuple[str, ...]:
        """The backends, in the order of the run."""
        return tuple(dict.fromkeys(f.backend for f in self.findings))

    @property
    def cases(self) -> tuple[str, ...]:
        """The names of the cases, in the order of the run."""
        return tuple(dict.fromkeys(f.case for f in self.findings))

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks, in the order of their levels."""
        return tuple(dict.fromkeys(f.check for f in self.findings))

    @property
    def unlisted(self) -> tuple[Finding, ...]:
        """Faults that no row of the registry explains."""
        return tuple(f for f in self.findings if f.unlisted)

    @property
    def passed(self) -> bool:
        """Whether every fault is known and every known fault is still there."""
        return not self.unlisted and not self.stale

    def counts(self, backend: str) -> dict[str, int]:
        """How many cells of a backend have each verdict."""
        shown = (c.verdict for c in self.cells.values() if c.backend == backend)
        counted = Counter(shown)
        return {name: counted[name] for name in VERDICTS}

    def to_json(self) -> dict[str, Any]:
        """The matrix as plain data."""
        return {
            "profile": self.profile,
            "seed": self.seed,
            "started": self.started,
            "seconds": self.seconds,
            "versions": {n: dict(v) for n, v in self.versions.items()},
            "stale": [{"id": s.divergence, "family": s.family} for s in self.stale],
            "findings": [f.to_record() for f in self.findings],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Matrix:
        """The matrix that plain data says."""
        return cls(
            tuple(map(Finding.from_record, record["findings"])),
            record["versions"],
            record["profile"],
            record["seed"],
            record["started"],
            tuple(Stale(s["id"], s["family"]) for s in record["stale"]),
            record["seconds"],
        )


def merged(matrices: Sequence[Matrix]) -> Matrix:
    """One matrix of the shards of a run."""
    first = matrices[0]
    return Matrix(
        tuple(f for m in matrices for f in m.findings),
        {n: v for m in matrices for n, v in m.versions.items()},
        first.profile,
        first.seed,
        min(m.started for m in matrices),
        tuple(dict.fromkeys(s for m in matrices for s in m.stale)),
        sum(m.seconds for m in matrices),
    )
