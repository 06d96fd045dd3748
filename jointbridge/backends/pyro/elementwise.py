"""Families of one value that Pyro lacks, each with its density and its draws."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import torch
from pyro.distributions import TorchDistribution, constraints
from torch.distributions.utils import broadcast_all

Tensor: TypeAlias = torch.Tensor


class Elementwise(TorchDistribution):
    """One value for each element of the parameters.

    A subclass names its parameters in `arg_constraints`, and gives `log_prob` and
    `_draw`.
    """

    def __init__(self, validate_args: bool | None = None, **given: Tensor) -> None:
        arrays = dict(zip(given, broadcast_all(*given.values()), strict=True))
        vars(self).update(arrays)
        batch = next(iter(arrays.values())).shape
        super().__init__(batch, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        new = self.__new__(type(self)) if _instance is None else _instance
        batch = torch.Size(batch_shape)
        for name in self.arg_constraints:
            setattr(new, name, getattr(self, name).expand(batch))
        TorchDistribution.__init__(new, batch, validate_args=False)
        new._validate_args = self._validate_args  # noqa: SLF001
        return new

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws that gradients pass through."""
        return self._draw(self._extended_shape(torch.Size(sample_shape)))

    def _draw(self, shape: torch.Size) -> Tensor:
        raise NotImplementedError

    def _uniform(self, shape: torch.Size) -> Tensor:
        """Numbers above 0 and below 1."""
        like = next(iter(self.arg_constraints))
        drawn = torch.empty(shape, dtype=getattr(self, like).dtype).uniform_()
        return drawn.clamp(min=torch.finfo(drawn.dtype).tiny)


class LogUniform(Elementwise):
    """exp of a uniform from log(low) to log(high)."""

    arg_constraints = {"low": constraints.positive, "high": constraints.positive}  # noqa: RUF012
    has_rsample = True

    def __init__(
        self, low: Tensor, high: Tensor, validate_args: bool | None = None
    ) -> None:
        super().__init__(validate_args, low=low, high=high)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """The values between the edges."""
        return constraints.interval(self.low, self.high)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density; -inf outside the edges."""
        inside = (value >= self.low) & (value <= self.high)
        density = -torch.log(value) - torch.log(torch.log(self.high / self.low))
        return torch.where(inside, density, torch.full_like(density, -math.inf))

    def _draw(self, shape: torch.Size) -> Tensor:
        ratio = torch.log(self.high / self.low)
        drawn = self.low * torch.exp(self._uniform(shape) * ratio)
        return torch.minimum(torch.maximum(drawn, self.low), self.high)


class Gompertz(Elementwise):
    """Waiting time whose hazard grows exponentially."""

    arg_constraints = {  # noqa: RUF012
        "concentration": constraints.positive,
        "rate": constraints.positive,
    }
    support = constraints.nonnegative
    has_rsample = True

    def __init__(
        self, concentration: Tensor, rate: Tensor, validate_args: bool | None = None
    ) -> None:
        super().__init__(validate_args, concentration=concentration, rate=rate)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        z = self.rate * value
        front = torch.log(self.concentration) + torch.log(self.rate)
        return front + z - self.concentration * torch.expm1(z)

    def _draw(self, shape: torch.Size) -> Tensor:
        waited = -torch.log(self._uniform(shape))
        return torch.log1p(waited / self.concentration) / self.rate


class Levy(Elementwise):
    """`scale` over the square of a standard normal, from `loc` on."""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}  # noqa: RUF012
    has_rsample = True

    def __init__(
        self, loc: Tensor, scale: Tensor, validate_args: bool | None = None
    ) -> None:
        super().__init__(validate_args, loc=loc, scale=scale)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """The values above `loc`."""
        return constraints.greater_than(self.loc)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        z = value - self.loc
        front = 0.5 * (torch.log(self.scale) - math.log(2 * math.pi))
        return front - 0.5 * self.scale / z - 1.5 * torch.log(z)

    def _draw(self, shape: torch.Size) -> Tensor:
        normal = torch.empty(shape, dtype=self.loc.dtype).normal_()
        return self.loc + self.scale / normal**2


class DiscreteUniform(Elementwise):
    """Whole numbers from `low` to `high`, both included; as floats, as Pyro's counts."""

    arg_constraints = {"low": constraints.real, "high": constraints.real}  # noqa: RUF012

    def __init__(
        self, low: Tensor, high: Tensor, validate_args: bool | None = None
    ) -> None:
        super().__init__(validate_args, low=low, high=high)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Any:
        """The whole numbers between the edges."""
        return constraints.integer_interval(self.low, self.high)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log probability; -inf outside the edges."""
        inside = (value >= self.low) & (value <= self.high)
        density = -torch.log(self.high - self.low + 1).expand(inside.shape)
        impossible = torch.full_like(density, -math.inf)
        return torch.where(inside & (value == value.floor()), density, impossible)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws, each whole number as likely as the others."""
        return self.rsample(sample_shape).detach()

    def _draw(self, shape: torch.Size) -> Tensor:
        count = self.high - self.low + 1
        drawn = torch.floor(self.low + self._uniform(shape) * count)
        return torch.minimum(drawn, self.high)


#: The classes of this module, by the name that the catalogue uses.
ELEMENTWISE = {c.__name__: c for c in (DiscreteUniform, Gompertz, Levy, LogUniform)}
