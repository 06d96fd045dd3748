"""Distributions as they were constructed: the arguments, before any broadcasting.

Pyro asks a list of functions before it constructs a distribution. One of ours is in that
list during the run; it constructs, and keeps what it was given. `expand` makes objects
without constructing them, so that it is watched on each object, as is `log_prob`, which is
worth more as one word than as the calls that it consists of.
"""

from __future__ import annotations

import inspect
from abc import ABCMeta
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyro.distributions as dist
import torch
from pyro.distributions.distribution import COERCIONS

from jointbridge.backends.pyro.tracing.namespace import bound
from jointbridge.backends.pyro.tracing.tape import Tape

#: Arguments that say nothing of a density.
_SILENT = {"validate_args", "self"}


@dataclass(eq=False, slots=True)
class Made:
    """A distribution as it was constructed.

    Attributes:
        built: The object.
        arguments: What it was constructed with; nodes in place of tensors, others of
            these in place of distributions.
        expanded: What it is an expanded copy of.
    """

    built: Any
    arguments: dict[str, Any]
    expanded: Made | None = None

    @property
    def class_name(self) -> str:
        """The name of the class."""
        return type(self.built).__name__

    @property
    def is_transform(self) -> bool:
        """Whether it is no distribution but a transform of values."""
        return isinstance(self.built, torch.distributions.Transform)


class Constructions:
    """All distributions of one run.

    Args:
        tape: Where calls are written down.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._made: dict[int, Made] = {}

    @contextmanager
    def watched(self) -> Iterator[None]:
        """A context in which constructions are kept."""
        COERCIONS.append(self._construct)
        try:
            yield
        finally:
            COERCIONS.remove(self._construct)

    def of(self, built: Any) -> Made:
        """How an object was constructed; from its fields where that was before the run."""
        found = self._made.get(id(built))
        if found is None:
            fields = {
                name: vars(built)[key]
                for name in inspect.signature(type(built)).parameters
                if (key := _FIELDS.get(name, name)) in vars(built)
            }
            found = self._keep(built, Made(built, self._arguments(fields)))
        return found

    def _construct(self, cls: Any, args: Any, kwargs: Any) -> Any:
        if not self.tape.writing:
            return None
        self.tape.look()
        with self.tape.trusted():
            built = ABCMeta.__call__(cls, *args, **kwargs)
        given = self._arguments(bound(cls, args, kwargs))
        self._watch(built, Made(built, given))
        return built

    def _watch(self, built: Any, made: Made) -> None:
        self._keep(built, made)
        built.expand = _Expand(self, built)
        built.log_prob = _LogProb(self, built)

    def _keep(self, built: Any, made: Made) -> Made:
        self._made[id(built)] = made
        return made

    def density(self, built: Any, value: Any, compute: Callable[[Any], Any]) -> Any:
        """The log density of a value, written down as one call."""
        if not self.tape.writing:
            return compute(value)
        node = self.tape.taken(value)
        with self.tape.silent():
            result = compute(value)
        self.tape.add("log_prob", result, (self.of(built), node), {})
        return result

    def _arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.argument(value)
            for name, value in given.items()
            if name not in _SILENT and value is not None
        }

    def argument(self, value: Any) -> Any:
        """An argument with nodes and constructions inside."""
        if isinstance(value, torch.distributions.Distribution):
            return self.of(value)
        if isinstance(value, torch.distributions.Transform):
            return self._transform(value)
        if isinstance(value, torch.distributions.constraints.Constraint):
            return Made(value, self._arguments(vars(value)))
        if isinstance(value, (list, tuple)) and any(
            isinstance(v, _BUILT) for v in value
        ):
            return [self.argument(v) for v in value]
        return self.tape.taken(value)

    def _transform(self, transform: Any) -> Made:
        """A transform with its parameters, which are its fields."""
        fields = {
            name: value
            for name, value in vars(transform).items()
            if not name.startswith("_") or name == "_inv"
        }
        return Made(transform, self._arguments(fields))


_BUILT = (torch.distributions.Distribution, torch.distributions.Transform)

#: Fields that are not called as the argument that they hold.
_FIELDS = {
    "base_distribution": "base_dist",
    "mixture_distribution": "_mixture_distribution",
    "component_distribution": "_component_distribution",
    "samples": "_samples",
    "log_weights": "_log_weights",
}


class _Watched:
    """A method of one distribution, watched."""

    name = ""

    def __init__(self, constructions: Constructions, built: Any) -> None:
        self.constructions = constructions
        self.built = built

    def original(self, *args: Any, **kwargs: Any) -> Any:
        """What the class itself does."""
        return getattr(type(self.built), self.name)(self.built, *args, **kwargs)


class _Expand(_Watched):
    name = "expand"

    def __call__(self, batch_shape: Any, _instance: Any = None) -> Any:
        owner = self.constructions
        with owner.tape.trusted():
            built = self.original(batch_shape, _instance)
        if _instance is None and built is not self.built:
            base = owner.of(self.built)
            # Pyro wraps what has no way of its own to expand.
            wrapped = isinstance(built, dist.ExpandedDistribution)
            given = {"base_dist": base} if wrapped else base.arguments
            owner._watch(built, Made(built, given, expanded=base))  # noqa: SLF001
        return built


class _LogProb(_Watched):
    name = "log_prob"

    def __call__(self, value: Any) -> Any:
        return self.constructions.density(self.built, value, self.original)
