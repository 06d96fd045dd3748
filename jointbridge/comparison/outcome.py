"""What a comparison of two models found: cells as in a check, and likely causes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from jointbridge.comparison.report import Cell, Report


@dataclass(frozen=True)
class Finding:
    """A likely cause of a difference.

    Attributes:
        site: Where.
        confusion: The name of the row of the table of confusions.
        text: What one model does and the other does not, and how well that explains it.
        fix: What to do about it.
        error: How close the models are with that change; None where nothing was tried.
    """

    site: str
    confusion: str
    text: str
    fix: str = ""
    error: float | None = None

    def __str__(self) -> str:
        fix = f" Fix: {self.fix}." if self.fix else ""
        return f"{self.site}: {self.text}.{fix}"


@dataclass(frozen=True)
class Comparison(Report):
    """The outcome of a comparison of two models.

    Attributes:
        findings: Likely causes of what differs, the most likely first.
        names: Names of sites in the first model with those in the second, where they
            differ.
    """

    findings: tuple[Finding, ...] = ()  # type: ignore[misc]
    names: tuple[tuple[str, str], ...] = ()

    command: ClassVar[str] = "compare"

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites and factors of both models, in order, the total last."""
        return tuple(dict.fromkeys(c.site for c in self.cells))

    def cell(self, site: str, check: str) -> Cell | None:
        """The comparison of one kind at a site."""
        found = self.select(site=site, check=check)
        return found[0] if found else None

    def script(self, cell: Cell) -> str:
        """The point and the two numbers of a cell."""
        lines = [
            f"{self.reference}: {cell.expected!r}",
            f"{self.backends[0]}: {cell.got!r}",
        ]
        return "\n".join([*lines, f"values = {_lists(cell.values)!r}", ""])

    def _lines(self) -> Iterator[str]:
        yield from super()._lines()
        yield from (f"  likely cause: {finding}" for finding in self.findings)
        yield from (f"  note: {note}" for note in self.notes)


def _lists(values: dict[str, Any]) -> dict[str, Any]:
    return {n: x.tolist() if hasattr(x, "tolist") else x for n, x in values.items()}
