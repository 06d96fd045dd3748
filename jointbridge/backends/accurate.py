"""A log density by formula, on any array library."""

from __future__ import annotations

from collections.abc import Mapping

from jointbridge.arrays import Array, Arrays
from jointbridge.backends.lower import Formula
from jointbridge.evaluate import Evaluator
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.syntax import parse_row


def log_density(
    formula: Formula, arrays: Arrays, value: Array, given: Mapping[str, Array]
) -> Array:
    """What a formula says of values, one number for each batch element.

    Args:
        formula: The log density over `value` and the parameters.
        arrays: The array library.
        value: Values; they broadcast against the parameters' batches.
        given: The parameters, their own axes last.
    """
    env = {n: arrays.cast(x, "float") for n, x in given.items()}
    types = {
        n: Type(tuple(env[n].shape[len(env[n].shape) - k :]), "float")
        for n, k in formula.axes
    }
    env["value"], types["value"] = (
        arrays.cast(value, formula.kind),
        Type((), formula.kind),
    )
    return Evaluator(arrays, Scope(types), env)(parse_row(formula.text, formula.sizes))
