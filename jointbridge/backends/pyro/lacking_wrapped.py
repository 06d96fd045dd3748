"""Distributions that change another one and that Pyro lacks, as texts; see `helpers`."""

from __future__ import annotations

_CENSORED = '''\
class {side}Censored(dist.TorchDistribution):
    """`base`; where `censored`, its mass {beside} the value. Draws are those of `base`."""

    arg_constraints = {{}}

    def __init__(self, base, censored=0.0, validate_args=None):
        flags = torch.as_tensor(censored)
        batch = torch.broadcast_shapes(base.batch_shape, flags.shape)
        self.base, self.censored = base.expand(batch), flags.expand(batch)
        super().__init__(batch, validate_args=validate_args)

    @constraints.dependent_property
    def support(self):
        return self.base.support

    def log_mass(self, value):
        if isinstance(self.base, dist.Normal):
            # Its distribution function has no digits far below.
            z = (value - self.base.loc) / self.base.scale
            return torch.special.log_ndtr({sign}z)
        mass = {mass}
        return torch.log(mass.clamp(min=torch.finfo(mass.dtype).tiny))

    def log_prob(self, value):
        mass = self.log_mass(value)
        return torch.where(self.censored == 1, mass, self.base.log_prob(value))

    @torch.no_grad()
    def sample(self, sample_shape=()):
        return self.base.sample(sample_shape)
'''

_HURDLE = '''\
class Hurdle(dist.TorchDistribution):
    """0 with probability `gate`, else a draw of `base` that is not 0."""

    arg_constraints = {}

    def __init__(self, base, gate=None, gate_logits=None, validate_args=None):
        if gate_logits is None:
            gate_logits = torch.logit(torch.as_tensor(gate))
        logits = torch.as_tensor(gate_logits)
        batch = torch.broadcast_shapes(base.batch_shape, logits.shape)
        self.base, self.gate_logits = base.expand(batch), logits.expand(batch)
        super().__init__(batch, validate_args=validate_args)

    @property
    def counted(self):
        return self.base.support.is_discrete

    @constraints.dependent_property
    def support(self):
        return self.base.support if self.counted else constraints.nonnegative

    def log_prob(self, value):
        closed = value == 0
        # The density of the base at 0 may have no gradient.
        density = self.base.log_prob(torch.where(closed, 1.0, value))
        if self.counted:
            none = self.base.log_prob(torch.zeros_like(density))
            density = density - torch.log(-torch.expm1(none))
        density = F.logsigmoid(-self.gate_logits) + density
        return torch.where(closed, F.logsigmoid(self.gate_logits), density)

    @torch.no_grad()
    def sample(self, sample_shape=()):
        drawn = self.base.sample(sample_shape)
        while self.counted and (drawn == 0).any():
            drawn = torch.where(drawn == 0, self.base.sample(sample_shape), drawn)
        closed = torch.rand(drawn.shape) < torch.sigmoid(self.gate_logits)
        return torch.where(closed, torch.zeros_like(drawn), drawn)
'''

#: By class, its text.
WRAPPED = {
    "Hurdle": _HURDLE,
    "LeftCensored": _CENSORED.format(
        side="Left", beside="below", sign="", mass="self.base.cdf(value)"
    ),
    "RightCensored": _CENSORED.format(
        side="Right", beside="above", sign="-", mass="1 - self.base.cdf(value)"
    ),
}
