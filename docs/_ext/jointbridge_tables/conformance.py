"""The suite: its checks, verdicts, tolerances and regions; divergences; the scoreboard."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jointbridge import backends
from jointbridge.conformance.checks import CHECKS
from jointbridge.conformance.checks.measure import LOST, TOLERANCES
from jointbridge.conformance.finding import VERDICTS
from jointbridge.conformance.matrix import Matrix
from jointbridge.conformance.points import REGIONS
from jointbridge.conformance.registry import Divergence, every
from jointbridge.conformance.report import page
from jointbridge.conformance.report.signs import GLYPHS
from jointbridge_tables.markdown import code, codes, sections, table

#: The saved result that the documents publish: `jointbridge conformance --json`, packed.
SAVED = Path(__file__).parents[2] / "scoreboard.json.gz"

#: The page that is made of it, beside the others.
SCOREBOARD = "scoreboard.html"


def checks() -> str:
    """Every check by level."""
    rows = (
        (str(c.level), c.name, c.title, " ".join(c.dtypes)) for c in CHECKS.values()
    )
    return table(["level", "check", "what is held against what", "widths"], rows)


def regions() -> str:
    """Where the points of a grid lie."""
    return table(["region", "points"], ((code(n), str(x)) for n, x in REGIONS.items()))


def verdicts() -> str:
    """Every verdict with its sign."""
    rows = (
        (sign, code(n), VERDICTS[n].meaning, "yes" if VERDICTS[n].fault else "")
        for n, sign in GLYPHS.items()
    )
    return table(["", "verdict", "meaning", "needs a row of the registry"], rows)


def tolerances() -> str:
    """The relative errors up to which numbers agree."""
    kinds = ("density", "gradient")
    rows = [
        (kind, *(f"{getattr(row, kind):g}" for row in TOLERANCES.values()))
        for kind in kinds
    ]
    rows.append(("*accuracy loss* up to", *(f"{LOST:g}" for _ in TOLERANCES)))
    return table(["", *TOLERANCES], rows)


def divergences() -> str:
    """Every known divergence, a section for each backend that has some."""
    return sections(
        part
        for name in backends.names()
        for part in (f"## {backends.get(name).title}", _divergences(name))
    )


def _divergences(name: str) -> str:
    if not every(name):
        return "None is known."
    return sections(map(_divergence, every(name)))


def _divergence(row: Divergence) -> str:
    facts = {
        "families": codes(row.families) if row.families != ("*",) else "every family",
        "checks": ", ".join(row.checks),
        "seen in": code(row.versions),
        "where": row.at,
        "worst error": f"{row.worst:g}",
        "right": row.right,
        "upstream": f"<{row.upstream}>" if row.upstream else "",
    }
    lines = (f"* {key}: {text}" for key, text in facts.items() if text)
    title = f"### {row.id}: {row.verdict}"
    return sections([title, row.reason, "\n".join(lines)])


# -- the scoreboard -----------------------------------------------------------


@cache
def saved() -> Matrix:
    """The saved result."""
    record: dict[str, Any] = json.loads(gzip.decompress(SAVED.read_bytes()))
    return Matrix.from_json(record)


def scoreboard() -> str:
    """The counts of the saved result, and the way to all of it."""
    matrix = saved()
    rows = ((name, *_counts(matrix, name)) for name in matrix.backends)
    when = f"The {matrix.profile} profile, seed {matrix.seed}, {matrix.started[:10]}."
    link = f'<p><a href="{SCOREBOARD}"><b>The scoreboard: every cell</b></a></p>'
    head = ["cells of", *(f"{GLYPHS[n]} {n}" for n in GLYPHS), "versions"]
    return sections([link, table(head, rows), when])


def _counts(matrix: Matrix, name: str) -> Iterator[str]:
    counts = matrix.counts(name)
    yield from (str(counts[verdict]) for verdict in GLYPHS)
    yield ", ".join(f"{p} {v}" for p, v in matrix.versions[name].items())


def publish(folder: Path) -> None:
    """Write the scoreboard beside the pages of the documents."""
    (folder / SCOREBOARD).write_text(page(saved()), encoding="utf-8")


TABLES: dict[str, Callable[[], str]] = {
    "conformance-checks": checks,
    "conformance-regions": regions,
    "conformance-verdicts": verdicts,
    "conformance-tolerances": tolerances,
    "divergences": divergences,
    "scoreboard": scoreboard,
}
