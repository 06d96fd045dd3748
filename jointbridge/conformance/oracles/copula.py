"""The Gaussian copula: a normal density of scores over that of independent ones.

A score is where a standard normal has as much mass below as the base has below a value. It
is found from the nearer tail, whose logarithm each base gives on both sides.
"""

from __future__ import annotations

from jointbridge.conformance.oracles import textbook
from jointbridge.conformance.oracles.arithmetic import (
    atan,
    exp,
    expm1,
    log,
    log_expit,
    log_ndtr,
    log_ndtri,
    pi,
)
from jointbridge.conformance.oracles.linear import outer
from jointbridge.conformance.oracles.multivariate import multivariate_normal


def score(below, above):
    """From the logarithms of the mass on both sides."""
    return log_ndtri(below) if below < above else -log_ndtri(above)


def copula(x, params, correlation, density, tails):
    """K values with parameters of their own.

    Args:
        x: The values.
        params: The parameters of each.
        correlation: The correlation matrix of the scores.
        density: The log density of one value.
        tails: The logarithms of the mass below and above one value.
    """
    each = list(zip(x, params, strict=True))
    scores = [score(*tails(v, *given)) for v, given in each]
    joint = multivariate_normal(scores, [0] * len(x), correlation)
    # A power of a ball around 0 is no number.
    alone = -sum(z * z + log(2 * pi) for z in scores) / 2
    return joint - alone + sum(density(v, *given) for v, given in each)


# -- both tails -----------------------------------------------------------------


def normal(x, loc, scale):
    z = (x - loc) / scale
    return log_ndtr(z), log_ndtr(-z)


def log_normal(x, loc, scale):
    return normal(log(x), loc, scale)


def cauchy(x, loc, scale):
    turn = atan((x - loc) / scale) / pi
    return log(0.5 + turn), log(0.5 - turn)


def laplace(x, loc, scale):
    tail = exp(-abs(x - loc) / scale) / 2
    return (log(1 - tail), log(tail)) if x > loc else (log(tail), log(1 - tail))


def logistic(x, loc, scale):
    z = (x - loc) / scale
    return log_expit(z), log_expit(-z)


def gumbel(x, loc, scale):
    hazard = exp(-(x - loc) / scale)
    return -hazard, log(-expm1(-hazard))


def exponential(x, rate):
    return log(-expm1(-rate * x)), -rate * x


# -- cases ----------------------------------------------------------------------


def of_location_and_scale(density, tails):
    """Locations of each value, and one scale."""

    def joint(x, m, s, correlation):
        return copula(x, [(v, s) for v in m], correlation, density, tails)

    return joint


def of_exponentials(x, r, correlation):
    return copula(x, [(v,) for v in r], correlation, textbook.exponential, exponential)


def of_logistics_by_factor(x, m, s, factor):
    joint = of_location_and_scale(textbook.logistic, logistic)
    return joint(x, m, s, outer(factor))
