"""A series of states with linear transitions and normal noise, which TFP lacks."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.tfp.library import TensorShape, tfb, tfd, tfp
from jointbridge.backends.tfp.wishart import cholesky_of_inverse
from jointbridge.evaluate import Array


class GaussianStateSpace(tfd.AutoCompositeTensorDistribution):
    """States, each `transition_matrix` @ the one before, and normal noise.

    Args:
        num_steps: How many states.
        transition_matrix: What a state is sent on with.
        covariance_matrix: The covariance of the noise; or
        precision_matrix: its inverse; or
        scale_tril: its Cholesky factor.
        initial_value: The state before the first.
    """

    def __init__(
        self,
        num_steps: int,
        transition_matrix: Array,
        covariance_matrix: Array | None = None,
        precision_matrix: Array | None = None,
        scale_tril: Array | None = None,
        initial_value: Array | float = 0.0,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "GaussianStateSpace",
    ) -> None:
        parameters = dict(locals())
        self.num_steps, self.transition_matrix = num_steps, transition_matrix
        self.covariance_matrix = covariance_matrix
        self.precision_matrix, self.scale_tril = precision_matrix, scale_tril
        size = transition_matrix.shape[-1:]
        # One number is the same for every entry.
        self.initial_value = initial_value * jnp.ones(size, transition_matrix.dtype)
        parameters["initial_value"] = self.initial_value
        super().__init__(
            dtype=transition_matrix.dtype,
            reparameterization_type=tfd.FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            name=name,
        )

    @classmethod
    def _parameter_properties(cls, dtype: Any, num_classes: Any = None) -> Any:
        del dtype, num_classes
        plain = tfp.util.ParameterProperties
        return {
            "num_steps": plain(event_ndims=None),
            "transition_matrix": plain(event_ndims=2),
            "covariance_matrix": plain(event_ndims=2),
            "precision_matrix": plain(event_ndims=2),
            "scale_tril": plain(event_ndims=2),
            "initial_value": plain(event_ndims=1),
        }

    def _event_shape(self) -> Any:
        return TensorShape([self.num_steps, *self.transition_matrix.shape[-1:]])

    def _event_shape_tensor(self) -> Any:
        sizes = (self.num_steps, *self.transition_matrix.shape[-1:])
        return jnp.asarray(sizes, "int32")

    def _factor(self) -> Array:
        """The Cholesky factor of the noise's covariance."""
        if self.covariance_matrix is not None:
            return jnp.linalg.cholesky(self.covariance_matrix)
        if self.precision_matrix is not None:
            return cholesky_of_inverse(self.precision_matrix)
        assert self.scale_tril is not None
        return self.scale_tril

    def _log_prob(self, value: Array) -> Array:
        first = jnp.broadcast_to(self.initial_value, value[..., 0, :].shape)
        before = jnp.concatenate([first[..., None, :], value[..., :-1, :]], axis=-2)
        noise = value - before @ jnp.swapaxes(self.transition_matrix, -2, -1)
        tril = self._factor()[..., None, :, :]
        each = tfd.MultivariateNormalTriL(scale_tril=tril).log_prob(noise)
        return jnp.sum(each, axis=-1)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        shape = (n, *self.batch_shape, *self.event_shape)
        z = jax.random.normal(seed, shape, self.dtype)
        noise = z @ jnp.swapaxes(self._factor(), -2, -1)

        def step(state: Array, new: Array) -> tuple[Array, Array]:
            state = jnp.einsum("...ij,...j->...i", self.transition_matrix, state) + new
            return state, state

        first = jnp.broadcast_to(self.initial_value, (*shape[:-2], shape[-1]))
        _, states = jax.lax.scan(step, first, jnp.moveaxis(noise, -2, 0))
        return jnp.moveaxis(states, 0, -2)

    def _default_event_space_bijector(self) -> Any:
        return tfb.Identity()
