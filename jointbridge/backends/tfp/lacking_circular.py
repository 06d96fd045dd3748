"""Families of angles that TFP lacks, as texts of classes; see `helpers`."""

from __future__ import annotations

_SINE_SKEWED = '''
class SineSkewed(tfd.Distribution):
    """Angles of the circular family `base`, each leaning to the side of its skewness."""

    def __init__(self, base, skewness, name="SineSkewed"):
        self.skewness = jnp.asarray(skewness)
        shape = jnp.broadcast_shapes(tuple(base.batch_shape), self.skewness.shape)
        self.base = tfd.BatchBroadcast(base, shape)
        super().__init__(base.dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        return self.base.batch_shape[:-1]

    def _event_shape(self):
        return self.base.batch_shape[-1:]

    def _lean(self, value):
        return jnp.sum(self.skewness * jnp.sin(value - self.base.mean()), axis=-1)

    def _log_prob(self, value):
        return self.base.log_prob(value).sum(axis=-1) + jnp.log1p(self._lean(value))

    def _sample_n(self, n, seed=None):
        of_base, of_side = random.split(seed)
        drawn = self.base.sample(n, seed=of_base)
        side = random.uniform(of_side, drawn.shape[:-1])
        stays = 2 * side <= 1 + self._lean(drawn)
        angle = jnp.where(stays[..., None], drawn, 2 * self.base.mean() - drawn)
        return (angle + jnp.pi) % (2 * jnp.pi) - jnp.pi

    def _default_event_space_bijector(self):
        return tfb.Sigmoid(*jnp.array([-jnp.pi, jnp.pi]))
'''

_SINE_BIVARIATE = '''
class SineBivariateVonMises(tfd.Distribution):
    """Two angles that depend on each other."""

    def __init__(
        self,
        phi_loc,
        psi_loc,
        phi_concentration,
        psi_concentration,
        correlation,
        name="SineBivariateVonMises",
    ):
        self.phi_loc, self.psi_loc, *others = jnp.broadcast_arrays(
            phi_loc, psi_loc, phi_concentration, psi_concentration, correlation
        )
        self.phi_concentration, self.psi_concentration, self.correlation = others
        dtype = self.phi_loc.dtype
        super().__init__(dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(self.phi_loc.shape)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([2])

    def _length(self, phi):
        """The concentration of psi, given phi, and one axis more."""
        across = self.correlation[..., None] * jnp.sin(phi)
        return jnp.sqrt(self.psi_concentration[..., None] ** 2 + across**2)

    def _log_marginal(self, phi):
        """Of phi alone, around 0, up to what does not depend on it."""
        length = self._length(phi)
        front = self.phi_concentration[..., None] * (jnp.cos(phi) - 1)
        return front + length - self.psi_concentration[..., None] + jnp.log(i0e(length))

    def _log_prob(self, value):
        phi, psi = value[..., 0] - self.phi_loc, value[..., 1] - self.psi_loc
        along = self.phi_concentration * (jnp.cos(phi) - 1)
        along = along + self.psi_concentration * (jnp.cos(psi) - 1)
        across = self.correlation * jnp.sin(phi) * jnp.sin(psi)
        # Sums over equal steps of a circle are exact for what is smooth on it.
        circle = jnp.linspace(0, 2 * jnp.pi, 512, endpoint=False)
        total = logsumexp(self._log_marginal(circle), axis=-1) - jnp.log(512)
        return along + across - 2 * jnp.log(2 * jnp.pi) - total

    def _sample_n(self, n, seed=None):
        of_cell, of_place, of_psi = random.split(seed, 3)
        shape = [n, *self.batch_shape]
        edges = jnp.linspace(-jnp.pi, jnp.pi, 8193)
        mass = jax.nn.softmax(self._log_marginal((edges[1:] + edges[:-1]) / 2), axis=-1)
        below = jnp.cumsum(mass, axis=-1)[..., :-1]
        cell = jnp.sum(below < random.uniform(of_cell, shape)[..., None], axis=-1)
        phi = edges[cell] + random.uniform(of_place, shape) * (edges[1] - edges[0])
        length = self._length(phi[..., None])[..., 0]
        centre = jnp.arctan2(self.correlation * jnp.sin(phi), self.psi_concentration)
        psi = tfd.VonMises(centre, length).sample(seed=of_psi)
        angles = jnp.stack([phi + self.phi_loc, psi + self.psi_loc], axis=-1)
        return (angles + jnp.pi) % (2 * jnp.pi) - jnp.pi

    def _default_event_space_bijector(self):
        return tfb.Sigmoid(*jnp.array([-jnp.pi, jnp.pi]))
'''

#: By class, its text.
CIRCULAR = {
    "SineBivariateVonMises": _SINE_BIVARIATE,
    "SineSkewed": _SINE_SKEWED,
}
