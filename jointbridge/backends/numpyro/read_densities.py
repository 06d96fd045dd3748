"""`made.log_prob(value)` in a model, kept as `log_prob(Family(...), value)`.

dist.Normal(mu, 1.0).expand([3]).to_event(1).log_prob(x)
    sum(log_prob(Normal(loc=mu, scale=1.0), x), axis=-1)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jointbridge.backends.arrays.raising import Raised, keep
from jointbridge.backends.arrays.raising.densities import log_prob, summed
from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.numpyro.read_distributions import (
    Leaves,
    defaults,
    tree,
    unwrapped,
)
from jointbridge.backends.numpyro.read_statements import Builder
from jointbridge.backends.numpyro.table import READING
from jointbridge.backends.reading import Notebook, ReadError
from jointbridge.expression import Distribution, Node

Shape = tuple[int, ...]


def kept_density(made: Any, value: Any, density: Callable[[Any], Any]) -> Any:
    """The log density of a value, as one equation where the catalogue has the family.

    Args:
        made: A distribution of NumPyro.
        value: The value.
        density: Gives the log density of a value.
    """
    leaves = Leaves()
    try:
        found = unwrapped(made)
        spelled = to_catalogue(READING, tree(found.core, leaves), defaults)
        mask = None if found.mask is None else leaves.add(found.mask)
    except ReadError:
        return density(value)
    said = _Density(spelled, found.shape, mask)
    return keep(lambda *given: density(given[-1]), [*leaves.arrays, value], said)


@dataclass(frozen=True, eq=False)
class _Density:
    """What a kept density says.

    Attributes:
        spelled: The distribution without wrappers, with places for arrays.
        copies: Axes of independent copies that are summed over.
        mask: Where False, the term counts as 0.
    """

    spelled: Distribution
    copies: Shape
    mask: Node | None

    def __call__(self, raiser: Any, operands: Sequence[Any], shape: Shape) -> Any:
        *given, value = operands
        nodes = tuple(o.node for o in given)
        raised = Raised(nodes, {}, (), raiser.scope, raiser.constants)
        builder = Builder(raised, [o.shape for o in given], Notebook())
        dist = builder.distribution(self.spelled)
        mask = None if self.mask is None else builder.expression(self.mask)
        density = log_prob(raiser, dist, value, mask)
        return summed(raiser, density, shape, self.copies)
