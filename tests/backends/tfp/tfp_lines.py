"""Statements as lines that a test can hold, and classes that users write for TFP."""

import jax.numpy as jnp

from jointbridge.backends.tfp.library import tfb, tfd, tfp
from jointbridge.spec import Factor, Let, Sample, Scan
from jointbridge.syntax import show

Shape = tfp.tf2jax.TensorShape


def f(x):
    """A float of the width that JAX is set to; TFP takes Python's for float32."""
    return jnp.asarray(x, jnp.zeros(()).dtype)


def line(statement):
    name = statement.name
    match statement:
        case Sample(dist=dist, shape=shape, observed=seen, mask=mask):
            more = [f" {list(shape)}" if shape else ""]
            more.append(f" = {show(seen)}" if seen is not None else "")
            more.append(f" mask {show(mask)}" if mask is not None else "")
            return f"{name} ~ {show(dist)}{''.join(more)}"
        case Let(value=value):
            return f"{name} = {show(value)}"
        case Factor(value=value):
            return f"{name}: {show(value)}"
        case Scan():
            return "\n".join(scan(statement))


def lines(joint):
    return [text for s in joint.spec.statements for text in line(s).split("\n")]


def pairs(given):
    return ", ".join(f"{name}={show(node)}" for name, node in given)


def scan(found):
    yield f"scan {found.name}"
    yield from (f"  {line(inner)}" for inner in found.body)
    for part in ("carry", "over", "next", "collect"):
        if given := getattr(found, part):
            yield f"  {part} {pairs(given)}"


class Own(tfd.Distribution):
    """What a user's class needs."""

    event, bijector = (), tfb.Identity()

    def __init__(self, first=None, second=None, name="Own"):
        self.given = first, second
        dtype = jnp.zeros(()).dtype
        super().__init__(dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        return Shape([])

    def _event_shape(self):
        return Shape(self.event)

    def _sample_n(self, n, seed=None):
        free = self.bijector.inverse_event_shape(Shape(self.event))
        return self.bijector.forward(jnp.zeros((n, *free), self.dtype))

    def _default_event_space_bijector(self):
        return self.bijector


class Term(Own):
    """A term of the density."""

    event = (0,)

    def _batch_shape(self):
        return Shape(jnp.shape(self.given[0]))

    def _log_prob(self, value):
        return jnp.asarray(self.given[0])

    def _sample_n(self, n, seed=None):
        return jnp.zeros((n, *jnp.shape(self.given[0]), 0), self.dtype)


class Everywhere(Own):
    """Density 1 where a bijector leads."""

    @property
    def bijector(self):
        return self.given[0]

    @property
    def event(self):
        return self.given[1] or ()

    def _log_prob(self, value):
        return jnp.zeros((), value.dtype)


class Tent(Own):
    """A family of the user's own."""

    def _log_prob(self, value):
        return jnp.log(jnp.maximum(0.0, 1.0 - jnp.abs(value - self.given[0])))


class Half(Own):
    """Half of a density, everywhere."""

    def _log_prob(self, value):
        return jnp.zeros_like(value) - 0.5


def normal(name, density):
    """A class of any name with the density of a Normal, or nearly."""

    def __init__(self, loc, scale, name="z"):
        self.given = loc, scale
        dtype = jnp.zeros(()).dtype
        plain = tfd.NOT_REPARAMETERIZED, False, True
        tfd.Distribution.__init__(self, dtype, *plain, name=name)

    def _log_prob(self, value):
        loc, scale = self.given
        return density(((value - loc) / scale) ** 2, jnp.log(scale))

    return type(name, (Own,), {"__init__": __init__, "_log_prob": _log_prob})
