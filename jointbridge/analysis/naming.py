"""Names: what may be one, which are taken, what they refer to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from math import isfinite

from jointbridge.analysis.findings import Analysis
from jointbridge.errors import Problem, SpecError, did_you_mean
from jointbridge.spec import (
    UNREAD,
    UNREAD_SIZE,
    Scan,
    Spec,
    Statement,
    defined,
    references,
)


def declarations(found: Analysis) -> None:
    """Checks every name, and puts the data in sight."""
    spec = found.spec
    taken: dict[str, str] = {}
    for place, name in _defined(spec):
        _check_name(found, place, name)
        if name in taken:
            hint = "names of sites, data and plates must all differ"
            message = f"{name!r} is already the name of {taken[name]}"
            found.report("duplicate-name", place, message, hint)
        taken.setdefault(name, place)
    for place, name in _inner(spec):
        _check_name(found, place, name)
    _check_bodies(found)
    _check_similar(found, taken)
    found.scope.names.update({d.name: d.type for d in spec.data})
    found.mistaken |= {d.name for d in spec.data if d.type.kind == UNREAD}
    found.mistaken |= {p.name for p in spec.plates if p.size == UNREAD_SIZE}


def _defined(spec: Spec) -> Iterator[tuple[str, str]]:
    for plate in spec.plates:
        yield f"$.plates.{plate.name}", plate.name
    for data in spec.data:
        yield f"$.data.{data.name}", data.name
    for number, statement in enumerate(spec.statements):
        yield f"$.sites[{number}]", statement.name
        if isinstance(statement, Scan):
            given = list(defined(statement))
            # A scan may share its name with one thing that it gives.
            if statement.name in given:
                given.remove(statement.name)
            yield from ((f"$.sites[{number}]", name) for name in given)


def _inner(spec: Spec) -> Iterator[tuple[str, str]]:
    """The names that are seen only inside a recurrence."""
    for number, statement in enumerate(spec.statements):
        if isinstance(statement, Scan):
            for name, _ in (*statement.carry, *statement.over):
                yield f"$.sites[{number}]", name
            for inner in statement.body:
                yield f"$.sites[{number}].body", inner.name


def _check_bodies(found: Analysis) -> None:
    """A site in a body has its name to itself there, as it has outside."""
    for number, scan in enumerate(found.spec.statements):
        if not isinstance(scan, Scan):
            continue
        inner = [n for n, _ in (*scan.carry, *scan.over)]
        inner += [statement.name for statement in scan.body]
        for site in scan.sites:
            if inner.count(site.name) > 1:
                message = f"{site.name!r} is the name of two things in one body"
                hint = "a site's value of the step before is a carry: call it otherwise"
                found.report("duplicate-name", f"$.sites[{number}]", message, hint)


def _check_name(found: Analysis, place: str, name: str) -> None:
    if not name or len(name) > 128:
        found.report("name", place, f"a name has 1 to 128 characters, got {len(name)}")
    bad = [c for c in name if unicodedata.category(c)[0] == "C" or c == "`"]
    if bad:
        message = f"{name[:80]!r} has a character that cannot be seen or quoted"
        found.report("name", place, message, "use letters, digits, spaces and marks")
    if name != name.strip():
        found.report("name", place, f"{name!r} starts or ends with a space")


def _check_similar(found: Analysis, taken: dict[str, str]) -> None:
    seen: dict[str, str] = {}
    for name, place in taken.items():
        same = unicodedata.normalize("NFKC", name)
        if seen.setdefault(same, name) != name:
            message = f"{name!r} and {seen[same]!r} are one name after normalisation"
            found.report("similar-name", place, message, "rename one of them")
    folded: dict[str, str] = {}
    for name, place in taken.items():
        if folded.setdefault(name.casefold(), name) != name:
            message = f"{name!r} and {folded[name.casefold()]!r} differ only in case"
            found.warn("similar-name", place, message)


def check_references(found: Analysis, statement: Statement, path: str) -> None:
    """Refuses names that are not in sight.

    Raises:
        SpecError: A name is unknown or defined later.
    """
    known = found.scope.names
    problems = []
    for name in sorted(n for n in references(statement) if n not in known):
        if name == statement.name:
            problem = Problem("later-name", path, f"{name!r} refers to itself")
        elif name in found.defined:
            message = f"{name!r} is defined later"
            problem = Problem("later-name", path, message, "move it up")
        elif name in found.plates:
            message = f"{name!r} is a plate, not a value"
            hint = "write its size as a number"
            problem = Problem("unknown-name", path, message, hint)
        else:
            hint = _number_hint(name) or did_you_mean(name, known)
            problem = Problem("unknown-name", path, f"no site or data {name!r}", hint)
        problems.append(problem)
    if problems:
        raise SpecError(problems)


def _number_hint(name: str) -> str:
    try:
        number = float(name)
    except ValueError:
        return ""
    return f"did you mean the number {number}?" if isfinite(number) else ""


def unused(found: Analysis) -> None:
    """Warns of data and plates that nothing uses."""
    used = frozenset[str]().union(*map(references, found.spec.statements))
    for data in found.spec.data:
        sized = any(p.of and p.of[0] == data.name for p in found.spec.plates)
        if data.name not in used and not sized:
            found.warn("unused", f"$.data.{data.name}", f"{data.name!r} is never used")
    plates = {p for s in found.spec.samples for p in s.plates}
    for plate in found.spec.plates:
        if plate.name not in plates:
            message = f"{plate.name!r} is never used"
            found.warn("unused", f"$.plates.{plate.name}", message)


def free_name(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted_2`, …; taken from then on."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    taken.add(name)
    return name
