"""A report as one page: everything inline, nothing fetched, no script in the data."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from jointbridge import document, picture
from jointbridge.comparison.report import ICONS, VERDICTS, Cell, Report, plain

#: Cells with their point and a script; the others are rows of a table.
WORST = 12

#: Where all agree, so many of the largest differences are shown.
CLOSE = 3

#: More characters of a point are left to the script.
_POINT = 2000


def page(report: Report) -> str:
    """The report as HTML: the verdict, the graph, the worst cells, then all cells.

    Args:
        report: What a check found.

    Returns:
        One self-contained document; it works from a file, without a network.
    """
    cells = report.worst(len(report.cells))
    bad = [cell for cell in cells if not cell.good]
    return _template().render(
        report=report,
        cells=cells,
        worst=bad[:WORST] or cells[:CLOSE],
        more=max(0, len(bad) - WORST),
        bad=bad,
        summary=report.summary(),
        graph=_graph(report) if report.text else "",
        slowest=max(report.seconds.values(), default=0.0) or 1.0,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("jointbridge", "comparison"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"VERDICTS": VERDICTS, "ICONS": ICONS}
    environment.filters |= {
        "visible": _visible,
        "number": _number,
        "point": _point,
        "slug": lambda verdict: verdict.replace(" ", "-"),
    }
    return environment.get_template("report.html.jinja")


def _graph(report: Report) -> Markup:
    # The picture escapes every name itself.
    return Markup(picture.to_svg(document.loads(report.text)))


def _visible(text: Any) -> str:
    """Text without signs that hide or turn what follows."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in str(text))


def _number(cell: Cell) -> str:
    """The error of a cell, or the p-value of its test."""
    if cell.error is None:
        return ""
    return f"p = {cell.error:.2g}" if cell.check == "draws" else f"{cell.error:.1e}"


def _point(values: dict[str, Any]) -> str:
    text = "\n".join(f"{name} = {json.dumps(plain(x))}" for name, x in values.items())
    return text if len(text) <= _POINT else text[:_POINT] + " … (the script has it all)"
