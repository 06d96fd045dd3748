"""Families made of one of one value: folded, censored, with a hurdle, tied together."""

from jointbridge.families.row import Family

_CENSORED = "base: distribution, censored: boolean = 0"
_SCORES = "normal_quantile(cdf(marginal_dist, value))"
_SURVIVAL = "https://en.wikipedia.org/wiki/Censoring_(statistics)"

ROWS = [
    Family(
        "Folded",
        "base: distribution",
        "nonnegative",
        "absolute value of a draw of base, which is over the real line",
        "logaddexp(log_prob(base, value), log_prob(base, -value))",
        "https://en.wikipedia.org/wiki/Folded_normal_distribution",
    ),
    Family(
        "LeftCensored",
        _CENSORED,
        "base",
        "a draw of base; where censored is 1, all that is known is that it was not above"
        " value",
        "where(censored == 1, log(cdf(base, value)), log_prob(base, value))",
        _SURVIVAL,
        measure="Lebesgue; where censored, a probability",
    ),
    Family(
        "RightCensored",
        _CENSORED,
        "base",
        "a draw of base; where censored is 1, all that is known is that it was not below"
        " value",
        "where(censored == 1, log1p(-cdf(base, value)), log_prob(base, value))",
        _SURVIVAL,
        measure="Lebesgue; where censored, a probability",
    ),
    Family(
        "Hurdle",
        "base: distribution, gate: unit_interval | gate_logits: real",
        "base",
        "0 with probability gate, else a draw of base that is not 0",
        "where(value == 0, log(gate), log1p(-gate) + log_prob(base, value)"
        " - where(measured(base), 0.0, log1p(-exp(log_prob(base, 0)))))",
        "https://en.wikipedia.org/wiki/Hurdle_model",
        measure="that of base, and a point mass at 0",
    ),
    Family(
        "GaussianCopula",
        "marginal_dist: distribution[K], correlation_matrix: corr_matrix[K, K]"
        " | correlation_cholesky: corr_cholesky[K, K]",
        "marginal_dist",
        "K values of marginal_dist, correlated as their normal scores are, the quantiles"
        " of a normal at cdf(marginal_dist, value)",
        "sum(log_prob(marginal_dist, value), axis=-1)"
        f" + 0.5 * sum(square({_SCORES}), axis=-1)"
        f" - 0.5 * sum(square(solve_triangular(correlation_cholesky, {_SCORES})), axis=-1)"
        " - sum(log(diagonal(correlation_cholesky)), axis=-1)",
        "https://en.wikipedia.org/wiki/Copula_(statistics)#Gaussian_copula",
        axes=("K",),
    ),
]

#: What a base must have, by the family that takes it: in words, and for example.
BASES = {
    "Folded": ("a family over the real line", "Normal, StudentT, …"),
    "LeftCensored": ("a family with a distribution function", ""),
    "RightCensored": ("a family with a distribution function", ""),
    "GaussianCopula": ("a family with a distribution function and its inverse", ""),
    "Hurdle": ("a family of counts from 0, or of positive values", "Poisson, Gamma, …"),
}


#: Families whose distribution function some library cannot invert.
_NOT_INVERTED = {"Weibull"}


def takes(name: str, base: Family) -> bool:
    """Whether a family of this module takes another one."""
    if base.axes or base.name in BASES:
        return False
    if name == "Folded":
        return base.support == "real"
    if name == "Hurdle":
        counted = base.support.startswith(("nonnegative_integer", "integer_interval(0"))
        return counted or base.support in ("positive", "nonnegative")
    inverted = name != "GaussianCopula" or base.name not in _NOT_INVERTED
    return bool(base.cdf) and inverted
