"""Torch's constraints as supports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jointbridge.backends.pyro.tracing.constructions import Made
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Expression, Number, Support

#: Our names of torch's classes of constraints; bounds are in the fields of `_BOUNDS`.
_CLASSES = {
    "_Real": "real",
    "_GreaterThan": "greater_than",
    "_GreaterThanEq": "greater_than_eq",
    "_LessThan": "less_than",
    "_Interval": "interval",
    "_HalfOpenInterval": "interval",
    "_Boolean": "boolean",
    "_IntegerInterval": "integer_interval",
    "_Simplex": "simplex",
    "_LowerCholesky": "lower_cholesky",
    "_SoftplusLowerCholesky": "lower_cholesky",
    "_SoftplusPositive": "positive",
    "_PositiveDefinite": "positive_definite",
    "_CorrCholesky": "corr_cholesky",
    "_OrderedVector": "ordered",
    "_PositiveOrderedVector": "positive_ordered",
}
_BOUNDS = {"lower_bound": "low", "upper_bound": "high"}

#: Supports that have a name of their own.
_NAMED = {
    ("greater_than", (0.0,)): "positive",
    ("greater_than_eq", (0.0,)): "nonnegative",
    ("interval", (0.0, 1.0)): "unit_interval",
}


def support(
    made: Made, raised: Callable[[Any], Expression], sizes: tuple[int, ...] = ()
) -> Support:
    """A torch constraint as a support.

    Args:
        made: The constraint, with nodes for bounds.
        raised: Gives the expressions of bounds.
        sizes: The event shape of a value, for supports of vectors.

    Raises:
        ReadError: The catalogue has no such support.
    """
    while made.class_name == "_IndependentConstraint":
        made = made.arguments["base_constraint"]
    name = _CLASSES.get(made.class_name)
    if made.class_name == "_IntegerGreaterThan":
        name = "nonnegative_integer" if made.built.lower_bound == 0 else None
    if name is None:
        message = f"the constraint {made.built} is no support of the catalogue"
        raise ReadError(message, code="unreadable", hint="name another constraint")
    if name in ("positive", "nonnegative_integer"):
        return Support(name)
    given = [
        (ours, made.arguments[f]) for f, ours in _BOUNDS.items() if f in made.arguments
    ]
    bounds = tuple((ours, raised(value)) for ours, value in given)
    plain = tuple(b.value for _, b in bounds if isinstance(b, Number))
    if len(plain) == len(bounds) and (known := _NAMED.get((name, plain))):
        return Support(known)
    return Support(name, bounds, sizes)
