"""The `check` command: do the backends agree about a joint?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from shlex import quote
from typing import Any

import click
from rich.console import Group
from rich.table import Table
from rich.text import Text

from jointbridge import backends as registry
from jointbridge.cli import source
from jointbridge.cli.console import clean, note, out, progress_bar, row, table
from jointbridge.cli.packages import fix, installed, require
from jointbridge.cli.records import json_option
from jointbridge.comparison import Cell, Report
from jointbridge.comparison import check as compare
from jointbridge.comparison.report import ICONS

_STYLES = {"agree": "green", "skipped": "dim", "accuracy loss": "yellow"}
_BAD = "bold red"

#: Cells that want attention are listed up to this many.
_WORST = 12


@click.command()
@source.joint_argument
@click.option(
    "-b",
    "--backend",
    "backends",
    multiple=True,
    metavar="NAME",
    help="A backend to compare; all that are installed by default.",
)
@click.option("--reference", metavar="NAME", help="The backend to compare with.")
@click.option(
    "--dtype",
    type=click.Choice(["float64", "float32"]),
    default="float64",
    show_default=True,
    help="The width of floats.",
)
@click.option(
    "--points",
    type=click.IntRange(1, 10_000),
    default=4,
    show_default=True,
    help="Points at which densities and gradients are compared.",
)
@click.option(
    "--draws",
    type=click.IntRange(0, 10**7),
    default=2000,
    show_default=True,
    help="Draws to compare; 0 leaves them out.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="For points and draws.",
)
@click.option("--html", metavar="FILE", help="Write the report as one page.")
@click.option("--junit", metavar="FILE", help="Write the report as JUnit XML.")
@click.option("--scripts", is_flag=True, help="Print a script for each bad cell.")
@json_option
def check(
    file: str,
    backends: tuple[str, ...],
    reference: str | None,
    html: str | None,
    junit: str | None,
    scripts: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Compare densities, gradients, transforms and draws between backends.

    Exits with 0 where all agree, with 1 where something differs, and with 3 where a
    backend is missing or cannot express the joint.
    """
    spec = source.read(file)
    names = _backends(backends, reference or registry.REFERENCE)
    with progress_bar() as tell:
        report = compare(spec, names, reference=reference, progress=tell, **settings)
    if html:
        source.write(html, report.to_html(), force=True)
    if junit:
        source.write(junit, report.to_junit(), force=True)
    if as_json:
        click.echo(report.to_json())
    else:
        _show(report, file, scripts)
    sys.exit(exit_code(report))


def exit_code(report: Report) -> int:
    """0 where all is well, 1 where numbers differ, 3 where something is unsupported."""
    bad = {cell.verdict for cell in report.cells if not cell.good}
    return 0 if not bad else 3 if bad == {"unsupported"} else 1


def _backends(asked: Sequence[str], reference: str) -> tuple[str, ...]:
    """The backends asked for, or all others that are installed."""
    for name in (*asked, reference):
        require(name)
    if asked:
        return tuple(dict.fromkeys(asked))
    others = [n for n in registry.names() if n != reference]
    absent = [n for n in others if not installed(n)]
    if absent and len(absent) < len(others):
        for name in absent:
            note(f"{name} is left out, as it is not installed: {fix(name)}")
    return tuple(n for n in others if n not in absent) or tuple(others)


# -- on screen ----------------------------------------------------------------


def _show(report: Report, file: str, scripts: bool) -> None:
    bad = [cell for cell in report.worst(len(report.cells)) if not cell.good]
    out().print(Group(_matrix(report), *_worst(bad), *_notes(report), _verdict(report)))
    if scripts:
        for cell in bad:
            click.echo(f"\n# {cell.backend}: {cell.check} of {clean(cell.site)}")
            click.echo(report.script(cell))
    elif bad:
        again = f"jointbridge check {quote(file)} -b {bad[0].backend} --scripts"
        note(f"a script that shows each of these, to be pasted: {again}")


def _matrix(report: Report) -> Table:
    made = table(
        "", *report.backends, title=f"{report.name}, against {report.reference}"
    )
    summary = report.summary()
    for kind in report.checks:
        cells = (summary.get((name, kind)) for name in report.backends)
        row(made, kind, *(_cell(c) if c else "" for c in cells))
    return made


def _cell(cell: Cell) -> Text:
    style = _STYLES.get(cell.verdict, _BAD)
    text = Text(f"{ICONS[cell.verdict]} {cell.verdict}", style)
    text.append(number(cell), "dim")
    return text if cell.good else text.append(f"\n{clean(cell.site)}", "dim")


def number(cell: Cell) -> str:
    """The error of a cell, or the p-value of its test."""
    if cell.error is None:
        return ""
    return f"  p={cell.error:.2g}" if cell.check == "draws" else f"  {cell.error:.1e}"


def _worst(bad: Sequence[Cell]) -> list[Table]:
    if not bad:
        return []
    title = "What differs, worst first"
    made = table("backend", "check", "site", "verdict", "expected", "got", title=title)
    for column in made.columns[-2:]:
        column.no_wrap = True
    for cell in bad[:_WORST]:
        numbers = ("" if x is None else repr(x) for x in (cell.expected, cell.got))
        verdict = Text(f"{ICONS[cell.verdict]} {cell.verdict}{number(cell)}", _BAD)
        if cell.message:
            verdict.append(f"\n{clean(cell.message)}", "not bold default")
        row(made, cell.backend, cell.check, cell.site, verdict, *numbers)
    if len(bad) > _WORST:
        row(made, "", "", f"and {len(bad) - _WORST} more")
    return [made]


def _notes(report: Report) -> list[Text]:
    return [Text(f"note: {clean(text)}", "dim") for text in report.notes]


def _verdict(report: Report) -> Text:
    s = report.settings
    what = f"{s['dtype']}, {s['points']} points, {s['draws']} draws, seed {s['seed']}"
    seconds = sum(report.seconds.values())
    good = report.passed
    text = Text("✓ passed" if good else "✗ FAILED", "bold green" if good else _BAD)
    names = ", ".join(report.backends)
    return text.append(
        f"  {names} against {report.reference} ({what}; {seconds:.1f} s)",
        "not bold dim",
    )
