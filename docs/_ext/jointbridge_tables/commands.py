"""The command line's own help, and the examples that come with the package."""

from __future__ import annotations

from collections.abc import Callable

import click

from jointbridge import document
from jointbridge.cli import COMMANDS, main
from jointbridge.cli.source import examples
from jointbridge_tables.markdown import code, codes, fence, sections, table

_WIDTH = 84


def _help(command: click.Command, name: str) -> str:
    context = click.Context(
        command, info_name=name, max_content_width=_WIDTH, terminal_width=_WIDTH
    )
    return fence(command.get_help(context))


def help_of_all() -> str:
    """The help of the program and of every command."""
    return sections([_help(main, "jointbridge"), *map(_section, COMMANDS.items())])


def _section(item: tuple[str, dict[str, tuple[str, str]]]) -> str:
    title, rows = item
    parts = [f"## {title}"]
    for name in rows:
        command = main.get_command(click.Context(main), name)
        assert command is not None, name
        parts += [f"### {name}", _help(command, f"jointbridge {name}")]
    return sections(parts)


def shipped() -> str:
    """The examples with their sites."""
    rows = []
    for name, text in examples().items():
        spec = document.loads(text)
        sites = codes(site.name for site in spec.samples)
        rows.append((code(name), spec.description.partition(". ")[0], sites))
    return table(["example", "what it is", "sites"], rows)


TABLES: dict[str, Callable[[], str]] = {"commands": help_of_all, "examples": shipped}
