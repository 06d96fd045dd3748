"""Where a joint comes from: a file, a pipe, or an example by name."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from jointbridge import document
from jointbridge.document import Limits
from jointbridge.document.files import read_stdin, write_all
from jointbridge.errors import FileError, did_you_mean
from jointbridge.spec import Spec

SUFFIX = ".jb.json"

#: The argument that names a joint.
joint_argument: Callable[[Any], Any] = click.argument("file", metavar="FILE|EXAMPLE|-")


def examples() -> dict[str, bytes]:
    """The files that come with the package, by name."""
    folder = files("jointbridge") / "examples"
    if not folder.is_dir():
        return {}
    found = [f for f in folder.iterdir() if f.name.endswith(SUFFIX)]
    return {
        f.name.removesuffix(SUFFIX): f.read_bytes()
        for f in sorted(found, key=lambda f: f.name)
    }


def example(name: str) -> bytes:
    """The text of an example.

    Raises:
        FileError: There is none of that name.
    """
    shipped = examples()
    if name not in shipped:
        hint = f"{did_you_mean(name, shipped)}; list them: jointbridge example"
        raise FileError(f"no example {name!r}", hint=hint)
    return shipped[name]


def find(name: str) -> Path | bytes:
    """The file of that name, or the text from a pipe (`-`), or of an example.

    Raises:
        FileError: There is no such file, and no example of that name.
    """
    if name == "-":
        return read_stdin(Limits().max_bytes)
    shipped = {} if os.path.lexists(name) else examples()
    if name in shipped:
        return shipped[name]
    if shipped and Path(name).name == name and not Path(name).suffix:
        hint = f"{did_you_mean(name, shipped)}; list them: jointbridge example"
        raise FileError(f"no file and no example {name!r}", hint=hint)
    return Path(name)


def parse(found: Path | bytes) -> Spec:
    """The spec in what `find` found.

    Raises:
        SpecError: It has errors; all of them are listed.
        FileError: It cannot be read.
    """
    if isinstance(found, bytes):
        return document.loads(found)
    return document.load(found)


def read(name: str) -> Spec:
    """The spec of that name; see `find` and `parse`."""
    return parse(find(name))


def write(path: str, text: str | bytes, *, force: bool) -> None:
    """Write a file, all of it or nothing; `-` is standard output.

    Raises:
        FileError: It exists and is not to be replaced, or cannot be written.
    """
    if path == "-":
        click.echo(text, nl=False)
        return
    if not force and os.path.lexists(path):
        raise FileError(f"{path} exists", hint="--force replaces it")
    raw = text if isinstance(text, bytes) else text.encode()
    write_all({Path(path).absolute(): raw}, overwrite=force)
