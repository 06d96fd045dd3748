"""Families of vectors and matrices that TFP lacks, or whose parameters it takes apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.tfp.library import TensorShape, tfb, tfd, tfp
from jointbridge.backends.tfp.matrix_bijectors import ZeroSum
from jointbridge.backends.tfp.own import Own
from jointbridge.evaluate import Array

_triangular = tfp.tf2jax.linalg.LinearOperatorLowerTriangular


def multivariate_student_t(df: Array, loc: Array, scale_tril: Array) -> Any:
    """TFP's multivariate Student, from the factor of its scale."""
    scale = _triangular(scale_tril)
    return tfd.MultivariateStudentTLinearOperator(df=df, loc=loc, scale=scale)


class MatrixNormal(tfd.MatrixNormalLinearOperator):
    """TFP's matrix normal; its own draws fail inside `jit`."""

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        shape = (n, *self.batch_shape, *self.event_shape)
        z = jax.random.normal(seed, shape, self.dtype)
        row, column = self.scale_row.to_dense(), self.scale_column.to_dense()
        return self.loc + row @ z @ jnp.swapaxes(column, -2, -1)


def matrix_normal(loc: Array, scale_tril_row: Array, scale_tril_column: Array) -> Any:
    """TFP's matrix normal, from the factors of its scales."""
    row, column = _triangular(scale_tril_row), _triangular(scale_tril_column)
    return MatrixNormal(loc=loc, scale_row=row, scale_column=column)


class GaussianRandomWalk(Own):
    """The running sum of `num_steps` values of Normal(0, `scale`)."""

    takes = "scale: positive, num_steps: size[T]"

    def _event_shape(self) -> Any:
        return TensorShape([self.num_steps])

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray([self.num_steps], "int32")

    def _log_prob(self, value: Array) -> Array:
        steps = jnp.diff(value, axis=-1, prepend=0) / self.scale[..., None]
        front = -self.num_steps * (jnp.log(self.scale) + 0.5 * math.log(2 * math.pi))
        return front - 0.5 * jnp.sum(steps**2, axis=-1)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        shape = (n, *self.batch_shape, self.num_steps)
        steps = jax.random.normal(seed, shape, self.dtype)
        return jnp.cumsum(self.scale[..., None] * steps, axis=-1)

    def _default_event_space_bijector(self) -> Any:
        return tfb.Identity()


def zero_sum_normal(scale: Array, event_shape: int) -> Any:
    """Normals that sum to zero, from one fewer that are free."""
    loc = jnp.zeros((), scale.dtype)
    free = tfd.Sample(tfd.Normal(loc, scale), event_shape - 1)
    return tfd.TransformedDistribution(free, ZeroSum())


class PlackettLuce(tfd.PlackettLuce):
    """TFP's; it also takes whole numbers that come as floats."""

    def _log_prob(self, value: Array) -> Array:
        return super()._log_prob(value.astype("int32"))


def circulant_normal(loc: Array, covariance_row: Array) -> Any:
    """A normal vector on a ring, from the first row of its covariance."""
    steps = jnp.arange(covariance_row.shape[-1])
    matrix = covariance_row[..., (steps - steps[:, None]) % len(steps)]
    return tfd.MultivariateNormalTriL(loc=loc, scale_tril=jnp.linalg.cholesky(matrix))


#: The constructors of this module, by the name that the table uses.
VECTORS: dict[str, Callable[..., Any]] = {
    "CirculantNormal": circulant_normal,
    "GaussianRandomWalk": GaussianRandomWalk,
    "MatrixNormal": matrix_normal,
    "MultivariateStudentT": multivariate_student_t,
    "PlackettLuce": PlackettLuce,
    "ZeroSumNormal": zero_sum_normal,
}
