"""A joint distribution walked with unknown values: what its components are given.

    _model_coroutine() ──► component, send an unknown value ──► component, …

The shape of a value is that of its component, which is known when the earlier ones are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.arrays.raising.tracing import refusal
from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.read_components import Arrays, Component
from jointbridge.backends.tfp.read_densities import read_component
from jointbridge.backends.tfp.read_log_probs import kept_log_probs


@dataclass
class Traced:
    """What was recorded.

    Attributes:
        closed: The traced arrays of all components, as functions of their values.
        components: In order.
        avals: The type of each component's value.
        arrays: All arrays of the components.
        traced: By number, which output of `closed` an array is; others are known.
    """

    closed: Any
    components: list[Component]
    avals: list[Any]
    arrays: Arrays
    traced: dict[int, int]


def walk(joint: Any, values: Sequence[Any]) -> list[Any]:
    """The components that are reached with these values, the next one included."""
    steps = joint._model_coroutine()  # noqa: SLF001 - no other way
    found: list[Any] = []
    for value in (None, *values):
        try:
            made = steps.send(value)
        except StopIteration:
            break
        found.append(_bare(made))
    return found


def _bare(made: Any) -> Any:
    return made.distribution if type(made).__name__ == "Root" else made


def value_types(joint: Any, names: Sequence[str]) -> list[Any]:
    """The shape and dtype of every component's value, found without drawing.

    Raises:
        ReadError: The model does not run on unknown values.
    """
    avals: list[Any] = []

    def probe(*values: Any) -> Any:
        found = walk(joint, values)
        if len(found) <= len(values):
            return ()
        made = found[-1]
        if isinstance(made, tfd.JointDistribution):
            message = "a joint distribution inside of another one"
            hint = "put its components into the outer one"
            raise ReadError(message, path=names[len(values)], hint=hint)
        shape = (*made.batch_shape, *made.event_shape)
        return jnp.zeros(tuple(map(int, shape)), made.dtype)

    while True:
        aval = _abstract(probe, avals, names)
        if aval == ():
            return avals
        avals.append(aval)


def _abstract(probe: Callable[..., Any], avals: list[Any], names: Sequence[str]) -> Any:
    try:
        with quiet():
            return jax.eval_shape(probe, *avals)
    except Exception as error:
        before = ", ".join(names[: len(avals)])
        raise refusal(error, f"a value of {before}" if before else "a value") from error


def trace(
    joint: Any,
    names: Sequence[str],
    scalars: Collection[int] = (),
    by_density: bool = False,
) -> Traced:
    """The components of a joint, with one jaxpr for all that is computed of values.

    Args:
        joint: The joint.
        names: The names of its components.
        scalars: The ids of arrays without axes that have a name.
        by_density: Whether an unknown family is kept as its log density.

    Raises:
        ReadError: The model does not run on unknown values, or a component is not
            known.
    """
    avals = value_types(joint, names)
    arrays, components = Arrays(scalars=scalars), list[Component]()
    traced: dict[int, int] = {}

    def run(*values: Any) -> list[Any]:
        for name, made, value in zip(names, walk(joint, values), values, strict=False):
            try:
                components.append(read_component(made, value, arrays, by_density))
            except ReadError as error:
                raise error.at(name) from None
        outputs: list[Any] = []
        for number, value in enumerate(arrays.values):
            if isinstance(value, jax.core.Tracer):
                traced[number] = len(outputs)
                outputs.append(value)
        return outputs

    with quiet(), kept_log_probs(scalars):
        closed = jax.make_jaxpr(run)(*avals)
    return Traced(closed, components, avals, arrays, traced)
