"""Where words and data go: tables out, problems and progress to the side."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from jointbridge.errors import Problem

#: Columns where the output is no terminal and says nothing about its width.
_WIDTH = 110

_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # The group of commands knows what to do; rich would exit with 1, which is a no.
        raise BrokenPipeError


def out() -> Console:
    """The console for data; no text is markup."""
    return _console(stderr=False)


def err() -> Console:
    """The console for words."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else _WIDTH
    return _Console(
        stderr=stderr, width=width, markup=False, emoji=False, highlight=False
    )


def clean(text: str) -> str:
    """Text without signs that move the cursor, change colours or hide."""
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text)


def _escaped(c: str) -> str:
    return c.encode("unicode_escape", "backslashreplace").decode()


def say(problems: Iterable[Problem], file: str = "") -> None:
    """Print problems: code and place, then what is wrong, then what to do."""
    console = err()
    for problem in problems:
        console.print(_problem(problem, file), soft_wrap=True)


def _problem(problem: Problem, file: str) -> Text:
    text = Text(clean(file) + ": " if file else "")
    style = _STYLES.get(problem.severity, "bold")
    text.append(f"{problem.severity}[{problem.code}]", style)
    if problem.path:
        text.append(f" at {clean(problem.path)}")
    text.append(f": {clean(problem.message)}")
    if problem.hint:
        text.append("\n  hint: ", "dim").append(clean(problem.hint))
    return text


def note(message: str) -> None:
    """Print a remark that is no problem."""
    err().print(Text("note: ", _STYLES["note"]).append(clean(message)), soft_wrap=True)


def table(*columns: str, title: str | None = None) -> Table:
    """A table with these columns, to be filled by `add_row`."""
    made = Table(
        title=title and clean(title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def row(made: Table, *cells: str | Text) -> None:
    """Add a row whose texts may come from anywhere."""
    made.add_row(*(Text(clean(c)) if isinstance(c, str) else c for c in cells))


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """A bar on standard error that is told the steps done, all steps and the next."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def tell(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total, description=clean(text))

        yield tell
