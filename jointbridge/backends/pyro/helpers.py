"""Classes that stand in a written module, of distributions that Pyro lacks.

They are texts: a module that was written does not need jointbridge.
"""

from __future__ import annotations

from jointbridge.backends.pyro.lacking import LACKING
from jointbridge.backends.pyro.lacking_correlated import CORRELATED
from jointbridge.backends.pyro.lacking_series import SERIES
from jointbridge.backends.pyro.lacking_wrapped import WRAPPED

_TRUNCATED = '''\
class Truncated{base}(dist.TorchDistribution):
    """A {base} distribution between `low` and `high`; None is no edge."""

    arg_constraints = {{}}

    def __init__(self, loc=0.0, scale=1.0, low=None, high=None):
        edges = [torch.as_tensor(e) for e in (low, high) if e is not None]
        self.loc, self.scale, *edges = broadcast_all(loc, scale, *edges)
        self.low = None if low is None else edges.pop(0)
        self.high = None if high is None else edges.pop(0)
        super().__init__(self.loc.shape, validate_args=False)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self):
        if self.low is None:
            return constraints.less_than(self.high)
        if self.high is None:
            return constraints.greater_than_eq(self.low)
        return constraints.interval(self.low, self.high)

    def log_cdf(self, z):
        {log_cdf}

    def log_mass(self):
        low = None if self.low is None else (self.low - self.loc) / self.scale
        high = None if self.high is None else (self.high - self.loc) / self.scale
        if low is None:
            return self.log_cdf(high)
        if high is None:
            return self.log_cdf(-low)
        upper = low + high > 0  # the lower tail has more digits
        low, high = torch.where(upper, -high, low), torch.where(upper, -low, high)
        far, near = self.log_cdf(low), self.log_cdf(high)
        return near + torch.log(-torch.expm1(far - near))

    def log_prob(self, value):
        whole = dist.{base}(self.loc, self.scale, validate_args=False)
        density = whole.log_prob(value) - self.log_mass()
        inside = torch.ones_like(density, dtype=torch.bool)
        inside = inside if self.low is None else inside & (value >= self.low)
        inside = inside if self.high is None else inside & (value <= self.high)
        return torch.where(inside, density, -torch.inf)

    @torch.no_grad()
    def sample(self, sample_shape=()):
        whole = dist.{base}(self.loc, self.scale)
        low = 0.0 if self.low is None else whole.cdf(self.low)
        high = 1.0 if self.high is None else whole.cdf(self.high)
        uniform = torch.rand(self.shape(sample_shape), dtype=self.loc.dtype)
        return whole.icdf(low + (high - low) * uniform)
'''

_LOG_UNIFORM = '''\
class LogUniform(dist.TorchDistribution):
    """exp of a uniform value between log(low) and log(high)."""

    arg_constraints = {}

    def __init__(self, low, high):
        self.low, self.high = broadcast_all(low, high)
        super().__init__(self.low.shape, validate_args=False)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self):
        return constraints.interval(self.low, self.high)

    def log_prob(self, value):
        density = -torch.log(value) - torch.log(torch.log(self.high / self.low))
        inside = (value >= self.low) & (value <= self.high)
        return torch.where(inside, density, -torch.inf)

    def rsample(self, sample_shape=()):
        uniform = torch.rand(self.shape(sample_shape), dtype=self.low.dtype)
        return self.low * (self.high / self.low) ** uniform
'''

_DISCRETE_UNIFORM = '''\
class DiscreteUniform(dist.TorchDistribution):
    """Whole numbers from `low` to `high`, both included."""

    arg_constraints = {}

    def __init__(self, low, high):
        self.low, self.high = broadcast_all(low, high)
        super().__init__(self.low.shape, validate_args=False)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self):
        return constraints.integer_interval(self.low, self.high)

    def log_prob(self, value):
        inside = self.support.check(value)
        density = -torch.log(self.high - self.low + 1.0)
        return torch.where(inside, density, -torch.inf)

    @torch.no_grad()
    def sample(self, sample_shape=()):
        uniform = torch.rand(self.shape(sample_shape))
        return torch.floor(self.low + (self.high - self.low + 1) * uniform)
'''

_GOMPERTZ = '''\
class Gompertz(dist.TorchDistribution):
    """Waiting time whose hazard grows exponentially."""

    arg_constraints = {}
    support = constraints.nonnegative

    def __init__(self, concentration, rate):
        self.concentration, self.rate = broadcast_all(concentration, rate)
        super().__init__(self.rate.shape, validate_args=False)

    def log_prob(self, value):
        front = torch.log(self.concentration) + torch.log(self.rate)
        growth = self.rate * value
        return front + growth - self.concentration * torch.expm1(growth)

    def rsample(self, sample_shape=()):
        waited = dist.Exponential(self.concentration).rsample(sample_shape)
        return torch.log1p(waited) / self.rate
'''

_LEVY = '''\
class Levy(dist.TorchDistribution):
    """`scale` over the square of a standard normal, from `loc` on."""

    arg_constraints = {}

    def __init__(self, loc, scale):
        self.loc, self.scale = broadcast_all(loc, scale)
        super().__init__(self.loc.shape, validate_args=False)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self):
        return constraints.greater_than(self.loc)

    def log_prob(self, value):
        z = value - self.loc
        front = 0.5 * torch.log(self.scale / (2 * torch.pi))
        return front - 0.5 * self.scale / z - 1.5 * torch.log(z)

    def rsample(self, sample_shape=()):
        normal = dist.Normal(torch.zeros_like(self.loc), 1.0).rsample(sample_shape)
        return self.loc + self.scale / normal**2
'''

_GAUSSIAN_RANDOM_WALK = '''\
class GaussianRandomWalk(dist.TorchDistribution):
    """The running sum of `num_steps` values of Normal(0, scale)."""

    arg_constraints = {}
    support = constraints.real_vector

    def __init__(self, scale=1.0, num_steps=1):
        self.scale = torch.as_tensor(scale)
        super().__init__(self.scale.shape, (num_steps,), validate_args=False)

    def log_prob(self, value):
        steps = torch.diff(value, dim=-1, prepend=torch.zeros_like(value[..., :1]))
        return dist.Normal(0.0, self.scale[..., None]).log_prob(steps).sum(-1)

    def rsample(self, sample_shape=()):
        scale = self.scale[..., None].expand(self.shape(sample_shape))
        return dist.Normal(0.0, scale).rsample().cumsum(-1)
'''

#: Of a standard distribution that is symmetric about 0, accurate far below it.
_LOG_CDFS = {
    "Normal": "torch.special.log_ndtr(z)",
    "Cauchy": "torch.log(torch.atan2(torch.ones_like(z), -z) / torch.pi)",
    "Logistic": "F.logsigmoid(z)",
    "Laplace": """torch.where(
            z < 0, z - math.log(2), torch.log1p(-0.5 * torch.exp(-z.abs()))
        )""",
}

#: By class, its text; what a text uses stands before it.
HELPERS = {
    "DiscreteUniform": _DISCRETE_UNIFORM,
    "GaussianRandomWalk": _GAUSSIAN_RANDOM_WALK,
    "Gompertz": _GOMPERTZ,
    "Levy": _LEVY,
    "LogUniform": _LOG_UNIFORM,
    **{
        f"Truncated{base}": _TRUNCATED.format(base=base, log_cdf=f"return {log_cdf}")
        for base, log_cdf in _LOG_CDFS.items()
    },
    **LACKING,
    **SERIES,
    **WRAPPED,
    **CORRELATED,
}
HELPERS = {title: text.rstrip("\n") for title, text in HELPERS.items()}

START = '''\
def start(site):
    """A value in the support of a site, where Pyro cannot draw one."""
    bijector = biject_to(site["fn"].support)
    return bijector(torch.zeros(bijector.inverse_shape(site["fn"].shape())))'''
