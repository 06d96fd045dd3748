"""The `compare` command: do two models say the same, and where not, why?"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import click
from rich.console import Group
from rich.table import Table
from rich.text import Text

from jointbridge.cli import models, source
from jointbridge.cli.check import number
from jointbridge.cli.console import clean, out, progress_bar, row, table
from jointbridge.cli.records import json_option
from jointbridge.comparison import Comparison, Finding
from jointbridge.comparison.models import compare as compare_models
from jointbridge.comparison.report import ICONS, Cell

_STYLES = {"agree": "green", "skipped": "dim", "accuracy loss": "yellow"}
_BAD = "bold red"


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--data",
    "--args",
    "data",
    metavar="FILE",
    help="What models are called with: a JSON object by name, or an .npz file.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="A=B",
    help="A site's name in A with its name in B.",
)
@click.option("--from-a", metavar="NAME", help="The backend of A, if it is not plain.")
@click.option("--from-b", metavar="NAME", help="The backend of B.")
@click.option(
    "--points",
    type=click.IntRange(1, 10_000),
    default=4,
    show_default=True,
    help="Points at which the models are compared.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**30),
    default=0,
    show_default=True,
    help="For the points.",
)
@click.option("--html", metavar="FILE", help="Write the report as one page.")
@click.option("--junit", metavar="FILE", help="Write the report as JUnit XML.")
@json_option
def compare(
    first: str,
    second: str,
    data: str | None,
    maps: tuple[str, ...],
    from_a: str | None,
    from_b: str | None,
    html: str | None,
    junit: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Compare two models of any library, site by site, and say why they differ.

    A and B are each FILE.jb.json, an example, or model.py:function. Python files are
    run. Exits with 0 where the models agree, and with 1 where they differ.
    """
    names = dict(map(_pair, maps))
    kwargs = models.arguments(data)
    with models.opened(first) as a, models.opened(second) as b:
        for model, label in ((a, first), (b, second)):
            models.check_arguments(model, label, kwargs)
        with progress_bar() as tell, contextlib.redirect_stdout(sys.stderr):
            report = compare_models(
                a,
                b,
                kwargs=kwargs,
                names=names,
                languages=(from_a, from_b),
                labels=_labels(first, second),
                progress=tell,
                **settings,
            )
    if html:
        source.write(html, report.to_html(), force=True)
    if junit:
        source.write(junit, report.to_junit(), force=True)
    if as_json:
        click.echo(report.to_json())
    else:
        show(report)
    sys.exit(0 if report.passed else 1)


def _labels(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first != second else (f"{first} (A)", f"{second} (B)")


def _pair(text: str) -> tuple[str, str]:
    mine, sign, theirs = text.partition("=")
    if not (mine and sign and theirs):
        raise click.UsageError(f"--map {text}: expected A=B, two names of sites")
    return mine, theirs


# -- on screen ----------------------------------------------------------------


def show(report: Comparison) -> None:
    """Print a comparison: sites and checks, what differs and why, the verdict."""
    parts: list[Any] = [_matrix(report), *_differences(report), *_causes(report)]
    notes = [Text(f"note: {clean(text)}", "dim") for text in report.notes]
    out().print(Group(*parts, *notes, _verdict(report)))


def _matrix(report: Comparison) -> Table:
    checks = report.checks
    made = table("", *checks, title=f"{report.backends[0]}, against {report.reference}")
    for site in report.sites:
        cells = (report.cell(site, check) for check in checks)
        row(made, site, *(_cell(c) if c else "" for c in cells))
    return made


def _cell(cell: Cell) -> Text:
    text = Text(f"{ICONS[cell.verdict]} {cell.verdict}", _style(cell))
    return text.append(number(cell), "dim")


def _style(cell: Cell) -> str:
    return _STYLES.get(cell.verdict, _BAD)


def _differences(report: Comparison) -> list[Table]:
    bad = [c for c in report.worst(len(report.cells)) if not c.good]
    if not bad:
        return []
    made = table("site", "check", "", *_columns(report), title="What differs")
    for cell in bad[:12]:
        numbers = ("" if x is None else f"{x:.10g}" for x in (cell.expected, cell.got))
        row(made, cell.site, cell.check, cell.message, *numbers)
    return [made]


def _columns(report: Comparison) -> tuple[str, str]:
    return report.reference, report.backends[0]


def _causes(report: Comparison) -> list[Text]:
    return [_cause(finding) for finding in report.findings]


def _cause(finding: Finding) -> Text:
    text = Text("likely cause: ", "bold cyan")
    text.append(clean(finding.site), "bold").append(f": {clean(finding.text)}")
    if finding.fix:
        text.append("\n  fix: ", "dim").append(clean(finding.fix))
    return text


def _verdict(report: Comparison) -> Text:
    s = report.settings
    good = report.passed
    text = Text("✓ the same" if good else "✗ DIFFERENT", "bold green" if good else _BAD)
    seconds = sum(report.seconds.values())
    what = f"{s['dtype']}, {s['points']} points, seed {s['seed']}; {seconds:.1f} s"
    return text.append(f"  ({what})", "not bold dim")
