"""Truncated distributions, which Pyro lacks.

Everything happens in the lower tail of a standard distribution, in log space; an interval
whose middle lies above 0 is mirrored there first:

    -4 ─── -3 ──────── 0 ──────── 3 ─── 4        [3, 4] has the mass of [-4, -3]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import pyro.distributions as dist
import torch
from pyro.distributions import TorchDistribution, constraints

from jointbridge.backends.laws.truncated import far_density, is_far
from jointbridge.backends.pyro.laws import FUNCTIONS
from jointbridge.errors import UnsupportedError

Tensor: TypeAlias = torch.Tensor
_LOG_2 = math.log(2.0)
_LOG_2_PI = math.log(2.0 * math.pi)


class Standard(NamedTuple):
    """A distribution that is symmetric about 0.

    Attributes:
        log_cdf: The log of the distribution function, accurate far below 0.
        quantile: The value below which the mass is exp of the argument.
    """

    log_cdf: Callable[[Tensor], Tensor]
    quantile: Callable[[Tensor], Tensor]


def _normal_quantile(log_p: Tensor) -> Tensor:
    # Far out, where exp(log_p) runs out of digits: the asymptotic tail, then Newton
    # steps on log_ndtr, which is concave there.
    far = log_p.clamp(max=-30.0)
    z = -torch.sqrt(-2.0 * far - torch.log(-2.0 * far) - _LOG_2_PI)
    for _ in range(4):
        log_cdf = torch.special.log_ndtr(z)
        log_density = -0.5 * (z * z + _LOG_2_PI)
        z = z - (log_cdf - far) * torch.exp(log_cdf - log_density)
    return torch.where(log_p < -30.0, z, torch.special.ndtri(torch.exp(log_p)))


def _cauchy_log_cdf(z: Tensor) -> Tensor:
    return torch.log(torch.atan2(torch.ones_like(z), -z) / math.pi)


def _cauchy_quantile(log_p: Tensor) -> Tensor:
    return -1.0 / torch.tan(math.pi * torch.exp(log_p))


def _laplace_log_cdf(z: Tensor) -> Tensor:
    upper = torch.log1p(-0.5 * torch.exp(-z.clamp(min=0.0)))
    return torch.where(z < 0.0, z - _LOG_2, upper)


def _laplace_quantile(log_p: Tensor) -> Tensor:
    upper = -_LOG_2 - _log1mexp(log_p.clamp(min=-_LOG_2))
    return torch.where(log_p < -_LOG_2, log_p + _LOG_2, upper)


def _logistic_log_cdf(z: Tensor) -> Tensor:
    return -torch.logaddexp(-z, torch.zeros_like(z))


def _logistic_quantile(log_p: Tensor) -> Tensor:
    return log_p - _log1mexp(log_p)


STANDARDS: dict[type, Standard] = {
    dist.Normal: Standard(torch.special.log_ndtr, _normal_quantile),
    dist.Cauchy: Standard(_cauchy_log_cdf, _cauchy_quantile),
    dist.Laplace: Standard(_laplace_log_cdf, _laplace_quantile),
    dist.Logistic: Standard(_logistic_log_cdf, _logistic_quantile),
}


class Truncated(TorchDistribution):
    """A distribution restricted to [low, high] and normalised again.

    Args:
        base: A Normal, Cauchy, Laplace or Logistic.
        low: The lower edge; None for none.
        high: The upper edge; None for none.
        validate_args: As for every Pyro distribution.

    Raises:
        UnsupportedError: The base has no distribution function in torch.
    """

    arg_constraints = {"low": constraints.real, "high": constraints.real}  # noqa: RUF012

    def __init__(
        self,
        base: Any,
        low: Tensor | None = None,
        high: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if type(base) not in STANDARDS:
            able = ", ".join(c.__name__ for c in STANDARDS)
            raise UnsupportedError(
                f"Pyro cannot truncate a {type(base).__name__}: torch has no "
                "distribution function for it",
                hint=f"it can truncate {able}",
            )
        edges = [e.shape for e in (low, high) if e is not None]
        batch = torch.broadcast_shapes(base.batch_shape, *edges)
        self.base_dist = base.expand(batch)
        self.low = low if low is None else low.expand(batch)
        self.high = high if high is None else high.expand(batch)
        # An edge that is None satisfies no constraint: nothing is checked here.
        super().__init__(batch, validate_args=False)
        self._validate_args = bool(validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Truncated:
        """The distribution with a larger batch shape."""
        del _instance
        batch = torch.Size(batch_shape)
        low, high = (e if e is None else e.expand(batch) for e in (self.low, self.high))
        return Truncated(self.base_dist.expand(batch), low, high, self._validate_args)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """The values between the edges."""
        if self.low is None:
            return constraints.real if self.high is None else _below(self.high)
        if self.high is None:
            return constraints.greater_than_eq(self.low)
        return constraints.interval(self.low, self.high)

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density; -inf outside the edges."""
        far = is_far(FUNCTIONS, self.base_dist, self.low, self.high)
        density = self.base_dist.log_prob(value) - self._log_mass(far)
        if far is not None:
            ends = self.low, self.high
            away = far_density(FUNCTIONS, self.base_dist, value, *ends)
            density = torch.where(far, away, density)
        inside = torch.ones_like(density, dtype=torch.bool)
        inside = inside if self.low is None else inside & (value >= self.low)
        inside = inside if self.high is None else inside & (value <= self.high)
        return torch.where(inside, density, torch.full_like(density, -math.inf))

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws by the quantile function."""
        shape = self._extended_shape(torch.Size(sample_shape))
        with torch.no_grad():
            low, high = self._edges()
            mirrored = low + high > 0.0
            start = torch.where(mirrored, -high, low)
            loc, scale = self.base_dist.loc, self.base_dist.scale
            tiny = torch.finfo(loc.dtype).tiny
            uniform = torch.rand(shape, dtype=loc.dtype, device=loc.device)
            log_part = uniform.clamp(min=tiny).log() + self._log_mass()
            log_p = torch.logaddexp(self._standard.log_cdf(start), log_part)
            z = self._standard.quantile(log_p)
            value = loc + scale * torch.where(mirrored, -z, z)
            # Rounding must not carry a draw over an edge.
            value = value if self.low is None else torch.maximum(value, self.low)
            return value if self.high is None else torch.minimum(value, self.high)

    @property
    def _standard(self) -> Standard:
        return STANDARDS[type(self.base_dist)]

    def _edges(self) -> tuple[Tensor, Tensor]:
        """The edges on the standard scale."""
        loc, scale = self.base_dist.loc, self.base_dist.scale
        infinite = torch.full_like(loc, math.inf)
        low = -infinite if self.low is None else (self.low - loc) / scale
        high = infinite if self.high is None else (self.high - loc) / scale
        return low, high

    def _log_mass(self, leave: Tensor | None = None) -> Tensor:
        """The log mass between the edges; of no use where `leave` is true."""
        log_cdf = self._standard.log_cdf
        low, high = self._edges()
        if leave is not None:
            one = torch.ones_like(low)
            low, high = torch.where(leave, -one, low), torch.where(leave, one, high)
        if self.low is None:
            return torch.zeros_like(low) if self.high is None else log_cdf(high)
        return log_cdf(-low) if self.high is None else _log_mass(log_cdf, low, high)


def _below(high: Tensor) -> Any:
    # torch has no transform for a closed edge here, and no constraint either.
    return constraints.less_than(high)


def _log_mass(log_cdf: Callable[[Tensor], Tensor], low: Tensor, high: Tensor) -> Tensor:
    """The log mass between two finite edges."""
    mirrored = low + high > 0.0
    low, high = torch.where(mirrored, -high, low), torch.where(mirrored, -low, high)
    # Now `low` is below 0 and further out than `high`.  Each branch gets arguments that
    # are harmless where the other one is chosen, for the gradients' sake.
    tail = high <= 0.0
    zero = torch.zeros_like(high)
    upper = log_cdf(torch.where(tail, high, zero))
    within = upper + _log1mexp(log_cdf(low) - upper)
    outside = torch.exp(log_cdf(low)) + torch.exp(
        log_cdf(torch.where(tail, zero, -high))
    )
    return torch.where(tail, within, torch.log1p(-outside))


def _log1mexp(x: Tensor) -> Tensor:
    """log(1 - exp(x)) for negative x."""
    near = x > -_LOG_2
    close = torch.log(-torch.expm1(torch.where(near, x, -torch.ones_like(x))))
    away = torch.log1p(-torch.exp(torch.where(near, -torch.ones_like(x), x)))
    return torch.where(near, close, away)
