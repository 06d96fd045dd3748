"""More families of one counted value."""

from functools import partial

from jointbridge.families.row import Family

_WIKI = "https://en.wikipedia.org/wiki/"
_counted = partial(Family, measure="counting")

ROWS = [
    _counted(
        "ProbitBernoulli",
        "probits: real",
        "boolean",
        "1 where a standard normal is below probits, else 0",
        "log(0.5 * erfc(where(value == 1, -probits, probits) / sqrt(2.0)))",
        f"{_WIKI}Probit_model",
    ),
    _counted(
        "OrderedProbit",
        "predictor: real, cutpoints: ordered[C]",
        "integer_interval(0, C)",
        "a grade from 0 to C: how many cutpoints a normal variable exceeds",
        "log(where(value == C, 1.0, normal_cdf(sum(one_hot(value, C + 1)[..., :-1]"
        " * cutpoints, axis=-1) - predictor)) - where(value == 0, 0.0, normal_cdf(sum("
        "one_hot(value, C + 1)[..., 1:] * cutpoints, axis=-1) - predictor)))",
        f"{_WIKI}Ordered_probit",
    ),
    _counted(
        "BetaNegativeBinomial",
        "concentration1: positive, concentration0: positive, n: positive",
        "nonnegative_integer",
        "NegativeBinomial whose probability is a Beta(concentration1, concentration0)",
        "lgamma(value + n) - lgamma(n) - lgamma(value + 1)"
        " + lgamma(concentration1 + value) + lgamma(concentration0 + n)"
        " - lgamma(concentration1 + concentration0 + value + n)"
        " + lgamma(concentration1 + concentration0) - lgamma(concentration1)"
        " - lgamma(concentration0)",
        f"{_WIKI}Beta_negative_binomial_distribution",
    ),
    _counted(
        "Zipf",
        "power: greater_than(1)",
        "integer_greater_than_eq(1)",
        "ranks from 1 on; probability proportional to x ** -power",
        # The zeta function, by the sum of Euler and Maclaurin.
        "-power * log(value) - log(sum((1.0 * arange(1, 30)) ** -power)"
        " + 30 ** (1 - power) / (power - 1) + 0.5 * 30 ** -power"
        " + power / 12 * 30 ** (-power - 1)"
        " - power * (power + 1) * (power + 2) / 720 * 30 ** (-power - 3)"
        " + power * (power + 1) * (power + 2) * (power + 3) * (power + 4) / 30240"
        " * 30 ** (-power - 5))",
        f"{_WIKI}Zeta_distribution",
    ),
]
