"""A user's model out of a Python file, and what it is called with.

The file is run: it is imported under a private name, with its folder on the search path,
and both are taken back at the end.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import numpy as np

from jointbridge import backends
from jointbridge.backends.reading import ReadError
from jointbridge.backends.recognition import packages
from jointbridge.cli import source
from jointbridge.cli.console import note
from jointbridge.comparison.boxes import accepted, guarded
from jointbridge.document.files import read_bounded
from jointbridge.document.lexical import read_json
from jointbridge.document.limits import Limits
from jointbridge.errors import FileError, ValueMismatchError, did_you_mean

_LIMITS = Limits(max_bytes=256 * 2**20)

#: `model.py:function`; a drive letter's colon is no such colon.
_FUNCTION = re.compile(r"(?P<file>.+\.py)(?::(?P<name>[^:\\/]*))?$")


@dataclass(frozen=True)
class Source:
    """What a model is called on the command line.

    Attributes:
        text: As it was written.
        file: The Python file, where it is one.
        name: The function in it.
    """

    text: str
    file: Path | None = None
    name: str = ""


def parse(text: str) -> Source:
    """The parts of `FILE.jb.json`, of an example's name, or of `model.py:function`."""
    match = _FUNCTION.match(text)
    if match is None:
        return Source(text)
    file = Path(match["file"])
    if not match["name"]:
        names = ", ".join(_functions(file)) or "it has none"
        raise click.UsageError(
            f"{text}: which function? write {file}:NAME; its functions: {names}"
        )
    return Source(text, file, match["name"])


@contextmanager
def opened(text: str) -> Iterator[Any]:
    """A model: the joint of a file or an example, or the object in a Python file.

    Raises:
        FileError: There is no such file.
        ReadError: The file raises an exception, or has no such function.
    """
    wanted = parse(text)
    if wanted.file is None:
        yield source.read(text)
        return
    with _module(wanted.file, text) as module:
        yield _attribute(module, wanted)


@contextmanager
def _module(path: Path, label: str) -> Iterator[ModuleType]:
    """The module of a file, for the time of a `with`."""
    code = _text(path)
    note(f"running the Python in {path}")
    folder = str(path.resolve().parent)
    before, wrote = set(sys.modules), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, folder)
    name = f"_jointbridge_user_{len(before)}_{path.stem}"
    loading = spec_from_file_location(name, path)
    assert loading is not None
    assert loading.loader is not None
    module = module_from_spec(loading)
    sys.modules[name] = module
    try:
        with (
            backends.harmless_import(),
            _precise(code),
            guarded(label),
            contextlib.redirect_stdout(sys.stderr),
        ):
            _run(loading.loader, module)
        yield module
    finally:
        sys.dont_write_bytecode = wrote
        if folder in sys.path:
            sys.path.remove(folder)
        for added in set(sys.modules) - before:
            if _is_below(sys.modules[added], folder):
                del sys.modules[added]


def _run(loader: Any, module: ModuleType) -> None:
    try:
        loader.exec_module(module)
    except SystemExit as stop:
        message = f"the file ends the program (exit {stop.code}) when it is imported"
        hint = 'put what runs it below `if __name__ == "__main__":`'
        raise ReadError(message, hint=hint) from None


def _text(path: Path) -> str:
    return read_bounded(path, 16 * 2**20).decode("utf-8", "replace")


def _is_below(module: ModuleType, folder: str) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and Path(str(file)).resolve().is_relative_to(folder)


@contextmanager
def _precise(code: str) -> Iterator[None]:
    """Arrays that the file makes have 64 bits, where its libraries have a switch."""
    words = set(re.findall(r"\w+", code))
    with ExitStack() as stack:
        for name, own in packages().items():
            if words & own:
                stack.enter_context(backends.get(name).precision("float64"))
        yield


def _functions(path: Path) -> list[str]:
    """The functions and other names at the top of a file, without running it."""
    try:
        tree = ast.parse(_text(path))
    except (SyntaxError, FileError):
        return []
    found = [s.name for s in tree.body if isinstance(s, ast.FunctionDef)]
    assigned = [s for s in tree.body if isinstance(s, ast.Assign)]
    targets = (t for s in assigned for t in s.targets if isinstance(t, ast.Name))
    return [n for n in (*found, *(t.id for t in targets)) if not n.startswith("_")]


def _attribute(module: ModuleType, wanted: Source) -> Any:
    assert wanted.file is not None
    if not hasattr(module, wanted.name):
        hint = did_you_mean(wanted.name, _functions(wanted.file))
        raise ReadError(
            f"{wanted.file} has no {wanted.name!r}", code="usage", hint=hint
        )
    return getattr(module, wanted.name)


# -- arguments ----------------------------------------------------------------


def arguments(file: str | None) -> dict[str, Any]:
    """What a model is called with, by name: a JSON object, or an `.npz` file.

    Raises:
        FileError: The file cannot be read.
        ValueMismatchError: It is no JSON object.
    """
    if file is None:
        return {}
    raw = read_bounded(Path(file), _LIMITS.max_bytes)
    if file.endswith(".npz"):
        return _npz(file, raw)
    value = read_json(raw, _LIMITS)
    if not isinstance(value, dict):
        hint = 'as {"x": [1.0, 2.0], "y": [0, 1]}'
        raise ValueMismatchError("arguments are a JSON object by name", hint=hint)
    return {name: _argument(name, x) for name, x in value.items()}


def _npz(file: str, raw: bytes) -> dict[str, Any]:
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (ValueError, OSError, EOFError) as error:
        raise FileError(f"{file} is no .npz file of numbers: {error}") from None


def _argument(name: str, value: Any) -> Any:
    """Lists become arrays; what a list is inside of stays."""
    if isinstance(value, dict):
        return {n: _argument(f"{name}.{n}", x) for n, x in value.items()}
    if not isinstance(value, list):
        return value
    try:
        array = np.asarray(value)
    except ValueError:
        message = "expected nested lists of one shape"
        raise ValueMismatchError(message, path=name) from None
    return array if array.dtype.kind in "fiub" else value


def check_arguments(model: Any, label: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those arguments that a function takes; all that it needs must be there."""
    taken = accepted(model, given)
    if inspect.isfunction(model):
        try:
            inspect.signature(model).bind(**taken)
        except TypeError as error:
            words = ", ".join(given) or "nothing"
            message = f"{label}: {error}; given: {words}"
            raise click.UsageError(message) from None
    return taken
