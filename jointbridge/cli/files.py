"""Commands about files alone: validate, digest, schema."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click
from rich.text import Text

from jointbridge import document
from jointbridge.cli import source
from jointbridge.cli.console import err, say
from jointbridge.cli.records import json_option, write_json
from jointbridge.errors import FileError, LimitError, Problem

_UNREADABLE = ("file", "limit")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE|EXAMPLE|-...")
@click.option("--strict", is_flag=True, help="Warnings are failures too.")
@json_option
def validate(files: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """List everything that is wrong or suspicious in files.

    Nothing in a file is ever executed. Exits with 1 where a file has errors, and with 4
    where one cannot be read or is over a limit.
    """
    found = {file: _problems(file) for file in files}
    if as_json:
        write_json(
            [_record(file, problems, strict) for file, problems in found.items()]
        )
    else:
        for file, problems in found.items():
            say(problems, file)
            _conclude(file, problems, strict)
    sys.exit(max(_code(problems, strict) for problems in found.values()))


def _problems(file: str) -> list[Problem]:
    """Everything that is wrong or suspicious in a file."""
    try:
        found = source.find(file)
        return document.validate(found)
    except (FileError, LimitError) as error:
        return list(error.problems)


def _code(problems: list[Problem], strict: bool) -> int:
    if any(p.code in _UNREADABLE for p in problems):
        return 4
    return int(any(strict or p.severity == "error" for p in problems))


def _record(file: str, problems: list[Problem], strict: bool) -> dict[str, Any]:
    return {
        "file": file,
        "valid": _code(problems, strict) == 0,
        "problems": [asdict(p) for p in problems],
    }


def _conclude(file: str, problems: list[Problem], strict: bool) -> None:
    errors = sum(p.severity == "error" for p in problems)
    warnings = len(problems) - errors
    counts = [_count(errors, "error"), _count(warnings, "warning")]
    said = ", ".join(c for c in counts if c)
    good = _code(problems, strict) == 0
    text = Text("✓ " if good else "✗ ", "bold green" if good else "bold red")
    text.append(f"{file}: {'valid' if good else 'not valid'}")
    err().print(text.append(f" ({said})" if said else ""), soft_wrap=True)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number > 1)}" if number else ""


@click.command()
@source.joint_argument
@json_option
def digest(file: str, as_json: bool) -> None:
    """Print a SHA-256 of what a joint says.

    It does not change with layout, description, or the order of data.
    """
    spec = source.read(file)
    found = document.digest(spec)
    if as_json:
        write_json({"name": spec.name, "digest": found})
    else:
        click.echo(found)


@click.command()
@json_option
def schema(as_json: bool) -> None:
    """Print the JSON Schema of the file format, for editors and other languages."""
    del as_json  # it is JSON in any case
    write_json(document.schema())
