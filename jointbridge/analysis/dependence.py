"""What the names in the body of a scan rest on.

carry before                    next of carry reads x, sigma
let   sigma = exp(h)
site  h ~ Normal(before, 1)     h rests on before, and so on x and sigma
site  x ~ Normal(0, sigma)      x rests on sigma, h and all that they rest on
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jointbridge.expression import Name, names
from jointbridge.spec import Scan, nodes, own_names, references


def rests_on(
    scan: Scan, wanted: Iterable[str], *, past_sites: bool = True
) -> frozenset[str]:
    """The names of a body that `wanted` rest on through all steps, `wanted` included.

    Args:
        scan: The recurrence.
        wanted: Any names; those from outside are left out.
        past_sites: Whether what a site rests on counts, or only the site.
    """
    reads = _reads(scan)
    sites = {site.name for site in scan.sites}
    found: set[str] = set()
    waiting = [name for name in wanted if name in reads]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if past_sites or name not in sites:
                waiting += reads[name]
    return frozenset(found)


def outer(
    scan: Scan, read: frozenset[str], *, past_sites: bool = True
) -> frozenset[str]:
    """The names outside that names read in a body rest on."""
    part = replace(only(scan, rests_on(scan, read, past_sites=past_sites)), collect=())
    if not past_sites:
        part = given(part, {site.name for site in part.sites})
    return (references(part) | read) - own_names(scan)


def only(scan: Scan, kept: Iterable[str]) -> Scan:
    """The scan without the carries, slices and statements of other names."""
    names_ = frozenset(kept)
    return replace(
        scan,
        carry=tuple(pair for pair in scan.carry if pair[0] in names_),
        over=tuple(pair for pair in scan.over if pair[0] in names_),
        body=tuple(s for s in scan.body if s.name in names_),
        next=tuple(pair for pair in scan.next if pair[0] in names_),
    )


def given(scan: Scan, sites: Iterable[str]) -> Scan:
    """The scan with sites as slices of their stacked values, known from outside."""
    wanted = [s.name for s in scan.sites if s.name in set(sites)]
    over = (*scan.over, *((name, Name(name)) for name in wanted))
    body = tuple(s for s in scan.body if s.name not in wanted)
    return replace(scan, over=over, body=body)


def _reads(scan: Scan) -> dict[str, frozenset[str]]:
    """By name of the body, the other names of the body that it reads."""
    own = own_names(scan)
    found = {name: frozenset[str]() for name, _ in scan.over}
    found |= {name: names(node) & own for name, node in scan.next}
    for statement in scan.body:
        read = (names(node) for _, node in nodes(statement))
        found[statement.name] = frozenset[str]().union(*read) & own
    return found
