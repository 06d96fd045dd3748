"""Incomes with a heavy tail, and grades."""

import math

import numpy as np
import pyro
import pyro.distributions as dist
import torch
import torch.nn.functional as F
from pyro.distributions import constraints
from pyro.infer import MCMC, NUTS
from torch.distributions.utils import broadcast_all

LOG_2 = math.log(2.0)
HALF_LOG_2_PI = 0.5 * math.log(2.0 * math.pi)
# Where Mills' ratio is a short continued fraction, and how short.
TAIL, _DEPTH = 6.0, 40


def asinh(x):
    """The inverse of sinh, whose slope does not overflow."""
    size = torch.abs(x)
    far = size > 100000000.0
    away = LOG_2 + torch.log(torch.where(far, size, torch.ones_like(size)))
    near = torch.asinh(torch.where(far, torch.zeros_like(x), x))
    return torch.where(far, torch.where(x < 0, -away, away), near)


def log_cosh(x):
    """log(cosh(x)), however large."""
    return torch.logaddexp(x, -x) - LOG_2


def log_normal(z):
    """The log density of a standard normal."""
    return -0.5 * z * z - HALF_LOG_2_PI


def pick(array, index):
    """The elements of the last axis at an index, or at the nearest one."""
    index = index.long().clamp(0, array.shape[-1] - 1)
    batch = torch.broadcast_shapes(array.shape[:-1], index.shape)
    spread = array.expand((*batch, array.shape[-1]))
    return spread.gather(-1, index.expand(batch)[..., None])[..., 0]


def log_mills(t):
    """Log of the mass of a standard normal above t over its density, for t > 6."""
    found = t
    for k in range(_DEPTH, 0, -1):
        found = t + k / found
    return -torch.log(found)


def log_normal_cdf(z):
    """Log of the standard normal distribution function, gradients included."""
    deep = z < -TAIL
    far = log_normal(z) + log_mills(torch.where(deep, -z, torch.ones_like(z) * TAIL))
    return torch.where(
        deep, far, torch.special.log_ndtr(torch.where(deep, torch.zeros_like(z), z))
    )


def log1mexp(x):
    """log(1 - exp(x)) for x < 0."""
    near = x > -LOG_2
    close = torch.log(-torch.expm1(torch.where(near, x, -torch.ones_like(x))))
    away = torch.log1p(-torch.exp(torch.where(near, -torch.ones_like(x), x)))
    return torch.where(near, close, away)


class Dagum(dist.TorchDistribution):
    """Incomes: a power of x below scale, a power law with exponent sharpness above."""

    arg_constraints = {
        "concentration": constraints.positive,
        "sharpness": constraints.positive,
        "scale": constraints.positive,
    }
    support = constraints.positive
    has_rsample = True

    def __init__(self, concentration, sharpness, scale, validate_args=None):
        self.concentration, self.sharpness, self.scale = broadcast_all(
            concentration, sharpness, scale
        )
        super().__init__(self.concentration.shape, (), validate_args=validate_args)

    def log_prob(self, value):
        possible = value > 0
        value = torch.where(possible, value, 1.0)
        z = self.sharpness * (torch.log(value) - torch.log(self.scale))
        front = (
            torch.log(self.concentration) + torch.log(self.sharpness) - torch.log(value)
        )
        density = front - self.concentration * F.softplus(-z) - F.softplus(z)
        return torch.where(possible, density, -torch.inf)

    def rsample(self, sample_shape=()):
        shape = self.shape(sample_shape)
        odds = torch.expm1(
            -torch.log(torch.rand(shape).clamp(min=1e-30)) / self.concentration
        )
        return self.scale * torch.exp(-torch.log(odds) / self.sharpness)


class JohnsonSU(dist.TorchDistribution):
    """loc + scale * sinh((z - skewness) / tailweight) of a standard normal z."""

    arg_constraints = {
        "skewness": constraints.real,
        "tailweight": constraints.positive,
        "loc": constraints.real,
        "scale": constraints.positive,
    }
    support = constraints.real
    has_rsample = True

    def __init__(self, skewness, tailweight, loc, scale, validate_args=None):
        self.skewness, self.tailweight, self.loc, self.scale = broadcast_all(
            skewness, tailweight, loc, scale
        )
        super().__init__(self.skewness.shape, (), validate_args=validate_args)

    def log_prob(self, value):
        bent = asinh((value - self.loc) / self.scale)
        front = torch.log(self.tailweight) - torch.log(self.scale) - log_cosh(bent)
        return front + log_normal(self.skewness + self.tailweight * bent)

    def rsample(self, sample_shape=()):
        shape = self.shape(sample_shape)
        return self.loc + self.scale * torch.sinh(
            (torch.randn(shape) - self.skewness) / self.tailweight
        )


class OrderedProbit(dist.TorchDistribution):
    """A grade from 0 to C: how many cutpoints a normal variable exceeds."""

    arg_constraints = {
        "predictor": constraints.real,
        "cutpoints": constraints.ordered_vector,
    }

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self):
        return constraints.integer_interval(0, self.cutpoints.shape[-1])

    def __init__(self, predictor, cutpoints, validate_args=None):
        self.predictor = torch.as_tensor(predictor)
        self.cutpoints = torch.as_tensor(cutpoints)
        super().__init__(
            torch.broadcast_shapes(self.predictor.shape, self.cutpoints.shape[:-1]),
            (),
            validate_args=validate_args,
        )

    def log_prob(self, value):
        possible = (
            (value >= 0)
            & (value <= self.cutpoints.shape[-1])
            & (value == torch.floor(value))
        )
        value = torch.where(possible, value, 0)
        grades = self.cutpoints.shape[-1]
        low = pick(self.cutpoints, value - 1) - self.predictor
        high = pick(self.cutpoints, value) - self.predictor
        # Both ends in the lower tail, where differences keep their digits.
        above = low > 0
        near = log_normal_cdf(torch.where(above, -low, high))
        far = log_normal_cdf(torch.where(above, -high, low))
        # The outermost grades have one end.
        first, last = value == 0, value == grades
        two = ~(first | last)
        gap = torch.where(two, far - near, -torch.ones_like(near))
        between = near + log1mexp(gap)
        end = log_normal_cdf(torch.where(first, high, -low))
        density = torch.where(two, between, end)
        return torch.where(possible, density, -torch.inf)

    @torch.no_grad()
    def sample(self, sample_shape=()):
        shape = self.shape(sample_shape)
        z = self.predictor + torch.randn(shape)
        return torch.sum(self.cutpoints < z[..., None], dim=-1)


def lacking(income, grade):
    grade = grade.double()
    scale = pyro.sample("scale", Dagum(2.0, 3.0, 1.0))
    level = pyro.sample("level", dist.SkewLogistic(0.0, scale, 0.5))
    with pyro.plate("person", len(income)):
        pyro.sample("income", JohnsonSU(-1.0, 2.0, level, scale), obs=income)
        pyro.sample(
            "grade", OrderedProbit(level, torch.tensor([-0.5, 0.75])), obs=grade
        )


DATA = {
    "income": np.array([0.25, 1.5, 0.75]),
    "grade": np.array([0, 2, 1]),
}

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    data = {name: torch.as_tensor(values) for name, values in DATA.items()}
    kernel = NUTS(lacking)
    mcmc = MCMC(kernel, num_samples=1000, warmup_steps=1000)
    mcmc.run(**data)
    mcmc.summary()
