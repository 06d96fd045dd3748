"""The Gaussian copula, which TFP lacks."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from jointbridge.backends.arrays.jax_laws import FUNCTIONS
from jointbridge.backends.laws.copula import copula, uniform_of
from jointbridge.backends.tfp.library import TensorShape, tfd
from jointbridge.backends.tfp.own import Own
from jointbridge.evaluate import Array
from jointbridge.families import FAMILIES


class GaussianCopula(Own):
    """Values of one family, correlated as their normal scores are.

    The last axis of the batch of `marginal_dist` becomes the event.
    """

    takes = FAMILIES["GaussianCopula"].signature

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
