"""The types inside a recurrence."""

from __future__ import annotations

from jointbridge.errors import SpecError
from jointbridge.shapes import Scope, fits
from jointbridge.spec import (
    Scan,
    Type,
)


def scan_scope(scan: Scan, scope: Scope) -> tuple[Scope, int]:
    """The scope inside a recurrence, and its number of steps.

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
        inner = _body(scan, scope, {**carry, **slices})
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
    return inner, lengths.pop()


def _body(scan: Scan, scope: Scope, names_: dict[str, Type]) -> Scope:
    inner = scope.child(names_)
    for let in scan.body:
        inner.names[let.name] = inner.type(let.value)
    return inner
