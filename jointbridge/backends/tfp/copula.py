"""The Gaussian copula, which TFP lacks."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from jointbridge.backends.arrays.jax_laws import FUNCTIONS
from jointbridge.backends.laws.copula import copula, uniform_of
from jointbridge.backends.tfp.library import TensorShape, tfd, tfp
from jointbridge.evaluate import Array


class GaussianCopula(tfd.AutoCompositeTensorDistribution):
    """Values of one family, correlated as their normal scores are.

    Args:
        marginal_dist: Single values; the last axis of the batch becomes the event.
        correlation_matrix: The correlations of the scores; or
        correlation_cholesky: their Cholesky factor.
    """

    def __init__(
        self,
        marginal_dist: Any,
        correlation_matrix: Array | None = None,
        correlation_cholesky: Array | None = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "GaussianCopula",
    ) -> None:
        parameters = dict(locals())
        self.marginal_dist = marginal_dist
        self.correlation_matrix = correlation_matrix
        self.correlation_cholesky = correlation_cholesky
        super().__init__(
            dtype=marginal_dist.dtype,
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
            "marginal_dist": tfp.util.BatchedComponentProperties(event_ndims=1),
            "correlation_matrix": plain(event_ndims=2),
            "correlation_cholesky": plain(event_ndims=2),
        }

    def _event_shape(self) -> Any:
        given = (self.correlation_matrix, self.correlation_cholesky)
        (matrix,) = (x for x in given if x is not None)
        return TensorShape(matrix.shape[-1:])

    def _event_shape_tensor(self) -> Any:
        return jnp.asarray(self._event_shape(), "int32")

    def _factor(self) -> Array:
        if self.correlation_matrix is not None:
            return jnp.linalg.cholesky(self.correlation_matrix)
        assert self.correlation_cholesky is not None
        return self.correlation_cholesky

    def _log_prob(self, value: Array) -> Array:
        factor = self._factor()
        scores = tfd.MultivariateNormalTriL(scale_tril=factor)
        return copula(FUNCTIONS, self.marginal_dist, scores, factor, value)

    def _sample_n(self, n: int, seed: Any = None) -> Array:
        scores = tfd.MultivariateNormalTriL(scale_tril=self._factor())
        scores = tfd.BatchBroadcast(scores, to_shape=self.batch_shape)
        edge = jnp.finfo(self.dtype)
        z = scores.sample(n, seed=seed)
        mass = uniform_of(FUNCTIONS, z, edge.tiny, 1 - edge.epsneg)
        return self.marginal_dist.quantile(mass)

    def _default_event_space_bijector(self) -> Any:
        return self.marginal_dist.experimental_default_event_space_bijector()
