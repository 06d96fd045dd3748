"""The command line's own help, and the examples that come with the package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from jointbridge import document
from jointbridge.cli import COMMANDS, main
from jointbridge.cli.source import examples
from jointbridge.picture import to_svg
from jointbridge_tables.markdown import code, codes, fence, sections, table

_WIDTH = 84


def _context(command: click.Command, name: str, **more: Any) -> click.Context:
    return click.Context(command, info_name=name, terminal_width=_WIDTH, **more)


def _main() -> click.Context:
    return _context(main, "jointbridge", **main.context_settings)


def help_of_all() -> str:
    """The help of the program and of every command."""
    return sections([fence(main.get_help(_main())), *map(_section, COMMANDS.items())])


def _section(item: tuple[str, dict[str, tuple[str, str]]]) -> str:
    title, rows = item
    parts = [f"## {title}"]
    for name in rows:
        command = main.get_command(_main(), name)
        assert command is not None, name
        context = _context(command, name, parent=_main())
        parts += [f"### {name}", fence(command.get_help(context))]
        parts += _below(command, context)
    return sections(parts)


def _below(command: click.Command, context: click.Context) -> list[str]:
    """The help of the commands of a group."""
    found = command.commands.items() if isinstance(command, click.Group) else ()
    return [
        fence(below.get_help(_context(below, name, parent=context)))
        for name, below in found
    ]


def shipped() -> str:
    """The examples with their sites."""
    rows = []
    for name, text in examples().items():
        spec = document.loads(text)
        sites = codes(site.name for site in spec.samples)
        rows.append((code(name), spec.description.partition(". ")[0], sites))
    return table(["example", "what it is", "sites"], rows)


def picture() -> str:
    """The graph of eight schools as an inline picture."""
    svg = to_svg(document.loads(examples()["eight-schools"]))
    lines = (line for line in svg.splitlines() if line.strip())
    return "\n".join(['<div class="picture">', *lines, "</div>"])


TABLES: dict[str, Callable[[], str]] = {
    "commands": help_of_all,
    "examples": shipped,
    "picture": picture,
}
