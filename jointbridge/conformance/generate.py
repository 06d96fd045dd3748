"""Write the golden files: `python -m jointbridge.conformance.generate`.

--only NAME     of one case; may be repeated
--missing       of cases without one, or that changed
--check         compare instead of writing; what differs is an error
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from jointbridge.conformance.answers import answered
from jointbridge.conformance.bins import bins
from jointbridge.conformance.case import Case
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.grids import grid, single
from jointbridge.conformance.points import (
    FOLDER,
    GoldenError,
    Point,
    digest,
    golden,
    path_of,
    strict,
)
from jointbridge.errors import JointBridgeError

_ALWAYS = {"region", "value", "exact"}


def record(case: Case) -> dict[str, Any]:
    """What the golden file of a case says."""
    typical = {n: single(x) for n, x in case.free.items()}
    points = [answered(case, p) for p in grid(case)]
    return {
        "case": case.name,
        "digest": digest(case),
        "params": typical,
        "law": bins(case, typical),
        "points": [_row(p, typical) for p in points],
    }


def _row(point: Point, typical: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    params = {n: x for n, x in point.params.items() if str(x) != str(typical[n])}
    fields = {
        "region": point.region,
        "params": params,
        "value": point.value,
        "exact": point.exact,
        "bound": point.bound,
        "gradient": point.gradient,
        "condition": float(f"{point.condition:.3g}"),
    }
    said = {n: x for n, x in fields.items() if n in _ALWAYS or x}
    found: dict[str, Any] = strict(said)
    return found


def text(found: Mapping[str, Any]) -> str:
    """One line for each point."""
    head = {n: x for n, x in found.items() if n != "points"}
    lines = ",\n".join(json.dumps(x, allow_nan=False) for x in found["points"])
    return f'{json.dumps(head, allow_nan=False)[:-1]}, "points": [\n{lines}\n]}}\n'


def _stale(case: Case) -> bool:
    try:
        golden(case)
    except GoldenError:
        return True
    return False


@click.command(help=__doc__.splitlines()[0])
@click.option("--only", multiple=True, help="A case; may be repeated.")
@click.option("--missing", is_flag=True, help="Cases whose file is missing or stale.")
@click.option("--check", is_flag=True, help="Compare, do not write.")
def main(only: tuple[str, ...], missing: bool, check: bool) -> None:
    """Write, or compare, the golden files."""
    FOLDER.mkdir(exist_ok=True)
    chosen = [CASES[n] for n in only or CASES if not missing or _stale(CASES[n])]
    wrong = [case.name for case in chosen if not _done(case, check)]
    if wrong:
        raise click.ClickException(f"without a right file: {', '.join(wrong)}")


def _done(case: Case, check: bool) -> bool:
    """Whether the file is right, after it was written."""
    try:
        made, path = text(record(case)), path_of(case.name)
    except JointBridgeError as error:
        click.echo(str(error), err=True)
        return False
    if check:
        return path.exists() and path.read_text() == made
    path.write_text(made)
    click.echo(f"{case.name}: {len(made)} bytes")
    return True


if __name__ == "__main__":
    main()
