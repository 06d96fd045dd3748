"""What a check found: cells with verdicts, and the ways to read them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar
from xml.etree import ElementTree

#: Verdicts from the least interesting to the worst, with what each means.
VERDICTS = {
    "skipped": "there is nothing to compare; the message says why",
    "agree": "the numbers are equal within the tolerance",
    "accuracy loss": "equal to a few digits only",
    "unsupported": "the backend cannot express this",
    "differs": "the numbers are not the same",
    "error": "the backend raised an exception",
}
#: A sign for each verdict, so that no reader needs its colour.
ICONS = {
    "agree": "✓",
    "skipped": "–",
    "accuracy loss": "≈",
    "unsupported": "∅",
    "differs": "✗",
    "error": "!",
}
_GOOD = ("agree", "skipped")
_RANK = {verdict: rank for rank, verdict in enumerate(VERDICTS)}

#: The name that stands for the sum over all sites.
TOTAL = "total"


@dataclass(frozen=True)
class Cell:
    """One comparison of one backend with the reference.

    Attributes:
        backend: The backend compared.
        check: What was compared: `log density`, `gradient`, ….
        site: A site, or `total`.
        verdict: A key of `VERDICTS`.
        error: The worst relative error, or the p-value of a test on draws.
        message: What there is to say beyond the number.
        values: The point at which the error is worst.
        expected: What the reference gives there.
        got: What the backend gives there.
    """

    backend: str
    check: str
    site: str
    verdict: str
    error: float | None = None
    message: str = ""
    values: dict[str, Any] = field(default_factory=dict, compare=False)
    expected: float | None = None
    got: float | None = None

    @property
    def good(self) -> bool:
        """Whether there is nothing to complain about."""
        return self.verdict in _GOOD

    @property
    def badness(self) -> tuple[int, float]:
        """How much attention it wants; larger is worse."""
        error = self.error if self.error is not None else 0.0
        if self.check == "draws":
            error = -error  # a p-value: small is bad, and no match for an error
        return _RANK[self.verdict], math.inf if math.isnan(error) else error


@dataclass(frozen=True)
class Report:
    """The outcome of a check of one joint.

    Attributes:
        name: The joint's name.
        digest: The digest of what was checked.
        text: The joint's file, so that the report stands alone.
        reference: The backend that the others were compared with.
        backends: The backends compared.
        cells: All comparisons.
        versions: Versions by backend and package.
        settings: What the check was run with.
        seconds: Time spent in each part.
        notes: What a reader should know, as why no draws were compared.
    """

    name: str
    digest: str
    text: str
    reference: str
    backends: tuple[str, ...]
    cells: tuple[Cell, ...]
    versions: dict[str, dict[str, str]]
    settings: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    #: What it is the outcome of, and what is known of causes.
    command: ClassVar[str] = "check"
    findings: ClassVar[Any] = ()

    @property
    def passed(self) -> bool:
        """Whether every cell agrees, or was skipped for a good reason."""
        return all(cell.good for cell in self.cells)

    @property
    def unsupported(self) -> bool:
        """Whether some backend cannot express the joint."""
        return any(cell.verdict == "unsupported" for cell in self.cells)

    def worst(self, count: int = 1) -> tuple[Cell, ...]:
        """The cells that want most attention, worst first."""
        return tuple(sorted(self.cells, key=lambda c: c.badness, reverse=True)[:count])

    def select(self, **wanted: str) -> tuple[Cell, ...]:
        """The cells whose attributes are as asked: `select(backend=..., site=...)`."""
        return tuple(
            c
            for c in self.cells
            if all(getattr(c, name) == value for name, value in wanted.items())
        )

    @property
    def checks(self) -> tuple[str, ...]:
        """The kinds of comparison made, in order."""
        return tuple(dict.fromkeys(c.check for c in self.cells))

    # -- ways to read it ------------------------------------------------------

    def summary(self) -> dict[tuple[str, str], Cell]:
        """For each backend and check, the cell that wants most attention."""
        found: dict[tuple[str, str], Cell] = {}
        for cell in sorted(self.cells, key=lambda c: c.badness):
            found[cell.backend, cell.check] = cell
        return found

    def to_dict(self) -> dict[str, Any]:
        """Everything in the report as plain JSON types."""
        record = asdict(self)
        record["passed"] = self.passed
        record["cells"] = [plain(asdict(cell)) for cell in self.cells]
        return record

    def to_json(self) -> str:
        """The report as JSON; numbers that JSON lacks are texts."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def to_junit(self) -> str:
        """The report as JUnit XML, one test case for each cell."""
        failures = sum(not c.good for c in self.cells)
        suite = ElementTree.Element(
            "testsuite",
            name=f"jointbridge {self.command} {self.name}",
            tests=str(len(self.cells)),
            failures=str(failures),
        )
        for cell in self.cells:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=f"{self.name}.{cell.backend}",
                name=f"{cell.check}[{cell.site}]",
            )
            if not cell.good:
                text = f"{cell.verdict}: {cell.message}"
                failure = ElementTree.SubElement(case, "failure", message=text)
                failure.text = self.script(cell)
        return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)

    def to_html(self) -> str:
        """The report as one self-contained page."""
        from jointbridge.comparison.html import page

        return page(self)

    def script(self, cell: Cell) -> str:
        """A script that shows the two numbers of a cell; it can be pasted."""
        from jointbridge.comparison.scripts import script

        return script(self, cell)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.name}: {'passed' if self.passed else 'FAILED'}"
        for (backend, check), cell in sorted(self.summary().items()):
            error = "" if cell.error is None else f" {cell.error:.1e}"
            message = f" ({cell.message})" if cell.message else ""
            yield f"  {backend} {check}: {cell.verdict}{error} at {cell.site}{message}"


def plain(value: Any) -> Any:
    """Floats that JSON cannot say become texts; arrays become lists."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value
