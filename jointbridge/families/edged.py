"""Families of one value above an edge, or between two."""

from jointbridge.families.row import Family

_WIKI = "https://en.wikipedia.org/wiki/"
_BETA = "concentration1: positive, concentration0: positive"
_LOG_BETA = (
    "lgamma(concentration1) + lgamma(concentration0)"
    " - lgamma(concentration1 + concentration0)"
)

#: A PolyaGamma by two series, each where its first term is nearly all.
_INSIDE = "where(value > 0, value, 1.0)"
_DECAY = f"maximum(1 / {_INSIDE}, 4 * square(pi) * {_INSIDE})"
_POLYA_GAMMA = (
    f"where(value < 0.5 / pi, -0.5 * log(2 * pi) - 1.5 * log({_INSIDE})"
    f" - 0.125 / {_INSIDE}, log(2 * pi) - 0.5 * square(pi) * value)"
    f" + log1p(-3 * exp(-{_DECAY}) + 5 * exp(-3 * {_DECAY}) - 7 * exp(-6 * {_DECAY}))"
    " - log1p(-4 / pi * exp(-1.25 * square(pi)))"
)

ROWS = [
    Family(
        "LowerTruncatedPowerLaw",
        "alpha: less_than(-1), low: positive",
        "greater_than_eq(low)",
        "density proportional to x ** alpha from low on",
        "alpha * log(value / low) + log(-(alpha + 1)) - log(low)",
        f"{_WIKI}Pareto_distribution",
        same_as="Pareto(scale=low, alpha=-alpha - 1)",
    ),
    Family(
        "DoublyTruncatedPowerLaw",
        "alpha: real, low: positive, high: greater_than(low)",
        "interval(low, high)",
        "density proportional to x ** alpha between low and high",
        "alpha * log(value) - where(alpha == -1, log(log(high / low)),"
        " (alpha + 1) * log(low) + log(expm1((alpha + 1) * log(high / low))"
        " / (alpha + 1)))",
        f"{_WIKI}Pareto_distribution#Bounded_Pareto_distribution",
    ),
    Family(
        "Dagum",
        "concentration: positive, sharpness: positive, scale: positive",
        "positive",
        "incomes: a power of x below scale, a power law with exponent sharpness above",
        "log(concentration * sharpness) - log(value)"
        " - concentration * softplus(-sharpness * log(value / scale))"
        " - softplus(sharpness * log(value / scale))",
        f"{_WIKI}Dagum_distribution",
    ),
    Family(
        "FisherSnedecor",
        "df1: positive, df2: positive",
        "positive",
        "ratio of two Chi2 over their degrees of freedom",
        "df1 / 2 * log(df1 / df2) + (df1 / 2 - 1) * log(value)"
        " - (df1 + df2) / 2 * log1p(df1 / df2 * value)"
        " + lgamma((df1 + df2) / 2) - lgamma(df1 / 2) - lgamma(df2 / 2)",
        f"{_WIKI}F-distribution",
    ),
    Family(
        "GeneralizedPareto",
        "loc: real, scale: positive, concentration: real",
        "greater_than_eq(loc)",
        "what exceeds loc; density 0 where"
        " 1 + concentration * (x - loc) / scale is negative",
        "-log(scale) - (1 + 1 / concentration)"
        " * log1p(concentration * (value - loc) / scale)",
        f"{_WIKI}Generalized_Pareto_distribution",
    ),
    Family(
        "InverseGaussian",
        "loc: positive, concentration: positive",
        "positive",
        "time in which a drifting particle gets there; mean loc",
        "0.5 * log(concentration / (2 * pi * value ** 3))"
        " - concentration * (value - loc) ** 2 / (2 * loc ** 2 * value)",
        f"{_WIKI}Inverse_Gaussian_distribution",
    ),
    Family(
        "LogLogistic",
        "loc: real, scale: positive",
        "positive",
        "exp of a Logistic(loc, scale)",
        "-(log(value) - loc) / scale - log(value) - log(scale)"
        " - 2 * softplus(-(log(value) - loc) / scale)",
        f"{_WIKI}Log-logistic_distribution",
    ),
    Family(
        "Chi",
        "df: positive",
        "positive",
        "length of a vector of df standard normals",
        "(df - 1) * log(value) - 0.5 * value ** 2 - (df / 2 - 1) * log(2.0)"
        " - lgamma(df / 2)",
        f"{_WIKI}Chi_distribution",
    ),
    Family(
        "GammaGamma",
        "concentration: positive, mixing_concentration: positive,"
        " mixing_rate: positive",
        "positive",
        "Gamma whose rate is a Gamma(mixing_concentration, mixing_rate)",
        "(concentration - 1) * log(value) + mixing_concentration * log(mixing_rate)"
        " - (concentration + mixing_concentration) * log(value + mixing_rate)"
        " + lgamma(concentration + mixing_concentration) - lgamma(concentration)"
        " - lgamma(mixing_concentration)",
        f"{_WIKI}Compound_probability_distribution",
    ),
    Family(
        "LogitNormal",
        "loc: real, scale: positive",
        "open_unit_interval",
        "logistic sigmoid of a Normal(loc, scale)",
        "-0.5 * ((logit(value) - loc) / scale) ** 2 - log(scale) - log(value)"
        " - log1p(-value) - 0.5 * log(2 * pi)",
        f"{_WIKI}Logit-normal_distribution",
    ),
    Family(
        "ContinuousBernoulli",
        "probs: open_unit_interval | logits: real",
        "unit_interval",
        "density proportional to exp(logits * x) between 0 and 1",
        "value * logit(probs) - where(probs == 0.5, 0.0,"
        " log(expm1(logit(probs)) / logit(probs)))",
        f"{_WIKI}Continuous_Bernoulli_distribution",
    ),
    Family(
        "AffineBeta",
        f"{_BETA}, loc: real, scale: positive",
        "interval(loc, loc + scale)",
        "loc + scale times a Beta(concentration1, concentration0)",
        "(concentration1 - 1) * log((value - loc) / scale)"
        f" + (concentration0 - 1) * log1p(-(value - loc) / scale) - log(scale)"
        f" - ({_LOG_BETA})",
        f"{_WIKI}Beta_distribution#Four_parameters",
    ),
    Family(
        "PERT",
        "low: real, peak: interval(low, high), high: greater_than(low),"
        " temperature: positive = 4",
        "interval(low, high)",
        "an expert's guess: at least low, most likely peak, at most high",
        "temperature * (peak - low) / (high - low) * log((value - low) / (high - low))"
        " + temperature * (high - peak) / (high - low)"
        " * log((high - value) / (high - low)) - log(high - low)"
        " + lgamma(2 + temperature) - lgamma(1 + temperature * (peak - low)"
        " / (high - low)) - lgamma(1 + temperature * (high - peak) / (high - low))",
        f"{_WIKI}PERT_distribution",
        same_as="AffineBeta("
        "concentration1=1 + temperature * (peak - low) / (high - low),"
        " concentration0=1 + temperature * (high - peak) / (high - low),"
        " loc=low, scale=high - low)",
    ),
    Family(
        "Triangular",
        "low: real = 0, high: greater_than(low) = 1, peak: interval(low, high) = 0.5",
        "interval(low, high)",
        "density rising from low to peak and falling to high, along straight lines",
        "log(2 / (high - low)) + log(where(value < peak, (value - low) / (peak - low),"
        " (high - value) / (high - peak)))",
        f"{_WIKI}Triangular_distribution",
    ),
    Family(
        "TruncatedPolyaGamma",
        "",
        "interval(0, 2.5)",
        "PolyaGamma(1, 0) below 2.5: its Gaussian mixtures are logistic",
        f"where(value > 0, {_POLYA_GAMMA}, -inf)",
        "Polson, Scott and Windle (2013), JASA 108",
    ),
]
