"""The statements of a loop as a scan, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jointbridge.analysis.recurrence import scan_scope
from jointbridge.backends.rerolling.likeness import Different
from jointbridge.backends.rerolling.numbering import Loop
from jointbridge.backends.rerolling.sequences import Sequences
from jointbridge.errors import SpecError
from jointbridge.expression import Call, Expression, Name, Node, Number
from jointbridge.shapes import Scope, broadcast
from jointbridge.spec import (
    Deterministic,
    Factor,
    Plate,
    Sample,
    Scan,
    Spec,
    Statement,
)


def rolled(
    loop: Loop, names: dict[str, str], found: Sequences, scan: str
) -> tuple[Scan, tuple[Statement, ...]]:
    """A loop as a scan, and statements on what it collects.

    Args:
        loop: The loop.
        names: A name for all steps of a statement, by what it is called without number.
        found: Gives expressions.
        scan: The name of the scan.

    Raises:
        Different: The steps are not the same.
    """
    body: list[Sample] = []
    collect: list[tuple[str, Expression]] = []
    after: list[Statement] = []
    for place, base in enumerate(loop.names):
        column = [step[place] for step in loop.steps]
        first = column[0]
        if isinstance(first, Sample):
            body.append(_sample(column, names[base], found))
        else:
            value = found.of(tuple(_value(s, first) for s in column))
            stacked = found.name(base)
            found.taken |= {stacked}
            collect.append((stacked, value))
            report = Factor if isinstance(first, Factor) else Deterministic
            after.append(report(names[base], Name(stacked)))
    made = finished(Scan(scan, (), (), tuple(body), (), tuple(collect)), found)
    return made, tuple(after)


def _value(statement: Statement, like: Statement) -> Node:
    if type(statement) is not type(like):
        raise Different
    assert isinstance(statement, (Deterministic, Factor))
    return statement.value


def _sample(column: list[Any], name: str, found: Sequences) -> Sample:
    """A sample statement of the body, from those of all steps."""
    if not all(isinstance(s, Sample) for s in column) or not _same_place(column):
        raise Different
    parts: dict[str, Any] = {}
    for part in ("dist", "observed", "mask", "scale"):
        values = [getattr(s, part) for s in column]
        if any(v is not None for v in values):
            parts[part] = found.of(_all(values, _UNSAID.get(part), found))
    made: Sample = replace(column[0], name=name, **parts)
    return made


#: What it means that there is no mask or scale.
_UNSAID = {"mask": Number(True), "scale": Number(1.0)}


def _all(values: list[Any], unsaid: Node | None, found: Sequences) -> tuple[Any, ...]:
    """Values, with what is meant where there is none."""
    if None not in values:
        return tuple(values)
    if unsaid is None:
        raise Different
    given = next(v for v in values if v is not None)
    if shape := found.shape(given):
        unsaid = Call("full", (unsaid,), (("shape", shape),))
    return tuple(found.interned(unsaid if v is None else v) for v in values)


def _same_place(column: list[Sample]) -> bool:
    places = {(s.plates, s.shape, s.hints) for s in column}
    return len(places) == 1


def finished(scan: Scan, found: Sequences) -> Scan:
    """A scan with the carries and slices that its body needs."""
    needed = _needed(scan, found)
    carries = [(n, c) for n, c in found.carries.items() if n in needed]
    over = tuple((n, x) for n, x in found.over.items() if n in needed)
    return replace(
        scan,
        carry=tuple((n, c.values[0]) for n, c in carries),
        over=over,
        next=tuple((n, c.next) for n, c in carries if c.next is not None),
        length=None if over else found.length,
    )


def _needed(scan: Scan, found: Sequences) -> set[str]:
    """The names that the body reads, and what the carries among them read."""
    roots: list[Any] = [x for _, x in scan.collect]
    for site in scan.sites:
        parts = (site.dist, site.observed, site.mask, site.scale)
        roots += [x for x in parts if x is not None]
    needed: set[str] = set()
    while roots:
        names = found.interned.names(roots.pop())
        new = (names & found.carries.keys()) - needed
        needed |= names
        roots += [found.carries[n].next for n in new]
    return needed


def spread(scan: Scan, found: Sequences, scope: Scope) -> Scan:
    """A scan whose carries start with all the axes that they go on with.

    Raises:
        SpecError: A carry has another shape in every step.
    """
    carry = []
    for name, first in scan.carry:
        values = (v for v in found.carries[name].values if v is not None)
        shapes = [scope.type(v).shape for v in values]
        carry.append((name, _widened(first, shapes[0], broadcast(*shapes))))
    return replace(scan, carry=tuple(carry))


def _widened(first: Any, own: tuple[int, ...], shape: tuple[int, ...]) -> Expression:
    if own == shape:
        return first  # type: ignore[no-any-return]
    return Call("broadcast_to" if own else "full", (first,), (("shape", shape),))


def require_valid(scan: Scan, plates: Iterable[Plate], scope: Scope) -> Scope:
    """The types inside of a scan.

    Raises:
        Different: It is no recurrence after all.
    """
    try:
        inner, _, _ = scan_scope(scan, Spec((), plates=tuple(plates)), scope)
    except SpecError as error:
        raise Different from error
    return inner
