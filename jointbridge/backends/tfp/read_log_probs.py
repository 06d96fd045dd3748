"""`made.log_prob(value)` in a model, kept as `log_prob(Family(...), value)`.

tfd.Sample(tfd.Normal(mu, 1.0), 3).log_prob(x)
    sum(log_prob(Normal(loc=mu, scale=1.0), x), axis=-1)

TFP has no hook for it: while a model is read, the method that all of its classes compute
`log_prob` by asks this thread's reader first. Other threads see no difference.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from jointbridge.backends.arrays.raising import keep
from jointbridge.backends.arrays.raising.densities import log_prob, summed
from jointbridge.backends.foreign import to_catalogue
from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.read_components import (
    Arrays,
    Component,
    component,
    defaults,
    slot_name,
)
from jointbridge.backends.tfp.read_densities import has_family, innermost, is_librarys
from jointbridge.backends.tfp.read_distributions import Distributions, gaps
from jointbridge.backends.tfp.table import TABLE
from jointbridge.expression import Expression, Node, Number, substitute

#: Classes have copies of `log_prob` with documentation of their own; all call this.
_METHOD = "_call_log_prob"
_BASE = next(c for c in tfd.Distribution.__mro__ if _METHOD in vars(c))
_OWN = getattr(_BASE, _METHOD)
_LOCK = threading.Lock()


class _Readers(threading.local):
    """The scalars with names of the model that this thread reads; None without one."""

    scalars: Collection[int] | None = None


_here, _everywhere = _Readers(), [0]


@contextmanager
def kept_log_probs(scalars: Collection[int]) -> Iterator[None]:
    """While it lasts, log densities in this thread are one equation each.

    Args:
        scalars: The ids of arrays without axes that have a name.
    """
    with _LOCK:
        _everywhere[0] += 1
        setattr(_BASE, _METHOD, _log_prob)
    try:
        with _reading(scalars):
            yield
    finally:
        with _LOCK:
            _everywhere[0] -= 1
            if not _everywhere[0]:
                setattr(_BASE, _METHOD, _OWN)


@contextmanager
def _reading(scalars: Collection[int] | None) -> Iterator[None]:
    before, _here.scalars = _here.scalars, scalars
    try:
        yield
    finally:
        _here.scalars = before


def _log_prob(self: Any, value: Any, name: str, **kwargs: Any) -> Any:
    own = partial(_OWN, self, name=name, **kwargs)
    plain = not kwargs and isinstance(self.dtype, type | np.dtype)
    if _here.scalars is None or not plain:
        return own(value)
    return _kept(self, value, own, _here.scalars)


def _kept(
    made: Any, value: Any, own: Callable[[Any], Any], scalars: Collection[int]
) -> Any:
    """The log density as one equation, where the catalogue has the family."""
    arrays = Arrays(scalars=scalars)
    try:
        inner = innermost(made)
        if not (is_librarys(inner) and has_family(inner, arrays)):
            return own(value)
        found = component(made, arrays)
    except ReadError:
        return own(value)
    if not hasattr(value, "dtype"):
        value = np.asarray(value, made.dtype)
    copies = tuple(map(int, made.event_shape[: found.event]))

    def density(*given: Any) -> Any:
        with _reading(None):
            return own(given[-1])

    return keep(density, [*arrays.values, value], _Says(found, copies))


@dataclass(frozen=True, eq=False)
class _Says:
    """What a kept density says.

    Attributes:
        found: The distribution without wrappers, with places for arrays.
        copies: The sizes of axes that are summed over.
    """

    found: Component
    copies: tuple[int, ...]

    def __call__(
        self, raiser: Any, operands: Sequence[Any], shape: tuple[int, ...]
    ) -> Expression:
        *given, value = operands
        fill = Distributions(
            raiser.scope,
            raiser.constants,
            lambda number: (given[number].node, given[number].shape),
        )
        assert self.found.tree is not None
        tree = substitute(self.found.tree, _numbers(given))
        dist = fill(to_catalogue(TABLE, tree, defaults), gaps(self.found.axes))
        mask = None if self.found.mask is None else fill.array(self.found.mask, 0)
        density = log_prob(raiser, dist, value, mask)
        return summed(raiser, density, shape, self.copies)


def _numbers(given: Sequence[Any]) -> dict[str, Node]:
    """Numbers that JAX traced: rows of the table may name them."""
    return {
        slot_name(place): x.node
        for place, x in enumerate(given)
        if isinstance(x.node, Number) and not x.shape
    }
