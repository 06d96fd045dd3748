"""The backend: a table of what is spelled differently, and a dozen small methods."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from jointbridge.backends.arrays.jax import JaxBackend
from jointbridge.backends.lower import Missing, Table
from jointbridge.families import FAMILIES
from jointbridge.support import SUPPORTS
from plainjax import distributions

#: The only family that this library spells in another way than NumPyro.
DIFFERENT = {"Exponential": "Expon(mean=1 / rate)"}

HERE = {"Normal", "Laplace", "Exponential", "Uniform", "Poisson", "ImproperUniform"}
MISSING = {
    name: Missing("upstream", "plainjax has six families; use another backend")
    for name in FAMILIES
    if name not in HERE
}


class Exp(NamedTuple):
    """From the real line to what lies above `low`."""

    low: float = 0.0

    def __call__(self, u):
        return self.low + jnp.exp(u)

    def inv(self, x):
        return jnp.log(x - self.low)

    def log_abs_det_jacobian(self, u, x):
        return u


class Expit(NamedTuple):
    """From the real line to an interval."""

    low: float = 0.0
    high: float = 1.0

    def __call__(self, u):
        return self.low + (self.high - self.low) * jax.nn.sigmoid(u)

    def inv(self, x):
        return jnp.log(x - self.low) - jnp.log(self.high - x)

    def log_abs_det_jacobian(self, u, x):
        slope = jax.nn.log_sigmoid(u) + jax.nn.log_sigmoid(-u)
        return slope + jnp.log(self.high - self.low)


class Same:
    """From the real line to itself."""

    def __call__(self, u):
        return u

    inv = __call__

    def log_abs_det_jacobian(self, u, x):
        return jnp.zeros_like(x)


BIJECTORS = {
    "real": Same,
    "positive": Exp,
    "nonnegative": Exp,
    "greater_than": Exp,
    "interval": Expit,
    "unit_interval": Expit,
}


class Joint(NamedTuple):
    """This library's joint object: a function of a dict of values."""

    log_prob: object


class PlainJaxBackend(JaxBackend):
    """Distributions in plain JAX."""

    name = "plainjax"
    title = "Plain JAX"
    packages = ("plainjax", "jax")
    table = Table(DIFFERENT, missing=MISSING)

    def constructor(self, name):
        """The library's class; it validates nothing."""
        if name == "ImproperUniform":
            return lambda support: distributions.Flat(
                SUPPORTS[support.support.name].rank
            )
        return getattr(distributions, name)

    def draw(self, dist, batch, key):
        """One draw for each element of `batch`."""
        return dist.sample(key, batch)

    def bijector(self, region):
        """The map to a support."""
        found = BIJECTORS.get(region.support.name)
        if found is None:
            raise self.unsupported(f"unconstrain the support {region.support.name!r}")
        return found(**region.bounds)

    def native(self, program, **options):
        """The joint as a function."""
        return Joint(program.log_prob_total)
