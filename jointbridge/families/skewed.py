"""Families of one real value with other tails than the usual ones, or a lean."""

from jointbridge.families.row import Family

_LOC_SCALE = "loc: real, scale: positive"
_WIKI = "https://en.wikipedia.org/wiki/"
_HALF_LOG_2_PI = "0.5 * log(2 * pi)"
_BENT = (
    "(log((value - loc) / {0} + sqrt(1 + ((value - loc) / {0}) ** 2)) / tailweight"
    " - skewness)"
).format
#: The scale at which the point 2 of a standard normal stays where it is.
_WIDE = "(2 * scale / (0.5 * (expm1(tailweight * log(2 + sqrt(5.0)))"
_WIDE += " - expm1(-tailweight * log(2 + sqrt(5.0))))))"

ROWS = [
    Family(
        "SkewLogistic",
        f"{_LOC_SCALE}, asymmetry: positive = 1",
        "real",
        "Logistic whose distribution function is raised to the power asymmetry",
        "log(asymmetry) - log(scale) - (value - loc) / scale"
        " - (asymmetry + 1) * softplus(-(value - loc) / scale)",
        f"{_WIKI}Generalized_logistic_distribution",
    ),
    Family(
        "GeneralizedNormal",
        f"{_LOC_SCALE}, power: positive",
        "real",
        "Laplace at power 1, a Normal at power 2, flatter beyond",
        "log(power) - log(2 * scale) - lgamma(1 / power)"
        " - abs((value - loc) / scale) ** power",
        f"{_WIKI}Generalized_normal_distribution",
    ),
    Family(
        "ExponentiallyModifiedGaussian",
        f"{_LOC_SCALE}, rate: positive",
        "real",
        "sum of a Normal(loc, scale) and an Exponential(rate)",
        "log(rate) + rate * (loc - value + 0.5 * rate * scale ** 2)"
        " + log(0.5 * erfc((loc + rate * scale ** 2 - value) / (sqrt(2.0) * scale)))",
        f"{_WIKI}Exponentially_modified_Gaussian_distribution",
    ),
    Family(
        "JohnsonSU",
        f"skewness: real, tailweight: positive, {_LOC_SCALE}",
        "real",
        "loc + scale * sinh((z - skewness) / tailweight) of a standard normal z",
        "log(tailweight / scale) - 0.5 * log1p(((value - loc) / scale) ** 2)"
        f" - {_HALF_LOG_2_PI} - 0.5 * (skewness + tailweight * sign(value - loc)"
        " * log(abs(value - loc) / scale"
        " + sqrt(1 + ((value - loc) / scale) ** 2))) ** 2",
        f"{_WIKI}Johnson%27s_SU-distribution",
    ),
    Family(
        "SinhArcsinh",
        f"{_LOC_SCALE}, skewness: real = 0, tailweight: positive = 1",
        "real",
        "a Normal(loc, scale) made to lean, with lighter or heavier tails",
        f"softplus(-2 * abs({_BENT(_WIDE)})) + abs({_BENT(_WIDE)}) - log(2.0)"
        f" - 0.5 * log1p(((value - loc) / {_WIDE}) ** 2) - log(tailweight)"
        f" - log({_WIDE}) - {_HALF_LOG_2_PI}"
        f" - 0.125 * (exp({_BENT(_WIDE)}) - exp(-{_BENT(_WIDE)})) ** 2",
        "Jones and Pewsey (2009), Sinh-arcsinh distributions",
    ),
    Family(
        "TwoPieceNormal",
        f"{_LOC_SCALE}, skewness: positive",
        "real",
        "halves of two normals: scale / skewness wide below loc, scale * skewness above",
        "-0.5 * ((value - loc) / scale * where(value < loc, skewness, 1 / skewness))"
        f" ** 2 + log(2.0) - log(skewness + 1 / skewness) - log(scale) - {_HALF_LOG_2_PI}",
        f"{_WIKI}Split_normal_distribution",
    ),
    Family(
        "Moyal",
        _LOC_SCALE,
        "real",
        "energy that a charged particle loses on its way",
        "-0.5 * ((value - loc) / scale + exp(-(value - loc) / scale)) - log(scale)"
        f" - {_HALF_LOG_2_PI}",
        f"{_WIKI}Landau_distribution",
    ),
    Family(
        "GeneralizedExtremeValue",
        f"{_LOC_SCALE}, concentration: real",
        "real",
        "maximum of many values; density 0 where"
        " 1 + concentration * (x - loc) / scale is negative",
        "-log(scale) - (1 + 1 / concentration)"
        " * log1p(concentration * (value - loc) / scale)"
        " - exp(-log1p(concentration * (value - loc) / scale) / concentration)",
        f"{_WIKI}Generalized_extreme_value_distribution",
    ),
    Family(
        "DoublesidedMaxwell",
        _LOC_SCALE,
        "real",
        "a Maxwell distribution on either side of loc, where the density is 0",
        "2 * log(abs(value - loc) / scale) - 0.5 * ((value - loc) / scale) ** 2"
        f" - log(scale) - {_HALF_LOG_2_PI}",
        f"{_WIKI}Maxwell%E2%80%93Boltzmann_distribution",
    ),
    Family(
        "ExpGamma",
        "concentration: positive, rate: positive = 1",
        "real",
        "logarithm of a Gamma(concentration, rate)",
        "concentration * (value + log(rate)) - rate * exp(value) - lgamma(concentration)",
        f"{_WIKI}Gamma_distribution#Logarithmic_expectation_and_variance",
    ),
    Family(
        "ExpInverseGamma",
        "concentration: positive, rate: positive = 1",
        "real",
        "logarithm of an InverseGamma(concentration, rate)",
        "concentration * (log(rate) - value) - rate * exp(-value)"
        " - lgamma(concentration)",
        f"{_WIKI}Inverse-gamma_distribution",
    ),
    Family(
        "SigmoidBeta",
        "concentration1: positive, concentration0: positive",
        "real",
        "log odds of a Beta(concentration1, concentration0)",
        "-concentration1 * softplus(-value) - concentration0 * softplus(value)"
        " + lgamma(concentration1 + concentration0) - lgamma(concentration1)"
        " - lgamma(concentration0)",
        f"{_WIKI}Logistic-beta_distribution",
    ),
]
