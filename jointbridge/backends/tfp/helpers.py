"""Classes that stand in a written module, of what TFP lacks.

They are texts: a module that was written does not need jointbridge.
"""

from __future__ import annotations

from jointbridge.backends.tfp.lacking import ELEMENTWISE, VECTORS
from jointbridge.backends.tfp.lacking_circular import CIRCULAR
from jointbridge.backends.tfp.lacking_correlated import CORRELATED
from jointbridge.backends.tfp.lacking_series import SERIES
from jointbridge.backends.tfp.lacking_wrapped import WRAPPED

_FACTOR = '''
class Factor(tfd.Distribution):
    """A term of the log density; its value is empty."""

    def __init__(self, term, name):
        self.term = jnp.asarray(term)
        super().__init__(self.term.dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self.term.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([0])

    def _log_prob(self, value):
        return self.term

    def _sample_n(self, n, seed=None):
        return jnp.zeros((n, 0))
'''

_FLAT = '''
class Flat(tfd.Distribution):
    """Density 1 wherever a bijector leads; draws are mere places to start from."""

    def __init__(self, bijector, event_shape, name):
        self.bijector = bijector
        self.shape = tfp.tf2jax.TensorShape(event_shape)
        dtype = jnp.zeros(()).dtype
        super().__init__(dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape([])

    def _event_shape(self):
        return self.shape

    def _log_prob(self, value):
        return jnp.zeros(())

    def _sample_n(self, n, seed=None):
        free = self.bijector.inverse_event_shape(self.shape)
        return self.bijector.forward(random.normal(seed, [n, *free]))

    def _default_event_space_bijector(self):
        return self.bijector
'''

_SCALED = '''
class Scaled(tfd.Distribution):
    """A distribution whose log density counts `scale` times; draws are its own."""

    def __init__(self, distribution, scale, name="Scaled"):
        self.scale = jnp.asarray(scale)
        shape = jnp.broadcast_shapes(distribution.batch_shape, self.scale.shape)
        self.distribution = tfd.BatchBroadcast(distribution, shape)
        dtype, kind = distribution.dtype, distribution.reparameterization_type
        super().__init__(dtype, kind, False, True, name=name)

    def _batch_shape(self):
        return self.distribution.batch_shape

    def _event_shape(self):
        return self.distribution.event_shape

    def _log_prob(self, value):
        return self.scale * self.distribution.log_prob(value)

    def _sample_n(self, n, seed=None):
        return self.distribution.sample(n, seed)

    def _default_event_space_bijector(self):
        return self.distribution.experimental_default_event_space_bijector()
'''

_ONE_SIDED = '''
class Truncated{base}(tfd.Truncated{base}):
    """With one bound: the other is infinite, which TFP's own gradients and draws fail."""

    def _above(self):
        return jnp.isinf(self.high)

    def _inside(self):
        inside = jnp.where(self._above(), self.loc - self.low, self.high - self.loc)
        return inside / self.scale

    def _log_prob(self, value):
        z = self._inside()
        found = tfd.{base}(self.loc, self.scale).log_prob(value) - {mass}
        outside = (value < self.low) | (value > self.high)
        return jnp.where(outside, -jnp.inf, found)

    def _sample_n(self, n, seed=None):
        shape = [n, *self.batch_shape]
        log_u = -random.exponential(seed, shape, self.dtype)
        z = self._inside()
        {quantile}
        away = self.scale * jnp.where(self._above(), -x, x)
        return jnp.clip(self.loc + away, self.low, self.high)

    def _default_event_space_bijector(self):
        bound = jnp.where(self._above(), self.low, self.high)
        sign = jnp.where(self._above(), 1.0, -1.0)
        return tfb.Chain([tfb.Shift(bound), tfb.Scale(sign), tfb.Exp()])
'''

#: The second line is a step of Newton's.
_NORMAL_QUANTILE = """
        far = -jnp.sqrt(z**2 - 2 * log_u)
        far = far + (log_ndtr(far) - log_ndtr(z) - log_u) / far
        x = jnp.where(z < -30, far, ndtri(jnp.exp(log_u) * ndtr(z)))
""".strip()

#: By class, its text; what a text uses stands before it.
HELPERS = {
    "Factor": _FACTOR,
    "Flat": _FLAT,
    "Scaled": _SCALED,
    "TruncatedCauchy": _ONE_SIDED.format(
        base="Cauchy",
        mass="jnp.log(jnp.atan2(1.0, -z) / jnp.pi)",
        quantile="x = -1 / jnp.tan(jnp.exp(log_u) * jnp.atan2(1.0, -z))",
    ),
    "TruncatedNormal": _ONE_SIDED.format(
        base="Normal", mass="log_ndtr(z)", quantile=_NORMAL_QUANTILE
    ),
    **ELEMENTWISE,
    **VECTORS,
    **SERIES,
    **WRAPPED,
    **CORRELATED,
    **CIRCULAR,
}
