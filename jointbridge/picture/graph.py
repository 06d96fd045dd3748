"""What there is to draw: a node for each name, an edge for each reference.

    data sigma ──► y (observed)       drawn in the plate "school"
    latent tau ──► theta ──► y

A scan with sites is a box of that many steps with the sites in it.  Edges are those of one
step, and those from the step before where they lead on to a later site.

Nodes have ids of their own (`n0`, `n1`, …): a name is only ever a label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from jointbridge.analysis import analyse
from jointbridge.analysis.dependence import outer, rests_on
from jointbridge.expression import Name, names
from jointbridge.picture.nodes import Graph, Node, Plate
from jointbridge.spec import (
    Data,
    Deterministic,
    Factor,
    Let,
    Param,
    Sample,
    Scan,
    Spec,
    Statement,
    Type,
    defined,
    nodes,
    references,
)
from jointbridge.syntax import show

#: Boxes are drawn inside boxes up to this depth.
DEEPEST = 8


def graph(spec: Spec) -> Graph:
    """The picture of a spec; never raises for what is wrong in it."""
    edges = dict.fromkeys(_edges(spec))
    shapes = analyse(spec).scope.names
    found = {n.name: n for n in _nodes(spec, shapes, edges)}
    known = [(a, b) for a, b in edges if a in found and b in found]
    placed = _place(found, known, spec, shapes)
    ids = {name: node.id for name, node in placed.items()}
    return Graph(
        tuple(placed.values()),
        tuple((ids[a], ids[b]) for a, b in known),
        _boxes(spec, placed),
    )


# -- nodes and edges ----------------------------------------------------------


def _nodes(
    spec: Spec, shapes: dict[str, Type], edges: dict[tuple[str, str], None]
) -> Iterator[Node]:
    seen_only = _seen(spec) - {a for a, _ in edges}
    data = (d for d in spec.data if d.name not in seen_only)
    drawn: list[tuple[Statement | Data, frozenset[str]]]
    drawn = [(d, frozenset[str]()) for d in data]
    for statement in spec.statements:
        drawn += _drawn(statement)
    for number, (item, plates) in enumerate(drawn):
        kind = _kind(item)
        label, text = _words(item, shapes)
        yield Node(f"n{number}", item.name, kind, label, text, plates)


def _drawn(statement: Statement) -> Iterator[tuple[Statement, frozenset[str]]]:
    """What is drawn of a statement, with the boxes that it stands in."""
    if isinstance(statement, Scan) and statement.sites:
        box = frozenset([_steps_of(statement)])
        yield from ((site, _plates(site) | box) for site in statement.sites)
        if statement.collect:
            yield statement, box
    else:
        yield statement, _plates(statement)


def _plates(item: Statement) -> frozenset[str]:
    plates = item.plates if isinstance(item, Sample) else ()
    return frozenset(p for p in plates if p is not None)


def _steps_of(scan: Scan) -> str:
    """The name of the box of a scan; no plate has it."""
    return f"steps of {scan.name}"


def _kind(item: Statement | Data) -> str:
    if isinstance(item, Sample):
        return "latent" if item.observed is None else "observed"
    return type(item).__name__.lower()


def _words(item: Statement | Data, shapes: dict[str, Type]) -> tuple[str, str]:
    type_ = shapes.get(item.name)
    typed = f"{item.name}: {type_}" if type_ else item.name
    match item:
        case Data():
            return str(item.type), typed
        case Sample():
            seen = "" if item.observed is None else f", seen as {show(item.observed)}"
            return f"~ {item.dist.family}", f"{typed} ~ {show(item.dist)}{seen}"
        case Deterministic(_, value) | Let(_, value) | Factor(_, value):
            return f"= {show(value)}", f"{typed} = {show(value)}"
        case Param(_, init, support):
            return "param", f"{typed} in {show(support)}, at first {show(init)}"
        case Scan():
            gives = ", ".join(n for n, _ in item.collect)
            return "scan", f"{typed} gives {gives}"


def _edges(spec: Spec) -> Iterator[tuple[str, str]]:
    """From what is read to what reads it; data that is only seen is not drawn."""
    maker = {s.name: s.name for s in spec.statements}
    for scan in spec.statements:
        if isinstance(scan, Scan):
            maker |= {name: scan.name for name, _ in scan.collect}
            maker |= {site.name: site.name for site in scan.sites}
    for statement in spec.statements:
        for reader, read in _reads(statement):
            for name in _order(spec, read):
                source = maker.get(name, name)
                if source != reader:
                    yield source, reader


def _reads(statement: Statement) -> Iterator[tuple[str, frozenset[str]]]:
    """What is drawn of a statement, and what each of it reads."""
    if not isinstance(statement, Scan) or not statement.sites:
        yield statement.name, _read_by(statement)
        return
    before: set[str] = set()
    for site in statement.sites:
        yield site.name, _in_body(statement, _read_by(site), before)
        before.add(site.name)
    collected = frozenset[str]().union(*(names(x) for _, x in statement.collect))
    if statement.collect:
        yield statement.name, _in_body(statement, collected, before)


def _in_body(scan: Scan, read: frozenset[str], before: set[str]) -> frozenset[str]:
    """What names in a body stand for: names outside, and sites before in the body."""
    inner = rests_on(scan, read, past_sites=False)
    return outer(scan, read, past_sites=False) | (inner & before)


def _read_by(statement: Statement) -> frozenset[str]:
    if not isinstance(statement, Sample) or not isinstance(statement.observed, Name):
        return references(statement)
    fields = (node for field, node in nodes(statement) if field != "observed")
    return frozenset[str]().union(*map(names, fields))


def _order(spec: Spec, wanted: frozenset[str]) -> list[str]:
    """The names in the order of the spec, so that a picture never changes by chance."""
    known = [d.name for d in spec.data]
    for statement in spec.statements:
        known.append(statement.name)
        known += defined(statement)
    return [n for n in dict.fromkeys(known) if n in wanted]


def _seen(spec: Spec) -> set[str]:
    """The data that some site is observed as, in a scan slice by slice."""
    found = {s.observed.name for s in spec.samples if isinstance(s.observed, Name)}
    for scan in spec.statements:
        if isinstance(scan, Scan):
            over = (x for n, x in scan.over if n in found)
            found |= {x.name for x in over if isinstance(x, Name)}
    return found


# -- plates -------------------------------------------------------------------


def _place(
    found: dict[str, Node],
    edges: list[tuple[str, str]],
    spec: Spec,
    shapes: dict[str, Type],
) -> dict[str, Node]:
    """Data and computed values stand in a plate too, where they belong to its sites.

    A value has no plates of its own: it joins one where it has an axis of that size, and
    reads something inside, or is read by nothing outside.
    """
    placed = dict(found)

    def join(name: str, near: frozenset[str]) -> None:
        sizes = shapes[name].shape if name in shapes else ()
        joined = {p.name for p in spec.plates if p.name in near and p.size in sizes}
        plates = placed[name].plates | joined
        placed[name] = replace(placed[name], plates=plates)

    loose = [
        n for n in found if found[n].kind in ("data", "deterministic", "let", "scan")
    ]
    for name in loose:
        reads = (placed[a].plates for a, b in edges if b == name)
        join(name, frozenset[str]().union(*reads))
    for name in reversed(loose):
        readers = [placed[b].plates for a, b in edges if a == name]
        join(name, frozenset.intersection(*readers) if readers else frozenset())
    return placed


def _sizes(spec: Spec) -> dict[str, int]:
    """The sizes of plates, and the steps of scans with sites."""
    scans = analyse(spec).scans
    found = {p.name: p.size for p in spec.plates}
    for scan in spec.statements:
        if isinstance(scan, Scan) and scan.sites and scan.name in scans:
            found[_steps_of(scan)] = scans[scan.name][1]
    return found


def _boxes(spec: Spec, placed: dict[str, Node]) -> tuple[Plate, ...]:
    """The plates whose boxes do not cut each other, outer ones first.

    one box in another, or apart     drawn
    two boxes that cross             the smaller one becomes a label of its nodes
    """
    sizes = _sizes(spec)
    inside: dict[str, frozenset[str]] = {
        box: frozenset(n for n, node in placed.items() if box in node.plates)
        for box in sizes
    }
    count = Counter({name: len(members) for name, members in inside.items() if members})
    drawn: list[Plate] = []
    for name, _ in count.most_common():
        around = [p for p in drawn if inside[name] & inside[p.name]]
        nested = all(inside[name] <= inside[p.name] for p in around)
        if nested and len(around) < DEEPEST:
            outer = around[-1].id if around else None
            drawn.append(Plate(f"p{len(drawn)}", name, sizes[name], outer))
    return tuple(drawn)
