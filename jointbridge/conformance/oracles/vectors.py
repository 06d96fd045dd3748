"""Textbook densities of mixtures, transforms, circles, spheres and vectors.

Densities of transforms are those of change of variables, worked out by hand.
"""

from __future__ import annotations

import math

from jointbridge.conformance.oracles.arithmetic import (
    atanh,
    besseli,
    choose,
    cos,
    exp,
    lgamma,
    log,
    ndtr,
    pi,
    ratio,
    sin,
    sqrt,
    whole,
)
from jointbridge.conformance.oracles.counts import geometric, poisson, softmax
from jointbridge.conformance.oracles.multivariate import (
    multivariate_normal,
    multivariate_normal_tril,
)
from jointbridge.conformance.oracles.textbook import (
    beta,
    gamma,
    normal,
    student,
    von_mises,
)


def log_mean(weights, terms):
    """The log of a weighted mean of exp of terms."""
    return log(sum(w * exp(t) for w, t in zip(weights, terms, strict=True)))


def normal_and_student(x, w, m, s):
    return log_mean(w, [normal(x, m, s), student(x, 3.5, 2, s)])


def three_counts(k, w, r):
    each = [poisson(k, r), geometric(k, 0.25), poisson(k, 0.5)]
    return log_mean(softmax(w), each)


def scaled_beta(x, a, s):
    return beta((x - a) / s, 2.5, 0.75) - log(s)


def log_gamma(y, k):
    """The gamma has rate 3/2."""
    return gamma(log(y), k, 1.5) - log(y)


def logistic_student(y, m):
    inside = log(y) - log(1 - y)
    return student(inside, 4, m, 1.5) - log(y * (1 - y))


def power_of_exponential(y, p, r):
    """A Weibull."""
    z = y ** (1 / p)
    return log(r) - r * z + log(z) - log(p * y)


def softplus_normal(y, m):
    return normal(log(exp(y) - 1), m, 1.5) + y - log(exp(y) - 1)


def tanh_normal(y, m):
    return normal(atanh(y), m, 1.5) - log(1 - y * y)


def log_normal_vector(y, m, tril):
    logs = [log(v) for v in y]
    return multivariate_normal_tril(logs, m, tril) - sum(logs)


def exp_of_scaled_beta(y, a, s):
    return scaled_beta(log(y), a, s) - log(y)


def sine_bivariate_von_mises(x, phi_loc, psi_loc, kappa, lam, rho):
    """Singh, Hnizdo and Demchuk (2002): the constant as a series of Bessel functions."""
    phi, psi = x[0] - phi_loc, x[1] - psi_loc
    kernel = kappa * cos(phi) + lam * cos(psi) + rho * sin(phi) * sin(psi)
    terms = (
        exp(choose(2 * m, m))
        * (rho * rho / (4 * kappa * lam)) ** m
        * besseli(m, kappa)
        * besseli(m, lam)
        for m in range(60 + abs(whole(rho)))  # the largest is at |rho| / 2
    )
    return kernel - log(4 * pi * pi * sum(terms))


def sine_skewed_von_mises(x, m, k, s):
    each = zip(x, m, s, strict=True)
    lean = sum(a * sin(v - c) for v, c, a in each)
    pairs = zip(x, m, strict=True)
    return sum(von_mises(v, c, k) for v, c in pairs) + log(1 + lean)


def projected_normal(x, concentration):
    """By parts along the ray: each power from the two before."""
    along = sum(c * v for c, v in zip(concentration, x, strict=True))
    beside = sum(c * c for c in concentration) - along * along
    last = ndtr(along)
    power = exp(-along * along / 2) / sqrt(2 * pi) + along * last
    for k in range(1, len(x) - 1):
        last, power = power, along * power + k * last
    return log(power) - beside / 2 - (len(x) - 1) * log(2 * pi) / 2


def power_spherical(x, mean_direction, concentration):
    """De Cao and Aziz (2020), equation 1; a beta function of 1 + the cosine, halved."""
    beta = ratio(len(x) - 1, 2)
    alpha = concentration + beta
    cosine = sum(c * v for c, v in zip(mean_direction, x, strict=True))
    log_area = log(2) * (alpha + beta) + log(pi) * beta + lgamma(alpha)
    if not 1 + cosine > 0:
        return -math.inf
    return concentration * log(1 + cosine) - log_area + lgamma(alpha + beta)


def von_mises_fisher(x, mean_direction, concentration):
    """Mardia and Jupp (2000), equation 9.3.4, with the area in the constant."""
    half = ratio(len(x), 2)
    cosine = sum(c * v for c, v in zip(mean_direction, x, strict=True))
    bessel = log(besseli(half - 1, concentration))
    front = (half - 1) * log(concentration) - half * log(2 * pi) - bessel
    return front + concentration * cosine


def relaxed_one_hot(x, temperature, probs):
    """Maddison, Mnih and Teh (2017), equation 10, product by product."""
    n, t = len(x), temperature
    pairs = list(zip(x, probs, strict=True))
    total = sum(p * v ** (-t) for v, p in pairs)
    product = 1
    for v, p in pairs:
        product = product * (p * v ** (-t - 1) / total)
    factorial = 1
    for k in range(1, n):
        factorial = factorial * k
    return log(factorial * t ** (n - 1) * product)


def relaxed_one_hot_logits(x, temperature, logits):
    return relaxed_one_hot(x, temperature, softmax(logits))


def plackett_luce(order, scores):
    """Drawn one after another from what is left."""
    left = [scores[whole(k)] for k in order]
    found = 0
    while left:
        found = found + log(left[0] / sum(left))
        left = left[1:]
    return found


def circulant_normal(x, loc, row):
    """Not a number where an eigenvalue of the covariance is not positive."""
    n = len(row)
    if not all(_eigenvalue(row, j) > 0 for j in range(n)):
        return math.nan
    matrix = [[row[(j - i) % n] for j in range(n)] for i in range(n)]
    return multivariate_normal(x, loc, matrix)


def _eigenvalue(row, j):
    n = len(row)
    return sum(c * cos(2 * pi * j * k / n) for k, c in enumerate(row))
