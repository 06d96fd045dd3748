"""A spec as tables for a terminal, and as a plain record of the same facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from jointbridge.analysis import Analysis, analyse, why_not_samplable
from jointbridge.spec import Param, Sample, Scan, Spec, Statement, nodes
from jointbridge.support import SUPPORTS
from jointbridge.syntax import show

#: Longer texts are cut in tables.
_WIDTH = 200


def record(spec: Spec) -> dict[str, Any]:
    """What there is to say about a spec, in plain JSON types."""
    found = analyse(spec)
    reason = why_not_samplable(found)
    return {
        "name": spec.name,
        "description": spec.description,
        "plates": {p.name: p.size for p in spec.plates},
        "data": {
            d.name: {
                "shape": list(d.type.shape),
                "kind": d.type.kind,
                "bound": d.values is not None,
            }
            for d in spec.data
        },
        "sites": [row for s in spec.statements for row in _statements(found, s)],
        "samplable": reason is None,
        "why_not_samplable": reason,
    }


def _statements(found: Analysis, statement: Statement) -> Iterator[dict[str, Any]]:
    """The row of a statement; a scan is followed by the sites of its body."""
    yield _statement(found, statement)
    if isinstance(statement, Scan):
        for site in statement.sites:
            yield _statement(found, site) | {"scan": statement.name}


def _statement(found: Analysis, statement: Statement) -> dict[str, Any]:
    type_ = found.scope.names.get(statement.name)
    row: dict[str, Any] = {
        "name": statement.name,
        "kind": type(statement).__name__.lower(),
        "text": _text(statement),
        "shape": list(type_.shape) if type_ else None,
        "type": str(type_) if type_ else None,
    }
    site = found.sites.get(statement.name)
    if isinstance(statement, Sample) and site:
        seen = statement.observed
        row["support"] = show(site.support)
        row["plates"] = [p for p in statement.plates if p is not None]
        row["observed"] = None if seen is None else show(seen)
    return row


def _text(statement: Statement) -> str:
    if isinstance(statement, Sample):
        return show(statement.dist)
    if isinstance(statement, (Scan, Param)):
        return ", ".join(f"{field} {show(node)}" for field, node in nodes(statement))
    return show(statement.value)


def summary(spec: Spec) -> Group:
    """The same facts for a terminal; names are never markup."""
    facts = record(spec)
    head = Text(spec.name, "bold")
    if spec.description:
        head.append(f"\n{_visible(spec.description)}", "not bold")
    return Group(head, _sites(facts), *_data(facts), _draws(facts))


def _visible(text: str) -> str:
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _table(*columns: str) -> Table:
    made = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


_SIGNS = {"sample": "~", "deterministic": "=", "let": "=", "factor": "+=", "param": ":"}


def _sites(facts: dict[str, Any]) -> Table:
    made = _table("name", "what it is", "type", "support", "plates", "observed")
    for row in facts["sites"]:
        text = row["text"]
        text = text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
        support = row.get("support", "")
        known = SUPPORTS.get(support.partition("(")[0])
        made.add_row(
            Text(row["name"], "bold" if row["kind"] == "sample" else ""),
            Text(f"{_SIGNS.get(row['kind'], row['kind'])} {text}"),
            Text(row["type"] or ""),
            Text(support if known is None or "(" in support else known.meaning),
            Text(", ".join(row.get("plates", ()))),
            Text(row.get("observed") or ""),
        )
    return made


def _data(facts: dict[str, Any]) -> Iterator[Table]:
    if facts["plates"]:
        made = _table("plate", "size")
        for name, size in facts["plates"].items():
            made.add_row(Text(name), str(size))
        yield made
    if facts["data"]:
        made = _table("data", "type", "values")
        for name, row in facts["data"].items():
            bound = "bound" if row["bound"] else "declared, to be bound"
            made.add_row(Text(name), Text(f"{row['kind']}{row['shape']}"), Text(bound))
        yield made


def _draws(facts: dict[str, Any]) -> Text:
    if facts["samplable"]:
        return Text("draws: yes", "dim")
    return Text(f"draws: no, {_visible(facts['why_not_samplable'])}", "dim")
