"""Equations of a jaxpr: what they give for numbers, and which of them are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jax.extend import core

from jointbridge.backends.arrays.raising.matching import Match
from jointbridge.backends.arrays.raising.regions import inner
from jointbridge.backends.arrays.raising.values import Value


def evaluate(equation: Any, values: Sequence[Value]) -> list[Any]:
    """The numbers that an equation gives."""
    if (region := inner(equation)) is not None:
        closed, chosen = region(list(values))
        return list(core.jaxpr_as_fun(closed)(*(v.array for v in chosen)))
    found = equation.primitive.bind(*(v.array for v in values), **equation.params)
    return list(found) if equation.primitive.multiple_results else [found]


def live(jaxpr: Any, found: Mapping[int, Match]) -> tuple[list[Any], frozenset[Any]]:
    """The equations that the outputs need, in order, and all variables they need."""
    needed = {v for v in jaxpr.outvars if not isinstance(v, core.Literal)}
    kept = []
    for equation in reversed(jaxpr.eqns):
        if not needed & set(equation.outvars):
            continue
        match = found.get(id(equation))
        atoms = equation.invars if match is None else match.arguments
        needed |= {a for a in atoms if not isinstance(a, core.Literal)}
        kept.append(equation)
    return kept[::-1], frozenset(needed)
