"""What one check found out about one family on one backend."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """A row of `VERDICTS`.

    Attributes:
        name: The word that reports print.
        meaning: One line for people.
        fault: Whether it needs a row in the registry.
        rank: The larger, the worse: of many findings the worst is shown.
    """

    name: str
    meaning: str
    fault: bool
    rank: int


_ROWS = [
    Verdict("not applicable", "the check says nothing about this family", False, 0),
    Verdict("agree", "within the tolerance of the exact answer", False, 1),
    Verdict("unsupported", "the backend refuses, and says why", False, 2),
    Verdict("semantics differ", "another convention than the catalogue's", True, 3),
    Verdict("accuracy loss", "right, with fewer digits than there should be", True, 4),
    Verdict("wrong", "another answer than the exact one", True, 5),
]

VERDICTS = {row.name: row for row in _ROWS}


@dataclass(frozen=True)
class Finding:
    """The verdict of a check on a case, a backend and a width of floats.

    Attributes:
        backend: The name of the backend.
        family: The family's name in the catalogue.
        case: The case's name: the family, then words for the form.
        check: The name of the check, a column of the matrix.
        dtype: `float64` or `float32`.
        verdict: The name of a row of `VERDICTS`.
        error: The worst relative error; infinite where no number came out.
        ulps: The worst error in units of the last place of that width.
        points: How many points were looked at.
        worst: The worst point: `params`, `value`, `got`, `exact` and `what`.
        detail: One sentence for people.
        divergence: The row of the registry that explains it.
        seconds: How long the check took.
        curve: Pairs of a value and its error in units of the last place.
    """

    backend: str
    family: str
    case: str
    check: str
    dtype: str
    verdict: str
    error: float = 0.0
    ulps: float = 0.0
    points: int = 0
    worst: Mapping[str, Any] | None = None
    detail: str = ""
    divergence: str | None = None
    seconds: float = 0.0
    curve: tuple[tuple[float, float], ...] = ()

    @property
    def fault(self) -> bool:
        """Whether it needs a row in the registry."""
        return VERDICTS[self.verdict].fault

    @property
    def unlisted(self) -> bool:
        """Whether it is a fault that no row of the registry explains."""
        return self.fault and self.divergence is None

    @property
    def badness(self) -> tuple[bool, int, float]:
        """What findings are ordered by: the larger, the worse."""
        error = math.inf if math.isnan(self.error) else self.error
        return self.unlisted, VERDICTS[self.verdict].rank, error

    def to_record(self) -> dict[str, Any]:
        """The finding as plain JSON; numbers that JSON lacks are texts."""
        record: dict[str, Any] = plain(asdict(self))
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Finding:
        """The finding that a record says."""
        known = {f.name for f in fields(cls)}
        given = {n: x for n, x in record.items() if n in known}
        numbers: dict[str, Any] = {
            n: float(given[n]) for n in ("error", "ulps") if n in given
        }
        curve = tuple((float(x), float(y)) for x, y in given.get("curve", ()))
        fields_: dict[str, Any] = {**given, **numbers, "curve": curve}
        return cls(**fields_)


def plain(value: Any) -> Any:
    """Dicts, lists, texts and finite numbers; others become texts, as `inf`."""
    if isinstance(value, Mapping):
        return {str(n): plain(x) for n, x in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(x) for x in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
