"""The `completion` command."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print a script that completes commands and options.

    For bash: eval "$(jointbridge completion bash)"
    """
    root = click.get_current_context().find_root()
    kind = get_completion_class(shell)
    assert kind is not None, f"click has no completion for {shell}"
    made = kind(root.command, {}, "jointbridge", "_JOINTBRIDGE_COMPLETE")
    click.echo(made.source())
