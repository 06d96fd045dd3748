"""Distributions of Pyro that take others, and the mixture of families that it lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

import pyro.distributions as dist
import torch
from pyro.distributions import TorchDistribution, constraints

from jointbridge.backends.base import Region
from jointbridge.backends.images import image
from jointbridge.backends.pyro.distributions import CIRCLE, Expands
from jointbridge.families import TRANSFORMS

Tensor: TypeAlias = torch.Tensor


class MixtureGeneral(TorchDistribution):
    """A mixture of components, each of a family of its own.

    Args:
        mixture_distribution: Which component.
        components: As many distributions, which share one support.
        validate_args: As for every Pyro distribution.
    """

    arg_constraints: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        mixture_distribution: Any,
        components: list[Any],
        validate_args: bool | None = None,
    ) -> None:
        parts = [mixture_distribution, *components]
        batch = torch.broadcast_shapes(*(d.batch_shape for d in parts))
        self.mixture_distribution = mixture_distribution.expand(batch)
        self.components = [d.expand(batch) for d in components]
        event = components[0].event_shape
        super().__init__(batch, event, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        batch = torch.Size(batch_shape)
        parts = [d.expand(batch) for d in self.components]
        which = self.mixture_distribution.expand(batch)
        return MixtureGeneral(which, parts, self._validate_args)

    @constraints.dependent_property
    def support(self) -> Any:
        """The support that all components share."""
        return self.components[0].support

    def log_prob(self, value: Tensor) -> Tensor:
        """The log density."""
        each = torch.stack([d.log_prob(value) for d in self.components], dim=-1)
        logs = torch.log_softmax(self.mixture_distribution.logits, dim=-1)
        return torch.logsumexp(logs + each, dim=-1)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws of every component, of which one is kept."""
        shape = torch.Size(sample_shape)
        with torch.no_grad():
            each = torch.stack([d.sample(shape) for d in self.components])
            which = self.mixture_distribution.sample(shape)
            index = which[(None, ..., *(None,) * len(self.event_shape))]
            return each.gather(0, index.expand(1, *each.shape[1:]))[0]


class TransformedDistribution(Expands, dist.TransformedDistribution):
    """Pyro's TransformedDistribution, its support the image of the base's.

    Pyro's own takes the transform's word for it: all reals for a scaled Beta.
    """

    def __init__(
        self,
        base_distribution: Any,
        transforms: Any,
        validate_args: bool | None = None,
    ) -> None:
        self.limits = TRANSFORMS[type(transforms).__name__].limits
        super().__init__(base_distribution, [transforms], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        new = super().expand(batch_shape, _instance)
        new.limits = self.limits
        return new

    @constraints.dependent_property
    def support(self) -> Any:
        """The values between the images of the base's ends."""
        base = self.base_dist.support
        return image(constraints, base, self.limits, self._sent)

    def _sent(self, end: Any) -> Tensor:
        end = end if torch.is_tensor(end) else torch.tensor(float(end))
        for part in self.transforms:
            end = part(end)
        return end


def transformed(
    base_distribution: Any, transforms: Region, validate_args: bool | None = None
) -> TransformedDistribution:
    """A distribution sent through the transform of a row."""
    made = getattr(dist.transforms, transforms.support.name)(**transforms.bounds)
    return TransformedDistribution(base_distribution, made, validate_args)


class SineSkewed(dist.SineSkewed):
    """Pyro's SineSkewed on the angles from -pi to pi, of single angles.

    Args:
        base: Single angles; the last axis of the batch becomes the event.
        skewness: One number for each angle.
        validate_args: As for every Pyro distribution.
    """

    support = constraints.independent(CIRCLE, 1)

    def __init__(
        self, base: Any, skewness: Tensor, validate_args: bool | None = None
    ) -> None:
        batch = torch.broadcast_shapes(base.batch_shape, skewness.shape)
        super().__init__(base.expand(batch).to_event(1), skewness, validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The distribution with a larger batch shape."""
        batch = (*batch_shape, *self.event_shape)
        base = self.base_dist.base_dist.expand(torch.Size(batch))
        return SineSkewed(base, self.skewness.expand(batch), self._validate_args)


class SineBivariateVonMises(dist.SineBivariateVonMises):
    """Pyro's SineBivariateVonMises on the angles from -pi to pi."""

    support = constraints.independent(CIRCLE, 1)


#: The constructors of this module, by the name that the table uses.
COMBINATORS: dict[str, Callable[..., Any]] = {
    "MixtureGeneral": MixtureGeneral,
    "SineBivariateVonMises": SineBivariateVonMises,
    "SineSkewed": SineSkewed,
    "TransformedDistribution": transformed,
}
