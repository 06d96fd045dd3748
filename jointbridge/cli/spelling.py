"""How each backend spells a family, read from its tables without importing its library."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from jointbridge import backends as registry
from jointbridge.backends.lower import Table
from jointbridge.cli.packages import entry_point
from jointbridge.errors import BackendError
from jointbridge.expression import Distribution, Name, Number
from jointbridge.families import Family
from jointbridge.syntax import parse_template, show


@dataclass(frozen=True)
class Spelled:
    """A family on a backend.

    Attributes:
        text: Its constructor in terms of the catalogue's parameters, or why it has none.
        example: It with numbers, and the lines of imports before it.
        aliases: What else the library calls it, or makes it of.
        traps: Where a reader who thinks in the catalogue's words goes wrong.
    """

    text: str
    example: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()


def spellings(family: Family) -> dict[str, str]:
    """For each registered backend, its spelling of a family, or why it has none."""
    return {name: _text(family, _tables(name)[0]) for name in registry.names()}


def spelled(family: Family) -> dict[str, Spelled]:
    """For each registered backend, all there is to know about a family there."""
    return {name: _spelled(family, name) for name in registry.names()}


def _spelled(family: Family, name: str) -> Spelled:
    writing, reading = _tables(name)
    row = _kept(name, "examples.json").get(family.name, {})
    return Spelled(
        _text(family, writing),
        (*row.get("imports", ()), *filter(None, [row.get("code")])),
        tuple(_aliases(family, reading)),
        (*_renamed(family, writing), *_order(family, row), *_known(family, name)),
    )


def _text(family: Family, rows: Table | str) -> str:
    if isinstance(rows, str):
        return f"unknown: {rows}"
    if gap := rows.missing.get(family.name):
        return f"missing ({gap.word.replace('_', ' ')}): {gap.reason}"
    if family.name in rows.rewritten:
        return family.same_as
    return rows.different.get(family.name) or "the same name and parameters"


# -- aliases and traps --------------------------------------------------------


def _aliases(family: Family, rows: Table | str) -> Iterator[str]:
    """Other classes and compositions that are read as this family."""
    if isinstance(rows, str):
        return
    for native, ours in rows.idioms.items():
        if parse_template(ours).family == family.name:
            yield native


def _renamed(family: Family, rows: Table | str) -> Iterator[str]:
    """Parameters that have another name there, or whose name means something else."""
    text = "" if isinstance(rows, str) else rows.different.get(family.name, "")
    if not text:
        return
    for key, value in parse_template(text).params:
        if isinstance(value, Name) and value.name != key:
            yield f"{value.name!r} is called {key!r}"
        elif isinstance(value, Number | Distribution) or value == Name(key):
            continue
        elif key in family.parameters:
            yield f"{key!r} means something else: give it {show(value)}"
        elif not isinstance(value, Name):
            yield f"{key!r} wants {show(value)}"


def _order(family: Family, row: Any) -> Iterator[str]:
    """Positions that differ from the catalogue's."""
    takes = [n for n in row.get("takes", ()) if n in family.parameters]
    ours = [n for n in family.parameters if n in takes]
    if len(takes) > 1 and takes != ours:
        yield f"positions are {', '.join(takes)}; here they are {', '.join(ours)}"


def _known(family: Family, name: str) -> Iterator[str]:
    """What the registry of divergences says."""
    for row in _kept(name, "divergences.toml").get("divergence", ()):
        if {family.name, "*"} & set(row["families"]):
            brief = row["reason"].partition(". ")[0].removesuffix(".")
            yield f"{row['verdict']}: {brief} ({row['id']})"


# -- the tables ---------------------------------------------------------------


@cache
def _tables(name: str) -> tuple[Table, Table] | tuple[str, str]:
    """What a backend writes with and reads with, or why neither is known."""
    try:
        light = _light_tables(name)
        return light or (registry.get(name).table,) * 2
    except BackendError as error:
        return (error.problems[0].message,) * 2


def _light_tables(name: str) -> tuple[Table, Table] | None:
    """`TABLE` and `READING` of `table.py` beside a backend, where there is such a file.

    The folder's own `__init__` would import the library, so the file is run by itself.
    """
    path = _beside(name, "table.py")
    if path is None:
        return None
    loading = spec_from_file_location(f"{entry_point(name).module}._table", path)
    if loading is None or loading.loader is None:
        return None
    module = module_from_spec(loading)
    loading.loader.exec_module(module)
    rows = getattr(module, "TABLE", None)
    if not isinstance(rows, Table):
        return None
    return rows, getattr(module, "READING", rows)


@cache
def _kept(name: str, file: str) -> dict[str, Any]:
    """A file of data beside a backend; nothing where there is none."""
    path = _beside(name, file)
    if path is None:
        return {}
    text = path.read_text(encoding="utf-8")
    read = tomllib.loads if path.suffix == ".toml" else json.loads
    found: dict[str, Any] = read(text)
    return found


def _beside(name: str, file: str) -> Path | None:
    found = find_spec(entry_point(name).module)
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / file
        if path.is_file():
            return path
    return None
