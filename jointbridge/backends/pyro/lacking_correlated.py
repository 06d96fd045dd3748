"""Vectors of correlated values that Pyro lacks, as texts; see `helpers`.

Pyro's SineSkewed takes a vector of angles, and not single ones.
"""

from __future__ import annotations

_CIRCULANT_NORMAL = '''\
def CirculantNormal(loc, covariance_row):
    """A normal vector on a ring; covariance_row[k] is the covariance k steps apart."""
    steps = torch.arange(covariance_row.shape[-1])
    matrix = covariance_row[..., (steps - steps[:, None]) % len(steps)]
    return dist.MultivariateNormal(loc, covariance_matrix=matrix)
'''

_GAUSSIAN_COPULA = '''\
class GaussianCopula(dist.TorchDistribution):
    """Values of one family, correlated as their normal scores are."""

    arg_constraints = {}
    has_rsample = True

    def __init__(
        self,
        marginal_dist,
        correlation_matrix=None,
        correlation_cholesky=None,
        validate_args=None,
    ):
        given = correlation_matrix, correlation_cholesky
        (matrix,) = (x for x in given if x is not None)
        zero = matrix.new_zeros(matrix.shape[-1])
        self.scores = dist.MultivariateNormal(
            zero, correlation_matrix, scale_tril=correlation_cholesky
        )
        shapes = marginal_dist.batch_shape[:-1], self.scores.batch_shape
        batch, event = torch.broadcast_shapes(*shapes), self.scores.event_shape
        self.marginal_dist = marginal_dist.expand((*batch, *event))
        super().__init__(batch, event, validate_args=validate_args)

    @constraints.dependent_property
    def support(self):
        return constraints.independent(self.marginal_dist.support, 1)

    def log_prob(self, value):
        z = torch.special.ndtri(self.marginal_dist.cdf(value))
        own = dist.Normal(torch.zeros_like(z), 1.0).log_prob(z)
        density = torch.sum(self.marginal_dist.log_prob(value) - own, dim=-1)
        return self.scores.log_prob(z) + density

    def rsample(self, sample_shape=()):
        mass = torch.special.ndtr(self.scores.rsample(sample_shape))
        return self.marginal_dist.icdf(mass.expand(self.shape(sample_shape)))
'''

_SINE_SKEWED = '''\
def SineSkewed(base, skewness):
    """Angles of the circular family `base`, each leaning to the side of its skewness."""
    shape = torch.broadcast_shapes(base.batch_shape, skewness.shape)
    return dist.SineSkewed(base.expand(shape).to_event(1), skewness)
'''

#: By name, its text.
CORRELATED = {
    "SineSkewed": _SINE_SKEWED,
    "CirculantNormal": _CIRCULANT_NORMAL,
    "GaussianCopula": _GAUSSIAN_COPULA,
}
