"""A model run on abstract values: once to see what there is, once to write it down.

Arrays among the arguments are inputs too. Some models need numbers there (`int(n)`,
`np.unique(group)`, a branch on data): then as few arguments as possible are left as they
are, and the joint holds for their values only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax

from jointbridge.backends.arrays.raising.tracing import place_of
from jointbridge.backends.keeping import kept_by
from jointbridge.backends.numpyro.read_arguments import Arguments
from jointbridge.backends.numpyro.read_constructors import kept_arguments
from jointbridge.backends.numpyro.read_densities import kept_density
from jointbridge.backends.numpyro.read_inputs import Inputs, Settings
from jointbridge.backends.numpyro.read_messages import Recorder
from jointbridge.backends.numpyro.read_refusals import about_values, model_refusal
from jointbridge.backends.reading import Notebook


@dataclass(frozen=True)
class Traced:
    """A model that ran.

    Attributes:
        closed: The arrays of the records as functions of sites and arguments.
        recorder: What was written down.
        sites: The sites that are inputs of the jaxpr, in order.
        traced: The arguments that are inputs of the jaxpr, by place, after the sites.
    """

    closed: Any
    recorder: Recorder
    sites: list[str]
    traced: list[int]


def trace(arguments: Arguments, settings: Settings, notes: Notebook) -> Traced:
    """The model traced with as few arguments known as it works with.

    Raises:
        ReadError: It does not run without values of its sites, or is not to be said.
    """

    def attempt(known: frozenset[Any], settings: Settings = settings) -> Traced:
        settings = replace(settings, marks=_MARKS not in known)
        return _attempt(arguments, known, settings, Notebook())

    nothing: frozenset[Any] = frozenset()
    try:
        return _noted(attempt(nothing), arguments, nothing, None, notes)
    except Exception as error:
        if not about_values(error):
            raise
        first = error
    everything = frozenset({_MARKS, *arguments.arrays})
    try:
        found = attempt(everything)
    except Exception as error:
        sites = _culprits(error, lambda s: attempt(everything, s), settings, arguments)
        raise model_refusal(error, sites) from error
    known = everything
    for one in sorted(everything, key=str):
        try:
            found = attempt(known - {one})
        except Exception:  # noqa: BLE001
            continue
        known -= {one}
    return _noted(found, arguments, known, first, notes)


#: That what a site returns is not known to come from it.
_MARKS = "marks"


def _noted(
    found: Traced,
    arguments: Arguments,
    known: frozenset[Any],
    error: Exception | None,
    notes: Notebook,
) -> Traced:
    notes.notes |= found.recorder.notes.notes
    where = place_of(error.__traceback__) if error is not None else ""
    for place in known - {_MARKS}:
        text = f"its numbers are needed while the model runs ({where}), so that the "
        text += "joint holds for these values only"
        notes.note("frozen", arguments.arrays[place].name, text)
    return found


def _attempt(
    arguments: Arguments, known: frozenset[Any], settings: Settings, notes: Notebook
) -> Traced:
    traced = [place for place in arguments.arrays if place not in known]
    arrays = [arguments.arrays[place].array for place in traced]
    kept: list[Recorder] = []

    def run(given: dict[str, Any] | None, values: list[Any]) -> list[Any]:
        recorder = Recorder(Inputs(given), notes, settings)
        kept.append(recorder)
        with kept_arguments(kept_density), kept_by(kept_density), recorder:
            arguments.call(dict(zip(traced, values, strict=True)))
        return recorder.leaves.arrays

    jax.eval_shape(lambda values: run(None, values), arrays)
    types = kept[-1].inputs.types

    def function(sites: list[Any], values: list[Any]) -> list[Any]:
        return run(dict(zip(types, sites, strict=True)), values)

    closed = jax.make_jaxpr(function)(list(types.values()), arrays)
    return Traced(closed, kept[-1], list(types), traced)


def _culprits(
    error: Exception,
    attempt: Callable[[Settings], Traced],
    settings: Settings,
    arguments: Arguments,
) -> list[str]:
    """The sites whose values would get the model beyond the error."""
    where = place_of(error.__traceback__)
    found = []
    for name in _sites(arguments, settings):
        try:
            attempt(replace(settings, known=frozenset({name})))
        except Exception as other:  # noqa: BLE001
            same = type(other) is type(error) and place_of(other.__traceback__) == where
            if same:
                continue
        found.append(name)
    return found


def _sites(arguments: Arguments, settings: Settings) -> list[str]:
    """The sites up to the one after which the model fails."""
    recorder = Recorder(Inputs(), Notebook(), settings)

    def run() -> None:
        with kept_arguments(kept_density), kept_by(kept_density), recorder:
            arguments.call({})

    try:
        jax.eval_shape(run)
    except Exception:  # noqa: BLE001
        return list(recorder.inputs.types)
    return []
