"""A log density that a trace keeps whole, in the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax
import numpy as np

from jointbridge.backends.arrays.raising.reductions import reduce
from jointbridge.backends.reading import ReadError
from jointbridge.expression import Call, Distribution, Expression, Number

if TYPE_CHECKING:
    from jointbridge.backends.arrays.raising.interpreter import Raiser
    from jointbridge.backends.arrays.raising.values import Operand, Shape


def log_prob(
    raiser: Raiser, dist: Distribution, value: Operand, mask: Expression | None = None
) -> Expression:
    """`log_prob(dist, value)`, 0 where a mask is False.

    Raises:
        ReadError: It is not known whether counts are whole numbers.
    """
    density: Expression = Call("log_prob", (dist, _value(raiser, dist, value)))
    if mask is None:
        return density
    return Call("where", (mask, density, Number(0.0)))


def summed(
    raiser: Raiser, density: Expression, shape: Shape, copies: Shape
) -> Expression:
    """A log density of a shape, summed over axes of copies behind those."""
    if not copies:
        return density
    whole = jax.ShapeDtypeStruct((*shape, *copies), float)
    axes = range(len(shape), len(whole.shape))
    return reduce(raiser, "sum", raiser.operand_of(density, whole), axes)


def _value(raiser: Raiser, dist: Distribution, value: Operand) -> Expression:
    """The value as the language takes it: whole events, and counts as whole numbers."""
    inferred = raiser.scope.distribution(dist)
    node = value.with_axes(range(-len(inferred.event), 0))
    if inferred.kind == "float" or raiser.type(node).kind != "float":
        return node
    known = value.value.numbers and np.asarray(value.value.array)
    if known is None or np.any(known != np.floor(known)):
        message = f"counts of {dist.family} that may be no whole numbers"
        raise ReadError(message, hint="observe them in a sample statement")
    return raiser.cast(node, "int")
