"""`jb.from_tfp`: a TFP joint distribution as a spec.

    joint ──► components and a jaxpr ──► expressions ──► statements ──► lets ──► spec
              read_trace                 raising         read_statements

Nothing is drawn to read parameters. TFP has no plates: axes become the `shape` of a site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import jax
import numpy as np

from jointbridge import passes
from jointbridge.analysis import analyse
from jointbridge.backends.arrays.jax import default_dtype
from jointbridge.backends.arrays.raising import Constants
from jointbridge.backends.arrays.raising.tracing import refusal
from jointbridge.backends.base import Backend
from jointbridge.backends.graphs import everything
from jointbridge.backends.reading import Notebook, ReadError, Reading
from jointbridge.backends.rerolling import Rerolling, bases
from jointbridge.backends.sharing import share
from jointbridge.backends.tfp.joint import JointDistribution
from jointbridge.backends.tfp.library import tfd, tfde
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.read_pins import Pins, constants_of
from jointbridge.backends.tfp.read_statements import Statements
from jointbridge.backends.tfp.read_trace import trace
from jointbridge.backends.tfp.read_verify import verify
from jointbridge.errors import did_you_mean
from jointbridge.expression import names as names_of
from jointbridge.spec import Spec, Statement


def read(
    backend: Backend,
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    options: Mapping[str, Any],
) -> Reading:
    """A joint distribution of TFP as a spec.

    Args:
        backend: Scores what was read, where a class of the user's has a family's name.
        model: A joint distribution of any form, or one with pinned parts, or any other
            distribution.
        args: Nothing: a joint distribution takes no arguments.
        kwargs: Values to pin parts at, by name.
        options: `density`: whether a component of a family that the catalogue lacks is
            kept as its log density, a factor.

    Raises:
        ReadError: It cannot be said as a spec; names the component and the place.
    """
    if unknown := [n for n in options if n != "density"]:
        raise ReadError(f"no option {min(unknown)!r}", code="usage", hint="density")
    if args:
        hint = "give the values of parts by name"
        raise ReadError(
            "a joint distribution takes no arguments", code="usage", hint=hint
        )
    pins = dict(kwargs)
    if isinstance(model, tfde.JointDistributionPinned):
        model, pins = model.distribution, {**model.pins, **pins}
    if isinstance(model, JointDistribution):
        return _of_ours(model, pins)
    if not isinstance(model, tfd.Distribution):
        message = f"a {type(model).__name__} is no TFP distribution"
        hint = "pass a joint distribution; call the function that makes it"
        raise ReadError(message, code="usage", hint=hint)
    if not isinstance(model, tfd.JointDistribution):
        model = tfd.JointDistributionSequential([model])
    values = {n: np.asarray(x) for n, x in pins.items()}
    return of_components(backend, model, values, bool(options.get("density")))


def _of_ours(joint: JointDistribution, pins: Mapping[str, Any]) -> Reading:
    """What `joint.to_tfp()` gave: it holds its spec."""
    given = joint.parameters
    if given["params"]:
        hint = "call to_tfp() without params, or say their values in the joint"
        raise ReadError("a joint that was built with values of params", hint=hint)
    spec = given["program"].spec
    seen = {s.name for s in spec.samples if s.observed is None}
    sites = {c: n for n, c in joint.names.items()}
    values = {sites[c]: np.asarray(x) for c, x in pins.items() if sites[c] in seen}
    return Reading(passes.condition(spec, values) if values else spec)


def of_components(
    backend: Backend,
    joint: Any,
    values: Mapping[str, np.ndarray],
    by_density: bool = False,
) -> Reading:
    """What the components of a joint say, whatever the joint knows besides.

    Args:
        backend: As for `read`.
        joint: A joint distribution of any form.
        values: Values of pinned components, by name.
        by_density: Whether an unknown family is kept as its log density.
    """
    notes = Notebook()
    names = _names(joint)
    if unknown := [n for n in values if n not in names]:
        hint = did_you_mean(unknown[0], names)
        raise ReadError(f"no component {unknown[0]!r}", code="usage", hint=hint)
    if default_dtype() == "float32":
        text = "JAX computes with float32; numbers are read as they were typed"
        notes.note("assumed", joint.name, text)
    pins = Pins(values)
    constants = constants_of(joint.model, names, pins)
    traced = trace(joint, names, constants.scalars, by_density)
    automatic = "AutoBatched" in type(joint).__name__
    made = Statements(names, traced, constants, pins, notes, automatic)
    given = made.all()
    made.notes.notes |= dict.fromkeys(made.raised.notes)
    if any(found.own for found in traced.components):
        plain = _spec(joint, _shared(given, made), constants, Notebook())
        verify(joint, names, traced, plain, values, backend)
    found = _shared(_rolled(given, made), made)
    return Reading(_spec(joint, found, constants, notes), tuple(notes.notes))


def _shared(statements: Iterable[Statement], made: Statements) -> tuple[Statement, ...]:
    return share(statements, made.labels, _taken(made.constants))


def _taken(constants: Constants) -> set[str]:
    return {*constants.taken, *constants.types()}


def _rolled(given: list[Statement], made: Statements) -> tuple[Statement, ...]:
    """The statements with loops as recurrences."""
    names = set(made.names)
    reserved = bases(names) - names
    found = Rerolling(
        made.scope,
        made.labels,
        _taken(made.constants),
        reserved,
        lambda: (),
        made.listed,
    )(given)
    for name, steps in found.steps.items():
        text = f"{steps[0]!r} to {steps[-1]!r} are the {len(steps)} steps of {name!r}"
        made.notes.note("named", name, text)
    return found.statements


def _names(joint: Any) -> list[str]:
    """What TFP calls the components; it draws for that, abstractly here."""
    found: list[str] = []

    def resolve() -> None:
        found[:] = map(str, joint._flat_resolve_names())  # noqa: SLF001 - no other way

    kept = vars(joint).get(_DRAWN, {})
    before = dict(kept)
    try:
        with quiet():
            jax.eval_shape(resolve)
    except Exception as error:
        raise refusal(error, "the value of a component") from error
    finally:
        kept.clear()
        kept.update(before)
    return found


#: Where a joint keeps the components that it has drawn; no tracer may stay there.
_DRAWN = "_single_sample_distributions"


def _spec(
    joint: Any, statements: tuple[Statement, ...], constants: Constants, notes: Notebook
) -> Spec:
    used = frozenset[str]().union(
        *(names_of(n) for s in statements for n in everything(s))
    )
    for name, entry in constants.added.items():
        if name in used:
            text = f"an array of shape {list(entry.type.shape)} is kept as data"
            notes.note("folded", name, text)
    data = {**constants.data, **constants.added}
    spec = Spec(
        statements,
        _name(joint),
        data=tuple(entry for name, entry in data.items() if name in used),
    )
    if errors := analyse(spec).errors:
        first = errors[0]
        message = f"what was read does not fit together: {first.message}"
        raise ReadError(message, path=first.path, hint=first.hint)
    return spec


def _name(joint: Any) -> str:
    """The name of the model function, or the one that the user gave."""
    if joint.name and not type(joint).__name__.startswith(joint.name.rstrip("_")):
        return str(joint.name)
    named = str(getattr(joint.model, "__name__", "<lambda>"))
    return "joint" if named.startswith("<") else named
