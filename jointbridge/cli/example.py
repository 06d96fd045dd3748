"""The `example` command."""

from __future__ import annotations

import click
from rich.text import Text

from jointbridge import document
from jointbridge.cli import source
from jointbridge.cli.console import err, out, row, table
from jointbridge.cli.records import json_option, write_json


@click.command()
@click.argument("name", required=False)
@click.option("-o", "--output", metavar="FILE", help="Write to a file.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@json_option
def example(name: str | None, output: str | None, force: bool, as_json: bool) -> None:
    """Print an example, or write it to a file; without NAME, list them all.

    Commands that read a joint take the name of an example too.
    """
    if name is None:
        if output is not None:
            raise click.UsageError("-o needs the name of an example")
        _list(as_json)
        return
    source.write(output or "-", source.example(name), force=force)
    if output not in (None, "-"):
        err().print(Text(f"wrote {output}; next: jointbridge check {output}"))


def _list(as_json: bool) -> None:
    specs = {n: document.loads(text) for n, text in source.examples().items()}
    if as_json:
        rows = {
            n: {"description": s.description, "sites": [x.name for x in s.samples]}
            for n, s in specs.items()
        }
        write_json(rows)
        return
    listed = table("name", "what it is", "sites")
    for name, spec in specs.items():
        sites = ", ".join(s.name for s in spec.samples)
        what = spec.description.partition(". ")[0]
        row(listed, Text(name, "bold"), what, sites)
    out().print(listed)
    err().print(
        Text("use one: jointbridge check NAME, or: example NAME -o NAME.jb.json")
    )
