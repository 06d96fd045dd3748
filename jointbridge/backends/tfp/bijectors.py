"""One bijector for each support, as the contract says; TFP's own defaults differ.

positive       exp, not softplus
simplex        stick breaking (`IteratedSigmoidCentered`), not softmax
corr_cholesky  tanh and stick breaking row by row, not normalised rows
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax.nn import softplus

from jointbridge.backends.base import Region
from jointbridge.backends.tfp.library import tfb
from jointbridge.backends.tfp.matrix_bijectors import FromFactor, LowerCholesky, ZeroSum
from jointbridge.evaluate import Array


class CorrCholesky(tfb.Bijector):
    """From a vector to the Cholesky factor of a correlation matrix.

    The vector fills the rows below the diagonal, left to right; `tanh` makes each entry a
    partial correlation r, and a row breaks a stick of length 1 along its columns:

        L[i, j] = r[i, j] * sqrt(prod over k < j of (1 - r[i, k]**2)),    r[i, i] = 1
    """

    def __init__(self, name: str = "corr_cholesky") -> None:
        super().__init__(
            forward_min_event_ndims=1,
            inverse_min_event_ndims=2,
            is_constant_jacobian=False,
            validate_args=False,
            parameters={"name": name},
            name=name,
        )

    def _forward(self, x: Array) -> Array:
        eps = jnp.finfo(x.dtype).eps
        r = _to_matrix(jnp.clip(jnp.tanh(x), -1 + eps, 1 - eps))
        left = jnp.cumprod(jnp.sqrt(1 - r**2), axis=-1)
        return (r + jnp.eye(r.shape[-1], dtype=x.dtype)) * _shift_right(left)

    def _inverse(self, y: Array) -> Array:
        left = 1 - jnp.cumsum(y**2, axis=-1)
        rows, columns = jnp.tril_indices(y.shape[-1], -1)
        return jnp.arctanh((y / jnp.sqrt(_shift_right(left)))[..., rows, columns])

    def _forward_log_det_jacobian(self, x: Array) -> Array:
        y = self._forward(x)
        left = 1 - jnp.cumsum(y**2, axis=-1)
        # What is left of the stick behind each entry, up to the last but one of a row.
        rows, columns = jnp.tril_indices(y.shape[-1], -2)
        sticks = 0.5 * jnp.sum(jnp.log(left[..., rows, columns]), axis=-1)
        return sticks - 2 * jnp.sum(x + softplus(-2 * x) - math.log(2), axis=-1)

    def _inverse_log_det_jacobian(self, y: Array) -> Array:
        return -self._forward_log_det_jacobian(self._inverse(y))

    def _forward_event_shape(self, shape: Any) -> Any:
        size = _matrix_size(shape[-1])
        return shape[:-1].concatenate([size, size])

    def _inverse_event_shape(self, shape: Any) -> Any:
        size = shape[-1]
        return shape[:-2].concatenate([size * (size - 1) // 2])

    def _forward_event_shape_tensor(self, shape: Any) -> Any:
        size = _matrix_size(int(shape[-1]))
        return jnp.asarray([*shape[:-1], size, size])

    def _inverse_event_shape_tensor(self, shape: Any) -> Any:
        size = int(shape[-1])
        return jnp.asarray([*shape[:-2], size * (size - 1) // 2])


class Unchanged(tfb.Bijector):
    """What stays as it is, counts too: `Identity` has no Jacobian of an integer."""

    def __init__(self, dtype: str, name: str = "unchanged") -> None:
        self._width = dtype
        super().__init__(
            forward_min_event_ndims=0,
            is_constant_jacobian=True,
            validate_args=False,
            parameters={"dtype": dtype, "name": name},
            name=name,
        )

    def _forward(self, x: Array) -> Array:
        return x

    _inverse = _forward

    def _forward_log_det_jacobian(self, x: Array) -> Array:
        del x
        return jnp.zeros((), self._width)

    _inverse_log_det_jacobian = _forward_log_det_jacobian


def _matrix_size(length: int) -> int:
    return (1 + math.isqrt(1 + 8 * length)) // 2


def _to_matrix(x: Array) -> Array:
    """The vector below the diagonal, row by row; zeros elsewhere."""
    size = _matrix_size(x.shape[-1])
    rows, columns = jnp.tril_indices(size, -1)
    empty = jnp.zeros((*x.shape[:-1], size, size), x.dtype)
    return empty.at[..., rows, columns].set(x)


def _shift_right(x: Array) -> Array:
    """The columns one further right, behind a column of ones."""
    return jnp.concatenate([jnp.ones_like(x[..., :1]), x[..., :-1]], axis=-1)


def _above(low: Array) -> Any:
    return tfb.Chain([tfb.Shift(low), tfb.Exp()])


def _below(high: Array) -> Any:
    return tfb.Chain([tfb.Shift(high), tfb.Scale(-jnp.ones_like(high)), tfb.Exp()])


def _interval(low: Array, high: Array) -> Any:
    return tfb.Sigmoid(low=low, high=high)


#: How the bijector of a support is made from its bounds.
BIJECTORS: dict[str, Callable[..., Any]] = {
    "real": tfb.Identity,
    "positive": tfb.Exp,
    "nonnegative": tfb.Exp,
    "unit_interval": tfb.Sigmoid,
    "open_unit_interval": tfb.Sigmoid,
    "greater_than": _above,
    "greater_than_eq": _above,
    "less_than": _below,
    "less_than_eq": _below,
    "interval": _interval,
    "circular": _interval,
    "simplex": tfb.IteratedSigmoidCentered,
    "ordered": tfb.Ascending,
    "positive_ordered": lambda: tfb.Chain([tfb.Exp(), tfb.Ascending()]),
    "corr_cholesky": CorrCholesky,
    "corr_matrix": lambda: tfb.Chain([FromFactor(unit=True), CorrCholesky()]),
    "lower_cholesky": LowerCholesky,
    "positive_definite": lambda: tfb.Chain([FromFactor(), LowerCholesky()]),
    "zero_sum": ZeroSum,
}


def bijector_of(region: Region) -> Any | None:
    """The bijector from unconstrained space to a support, or None where there is none."""
    make = BIJECTORS.get(region.support.name)
    return None if make is None else make(**region.bounds)
