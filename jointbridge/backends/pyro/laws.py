"""Pyro classes of families that Pyro lacks, made from their laws."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import Parameter
from types import SimpleNamespace
from typing import Any, ClassVar, TypeAlias

import pyro.distributions as dist
import torch
from pyro.distributions import TorchDistribution, constraints

from jointbridge.backends.arrays.torch import TorchArrays
from jointbridge.backends.laws import (
    LAWS,
    Law,
    Random,
    batch_shape,
    class_of,
    constrained,
    constructor,
    event_shape,
    given_to,
    guarded,
    own_shape,
)
from jointbridge.backends.pyro.regions import constraint
from jointbridge.backends.pyro.table import DIMENSIONS
from jointbridge.families import FAMILIES, Family

Tensor: TypeAlias = torch.Tensor


def pick(array: Tensor, index: Tensor) -> Tensor:
    """The elements of the last axis at an index, or at the nearest one."""
    index = index.long().clamp(0, array.shape[-1] - 1)
    batch = torch.broadcast_shapes(array.shape[:-1], index.shape)
    spread = array.expand((*batch, array.shape[-1]))
    return spread.gather(-1, index.expand(batch)[..., None])[..., 0]


def take(array: Tensor, index: Tensor) -> Tensor:
    """The elements of the last axis in an order."""
    shape = torch.broadcast_shapes(array.shape, index.shape)
    return array.expand(shape).gather(-1, index.long().expand(shape))


FUNCTIONS = SimpleNamespace(
    **{
        name: getattr(torch, name)
        for name in (
            *(
                "abs",
                "asinh",
                "atan2",
                "exp",
                "expm1",
                "floor",
                "lgamma",
                "log",
                "log1p",
            ),
            *("logaddexp", "maximum", "minimum", "ones_like", "sinh", "sqrt", "where"),
            "zeros_like",
        )
    },
    count=lambda flags: flags.sum(-1).to(torch.get_default_dtype()),
    expit=torch.sigmoid,
    i0e=torch.special.i0e,
    log_ndtr=torch.special.log_ndtr,
    ndtri=torch.special.ndtri,
    pick=pick,
    arange=lambda low, high, like: torch.arange(low, high, dtype=like.dtype),
    argsort=lambda x: torch.argsort(x, dim=-1),
    cumsum=lambda x: torch.cumsum(x, dim=-1),
    logsumexp=lambda x: torch.logsumexp(x, dim=-1),
    reverse=lambda x: torch.flip(x, (-1,)),
    stop=torch.Tensor.detach,
    sum=lambda x: torch.sum(x, dim=-1),
    take=take,
    softplus=TorchArrays.functions["softplus"],
)


class Numbers:
    """Random numbers of one shape and width, from torch's own generator.

    Args:
        shape: The shape of all tensors.
        dtype: Their width.
    """

    def __init__(self, shape: torch.Size, dtype: torch.dtype) -> None:
        self.shape, self.dtype = shape, dtype

    def _empty(self) -> Tensor:
        return torch.empty(self.shape, dtype=self.dtype)

    def uniform(self) -> Tensor:
        """Above 0 and below 1."""
        return self._empty().uniform_().clamp(min=torch.finfo(self.dtype).tiny)

    def normal(self) -> Tensor:
        """Standard normal."""
        return self._empty().normal_()

    def exponential(self) -> Tensor:
        """Standard exponential."""
        return -torch.log(self.uniform())

    def log_gamma(self, concentration: Tensor) -> Tensor:
        """The logarithm of a standard gamma: one of concentration + 1, made smaller."""
        concentration = concentration.expand(self.shape)
        more = torch._standard_gamma(concentration + 1)  # noqa: SLF001
        return torch.log(more) - self.exponential() / concentration

    def poisson(self, rate: Tensor) -> Tensor:
        """Counts, as floats."""
        return torch.poisson(rate.detach().expand(self.shape))

    def accepted(self, propose: Callable[[Random], tuple[Tensor, Tensor]]) -> Tensor:
        """Of proposals, each with whether it is taken, the first that is."""
        found, good = propose(self)
        while not good.all():
            made, fine = propose(self)
            found, good = torch.where(good, found, made), good | fine
        return found


class Lawful(TorchDistribution):
    """A distribution of one value with a density and draws of its family's law.

    Attributes:
        family: The catalogue's row.
        law: Its density and draws.
    """

    family: ClassVar[Family]
    law: ClassVar[Law]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        given = given_to(self, args, keywords)
        validate_args = given.pop("validate_args")
        self._set(given)
        event = torch.Size(event_shape(self.family, self._given))
        super().__init__(self._batch, event, validate_args=validate_args)

    def _set(self, given: dict[str, Any]) -> None:
        tensors = [x for x in given.values() if torch.is_tensor(x)]
        dtype = next(
            (x.dtype for x in tensors if x.is_floating_point()),
            torch.get_default_dtype(),
        )
        given = {
            n: x if x is None else torch.as_tensor(x, dtype=dtype)
            for n, x in given.items()
        }
        self._given = {n: x for n, x in given.items() if x is not None}
        shapes = (batch_shape(self.family, n, x) for n, x in self._given.items())
        self._batch = torch.broadcast_shapes(*shapes)
        self._expand(self._batch)
        vars(self).update(given | self._given)

    def _expand(self, batch: torch.Size) -> None:
        self._given = {
            n: x.expand((*batch, *own_shape(self.family, n, x)))
            for n, x in self._given.items()
        }
        vars(self).update(self._given)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        new: Lawful = self.__new__(type(self)) if _instance is None else _instance
        new.__dict__.update(self.__dict__)
        batch = torch.Size(batch_shape)
        new._expand(batch)
        TorchDistribution.__init__(new, batch, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that gradients pass through."""
        shape = self._extended_shape(torch.Size(sample_shape))
        dtype = next(iter(self._given.values())).dtype
        drawn = self.law.draw(FUNCTIONS, Numbers(shape, dtype), **self._given)
        return drawn.to(dtype).expand(shape)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws."""
        with torch.no_grad():
            return self.rsample(sample_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density, one number for each batch element."""
        if self._validate_args:
            self._validate_sample(value)
        value = value.to(next(iter(self._given.values())).dtype)
        shape = torch.broadcast_shapes(value.shape, self.batch_shape + self.event_shape)
        value = value.expand(shape)
        density = partial(self.law.log_prob, FUNCTIONS, **self._given)
        return guarded(self.family, self._arrays, self._given, value, density)

    @property
    def _arrays(self) -> TorchArrays:
        dtype = next(iter(self._given.values())).dtype
        return TorchArrays(str(dtype).removeprefix("torch."))


def _class(name: str) -> type:
    family = FAMILIES[name]
    last = Parameter("validate_args", Parameter.POSITIONAL_OR_KEYWORD, default=None)
    return class_of(
        name,
        LAWS[name],
        Lawful,
        __init__=constructor(Lawful, family.parameters, last),
        has_rsample=LAWS[name].reparameterized and not family.discrete,
        **constrained(family, constraints, constraint),
    )


#: Pyro's own class takes one temperature for a whole batch, or has a density in few
#: dimensions.
_NARROW = {"ProjectedNormal", "RelaxedOneHotCategorical"}

#: The classes, by the name of the family.
CLASSES = {
    name: _class(name) for name in LAWS if name in _NARROW or not hasattr(dist, name)
}

# They can be pickled, and imported by name.
globals().update(CLASSES)


def projected_normal(concentration: Tensor, validate_args: bool | None = None) -> Any:
    """Pyro's own where it has a density, and the law's class elsewhere."""
    own = concentration.shape[-1] in DIMENSIONS
    found = dist.ProjectedNormal if own else CLASSES["ProjectedNormal"]
    return found(concentration, validate_args=validate_args)
