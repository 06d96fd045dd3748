"""`jb.scan`: a recurrence, its body traced once with symbolic carries and slices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jointbridge.author.arrays import static
from jointbridge.author.location import at_users_line
from jointbridge.author.recorder import Frame, Recorder, current
from jointbridge.author.value import Value, name_of, named_value, value
from jointbridge.errors import SpecError
from jointbridge.expression import Expression, Name
from jointbridge.spec import Let, Sample, Scan, Type

Body = Callable[[Any, Any], tuple[Any, Any]]
Pairs = tuple[tuple[str, Expression], ...]


@at_users_line
def scan(
    name: str, body: Body, init: Any, over: Any = None, length: int | None = None
) -> Any:
    """A recurrence: `body(carry, x) -> (next_carry, out)`, once for each slice `x`.

    As `jax.lax.scan`, but what comes back is only what was collected; collect the carry
    where its last value is needed. `jb.let` and `jb.sample` may be used inside the body: a
    site's value is that of one step there, and outside those of all steps, stacked along
    a new first axis.

    Args:
        name: The name of the recurrence, and of a single output.
        body: Called once, with symbolic values.
        init: Where the carry starts: a value, a tuple, a dict of them, or None.
        over: Arrays whose first axis is walked along, in the same forms.
        length: The number of steps where `over` is None.

    Returns:
        The outputs of all steps, stacked along a new first axis, in the form in which
        the body returned them: a value, a tuple or a dict.

    Raises:
        SpecError: Lengths differ, a carry changes its shape, or the body returns
            something else.
        UnsupportedError: The body says something else than `jb.let` and `jb.sample`.
    """
    recorder = current("scan")
    recorded = recorder.claim(name, "scan")
    start = {k: value(x) for k, x in _named(f"{name}_carry", init).items()}
    arrays = {k: value(x) for k, x in _named(f"{name}_slice", over).items()}
    steps = None if length is None else static("length", length)
    _check_steps(arrays, steps)
    slices = {k: Type(x.shape[1:], x.kind) for k, x in arrays.items()}
    with _inside(recorder, name) as frame:
        carry = _enter(recorder, {k: x.type for k, x in start.items()})
        slice_ = _enter(recorder, slices)
        returned = body(_like(init, carry), _like(over, slice_))
        following, out = _checked(name, returned, init)
        next_ = {name_of(carry[k]): following[k] for k in start}
        collected = {k: value(x) for k, x in _named(name, out).items()}
    body_ = tuple(s for s in frame.statements if isinstance(s, (Let, Sample)))
    sites = {s.name for s in body_ if isinstance(s, Sample)}
    if not (collected or sites):
        message = f"the body of scan {name!r} returns nothing to collect"
        hint = "return (next, out); out=next collects the carry, [-1] is its last value"
        raise SpecError(message, code="arguments", hint=hint)
    # A site that is returned is there already, under its own name.
    outputs = {k: name_of(x) for k, x in collected.items() if _is_site(x, sites)}
    for k in collected:
        if k not in outputs:
            outputs[k] = recorded if k == name else recorder.claim(k, "scan output")
    statement = Scan(
        recorded,
        _pairs(start, carry),
        _pairs(arrays, slice_),
        body_,
        tuple((k, x.node) for k, x in next_.items()),
        tuple(
            (outputs[k], x.node) for k, x in collected.items() if not _is_site(x, sites)
        ),
        steps,
    )
    types = recorder.record(statement)
    return _like(
        out, {k: named_value(outputs[k], types[outputs[k]]) for k in collected}
    )


def _is_site(x: Value, sites: set[str]) -> bool:
    return isinstance(x.node, Name) and x.node.name in sites


def _named(name: str, x: Any) -> dict[str, Any]:
    """The parts of a value, a tuple or a dict under names of their own."""
    if x is None:
        return {}
    if isinstance(x, Mapping):
        return dict(x)
    if isinstance(x, tuple):
        return {f"{name}_{i}": part for i, part in enumerate(x)}
    return {name: x}


def _like(form: Any, parts: dict[str, Any]) -> Any:
    """`parts` in the form in which they were given."""
    if form is None:
        return None
    if isinstance(form, Mapping):
        return parts
    if isinstance(form, tuple):
        return tuple(parts.values())
    return next(iter(parts.values()))


@contextmanager
def _inside(recorder: Recorder, name: str) -> Iterator[Frame]:
    """A frame for the body: what is named there is not seen outside."""
    frame = Frame(f"the body of scan {name!r}", recorder.scope.child({}))
    recorder.frames.append(frame)
    try:
        yield frame
    finally:
        recorder.frames.pop()


def _enter(recorder: Recorder, types: dict[str, Type]) -> dict[str, Value]:
    """Values for names of the body; a name seen outside gets a number."""
    found = {}
    for name, type_ in types.items():
        inner = recorder.claim(recorder.free(name), "let")
        found[name] = named_value(inner, type_)
    return found


def _check_steps(arrays: dict[str, Value], steps: int | None) -> None:
    lengths = {k: x.shape[0] if x.shape else None for k, x in arrays.items()}
    if None in lengths.values():
        message = f"a scalar has no axis to walk along: {lengths}"
        raise SpecError(message, code="shape")
    if not arrays and steps is None:
        hint = "give arrays to walk along, or length=10"
        raise SpecError("a scan without a length", code="arguments", hint=hint)
    known = {*lengths.values()} | ({steps} - {None})
    if len(known) > 1:
        message = f"the lengths of a scan must agree, got {lengths}, length {steps}"
        raise SpecError(message, code="shape", hint="give arrays of one length")


def _checked(name: str, returned: Any, init: Any) -> tuple[dict[str, Value], Any]:
    """What a body returned: the next carry by name, and what to collect."""
    if not isinstance(returned, tuple) or len(returned) != 2:
        message = f"the body of scan {name!r} must return (next_carry, out)"
        raise SpecError(f"{message}, got {returned!r}", code="arguments")
    following = _named(f"{name}_carry", returned[0])
    wanted = _named(f"{name}_carry", init)
    if set(following) != set(wanted):
        message = f"the body of scan {name!r} must return the carry it was given"
        detail = f"{message}: expected {_form(init)}, got {_form(returned[0])}"
        raise SpecError(detail, code="arguments")
    return {k: value(x) for k, x in following.items()}, returned[1]


def _form(x: Any) -> str:
    if isinstance(x, Mapping):
        return f"a dict of {', '.join(map(repr, x))}"
    if isinstance(x, tuple):
        return f"a tuple of {len(x)}"
    return "None" if x is None else "one value"


def _pairs(values: dict[str, Value], inner: dict[str, Value]) -> Pairs:
    return tuple((name_of(inner[k]), x.node) for k, x in values.items())
