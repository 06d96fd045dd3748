"""The `divergence` commands: what is known of where libraries differ from the exact answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from jointbridge import backends as registry
from jointbridge.cli.console import out, row, table
from jointbridge.cli.packages import installed, require, require_oracles
from jointbridge.cli.records import json_option, write_json
from jointbridge.errors import JointBridgeError, did_you_mean

#: Names that one divergence is shown with; its JSON has all of them.
_MOST = 20


@click.group()
def divergence() -> None:
    """The known divergences: list them, or show one with a script.

    With --json, both write JSON to standard output.
    """


@divergence.command("list")
@click.option("-b", "--backend", "chosen", multiple=True, metavar="NAME")
@json_option
def list_(chosen: tuple[str, ...], as_json: bool) -> None:
    """List the known divergences of the backends that are installed."""
    found = _rows(chosen)
    if as_json:
        write_json([_record(d) for d in found.values()])
        return
    made = table("id", "families and checks", "verdict", "reason")
    made.columns[0].no_wrap = True
    for d in found.values():
        where = f"{_some(d.families, 3)}\n{_some(d.checks, 3)}"
        row(made, Text(d.id, "bold"), where, d.verdict, d.reason)
    out().print(made)


def _some(names: Sequence[str], most: int) -> str:
    """The first few of many names."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


@divergence.command()
@click.argument("id")
@click.option("--script", "only_script", is_flag=True, help="Only the script.")
@json_option
def show(id: str, only_script: bool, as_json: bool) -> None:
    """Show one divergence, and a script that reproduces it.

    The script is of the point where the fault is worst, found by running the check now.
    """
    found = _rows(())
    if id not in found:
        hint = f"{did_you_mean(id, found)}; list them: jointbridge divergence list"
        raise JointBridgeError(f"no divergence {id!r}", code="usage", hint=hint)
    row_ = found[id]
    text = _script(row_)
    if as_json:
        write_json({**_record(row_), "script": text})
        return
    if not only_script:
        out().print(_facts(row_))
    click.echo(text)


def _rows(chosen: tuple[str, ...]) -> dict[str, Any]:
    """The rows by id, of the backends asked for or all that are installed."""
    require_oracles()
    from jointbridge.conformance.registry import every

    for name in chosen:
        require(name)
    names = chosen or tuple(n for n in registry.names() if installed(n))
    return {d.id: d for name in names for d in every(name)}


def _record(row_: Any) -> dict[str, Any]:
    return {**asdict(row_), "worst": row_.worst}


def _script(row_: Any) -> str:
    from jointbridge.conformance.reproducer import reproducer

    return reproducer(row_)


def _facts(row_: Any) -> Table:
    facts = Table.grid(padding=(0, 2))
    for key, value in _record(row_).items():
        text = _some(value, _MOST) if isinstance(value, tuple) else str(value)
        if text:
            row(facts, Text(key, "dim"), text)
    return facts
