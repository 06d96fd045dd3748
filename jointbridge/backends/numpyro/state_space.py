"""NumPyro's GaussianStateSpace, also with a transition matrix for each of a batch."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpyro.distributions as dist
from numpyro.distributions.transforms import RecursiveLinearTransform

from jointbridge.evaluate import Array


class GaussianStateSpace(dist.GaussianStateSpace):
    """NumPyro's, whose own constructor takes one transition matrix alone.

    Args:
        num_steps: How many states.
        transition_matrix: One for each of the batch.
        initial_value: The state before the first.
        validate_args: As for every NumPyro distribution.
        **matrix: The covariance, the precision or the factor of the noise.
    """

    def __init__(
        self,
        num_steps: int,
        transition_matrix: Array,
        initial_value: Array,
        *,
        validate_args: bool | None = None,
        **matrix: Array | None,
    ) -> None:
        noise = dist.MultivariateNormal(**matrix)
        self.num_steps, self.transition_matrix = num_steps, transition_matrix
        self._initial_value, self.scale_tril = initial_value, noise.scale_tril
        batch = jnp.broadcast_shapes(
            noise.batch_shape, transition_matrix.shape[:-2], initial_value.shape[:-1]
        )
        tril = jnp.repeat(noise.scale_tril[..., None, :, :], num_steps, axis=-3)
        steps = dist.MultivariateNormal(scale_tril=tril).to_event(1).expand(batch)
        transform = RecursiveLinearTransform(transition_matrix, initial_value)
        dist.TransformedDistribution.__init__(
            self, steps, transform, validate_args=validate_args
        )


def gaussian_state_space(
    num_steps: int,
    transition_matrix: Array,
    initial_value: Array,
    validate_args: bool | None = None,
    **matrix: Array,
) -> Any:
    """NumPyro's own where it takes the transition matrix, and the class of this module."""
    *batch, rows, columns = transition_matrix.shape
    if any(size != 1 for size in batch):
        return GaussianStateSpace(
            num_steps,
            transition_matrix,
            initial_value,
            validate_args=validate_args,
            **matrix,
        )
    # NumPyro expands the noise to the batch of the initial value, which must be the whole.
    (noise,) = (x.shape[:-2] for x in matrix.values())
    batch_shape = jnp.broadcast_shapes(noise, initial_value.shape[:-1])
    return dist.GaussianStateSpace(
        num_steps,
        transition_matrix.reshape((rows, columns)),
        initial_value=jnp.broadcast_to(initial_value, (*batch_shape, rows)),
        validate_args=validate_args,
        **matrix,
    )
