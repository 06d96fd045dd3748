"""Bijectors from vectors to matrices, and to vectors that sum to zero."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp

from jointbridge.backends.tfp.library import tfb
from jointbridge.evaluate import Array


class LowerCholesky(tfb.Bijector):
    """From a vector to a lower triangular matrix with a positive diagonal.

    The vector fills what is below the diagonal, row by row; its last entries are the
    logarithms of the diagonal.
    """

    def __init__(self, name: str = "lower_cholesky") -> None:
        super().__init__(
            forward_min_event_ndims=1,
            inverse_min_event_ndims=2,
            validate_args=False,
            parameters={"name": name},
            name=name,
        )

    def _forward(self, x: Array) -> Array:
        size = _matrix_size(x.shape[-1])
        rows, columns = jnp.tril_indices(size, -1)
        places = jnp.arange(size)
        empty = jnp.zeros((*x.shape[:-1], size, size), x.dtype)
        below = empty.at[..., rows, columns].set(x[..., :-size])
        return below.at[..., places, places].set(jnp.exp(x[..., -size:]))

    def _inverse(self, y: Array) -> Array:
        rows, columns = jnp.tril_indices(y.shape[-1], -1)
        diagonal = jnp.log(jnp.diagonal(y, axis1=-2, axis2=-1))
        return jnp.concatenate([y[..., rows, columns], diagonal], axis=-1)

    def _forward_log_det_jacobian(self, x: Array) -> Array:
        return jnp.sum(x[..., -_matrix_size(x.shape[-1]) :], axis=-1)

    def _inverse_log_det_jacobian(self, y: Array) -> Array:
        return -jnp.sum(jnp.log(jnp.diagonal(y, axis1=-2, axis2=-1)), axis=-1)

    def _forward_event_shape(self, shape: Any) -> Any:
        size = _matrix_size(shape[-1])
        return shape[:-1].concatenate([size, size])

    def _inverse_event_shape(self, shape: Any) -> Any:
        return shape[:-2].concatenate([shape[-1] * (shape[-1] + 1) // 2])

    def _forward_event_shape_tensor(self, shape: Any) -> Any:
        size = _matrix_size(int(shape[-1]))
        return jnp.asarray([*shape[:-1], size, size])

    def _inverse_event_shape_tensor(self, shape: Any) -> Any:
        size = int(shape[-1])
        return jnp.asarray([*shape[:-2], size * (size + 1) // 2])


class FromFactor(tfb.Bijector):
    """From a lower Cholesky factor L to L L^T.

    Args:
        unit: Whether the rows of L have unit length, so that what comes out is a
            correlation matrix and moves only off its diagonal.
    """

    def __init__(self, unit: bool = False, name: str = "from_factor") -> None:
        self._unit = unit
        super().__init__(
            forward_min_event_ndims=2,
            validate_args=False,
            parameters={"unit": unit, "name": name},
            name=name,
        )

    def _forward(self, x: Array) -> Array:
        return x @ jnp.swapaxes(x, -2, -1)

    def _inverse(self, y: Array) -> Array:
        return jnp.linalg.cholesky(y)

    def _forward_log_det_jacobian(self, x: Array) -> Array:
        size = x.shape[-1]
        most = size - 1 if self._unit else size
        powers = jnp.arange(most, most - size, -1, dtype=x.dtype)
        logs = jnp.log(jnp.diagonal(x, axis1=-2, axis2=-1))
        front = 0.0 if self._unit else size * math.log(2)
        return front + jnp.sum(powers * logs, axis=-1)


class ZeroSum(tfb.Bijector):
    """From a vector to one entry more, all of which sum to zero; lengths stay."""

    def __init__(self, name: str = "zero_sum") -> None:
        super().__init__(
            forward_min_event_ndims=1,
            is_constant_jacobian=True,
            validate_args=False,
            parameters={"name": name},
            name=name,
        )

    def _forward(self, x: Array) -> Array:
        size = x.shape[-1] + 1
        total = jnp.sum(x, axis=-1, keepdims=True)
        norm = total / (math.sqrt(size) + size)
        last = norm - total / math.sqrt(size)
        return jnp.concatenate([x, last], axis=-1) - norm

    def _inverse(self, y: Array) -> Array:
        size = y.shape[-1]
        total = -y[..., -1:] * math.sqrt(size)
        return y[..., :-1] + total / (math.sqrt(size) + size)

    def _forward_log_det_jacobian(self, x: Array) -> Array:
        return jnp.zeros((), x.dtype)

    def _forward_event_shape(self, shape: Any) -> Any:
        return shape[:-1].concatenate([shape[-1] + 1])

    def _inverse_event_shape(self, shape: Any) -> Any:
        return shape[:-1].concatenate([shape[-1] - 1])

    def _forward_event_shape_tensor(self, shape: Any) -> Any:
        return jnp.asarray([*shape[:-1], shape[-1] + 1])

    def _inverse_event_shape_tensor(self, shape: Any) -> Any:
        return jnp.asarray([*shape[:-1], shape[-1] - 1])


def _matrix_size(length: int) -> int:
    return (math.isqrt(1 + 8 * length) - 1) // 2
