"""Data as JSON, for every command."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from jointbridge.comparison.report import plain

#: `--json`, for every command.
json_option: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="Write JSON to standard output."
)


def write_json(value: Any) -> None:
    """Print a value as JSON; numbers that JSON lacks are texts."""
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(text)
