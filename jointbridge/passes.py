"""From one spec to another: bind data, condition sites, rename, normalise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from jointbridge.analysis import free_name
from jointbridge.errors import SpecError, did_you_mean
from jointbridge.expression import EXPRESSIONS, Distribution, Name, Support, substitute
from jointbridge.normal_form import normal as normal
from jointbridge.spec import (
    Data,
    Let,
    Plate,
    Sample,
    Scan,
    Spec,
    Statement,
    defined,
    own_names,
    samples,
)


def bind(spec: Spec, values: Mapping[str, Any]) -> Spec:
    """The spec with data replaced; plates that are sized by data follow.

    Raises:
        SpecError: There is no such data, or its kind or number of axes differs.
    """
    known = {d.name: d for d in spec.data}
    bound = {name: _bound(known, name, value) for name, value in values.items()}
    data = tuple(bound.get(d.name, d) for d in spec.data)
    shapes = {d.name: d.type.shape for d in data}
    plates = tuple(
        replace(p, size=shapes[p.of[0]][p.of[1]]) if p.of else p for p in spec.plates
    )
    return replace(spec, data=data, plates=plates)


def _bound(known: Mapping[str, Data], name: str, value: Any) -> Data:
    if name not in known:
        hint = did_you_mean(name, known)
        raise SpecError(f"no data {name!r}", code="unknown-name", hint=hint)
    wanted = known[name].type
    array = np.asarray(value)
    if wanted.kind == "float" and array.dtype.kind in "iub":
        array = array.astype(float)
    found = Data.of(name, array)
    if (found.type.kind, found.type.rank) != (wanted.kind, wanted.rank):
        message = f"data {name!r} is declared as {wanted}, got {found.type}"
        raise SpecError(message, code="data")
    return found


def condition(spec: Spec, values: Mapping[str, Any]) -> Spec:
    """The spec with sites observed at `values`, kept as new data.

    Raises:
        SpecError: There is no such site.
    """
    sites = {s.name for s in spec.samples}
    for name in values:
        if name not in sites:
            hint = did_you_mean(name, sites)
            raise SpecError(f"no site {name!r}", code="unknown-name", hint=hint)
    taken = _taken(spec)
    data = list(spec.data)
    statements: list[Statement] = []
    for statement in spec.statements:
        for sample in samples(statement):
            if sample.name in values:
                name = free_name(f"{sample.name}_obs", taken)
                data.append(Data.of(name, values[sample.name]))
                statement = _observed(statement, sample, name, taken)
        statements.append(statement)
    return replace(spec, data=tuple(data), statements=tuple(statements))


def _observed(
    statement: Statement, sample: Sample, data: str, taken: set[str]
) -> Statement:
    """The statement with its site observed as data; in a scan, as slices of it."""
    if not isinstance(statement, Scan):
        return replace(sample, observed=Name(data))
    slice_ = free_name(f"{sample.name}_seen", taken)
    body = tuple(
        replace(sample, observed=Name(slice_)) if s is sample else s
        for s in statement.body
    )
    over = (*statement.over, (slice_, Name(data)))
    return replace(statement, over=over, body=body)


def unobserved(spec: Spec) -> Spec:
    """The spec without its observations: a joint over all its sites."""
    return replace(spec, statements=tuple(map(_unobserved, spec.statements)))


def _unobserved(statement: Any) -> Any:
    if isinstance(statement, Scan):
        return replace(statement, body=tuple(map(_unobserved, statement.body)))
    if isinstance(statement, Sample):
        return replace(statement, observed=None)
    return statement


def _taken(spec: Spec) -> set[str]:
    """Every name of the spec, those in bodies too."""
    found = {p.name for p in spec.plates} | {d.name for d in spec.data}
    return found.union(*({s.name, *defined(s)} | own_names(s) for s in spec.statements))


def _renamed_fields(statement: Statement) -> list[str]:
    """The fields of a statement that names stand in: hints are words of their own."""
    return [f.name for f in fields(statement) if f.name != "hints"]


def rename(spec: Spec, mapping: Mapping[str, str]) -> Spec:
    """The spec with sites, data and plates under other names."""
    known = {d.name for d in spec.data} | {p.name for p in spec.plates}
    known = known.union(*({s.name, *defined(s)} for s in spec.statements))
    for name in mapping:
        if name not in known:
            hint = did_you_mean(name, known)
            raise SpecError(
                f"nothing is called {name!r}", code="unknown-name", hint=hint
            )
    nodes = {old: Name(new) for old, new in mapping.items()}

    def renamed(value: Any) -> Any:
        if isinstance(value, (*EXPRESSIONS, Distribution, Support)):
            return substitute(value, nodes)
        if isinstance(value, (Let, Sample)):
            return statement_renamed(value)
        if isinstance(value, tuple):
            return tuple(map(renamed, value))
        # A name stands as a plain text: a statement's own, a plate's, a carry's.
        return mapping.get(value, value) if isinstance(value, str) else value

    def statement_renamed(statement: Statement) -> Statement:
        new = {n: renamed(getattr(statement, n)) for n in _renamed_fields(statement)}
        return replace(statement, **new)

    statements = tuple(map(statement_renamed, spec.statements))
    plates = tuple(
        Plate(
            mapping.get(p.name, p.name),
            p.size,
            (mapping.get(p.of[0], p.of[0]), p.of[1]) if p.of else None,
        )
        for p in spec.plates
    )
    data = tuple(replace(d, name=mapping.get(d.name, d.name)) for d in spec.data)
    return replace(spec, statements=statements, plates=plates, data=data)
