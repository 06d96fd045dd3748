"""Distributions that change another one of one value: censored, and with a hurdle."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

import torch
from pyro.distributions import TorchDistribution, constraints

from jointbridge.backends.laws.functions import log1mexp
from jointbridge.backends.laws.tails import censored
from jointbridge.backends.pyro.laws import FUNCTIONS

Tensor: TypeAlias = torch.Tensor


class Wrapped(TorchDistribution):
    """A distribution made of another one and some parameters.

    Args:
        base: The other distribution.
        validate_args: As for every Pyro distribution.
        **given: The parameters, or None for those that are not given.
    """

    arg_constraints: ClassVar[dict[str, Any]] = {}

    def __init__(
        self, base: Any, validate_args: bool | None = None, **given: Any
    ) -> None:
        kept = {n: torch.as_tensor(x) for n, x in given.items() if x is not None}
        batch = torch.broadcast_shapes(
            base.batch_shape, *(x.shape for x in kept.values())
        )
        self.base_dist = base.expand(batch)
        self.given = {n: x.expand(batch) for n, x in kept.items()}
        super().__init__(batch, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        batch = torch.Size(batch_shape)
        given = {n: x.expand(batch) for n, x in self.given.items()}
        return type(self)(
            self.base_dist.expand(batch), **given, validate_args=self._validate_args
        )

    @constraints.dependent_property
    def support(self) -> Any:
        """That of the base."""
        return self.base_dist.support

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws of the base."""
        with torch.no_grad():
            return self.base_dist.sample(torch.Size(sample_shape))


class LeftCensored(Wrapped):
    """`base`; where `censored`, its mass up to the value. Draws are those of `base`."""

    side = "below"

    def __init__(
        self, base: Any, censored: Tensor | int = 0, validate_args: bool | None = None
    ) -> None:
        super().__init__(base, validate_args, censored=censored)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density, or the log mass."""
        flags = self.given["censored"]
        found: Tensor = censored(FUNCTIONS, self.base_dist, value, flags, self.side)
        return found


class RightCensored(LeftCensored):
    """`base`; where `censored`, its mass from the value on. Draws are those of `base`."""

    side = "above"


class Hurdle(Wrapped):
    """0 with probability `gate`, else a draw of `base` that is not 0."""

    def __init__(
        self,
        base: Any,
        gate: Tensor | None = None,
        gate_logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        super().__init__(base, validate_args, gate=gate, gate_logits=gate_logits)

    @constraints.dependent_property
    def support(self) -> Any:
        """That of the base, with 0."""
        return self.base_dist.support if self._counted else constraints.nonnegative

    @property
    def _counted(self) -> bool:
        return bool(self.base_dist.support.is_discrete)

    def _log_gates(self) -> tuple[Tensor, Tensor]:
        """The log probabilities of 0 and of the rest."""
        if "gate" in self.given:
            return torch.log(self.given["gate"]), torch.log1p(-self.given["gate"])
        logits = self.given["gate_logits"]
        return -FUNCTIONS.softplus(-logits), -FUNCTIONS.softplus(logits)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density of what is not 0, the log probability of 0."""
        closed = value == 0
        # The base's density at 0 may have no gradient.
        density = self.base_dist.log_prob(torch.where(closed, 1.0, value))
        if self._counted:
            none = self.base_dist.log_prob(torch.zeros_like(density))
            density = density - log1mexp(FUNCTIONS, none)
        return self._log_gate(closed) + torch.where(closed, 0.0, density)

    def _log_gate(self, closed: Tensor) -> Tensor:
        """The log probability of 0, or of the rest; a gate of 0 or 1 has a gradient."""
        if "gate" not in self.given:
            return torch.where(closed, *self._log_gates())
        gate = self.given["gate"]
        shut, rest = torch.where(closed, gate, 1.0), torch.where(closed, 0.0, gate)
        return torch.where(closed, torch.log(shut), torch.log1p(-rest))

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws; those of a base that counts are made again where they are 0."""
        shape = torch.Size(sample_shape)
        with torch.no_grad():
            drawn = self.base_dist.sample(shape)
            while self._counted and bool((drawn == 0).any()):
                drawn = torch.where(drawn == 0, self.base_dist.sample(shape), drawn)
            gate, _ = self._log_gates()
            closed = torch.rand(drawn.shape, dtype=gate.dtype).log() < gate
            return torch.where(closed, torch.zeros_like(drawn), drawn)


#: By the name of the family.
WRAPPED = {c.__name__: c for c in (Hurdle, LeftCensored, RightCensored)}
