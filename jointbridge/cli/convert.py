"""The `convert` command: a model of one library as a file, or as source of another."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.text import Text

from jointbridge import backends, document
from jointbridge.backends.reading import Note, ReadError, Reading
from jointbridge.backends.recognition import recognise
from jointbridge.cli import models, source
from jointbridge.cli.console import err, note, say
from jointbridge.cli.packages import require
from jointbridge.cli.records import json_option, write_json
from jointbridge.comparison.boxes import describe, guarded, spec_of
from jointbridge.document.files import write_all
from jointbridge.errors import FileError, Problem
from jointbridge.spec import Spec

#: What is not a backend, but can be converted to.
_SPEC = "spec"


@click.command()
@click.argument("source_", metavar="SOURCE")
@click.option(
    "--to",
    "onto",
    required=True,
    metavar="NAME",
    help=f"{_SPEC}, or a backend: source of its library.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file; else print it.")
@click.option("--style", metavar="NAME", help="One of the styles of the library.")
@click.option(
    "--args",
    "--data",
    "data",
    metavar="FILE",
    help="What the model is called with: a JSON object by name, or an .npz file.",
)
@click.option(
    "--from", "language", metavar="NAME", help="The backend of the model, if not plain."
)
@click.option(
    "--report", metavar="FILE", help="Write what was folded, frozen, assumed."
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@json_option
def convert(
    source_: str,
    onto: str,
    output: str | None,
    style: str | None,
    data: str | None,
    language: str | None,
    report: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Turn a model into a file, or into source of another library.

    SOURCE is FILE.jb.json, an example, or model.py:function. A Python file is run; what
    is folded, frozen or assumed on the way is said. Exits with 3 where the model cannot
    be read or the library cannot say it.
    """
    if onto == _SPEC and style is not None:
        raise click.UsageError(f"--style is for source, not for --to {_SPEC}")
    if as_json and output in (None, "-"):
        raise click.UsageError("--json needs -o FILE: both would be printed")
    if onto != _SPEC:
        require(onto)
    with models.opened(source_) as model:
        reading = read(model, source_, models.arguments(data), language)
    _say_notes(reading)
    _write(reading.spec, onto, style, output or "-", force)
    record = reading.to_json()
    if report:
        source.write(report, json.dumps(record, indent=2) + "\n", force=force)
    if as_json:
        write_json({**record, "to": onto, "output": output})
    elif output not in (None, "-"):
        err().print(Text(f"wrote {output}"))


def read(
    model: Any, label: str, kwargs: Mapping[str, Any], language: str | None
) -> Reading:
    """A model as a spec; what it prints goes to standard error.

    Raises:
        ReadError: It raises an exception, or belongs to no known library.
    """
    spec = spec_of(model)
    if spec is not None:
        return Reading(spec, source=label)
    given = models.check_arguments(model, label, kwargs)
    with guarded(label), contextlib.redirect_stdout(sys.stderr):
        name = language or recognise(model)
        if name is not None:
            require(name)
            found: Reading = backends.get(name).read(model, (), given, {})
            return found
        made = spec_of(model(**given)) if callable(model) else None
    if made is None:
        names = ", ".join(backends.names())
        message = f"cannot tell which library {describe(model)} is written for"
        hint = f"say it with --from: one of {names}"
        raise ReadError(message, code="usage", hint=hint)
    return Reading(made, source=label)


def _say_notes(reading: Reading) -> None:
    """What is frozen limits what the result is true of: that is a warning."""
    frozen = reading.frozen
    say([_warning(n) for n in frozen])
    for remark in reading.notes:
        if remark not in frozen:
            note(str(remark))


def _warning(remark: Note) -> Problem:
    return Problem("unreadable", remark.where, f"frozen: {remark.text}", "", "warning")


def _write(spec: Spec, onto: str, style: str | None, output: str, force: bool) -> None:
    if onto != _SPEC:
        _write_source(spec, onto, style, output, force)
    elif output == "-":
        source.write(output, document.dumps(spec), force=force)
    else:
        _refuse_to_replace(output, force)
        document.save(spec, output, overwrite=force)


def _write_source(
    spec: Spec, onto: str, style: str | None, output: str, force: bool
) -> None:
    backend = backends.get(onto)
    text = backend.write(spec, style)
    arrays = backend.stored(spec)
    if output == "-":
        source.write(output, text, force=force)
        if arrays:
            note("its data are not in the text: -o FILE writes them beside it")
        return
    _refuse_to_replace(output, force)
    path = Path(output).absolute()
    contents = {path: text.encode()}
    if arrays:
        contents[path.with_suffix(".npz")] = _npz(arrays)
    write_all(contents, overwrite=force)


def _refuse_to_replace(output: str, force: bool) -> None:
    if not force and os.path.lexists(output):
        raise FileError(f"{output} exists", hint="--force replaces it")


def _npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **dict(arrays))  # type: ignore[arg-type]
    return buffer.getvalue()
