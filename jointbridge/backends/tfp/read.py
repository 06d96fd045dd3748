"""`jb.from_tfp`: a TFP joint distribution as a spec.

    joint ──► components and a jaxpr ──► expressions ──► statements ──► lets ──► spec
              read_trace                 raising         read_statements

Nothing is drawn to read parameters. TFP has no plates: axes become the `shape` of a site.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np

from jointbridge import passes
from jointbridge.analysis import analyse
from jointbridge.backends.arrays.jax import default_dtype
from jointbridge.backends.arrays.raising import Constants
from jointbridge.backends.arrays.raising.surroundings import surroundings
from jointbridge.backends.arrays.raising.tracing import refusal
from jointbridge.backends.graphs import everything
from jointbridge.backends.reading import Notebook, ReadError, Reading
from jointbridge.backends.sharing import free_name, share
from jointbridge.backends.tfp.joint import JointDistribution
from jointbridge.backends.tfp.library import tfd, tfde
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.read_statements import Statements
from jointbridge.backends.tfp.read_trace import trace
from jointbridge.errors import did_you_mean
from jointbridge.expression import names as names_of
from jointbridge.spec import Spec, Statement


def read(
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    options: Mapping[str, Any],
) -> Reading:
    """A joint distribution of TFP as a spec.

    Args:
        model: A joint distribution of any form, or one with pinned parts, or any other
            distribution.
        args: Nothing: a joint distribution takes no arguments.
        kwargs: Values to pin parts at, by name.
        options: There are none.

    Raises:
        ReadError: It cannot be said as a spec; names the component and the place.
    """
    if options:
        raise ReadError(f"no option {min(options)!r}", code="usage")
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
    return _read(model, {n: np.asarray(x) for n, x in pins.items()})


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


def _read(joint: Any, pins: Mapping[str, np.ndarray]) -> Reading:
    notes = Notebook()
    names = _names(joint)
    if unknown := [n for n in pins if n not in names]:
        hint = did_you_mean(unknown[0], names)
        raise ReadError(f"no component {unknown[0]!r}", code="usage", hint=hint)
    traced = trace(joint, names)
    if default_dtype() == "float32":
        text = "JAX computes with float32; numbers are read as they were typed"
        notes.note("assumed", joint.name, text)
    constants = _constants(joint, names, pins)
    made = Statements(
        names, traced, constants, pins, notes, "AutoBatched" in type(joint).__name__
    )
    statements = made.all()
    notes.notes |= dict.fromkeys(made.raised.notes)
    labels = {i: k for i, k in made.raised.labels.items() if k.name not in names}
    shared = share(statements, labels, {*constants.taken, *constants.types()})
    return Reading(_spec(joint, shared, constants, notes), tuple(notes.notes))


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


def _constants(
    joint: Any, names: list[str], pins: Mapping[str, np.ndarray]
) -> Constants:
    """The arrays that the model refers to, and the values of pinned parts."""
    known: dict[str, np.ndarray] = {}
    taken = set(names)
    for name, array in surroundings(joint.model).items():
        if array.size > 1:
            known[free_name(f"{name}_data" if name in names else name, taken)] = array
    for name, array in pins.items():
        if not any(np.array_equal(array, other) for other in known.values()):
            known[free_name(f"{name}_obs", taken)] = array
    return Constants(known, names)


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
