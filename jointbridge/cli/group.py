"""A group of commands that imports one only when it runs, and turns errors into words."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NoReturn

import click

from jointbridge.errors import JointBridgeError, Problem, did_you_mean

#: What the exit codes mean beyond those of `JointBridgeError`.
UNREADABLE, INTERNAL, INTERRUPTED = 4, 70, 130

Sections = Mapping[str, Mapping[str, tuple[str, str]]]


class Commands(click.Group):
    """A lazy group.

    Args:
        sections: Titles with the commands below them, each with module and summary.
        package: Where the modules are.
    """

    def __init__(self, *args: Any, sections: Sections, package: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.sections = sections
        self.package = package

    @property
    def rows(self) -> dict[str, tuple[str, str]]:
        """All commands with their modules and summaries."""
        return {n: row for rows in self.sections.values() for n, row in rows.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, for completion."""
        del ctx
        return list(self.rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        del ctx
        if cmd_name not in self.rows:
            return None
        module = import_module(f"{self.package}.{self.rows[cmd_name][0]}")
        found: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or the ones that they may mean."""
        if args[0] not in self.rows and not args[0].startswith("-"):
            hint = did_you_mean(args[0], self.rows)
            raise click.UsageError(f"no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The summaries, from the table alone."""
        del ctx
        for title, rows in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(n, summary) for n, (_, summary) in rows.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong becomes words and an exit code."""
        debug = bool(ctx.params.get("debug"))
        try:
            with _warnings(shown=debug):
                try:
                    return super().invoke(ctx)
                finally:
                    sys.stdout.flush()
        except (click.exceptions.Exit, click.ClickException):
            raise
        except (KeyboardInterrupt, click.Abort):
            _say(ctx, [Problem("usage", "", "interrupted")], INTERRUPTED)
        except BrokenPipeError:
            # The reader has gone: neither words nor a last flush can reach it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(UNREADABLE)
        except JointBridgeError as error:
            if debug:
                raise
            _say(ctx, error.problems, error.exit_code)
        except Exception as error:
            if debug:
                raise
            _say(ctx, [_internal(ctx, error)], INTERNAL)


def _say(ctx: click.Context, problems: Any, code: int) -> NoReturn:
    from jointbridge.cli.console import say

    say(problems)
    ctx.exit(code)


def _internal(ctx: click.Context, error: Exception) -> Problem:
    text = " ".join(str(error).split())[:400]
    command = ctx.invoked_subcommand or "…"
    return Problem(
        "internal",
        "",
        f"{type(error).__name__}: {text}",
        "this is a fault of jointbridge or of a library below it, not yours; "
        f"please report it with the output of: jointbridge --debug {command} …",
    )


@contextmanager
def _warnings(*, shown: bool) -> Iterator[None]:
    """Warnings of the libraries are for their developers, not for who asked."""
    with warnings.catch_warnings():
        if not shown:
            warnings.simplefilter("ignore")
        yield
