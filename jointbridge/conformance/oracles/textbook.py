"""Log densities of one continuous value, written from the textbook.

Each is a function of the value and the parameters, in their arithmetic.  Nothing here
reads the catalogue or a backend.
"""

from jointbridge.conformance.oracles.arithmetic import (
    besseli,
    cos,
    cosh,
    exp,
    lgamma,
    log,
    log_beta,
    ndtr,
    pi,
    sqrt,
)


def normal(x, loc, scale):
    return -((x - loc) ** 2) / (2 * scale**2) - log(scale * sqrt(2 * pi))


def normal_cdf(x, loc, scale):
    return ndtr((x - loc) / scale)


def normal_mass(low, high, loc, scale):
    """Between two values; in the nearer tail, where fewer digits cancel."""
    low, high = (low - loc) / scale, (high - loc) / scale
    if low + high > 0:
        low, high = -high, -low
    return ndtr(high) - ndtr(low)


def log_normal(x, loc, scale):
    return normal(log(x), loc, scale) - log(x)


def half(density):
    """A density folded at zero."""
    return lambda x, *params: log(2) + density(x, *params)


def student(x, df, loc, scale):
    z = (x - loc) / scale
    front = lgamma((df + 1) / 2) - lgamma(df / 2) - log(sqrt(df * pi) * scale)
    return front - (df + 1) / 2 * log(1 + z**2 / df)


def cauchy(x, loc, scale):
    return -log(pi * scale * (1 + ((x - loc) / scale) ** 2))


def laplace(x, loc, scale):
    return -abs(x - loc) / scale - log(2 * scale)


def logistic(x, loc, scale):
    z = (x - loc) / scale
    return -z - log(scale) - 2 * log(1 + exp(-z))


def gumbel(x, loc, scale):
    z = (x - loc) / scale
    return -z - exp(-z) - log(scale)


def asymmetric_laplace(x, loc, scale, asymmetry):
    rate = asymmetry if x >= loc else 1 / asymmetry
    return -abs(x - loc) / scale * rate - log(scale * (asymmetry + 1 / asymmetry))


def asymmetric_laplace_quantile(x, loc, scale, quantile):
    """Koenker's check function, normalised."""
    check = (x - loc) * (quantile - (1 if x < loc else 0))
    return log(quantile * (1 - quantile) / scale) - check / scale


def soft_laplace(x, loc, scale):
    return -log(pi * scale * cosh((x - loc) / scale))


def uniform(x, low, high):
    return -log(high - low)


def log_uniform(x, low, high):
    return -log(x * log(high / low))


def exponential(x, rate):
    return log(rate) - rate * x


def gompertz(x, concentration, rate):
    hazard = log(concentration * rate) + rate * x
    return hazard - concentration * (exp(rate * x) - 1)


def levy(x, loc, scale):
    z = x - loc
    return log(sqrt(scale / (2 * pi))) - scale / (2 * z) - 3 * log(z) / 2


def kumaraswamy(x, concentration1, concentration0):
    a, b = concentration1, concentration0
    return log(a * b) + (a - 1) * log(x) + (b - 1) * log(1 - x**a)


def relaxed_bernoulli(x, temperature, logits):
    """Maddison, Mnih and Teh (2017), equation 24, in odds."""
    t, odds = temperature, exp(logits)
    top = log(t * odds) - (t + 1) * log(x * (1 - x))
    return top - 2 * log(odds * x ** (-t) + (1 - x) ** (-t))


def gamma(x, concentration, rate):
    a = concentration
    return a * log(rate) + (a - 1) * log(x) - rate * x - lgamma(a)


def chi2(x, df):
    return gamma(x, df / 2, 0.5)


def inverse_gamma(x, concentration, rate):
    return gamma(1 / x, concentration, rate) - 2 * log(x)


def beta(x, concentration1, concentration0):
    a, b = concentration1, concentration0
    return (a - 1) * log(x) + (b - 1) * log(1 - x) - log_beta(a, b)


def beta_proportion(x, mean, concentration):
    return beta(x, mean * concentration, (1 - mean) * concentration)


def weibull(x, scale, concentration):
    z = x / scale
    return log(concentration / scale * z ** (concentration - 1)) - z**concentration


def pareto(x, scale, alpha):
    return log(alpha) + alpha * log(scale) - (alpha + 1) * log(x)


def von_mises(x, loc, concentration):
    return concentration * cos(x - loc) - log(2 * pi * besseli(0, concentration))
