"""Distributions of correlated values that TFP lacks, as texts; see `helpers`."""

from __future__ import annotations

_CIRCULANT_NORMAL = '''
def CirculantNormal(loc, covariance_row, name="CirculantNormal"):
    """A normal vector on a ring; covariance_row[k] is the covariance k steps apart."""
    steps = jnp.arange(covariance_row.shape[-1])
    matrix = covariance_row[..., (steps - steps[:, None]) % len(steps)]
    return tfd.MultivariateNormalTriL(loc, jnp.linalg.cholesky(matrix), name=name)
'''

_GAUSSIAN_COPULA = '''
class GaussianCopula(tfd.Distribution):
    """Values of one family, correlated as their normal scores are."""

    def __init__(
        self,
        marginal_dist,
        correlation_matrix=None,
        correlation_cholesky=None,
        name="GaussianCopula",
    ):
        if correlation_cholesky is None:
            correlation_cholesky = jnp.linalg.cholesky(correlation_matrix)
        self.marginal_dist = marginal_dist
        self.scores = tfd.MultivariateNormalTriL(scale_tril=correlation_cholesky)
        kind = tfd.FULLY_REPARAMETERIZED
        super().__init__(marginal_dist.dtype, kind, False, True, name=name)

    def _batch_shape(self):
        shapes = self.marginal_dist.batch_shape[:-1], self.scores.batch_shape
        return tfp.tf2jax.TensorShape(jnp.broadcast_shapes(*map(tuple, shapes)))

    def _event_shape(self):
        return self.scores.event_shape

    def _log_prob(self, value):
        z = ndtri(self.marginal_dist.cdf(value))
        own = tfd.Normal(jnp.zeros_like(z), 1.0).log_prob(z)
        density = jnp.sum(self.marginal_dist.log_prob(value) - own, axis=-1)
        return self.scores.log_prob(z) + density

    def _sample_n(self, n, seed=None):
        scores = tfd.BatchBroadcast(self.scores, self.batch_shape)
        return self.marginal_dist.quantile(ndtr(scores.sample(n, seed=seed)))

    def _default_event_space_bijector(self):
        return self.marginal_dist.experimental_default_event_space_bijector()
'''

#: By class, its text.
CORRELATED = {
    "CirculantNormal": _CIRCULANT_NORMAL,
    "GaussianCopula": _GAUSSIAN_COPULA,
}
