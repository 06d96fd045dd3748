"""Wishart distributions and their inverses, of matrices and of Cholesky factors.

TFP's own want whole-numbered or large `df`, and their factors have the density of the
matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import jax.scipy.linalg as jsl
import jax.scipy.special as jss

from jointbridge.backends.tfp.library import TensorShape, tfd
from jointbridge.backends.tfp.matrix_bijectors import FromFactor, LowerCholesky
from jointbridge.backends.tfp.own import Own
from jointbridge.evaluate import Array


class WishartCholesky(Own):
    """The Cholesky factor of a Wishart matrix.

    Args:
        concentration: The degrees of freedom, more than the size less 1.
        scale_tril: The Cholesky factor of the scale.
    """

    takes = "concentration: greater_than(K - 1), scale_tril: lower_cholesky[K, K]"
    reparameterized = False

    def _event_shape(self) -> Any:
        return TensorShape(self.scale_tril.shape[-2:])

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray(self.scale_tril.shape[-2:], "int32")

    def _default_event_space_bijector(self) -> Any:
        return LowerCholesky()

    def _log_prob(self, value: Array) -> Array:
        scale, value = jnp.broadcast_arrays(self.scale_tril, value)
        size, df = value.shape[-1], self.concentration
        z = jsl.solve_triangular(scale, value, lower=True)
        powers = df[..., None] - 1 - jnp.arange(size)
        moving = jnp.sum(powers * jnp.log(_diagonal(value)), axis=-1)
        front = self._front() - df * jnp.sum(jnp.log(_diagonal(scale)), axis=-1)
        return front + moving - 0.5 * jnp.sum(z**2, axis=(-2, -1))

    def _front(self) -> Array:
        """What depends on the degrees of freedom alone."""
        size, df = self.scale_tril.shape[-1], self.concentration
        return size * (1 - df / 2) * math.log(2) - jss.multigammaln(df / 2, size)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        size = self.scale_tril.shape[-1]
        df = self.concentration[..., None] - jnp.arange(size)
        return self.scale_tril @ self._bartlett(n, df, seed)

    def _bartlett(self, n: int, df: Array, seed: Any) -> Array:
        """A triangle of standard normals, the roots of Chi2(df) on its diagonal."""
        of_diagonal, of_rest = jax.random.split(seed)
        size = self.scale_tril.shape[-1]
        shape = (n, *self.batch_shape, size)
        squares = 2 * jax.random.gamma(of_diagonal, df / 2, shape, self.dtype)
        normal = jax.random.normal(of_rest, (*shape, size), self.dtype)
        eye = jnp.eye(size, dtype=bool)
        return jnp.where(eye, jnp.sqrt(squares)[..., None], jnp.tril(normal, -1))


class InverseWishartCholesky(WishartCholesky):
    """The Cholesky factor of an inverse Wishart matrix, by the factor of its scale."""

    def _log_prob(self, value: Array) -> Array:
        scale, value = jnp.broadcast_arrays(self.scale_tril, value)
        size, df = value.shape[-1], self.concentration
        z = jsl.solve_triangular(value, scale, lower=True)
        powers = df[..., None] + 1 + jnp.arange(size)
        moving = -jnp.sum(powers * jnp.log(_diagonal(value)), axis=-1)
        front = self._front() + df * jnp.sum(jnp.log(_diagonal(scale)), axis=-1)
        return front + moving - 0.5 * jnp.sum(z**2, axis=(-2, -1))

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        size = self.scale_tril.shape[-1]
        df = self.concentration[..., None] + jnp.arange(size) - size + 1
        factor = self._bartlett(n, df, seed)
        eye = jnp.broadcast_to(jnp.eye(size, dtype=self.dtype), factor.shape)
        return self.scale_tril @ jsl.solve_triangular(factor, eye, lower=True)


def _diagonal(matrix: Array) -> Array:
    return jnp.diagonal(matrix, axis1=-2, axis2=-1)


def from_matrices(factors: type, of_matrix: bool) -> Callable[..., Any]:
    """A constructor that takes whichever matrix is given.

    Args:
        factors: The distribution of the Cholesky factor.
        of_matrix: Whether values are matrices rather than their factors.
    """

    def construct(
        concentration: Array,
        scale_matrix: Array | None = None,
        rate_matrix: Array | None = None,
        scale_tril: Array | None = None,
    ) -> Any:
        if scale_matrix is not None:
            scale_tril = jnp.linalg.cholesky(scale_matrix)
        if rate_matrix is not None:
            scale_tril = cholesky_of_inverse(rate_matrix)
        made = factors(concentration, scale_tril)
        return tfd.TransformedDistribution(made, FromFactor()) if of_matrix else made

    return construct


def cholesky_of_inverse(matrix: Array) -> Array:
    """The lower Cholesky factor of an inverse, without forming the inverse.

    Turned by half a turn, a matrix is U U^T of an upper U, and U^-T is the factor.
    """
    upper = jnp.linalg.cholesky(matrix[..., ::-1, ::-1])[..., ::-1, ::-1]
    eye = jnp.broadcast_to(jnp.eye(matrix.shape[-1], dtype=matrix.dtype), matrix.shape)
    return jsl.solve_triangular(jnp.swapaxes(upper, -2, -1), eye, lower=True)


#: The constructors of this module, by the name that the catalogue uses.
WISHARTS = {
    "Wishart": from_matrices(WishartCholesky, True),
    "WishartCholesky": from_matrices(WishartCholesky, False),
    "InverseWishart": from_matrices(InverseWishartCholesky, True),
    "InverseWishartCholesky": from_matrices(InverseWishartCholesky, False),
}
