"""Which steps of a scan Pyro must tell apart when it enumerates counted sites.

`pyro.markov` uses the dimension of a counted value again a few steps later. That is right
only where no value that has the dimension lives longer:

    next   before = z               z lives for one step         history 1
    next   before = z, last = before                             history 2
    next   total = total + z        z lives on for ever          no markov
"""

from __future__ import annotations

from collections.abc import Iterable

import pyro

from jointbridge.analysis import Analysis
from jointbridge.analysis.dependence import rests_on
from jointbridge.backends.program import Program
from jointbridge.expression import Node, names
from jointbridge.spec import Let, Sample, Scan, Spec, defined, own_names, references


def steps_of(program: Program, scan: Scan, length: int) -> Iterable[int]:
    """The steps of a scan, in a `markov` context where there can be one."""
    history = history_of(program.analysis, scan)
    if history is None:
        return range(length)
    found: Iterable[int] = pyro.markov(range(length), history=history)
    return found


def history_of(analysis: Analysis, scan: Scan) -> int | None:
    """For how many steps counted values live; None where `markov` would be wrong."""
    counted = {
        s.name
        for s in scan.sites
        if s.observed is None and analysis.sites[s.name].discrete
    }
    if not counted or _read_later(analysis.spec, scan, counted):
        return None
    return _history(scan, counted)


def _history(scan: Scan, counted: set[str]) -> int | None:
    """For how many steps a counted value lives in a carry; None if for ever."""
    carries = dict(scan.next)
    reads = {n: _parts(scan, node, counted) for n, node in carries.items()}
    alive = {name for name in carries if reads[name] & counted}
    for age in range(len(carries) + 1):
        if not alive:
            return max(age, 1)
        alive = {name for name in carries if reads[name] & alive}
    return None


def _parts(scan: Scan, node: Node, counted: set[str]) -> set[str]:
    """The carries and counted sites whose dimensions a value has."""
    inner = {s.name: s for s in scan.body}
    found: set[str] = set()
    waiting = list(names(node) & own_names(scan))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if name in inner and name not in counted:
                waiting += names(_value(inner[name])) & own_names(scan)
    return found


def _value(statement: Let | Sample) -> Node:
    """What the dimensions of a value come from."""
    if isinstance(statement, Let):
        return statement.value
    return statement.dist if statement.observed is None else statement.observed


def _read_later(spec: Spec, scan: Scan, counted: set[str]) -> bool:
    """Whether a statement reads stacked values that rest on counted ones."""
    collected = dict(scan.collect)
    resting = {
        name
        for name in defined(scan)
        if rests_on(scan, names(collected[name]) if name in collected else {name})
        & counted
    }
    others = (s for s in spec.statements if s is not scan)
    return any(references(s) & resting for s in others)
