"""Families that TFP lacks, or whose density is less exact than what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from jointbridge.backends.base import Region
from jointbridge.backends.tfp.bijectors import bijector_of
from jointbridge.backends.tfp.circular import CIRCULAR
from jointbridge.backends.tfp.combinators import COMBINATORS
from jointbridge.backends.tfp.copula import GaussianCopula
from jointbridge.backends.tfp.elementwise import ELEMENTWISE
from jointbridge.backends.tfp.laws import CLASSES
from jointbridge.backends.tfp.library import TensorShape, tfb, tfd
from jointbridge.backends.tfp.matrix_bijectors import FromFactor
from jointbridge.backends.tfp.mended import MENDED
from jointbridge.backends.tfp.own import Own
from jointbridge.backends.tfp.state_space import GaussianStateSpace
from jointbridge.backends.tfp.truncated import truncated
from jointbridge.backends.tfp.vectors import VECTORS
from jointbridge.backends.tfp.wishart import WISHARTS, cholesky_of_inverse
from jointbridge.backends.tfp.wrapped import WRAPPED
from jointbridge.errors import UnsamplableError
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES


class CholeskyLKJ(tfd.CholeskyLKJ):
    """TFP's, but the first diagonal entry, which is always 1, gets no gradient."""

    def _log_prob(self, value: Array) -> Array:
        return super()._log_prob(value.at[..., 0, 0].set(1.0))


class Delta(Own):
    """A point mass at `v`, with a log density there that may differ from 0."""

    takes = FAMILIES["Delta"].signature

    def _log_prob(self, value: Array) -> Array:
        return jnp.where(value == self.v, self.log_density, -jnp.inf)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        del seed
        return jnp.broadcast_to(self.v, (n, *self.batch_shape))

    def _default_event_space_bijector(self) -> Any:
        return tfb.Identity()


class Geometric(tfd.Geometric):
    """TFP's, but logits are not turned into probabilities on the way."""

    def _log_prob(self, value: Array) -> Array:
        if self.logits is None:
            return super()._log_prob(value)
        more = jax.nn.log_sigmoid(-self.logits)
        return value * more + jax.nn.log_sigmoid(self.logits)


class ImproperUniform(tfd.Distribution):
    """Density 1 everywhere on a support; it has no sampler.

    Args:
        support: The support with its bounds; their shapes broadcast to the batch shape.
    """

    def __init__(
        self,
        support: Region,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "ImproperUniform",
    ) -> None:
        parameters = dict(locals())
        self.support = support
        bounds = list(support.bounds.values())
        self._shape = jnp.broadcast_shapes(*(b.shape for b in bounds))
        super().__init__(
            dtype=bounds[0].dtype if bounds else None,
            reparameterization_type=tfd.NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            name=name,
        )

    def _batch_shape(self) -> Any:
        return TensorShape(self._shape)

    def _batch_shape_tensor(self) -> Any:
        return jnp.asarray(self._shape, "int32")

    def _event_shape(self) -> Any:
        return TensorShape(self.support.support.sizes)

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray(self.support.support.sizes, "int32")

    def _log_prob(self, value: Array) -> Array:
        batch = value.shape[: value.ndim - len(self.support.support.sizes)]
        shape = jnp.broadcast_shapes(batch, self._shape)
        return jnp.zeros(shape, value.dtype)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        del n, seed
        raise UnsamplableError(
            "an ImproperUniform cannot be drawn from",
            hint="give its value, or run MCMC from a point of your own",
        )

    def _default_event_space_bijector(self) -> Any:
        return bijector_of(self.support)


def lkj(dimension: int, concentration: Array) -> Any:
    """Correlation matrices by way of their factors, as the gradients then are NumPyro's."""
    return tfd.TransformedDistribution(
        CholeskyLKJ(dimension, concentration), FromFactor(unit=True)
    )


def multivariate_normal(
    loc: Array,
    covariance_matrix: Array | None = None,
    precision_matrix: Array | None = None,
    scale_tril: Array | None = None,
) -> Any:
    """TFP's multivariate normal, from whichever matrix is given."""
    if covariance_matrix is not None:
        scale_tril = jnp.linalg.cholesky(covariance_matrix)
    if precision_matrix is not None:
        scale_tril = cholesky_of_inverse(precision_matrix)
    return tfd.MultivariateNormalTriL(loc=loc, scale_tril=scale_tril)


#: Constructors that are not TFP's own, by the name that the table uses.
CONSTRUCTORS: dict[str, Callable[..., Any]] = {
    **CLASSES,
    **CIRCULAR,
    **COMBINATORS,
    **ELEMENTWISE,
    **MENDED,
    **VECTORS,
    **WISHARTS,
    **WRAPPED,
    "CholeskyLKJ": CholeskyLKJ,
    "Delta": Delta,
    "GaussianCopula": GaussianCopula,
    "GaussianStateSpace": GaussianStateSpace,
    "Geometric": Geometric,
    "ImproperUniform": ImproperUniform,
    "LKJ": lkj,
    "MultivariateNormal": multivariate_normal,
    "Truncated": truncated,
}
