"""The `backends` command."""

from __future__ import annotations

import click
from rich.text import Text

from jointbridge import backends as registered
from jointbridge.cli.console import out, row, table
from jointbridge.cli.packages import fix, installed, packages
from jointbridge.cli.records import json_option, write_json


@click.command()
@json_option
def backends(as_json: bool) -> None:
    """List the backends that are registered, without importing any of them."""
    rows = {
        name: {
            "installed": installed(name),
            "reference": name == registered.REFERENCE,
            "packages": {p.name: p.version for p in packages(name)},
        }
        for name in registered.names()
    }
    if as_json:
        write_json(rows)
        return
    listed = table("backend", "", "packages")
    for name, found in rows.items():
        word = Text("✓ installed", "green") if found["installed"] else Text("– missing")
        versions = (f"{p.name} {p.version or '(none)'}" for p in packages(name))
        text = ", ".join(versions)
        title = f"{name} (reference)" if found["reference"] else name
        row(listed, title, word, text if found["installed"] else f"{text}\n{fix(name)}")
    out().print(listed)
