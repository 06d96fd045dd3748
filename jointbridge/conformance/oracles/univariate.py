"""Log densities of one value: less common families, from their textbooks.

Each is a function of the value and the parameters, in their arithmetic.
"""

from math import inf

from jointbridge.conformance.oracles.arithmetic import (
    asinh,
    cosh,
    exp,
    expit,
    lgamma,
    log,
    log_beta,
    log_ndtr,
    ndtr,
    pi,
    sinh,
    sqrt,
    whole,
    zeta,
)


def _normal(z):
    return -(z**2) / 2 - log(2 * pi) / 2


# -- the real line --------------------------------------------------------------


def skew_logistic(x, loc, scale, asymmetry):
    """The derivative of expit(z) ** asymmetry."""
    z = (x - loc) / scale
    slope = log(expit(z)) + log(expit(-z)) - log(scale)
    return log(asymmetry) + (asymmetry - 1) * log(expit(z)) + slope


def generalized_normal(x, loc, scale, power):
    front = log(power / (2 * scale)) - lgamma(1 / power)
    return front - (abs(x - loc) / scale) ** power


def exponentially_modified_gaussian(x, loc, scale, rate):
    """The convolution, as the integral gives it."""
    shift = loc + rate * scale**2
    tail = log_ndtr((x - shift) / scale)
    return log(rate) + rate / 2 * (2 * loc + rate * scale**2 - 2 * x) + tail


def johnson_su(x, skewness, tailweight, loc, scale):
    """Of a normal z with x = loc + scale sinh((z - skewness) / tailweight)."""
    y = (x - loc) / scale
    jacobian = log(tailweight / (scale * sqrt(1 + y**2)))
    return _normal(skewness + tailweight * asinh(y)) + jacobian


def sinh_arcsinh(x, loc, scale, skewness, tailweight):
    """Of a normal z with x = loc + a sinh(tailweight (asinh(z) + skewness)).

    `a` is such that 2 is mapped to loc + 2 scale where there is no skewness.
    """
    a = 2 * scale / sinh(tailweight * asinh(2))
    y = (x - loc) / a
    inner = asinh(y) / tailweight - skewness
    jacobian = log(cosh(inner) / (tailweight * a * sqrt(1 + y**2)))
    return _normal(sinh(inner)) + jacobian


def two_piece_normal(x, loc, scale, skewness):
    """Fernández and Steel (1998)."""
    y = (x - loc) / scale
    y = y * skewness if x < loc else y / skewness
    return log(2 * skewness / ((1 + skewness**2) * scale)) + _normal(y)


def moyal(x, loc, scale):
    z = (x - loc) / scale
    return -(z + exp(-z)) / 2 - log(sqrt(2 * pi) * scale)


def generalized_extreme_value(x, loc, scale, concentration):
    """`concentration` is the xi of the textbooks, and not 0."""
    s = 1 + concentration * (x - loc) / scale
    if not s > 0:
        return -inf
    log_t = -log(s) / concentration
    return (concentration + 1) * log_t - exp(log_t) - log(scale)


def doublesided_maxwell(x, loc, scale):
    """z² exp(-z² / 2) over its integral, which is sqrt(2 pi)."""
    z = (x - loc) / scale
    return log(z**2) - z**2 / 2 - log(sqrt(2 * pi) * scale)


def exp_gamma(x, concentration, rate):
    """Of the logarithm of a gamma: its density at exp(x), times exp(x)."""
    density = concentration * log(rate) + (concentration - 1) * x - rate * exp(x)
    return density - lgamma(concentration) + x


def exp_inverse_gamma(x, concentration, rate):
    return exp_gamma(-x, concentration, rate)


def sigmoid_beta(x, concentration1, concentration0):
    """Of the log odds of a beta: its density, times that of the sigmoid."""
    a, b = concentration1, concentration0
    return a * log(expit(x)) + b * log(expit(-x)) - log_beta(a, b)


# -- above an edge --------------------------------------------------------------


def lower_truncated_power_law(x, alpha, low):
    return log((-alpha - 1) / low) + alpha * log(x / low)


def doubly_truncated_power_law(x, alpha, low, high):
    power = alpha + 1
    mass = log(high / low) if power == 0 else (high**power - low**power) / power
    return alpha * log(x) - log(mass)


def dagum(x, concentration, sharpness, scale):
    p, a, z = concentration, sharpness, x / scale
    return log(a * p / x) + a * p * log(z) - (p + 1) * log(z**a + 1)


def fisher_snedecor(x, df1, df2):
    top = df1 * log(df1 * x) + df2 * log(df2) - (df1 + df2) * log(df1 * x + df2)
    return top / 2 - log(x) - log_beta(df1 / 2, df2 / 2)


def generalized_pareto(x, loc, scale, concentration):
    z = (x - loc) / scale
    if concentration == 0:
        return -log(scale) - z
    s = 1 + concentration * z
    if not s > 0:
        return -inf
    return -log(scale) - (1 / concentration + 1) * log(s)


def inverse_gaussian(x, loc, concentration):
    distance = concentration * (x - loc) ** 2 / (2 * loc**2 * x)
    return log(concentration / (2 * pi * x**3)) / 2 - distance


def log_logistic(x, loc, scale):
    """The density of a logistic variable at log(x), over x."""
    z = (log(x) - loc) / scale
    return log(expit(z)) + log(expit(-z)) - log(scale * x)


def chi(x, df):
    return (1 - df / 2) * log(2) - lgamma(df / 2) + (df - 1) * log(x) - x**2 / 2


def gamma_gamma(x, concentration, mixing_concentration, mixing_rate):
    """The integral of gamma densities over a gamma rate."""
    a, c, b = concentration, mixing_concentration, mixing_rate
    top = lgamma(a + c) - lgamma(a) - lgamma(c) + (a - 1) * log(x)
    return top + c * log(b) - (a + c) * log(x + b)


# -- between two edges ----------------------------------------------------------


def logit_normal(x, loc, scale):
    z = (log(x / (1 - x)) - loc) / scale
    return _normal(z) - log(scale * x * (1 - x))


def continuous_bernoulli(x, logits):
    """exp(logits x) over its integral."""
    if logits == 0:
        return 0 * x
    return logits * x - log((exp(logits) - 1) / logits)


def continuous_bernoulli_probs(x, probs):
    return continuous_bernoulli(x, log(probs / (1 - probs)))


def affine_beta(x, concentration1, concentration0, loc, scale):
    a, b = concentration1, concentration0
    powers = (a - 1) * log(x - loc) + (b - 1) * log(loc + scale - x)
    return powers - (a + b - 1) * log(scale) - log_beta(a, b)


def pert(x, low, peak, high, temperature):
    width = high - low
    a = 1 + temperature * (peak - low) / width
    b = 1 + temperature * (high - peak) / width
    return affine_beta(x, a, b, low, width)


def triangular(x, low, high, peak):
    if x < peak:
        return log(2 * (x - low) / ((high - low) * (peak - low)))
    return log(2 * (high - x) / ((high - low) * (high - peak)))


# -- counts ---------------------------------------------------------------------


def probit_bernoulli(k, probits):
    return log(ndtr(probits if k == 1 else -probits))


def ordered_probit(k, predictor, cutpoints):
    """In the nearer tail, so that no digits are lost."""
    k = whole(k)
    if k == 0:
        return log(ndtr(cutpoints[0] - predictor))
    if k == len(cutpoints):
        return log(ndtr(predictor - cutpoints[-1]))
    low, high = cutpoints[k - 1] - predictor, cutpoints[k] - predictor
    if low > 0:
        low, high = -high, -low
    return log(ndtr(high) - ndtr(low))


def beta_negative_binomial(k, concentration1, concentration0, n):
    """The integral of p**k (1 - p)**n over a beta density of p, and how many ways."""
    a, b = concentration1, concentration0
    ways = lgamma(n + k) - lgamma(k + 1) - lgamma(n)
    return ways + log_beta(a + k, b + n) - log_beta(a, b)


def zipf(k, power):
    return -power * log(k) - log(zeta(power))


# -- families of families -------------------------------------------------------


def folded(density):
    """The densities at a value and at its mirror image."""
    return lambda x, *params: log(exp(density(x, *params)) + exp(density(-x, *params)))


def hurdle(density, log_gate, log_rest):
    """A zero with a probability of its own; other counts as if there were no zero."""

    def of_counts(k, gate, *params):
        if k == 0:
            return log_gate(gate)
        return log_rest(gate) + density(k, *params) - log(1 - exp(density(0, *params)))

    return of_counts


def hurdle_of_measured(density, log_gate, log_rest):
    """A zero with a probability of its own; all else is measured."""

    def of_measured(x, gate, *params):
        return log_gate(gate) if x == 0 else log_rest(gate) + density(x, *params)

    return of_measured


def log_expit(x):
    return log(expit(x))


def log_rest(x):
    return log(1 - x)


def laplace_above(x, loc, scale):
    """The mass of a Laplace distribution above a value."""
    tail = exp(-abs(x - loc) / scale) / 2
    return log(tail if x > loc else 1 - tail)


def truncated_polya_gamma(x):
    """Polson, Scott and Windle (2013): an alternating series; beyond 2.5 a hypoexponential."""
    odd = range(1, 321, 2)
    sign = [2 - n % 4 for n in odd]
    terms = (s * n * exp(-(n * n) / (8 * x)) for s, n in zip(sign, odd, strict=True))
    rest = sum(
        s * 4 / (n * pi) * exp(-(n * n) * pi * pi * 1.25)
        for s, n in list(zip(sign, odd, strict=True))[:40]
    )
    return log(sum(terms)) - log(2 * pi * x**3) / 2 - log(1 - rest)
