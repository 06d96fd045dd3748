"""`log_prob(…)` of our own native models, shown to a reader as one call.

A native model guards the library's density: -inf outside the support, NaN for parameters
outside their domains. That is what `log_prob` means in the language, so that a reader
who traces the model takes the distribution, the value and the guarded density together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

#: From the library's distribution, a value and what computes its log density to that.
Keeper: TypeAlias = Callable[[Any, Any, Callable[[Any], Any]], Any]

_KEEPER: ContextVar[Keeper | None] = ContextVar("keeper", default=None)


@contextmanager
def kept_by(keeper: Keeper) -> Iterator[None]:
    """A context in which a reader answers for guarded densities."""
    token = _KEEPER.set(keeper)
    try:
        yield
    finally:
        _KEEPER.reset(token)


def kept(built: Any, value: Any, density: Callable[[Any], Any]) -> Any:
    """The guarded log density of a value, told to a reader where there is one."""
    keeper = _KEEPER.get()
    return density(value) if keeper is None else keeper(built, value, density)
