"""The `families` command: the catalogue, and how each backend spells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jointbridge.cli.console import clean, out, row, table
from jointbridge.cli.records import json_option, write_json
from jointbridge.cli.spelling import Spelled, spelled
from jointbridge.errors import SpecError, did_you_mean
from jointbridge.families import FAMILIES, Family, Parameter
from jointbridge.families.elsewhere import ELSEWHERE, Elsewhere
from jointbridge.support import SUPPORTS
from jointbridge.syntax import show


@click.command()
@click.argument("name", required=False)
@json_option
def families(name: str | None, as_json: bool) -> None:
    """List all families; with NAME, everything about one of them.

    Names and parameters are NumPyro's; the density is written in the language of files.
    """
    if name is None:
        _list(as_json)
        return
    if name in ELSEWHERE and name not in FAMILIES:
        _elsewhere(ELSEWHERE[name], as_json)
        return
    if name not in FAMILIES:
        hint = f"{did_you_mean(name, FAMILIES)}; list them: jointbridge families"
        raise SpecError(f"no family {name!r}", code="unknown-family", hint=hint)
    found = spelled(FAMILIES[name])
    if as_json:
        write_json(_record(FAMILIES[name]) | _backends(found))
    else:
        out().print(_page(FAMILIES[name], found))


#: What the words of `ELSEWHERE` say of a name.
_WORDS = {
    "said": "is said in other words",
    "never": "is no family here",
    "not_yet": "is no family here yet",
}


def _elsewhere(found: Elsewhere, as_json: bool) -> None:
    """A distribution of some library that the catalogue has under no name of its own."""
    if as_json:
        write_json(vars(found))
    else:
        head = Text(found.name, "bold").append(f" {_WORDS[found.word]}", "not bold")
        out().print(Text.assemble(head, f": {found.instead}"))


def _backends(found: dict[str, Spelled]) -> dict[str, Any]:
    return {
        "backends": {name: s.text for name, s in found.items()},
        "examples": {name: "\n".join(s.example) for name, s in found.items()},
        "aliases": {name: list(s.aliases) for name, s in found.items()},
        "traps": {name: list(s.traps) for name, s in found.items()},
    }


def _list(as_json: bool) -> None:
    if as_json:
        write_json([_record(family) for family in FAMILIES.values()])
        return
    listed = table("family", "parameters", "support", "meaning")
    listed.columns[0].no_wrap = True
    for family in FAMILIES.values():
        name = Text(family.name, "bold")
        row(listed, name, _parameters(family), family.support, family.meaning)
    out().print(listed)


def _parameters(family: Family) -> str:
    groups = [
        family.choices.get(p.choice, (p.name,)) for p in family.parameters.values()
    ]
    return ", ".join(dict.fromkeys(" | ".join(group) for group in groups))


def _record(family: Family) -> dict[str, Any]:
    return {
        "name": family.name,
        "meaning": family.meaning,
        "parameters": [_parameter(p) for p in family.parameters.values()],
        "choices": [list(group) for group in family.choices.values()],
        "support": family.support,
        "measure": family.measure,
        "log_density": family.log_density,
        "source": family.source,
    }


def _parameter(p: Parameter) -> dict[str, Any]:
    return {
        "name": p.name,
        "domain": _domain(p),
        "axes": list(p.axes),
        "default": None if p.default is None else p.default.value,
    }


def _domain(p: Parameter) -> str:
    return p.domain.name if p.special else show(p.domain)


def _page(family: Family, found: dict[str, Spelled]) -> Group:
    facts = Table.grid(padding=(0, 2))
    rows = {
        "support": _support(family),
        "measure": family.measure,
        "log density": family.log_density,
        "source": family.source,
        "same as": family.same_as,
    }
    for key, text in rows.items():
        if text:
            row(facts, Text(key, "dim"), text)
    head = Text(family.name, "bold").append(f": {family.meaning}", "not bold")
    parts = (part for name, s in found.items() for part in _on(name, s))
    return Group(head, _parameter_table(family), facts, *parts)


def _on(name: str, spelled: Spelled) -> Iterator[Text | Padding]:
    """A backend: how it is spelled there, an example, other words and traps."""
    yield Text(f"\n{name}", "bold").append(f"  {clean(spelled.text)}", "not bold")
    grid = Table.grid(padding=(0, 2))
    rows = [
        *(("", Text(clean(line), "cyan")) for line in spelled.example),
        *(("also", Text(clean(text))) for text in spelled.aliases),
        *(("trap", Text(clean(text), "yellow")) for text in spelled.traps),
    ]
    for key, text in rows:
        row(grid, Text(key, "dim"), text)
    yield Padding(grid, (0, 0, 0, 2))


def _support(family: Family) -> str:
    known = SUPPORTS.get(family.support.partition("(")[0])
    return f"{family.support}: {known.meaning}" if known else family.support


def _parameter_table(family: Family) -> Table:
    listed = table("parameter", "domain", "event axes", "default", "")
    for p in family.parameters.values():
        others = [n for n in family.choices.get(p.choice, ()) if n != p.name]
        default = "" if p.default is None else show(p.default)
        axes = ", ".join(p.axes)
        either = f"or {', '.join(others)}" if others else ""
        row(listed, Text(p.name, "bold"), _domain(p), axes, default, either)
    return listed
