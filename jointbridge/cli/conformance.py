"""The `conformance` command: is every backend right about every family?"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Group
from rich.table import Table
from rich.text import Text

from jointbridge import backends as registry
from jointbridge.cli import source
from jointbridge.cli.console import clean, err, note, out, progress_bar, row, table
from jointbridge.cli.packages import fix, installed, require, require_oracles
from jointbridge.errors import BackendError, JointBridgeError, did_you_mean

_STYLES = {
    "agree": "green",
    "not applicable": "dim",
    "unsupported": "dim",
    "accuracy loss": "yellow",
    "semantics differ": "magenta",
}
_BAD = "bold red"

#: Faults that no row explains are listed up to this many.
_WORST = 12


class Shard(click.ParamType[tuple[int, int]]):
    """A part of how many, as `1/4`."""

    name = "shard"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, int]:
        """Two whole numbers, the first no larger than the second."""
        if isinstance(value, tuple):
            return value
        part, _, parts = str(value).partition("/")
        if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
            self.fail(f"{value!r} is no part of a whole, as 1/4 is", param, ctx)
        return int(part), int(parts)


@click.command()
@click.option(
    "-b",
    "--backend",
    "chosen",
    multiple=True,
    metavar="NAME",
    help="A backend to test; all that are installed by default.",
)
@click.option(
    "--family",
    "families",
    multiple=True,
    metavar="NAME",
    help="A family, or one form of it; all by default.",
)
@click.option(
    "--check",
    "checks",
    multiple=True,
    metavar="NAME",
    help="A check, as density; all by default.",
)
@click.option(
    "--profile",
    type=click.Choice(["quick", "full"]),
    default="quick",
    show_default=True,
    help="How much is done.",
)
@click.option("--shard", type=Shard(), default="1/1", help="One part of it, as 1/4.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes at a time.",
)
@click.option(
    "--resume",
    metavar="FILE",
    help="Write findings there as they come, and leave out those that are there.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="For draws.",
)
@click.option("--html", metavar="FILE", help="Write the scoreboard as one page.")
@click.option(
    "--json",
    "as_json",
    is_flag=False,
    flag_value="-",
    default=None,
    metavar="[FILE]",
    help="Write everything as JSON; to standard output without FILE.",
)
@click.option("--junit", metavar="FILE", help="Write the findings as JUnit XML.")
def conformance(
    chosen: tuple[str, ...],
    families: tuple[str, ...],
    checks: tuple[str, ...],
    profile: str,
    shard: tuple[int, int],
    jobs: int,
    resume: str | None,
    seed: int,
    html: str | None,
    as_json: str | None,
    junit: str | None,
) -> None:
    """Hold every backend against exact numbers, family by family.

    Exits with 0 where every fault has a row in the registry of divergences and every row
    has its fault, with 1 where not, and with 3 where a backend is missing.
    """
    require_oracles()
    from jointbridge.conformance.runner import plan, run

    _checks(checks)
    names = _backends(chosen)
    tasks = plan(names, families, profile, shard, checks, seed)
    with progress_bar() as tell:
        tell(0, len(tasks), "starting")
        matrix = run(
            tasks,
            progress=lambda done, all_, task: tell(
                done, all_, f"{task.case} on {task.backend}"
            ),
            resume=resume,
            jobs=min(jobs, os.cpu_count() or 1),
        )
    _write(matrix, html, as_json, junit)
    if as_json != "-":
        out().print(_screen(matrix))
    sys.exit(0 if matrix.passed else 1)


def _checks(asked: Sequence[str]) -> None:
    from jointbridge.conformance.checks import CHECKS

    for name in asked:
        if name not in CHECKS:
            hint = did_you_mean(name, CHECKS)
            raise JointBridgeError(f"no check {name!r}", code="usage", hint=hint)


def _backends(asked: Sequence[str]) -> tuple[str, ...]:
    """The backends asked for, or all that are installed."""
    for name in asked:
        require(name)
    if asked:
        return tuple(dict.fromkeys(asked))
    absent = [n for n in registry.names() if not installed(n)]
    for name in absent:
        note(f"{name} is left out, as it is not installed: {fix(name)}")
    found = tuple(n for n in registry.names() if n not in absent)
    if not found:
        raise BackendError("no backend is installed", hint=fix(registry.REFERENCE))
    return found


def _write(
    matrix: Any, html: str | None, as_json: str | None, junit: str | None
) -> None:
    from jointbridge.conformance import report

    if html:
        source.write(html, report.page(matrix), force=True)
    if junit:
        source.write(junit, report.junit(matrix), force=True)
    if as_json:
        text = json.dumps(matrix.to_json(), ensure_ascii=False, allow_nan=False)
        source.write(as_json, text + "\n", force=True)
    for name in (html, junit, as_json):
        if name not in (None, "-"):
            err().print(Text(f"wrote {Path(str(name))}"))


# -- on screen ----------------------------------------------------------------


def _screen(matrix: Any) -> Group:
    return Group(*_boards(matrix), *_faults(matrix), *_stale(matrix), _verdict(matrix))


def _boards(matrix: Any) -> list[Table]:
    """For each backend, the cases that are not as they should be."""
    return [_board(matrix, backend) for backend in matrix.backends]


def _board(matrix: Any, backend: str) -> Table:
    counts = matrix.counts(backend)
    said = ", ".join(f"{n} {verdict}" for verdict, n in counts.items() if n)
    versions = ", ".join(f"{p} {v}" for p, v in matrix.versions[backend].items())
    made = table("", title=f"{backend} ({versions}): {said}")
    made.show_header = False
    made.add_column("", overflow="fold")
    for case in matrix.cases:
        if shown := list(_cells(matrix, case, backend)):
            row(made, Text(clean(case), "bold"), Text("  ").join(shown))
    if not made.rows:
        row(made, Text("✓", "green"), f"no fault in {len(matrix.cases)} cases")
    return made


def _cells(matrix: Any, case: str, backend: str) -> Any:
    """The faults of a line, with the error in units of the last place."""
    from jointbridge.conformance.report.signs import GLYPHS, brief

    here = [matrix.cells.get((case, check, backend)) for check in matrix.checks]
    bad = [c for c in here if c is not None and c.worst.fault]
    for cell in bad:
        style = _BAD if cell.worst.unlisted else _STYLES.get(cell.verdict, "red")
        text = f"{GLYPHS[cell.verdict]} {cell.check} {brief(cell.worst.ulps)}"
        text += "!" if cell.worst.unlisted else ""
        yield Text(text.replace(" ", "\N{NO-BREAK SPACE}"), style)


def _faults(matrix: Any) -> list[Table]:
    worst: dict[Any, Any] = {}
    for f in sorted(matrix.unlisted, key=lambda f: f.badness):
        worst[f.backend, f.case] = f
    bad = list(reversed(worst.values()))
    if not bad:
        return []
    title = "Faults that no row of the registry explains, the worst of each case"
    made = table("backend", "case", "check", "verdict", "what", title=title)
    for f in bad[:_WORST]:
        verdict = Text(f"{f.verdict}\n{f.error:.1e}", _BAD)
        row(made, f.backend, f.case, f"{f.check}\n{f.dtype}", verdict, f.detail)
    if len(bad) > _WORST:
        row(made, "", "", f"and {len(bad) - _WORST} more cases")
    return [made]


def _stale(matrix: Any) -> list[Text]:
    return [
        Text(f"stale: nothing needs {clean(s.divergence)} for {clean(s.family)}", _BAD)
        for s in matrix.stale
    ]


def _verdict(matrix: Any) -> Text:
    good = matrix.passed
    text = Text("✓ passed" if good else "✗ FAILED", "bold green" if good else _BAD)
    faults = sum(f.fault for f in matrix.findings)
    said = f"{len(matrix.findings)} findings, {faults} faults"
    settings = f"{matrix.profile} profile, seed {matrix.seed}, {matrix.seconds:.0f} s"
    known = f"{faults - len(matrix.unlisted)} of them known"
    return text.append(f"  {said}, {known} ({settings})", "not bold dim")
