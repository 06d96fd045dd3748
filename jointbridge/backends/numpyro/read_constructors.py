"""What NumPyro's constructors were called with.

The arguments are kept when a distribution is made: afterwards NumPyro has broadcast them,
and one parameterisation has become the other. What it is asked for then, its log density,
is kept as one call.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import numpyro.distributions as dist
from numpyro.distributions.distribution import COERCIONS

from jointbridge.backends.numpyro.combinators import Transformed

_KEPT = "_arguments_as_written"

#: Attributes that hold an argument under another name.
_RENAMED = {
    "mixing_distribution": "_mixing_distribution",
    "component_distribution": "_component_distribution",
    "component_distributions": "_component_distributions",
    "base_distribution": "base_dist",
}

#: Classes that a public function returns under names of their own.
_PUBLIC = {
    "_HurdleNegativeBinomial2": "NegativeBinomial2",
    "LeftTruncatedDistribution": "TruncatedDistribution",
    "RightTruncatedDistribution": "TruncatedDistribution",
    "TwoSidedTruncatedDistribution": "TruncatedDistribution",
    "HurdleLogits": "HurdleDistribution",
    "HurdleProbs": "HurdleDistribution",
    "ZeroInflatedProbs": "ZeroInflatedDistribution",
    "ZeroInflatedLogits": "ZeroInflatedDistribution",
    "Transformed": "TransformedDistribution",
}

#: Our own subclasses, and the classes whose arguments are read off them.
_SUBCLASSES: dict[type, type] = {Transformed: dist.TransformedDistribution}


#: From a distribution, a value and what computes its log density to that density.
Density = Callable[[Any, Any, Callable[[Any], Any]], Any]


@contextmanager
def kept_arguments(density: Density) -> Iterator[None]:
    """While it lasts, distributions made in this thread remember their arguments.

    Args:
        density: What answers for their `log_prob`.
    """
    thread = threading.get_ident()
    watched: list[Any] = []

    def keep(cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if threading.get_ident() != thread:
            return None
        made = type.__call__(cls, *args, **kwargs)
        if type(made) is cls:
            made.__dict__[_KEPT] = _bound(cls, args, kwargs)
            made.__dict__.setdefault("log_prob", _LogProb(made, density))
            watched.append(made)
        return made

    COERCIONS.append(keep)
    try:
        yield
    finally:
        COERCIONS.remove(keep)
        for made in watched:
            if isinstance(made.__dict__.get("log_prob"), _LogProb):
                del made.__dict__["log_prob"]


class _LogProb:
    """`log_prob` of one distribution; kept as one call while the model is read."""

    def __init__(self, made: Any, density: Density) -> None:
        self.made, self.density = made, density

    def __call__(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        own = partial(type(self.made).log_prob, self.made)
        if args or kwargs:
            return own(value, *args, **kwargs)
        return self.density(self.made, value, own)


def _bound(cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    bound = inspect.signature(cls).bind(*args, **kwargs).arguments
    return {n: v for n, v in bound.items() if n != "validate_args"}


def written(made: dist.Distribution) -> dict[str, Any]:
    """The arguments of a distribution; those it still has where it was rebuilt."""
    cls = _SUBCLASSES.get(type(made), type(made))
    kept = made.__dict__.get(_KEPT)
    if kept is not None and cls is type(made):
        return dict(kept)
    names = [n for n in inspect.signature(cls).parameters if n != "validate_args"]
    found = {n: getattr(made, _RENAMED.get(n, n), None) for n in names}
    return {n: v for n, v in found.items() if v is not None}


@cache
def public_name(cls: type) -> str:
    """What users call a class: `BernoulliProbs` is what `Bernoulli` returns."""
    name = cls.__name__
    for suffix in ("Probs", "Logits"):
        short = name.removesuffix(suffix)
        if short != name and inspect.isfunction(getattr(dist, short, None)):
            return short
    return _PUBLIC.get(name, name)
