"""Distributions that change another one and that TFP lacks, as texts; see `helpers`."""

from __future__ import annotations

_CENSORED = '''
class {side}Censored(tfd.Distribution):
    """`base`; where `censored`, its mass {beside} the value. Draws are those of `base`."""

    def __init__(self, base, censored=0.0, name="{side}Censored"):
        self.base, self.censored = base, jnp.asarray(censored)
        super().__init__(base.dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        shapes = tuple(self.base.batch_shape), self.censored.shape
        return tfp.tf2jax.TensorShape(jnp.broadcast_shapes(*shapes))

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([])

    def _log_prob(self, value):
        mass = self.base.{mass}(value)
        return jnp.where(self.censored == 1, mass, self.base.log_prob(value))

    def _sample_n(self, n, seed=None):
        return tfd.BatchBroadcast(self.base, self.batch_shape).sample(n, seed=seed)

    def _default_event_space_bijector(self):
        return self.base.experimental_default_event_space_bijector()
'''

_HURDLE = '''
class Hurdle(tfd.Distribution):
    """0 with probability `gate`, else a draw of `base` that is not 0."""

    def __init__(self, base, gate=None, gate_logits=None, name="Hurdle"):
        self.base = base
        self.gate_logits = logit(gate) if gate_logits is None else gate_logits
        super().__init__(base.dtype, tfd.NOT_REPARAMETERIZED, False, True, name=name)

    def _batch_shape(self):
        shapes = tuple(self.base.batch_shape), jnp.shape(self.gate_logits)
        return tfp.tf2jax.TensorShape(jnp.broadcast_shapes(*shapes))

    def _event_shape(self):
        return tfp.tf2jax.TensorShape([])

    def _counted(self):
        return self.base.experimental_default_event_space_bijector() is None

    def _log_prob(self, value):
        closed = value == 0
        # The density of the base at 0 may have no gradient.
        density = self.base.log_prob(jnp.where(closed, 1.0, value))
        if self._counted():
            none = self.base.log_prob(jnp.zeros((), self.dtype))
            density = density - jnp.log(-jnp.expm1(none))
        density = jax.nn.log_sigmoid(-self.gate_logits) + density
        return jnp.where(closed, jax.nn.log_sigmoid(self.gate_logits), density)

    def _sample_n(self, n, seed=None):
        of_gate, first, later = random.split(seed, 3)
        base = tfd.BatchBroadcast(self.base, self.batch_shape)

        def again(state):
            key, one = random.split(state[0])
            more = base.sample(n, seed=one)
            return key, jnp.where(state[1] == 0, more, state[1])

        drawn = base.sample(n, seed=first)
        if self._counted():
            some = later, drawn
            _, drawn = lax.while_loop(lambda s: jnp.any(s[1] == 0), again, some)
        closed = random.uniform(of_gate, drawn.shape) < expit(self.gate_logits)
        return jnp.where(closed, jnp.zeros_like(drawn), drawn)

    def _default_event_space_bijector(self):
        return self.base.experimental_default_event_space_bijector()
'''

_FOLDED = '''
class Folded(tfd.Distribution):
    """The absolute value of a draw of `base`."""

    def __init__(self, base, name="Folded"):
        self.base, kind = base, base.reparameterization_type
        super().__init__(base.dtype, kind, False, True, name=name)

    def _batch_shape(self):
        return self.base.batch_shape

    def _event_shape(self):
        return self.base.event_shape

    def _log_prob(self, value):
        both = jnp.logaddexp(self.base.log_prob(value), self.base.log_prob(-value))
        return jnp.where(value < 0, -jnp.inf, both)

    def _sample_n(self, n, seed=None):
        return jnp.abs(self.base.sample(n, seed=seed))

    def _default_event_space_bijector(self):
        return tfb.Exp()
'''

#: By class, its text.
WRAPPED = {
    "Folded": _FOLDED,
    "Hurdle": _HURDLE,
    "LeftCensored": _CENSORED.format(side="Left", beside="below", mass="log_cdf"),
    "RightCensored": _CENSORED.format(
        side="Right", beside="above", mass="log_survival_function"
    ),
}
