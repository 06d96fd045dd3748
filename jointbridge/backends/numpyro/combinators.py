"""Distributions of NumPyro that take others, with what NumPyro leaves to the user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpyro.distributions as dist
from numpyro.distributions import constraints, transforms

from jointbridge.backends.base import Region
from jointbridge.backends.images import image
from jointbridge.families import TRANSFORMS


def _tanh() -> Any:
    """tanh, which NumPyro says as a sigmoid between affine maps."""
    twice = transforms.AffineTransform(0.0, 2.0)
    back = transforms.AffineTransform(-1.0, 2.0, domain=constraints.unit_interval)
    return transforms.ComposeTransform([twice, transforms.SigmoidTransform(), back])


#: Transforms that NumPyro has under no name of its own.
OURS: dict[str, Callable[..., Any]] = {"TanhTransform": _tanh}


def transform(region: Region) -> Any:
    """NumPyro's transform of a row."""
    name = region.support.name
    return (OURS.get(name) or getattr(transforms, name))(**region.bounds)


class Transformed(dist.TransformedDistribution):
    """NumPyro's TransformedDistribution, its support the image of the base's.

    NumPyro's own takes the transform's word for it: all reals for a scaled Beta.
    """

    pytree_aux_fields = ("limits",)

    def __init__(self, base: Any, given: Region, validate_args: Any = None) -> None:
        self.limits = TRANSFORMS[given.support.name].limits
        super().__init__(base, transform(given), validate_args=validate_args)

    @constraints.dependent_property
    def support(self) -> Any:
        """The values between the images of the base's ends."""
        base = self.base_dist.support
        return image(constraints, base, self.limits, self._sent)

    def _sent(self, end: Any) -> Any:
        for part in self.transforms:
            end = part(end)
        return end


def transformed(
    base_distribution: Any, transforms: Region, validate_args: bool | None = None
) -> Transformed:
    """A distribution sent through the transform of a row."""
    return Transformed(base_distribution, transforms, validate_args)


def sine_skewed(
    base: Any, skewness: Any, validate_args: bool | None = None
) -> dist.SineSkewed:
    """NumPyro's SineSkewed of single angles, as many as the skewness has numbers."""
    batch = jnp.broadcast_shapes(base.batch_shape, skewness.shape)
    angles = base.expand(batch).to_event(1)
    return dist.SineSkewed(angles, skewness, validate_args=validate_args)


#: The constructors of this module, by the name that the table uses.
COMBINATORS: dict[str, Callable[..., Any]] = {
    "SineSkewed": sine_skewed,
    "TransformedDistribution": transformed,
}
