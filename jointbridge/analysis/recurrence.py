"""The types inside a recurrence."""

from __future__ import annotations

from collections.abc import Iterator

from jointbridge.analysis.findings import Site
from jointbridge.analysis.sites import site_of
from jointbridge.errors import SpecError
from jointbridge.shapes import Scope, fits
from jointbridge.spec import Sample, Scan, Spec, Type


def scan_scope(
    scan: Scan, spec: Spec, scope: Scope
) -> tuple[Scope, int, tuple[Site, ...]]:
    """The scope inside a recurrence, its number of steps and the sites of one step.

    Raises:
        SpecError: Lengths differ, or a carry changes its shape.
    """
    lengths = set() if scan.length is None else {scan.length}
    slices: dict[str, Type] = {}
    for name, node in scan.over:
        type_ = scope.type(node)
        if not type_.shape:
            raise SpecError(f"{name!r} has no axis to walk along", code="shape")
        lengths.add(type_.shape[0])
        slices[name] = Type(type_.shape[1:], type_.kind)
    if len(lengths) != 1:
        message = f"the lengths of a scan must agree, got {sorted(lengths)}"
        raise SpecError(message, code="shape", hint="give arrays of one length")
    following = dict(scan.next)
    if set(following) != {n for n, _ in scan.carry}:
        message = f"next has {sorted(following)}, carry {sorted(dict(scan.carry))}"
        raise SpecError(message, code="arguments")
    # A carry that starts as an integer and goes on as a float is a float.
    carry = {n: scope.type(node) for n, node in scan.carry}
    for _ in range(2):
        inner = scope.child({**carry, **slices})
        sites = tuple(_body(scan, spec, inner))
        after = {n: inner.type(node) for n, node in following.items()}
        carry = {
            n: Type(t.shape, "float" if after[n].kind == "float" else t.kind)
            for n, t in carry.items()
        }
    for name, type_ in after.items():
        if not fits(type_.shape, carry[name].shape):
            message = f"{name!r} starts as {carry[name]} and goes on as {type_}"
            hint = "start it with the full shape, as full((3,), 0.0)"
            raise SpecError(message, code="shape", hint=hint)
    return inner, lengths.pop(), sites


def _body(scan: Scan, spec: Spec, inner: Scope) -> Iterator[Site]:
    """The sites of a body; the names that it defines come into sight."""
    for statement in scan.body:
        if isinstance(statement, Sample):
            site = site_of(statement, spec, inner)
            inner.names[statement.name] = site.type
            yield site
        else:
            inner.names[statement.name] = inner.type(statement.value)
