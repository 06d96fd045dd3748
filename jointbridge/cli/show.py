"""The `show` command: a joint as tables, or its graph."""

from __future__ import annotations

from typing import Any

import click

from jointbridge import picture
from jointbridge.cli import source
from jointbridge.cli.console import err, out
from jointbridge.cli.records import json_option, write_json
from jointbridge.picture.tables import record, summary


@click.command()
@source.joint_argument
@click.option("--mermaid", is_flag=True, help="Print the graph for Mermaid.")
@click.option("--dot", is_flag=True, help="Print the graph for Graphviz.")
@click.option("--svg", metavar="FILE", help="Write the graph as SVG; - prints it.")
@json_option
def show(file: str, mermaid: bool, dot: bool, svg: str | None, as_json: bool) -> None:
    """Show sites, shapes, supports, plates and data, or the graph of a joint."""
    forms: dict[str, Any] = {"--mermaid": mermaid, "--dot": dot, "--json": as_json}
    chosen = [name for name, given in forms.items() if given]
    if len(chosen) > 1 or (svg == "-" and chosen):
        raise click.UsageError(f"one thing at a time on standard output: {chosen}")
    spec = source.read(file)
    if svg is not None:
        source.write(svg, picture.to_svg(spec), force=True)
        if svg != "-":
            err().print(f"wrote {svg}")
        elif not chosen:
            return
    if as_json:
        write_json(record(spec))
    elif mermaid or dot:
        write = picture.to_mermaid if mermaid else picture.to_dot
        click.echo(write(spec), nl=False)
    elif svg is None:
        out().print(summary(spec))
