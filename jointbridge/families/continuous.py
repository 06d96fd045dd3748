"""Families of one continuous value."""

from jointbridge.families.row import Family

_LOC_SCALE = "loc: real = 0, scale: positive = 1"
_WIKI = "https://en.wikipedia.org/wiki/"

ROWS = [
    Family(
        "Normal",
        _LOC_SCALE,
        "real",
        "bell curve with mean loc and standard deviation scale",
        "-0.5 * ((value - loc) / scale) ** 2 - log(scale) - 0.5 * log(2 * pi)",
        f"{_WIKI}Normal_distribution",
        truncates=True,
        cdf="normal_cdf((value - loc) / scale)",
    ),
    Family(
        "LogNormal",
        _LOC_SCALE,
        "positive",
        "exp of a Normal(loc, scale)",
        "-0.5 * ((log(value) - loc) / scale) ** 2 - log(value) - log(scale)"
        " - 0.5 * log(2 * pi)",
        f"{_WIKI}Log-normal_distribution",
        cdf="normal_cdf((log(value) - loc) / scale)",
    ),
    Family(
        "StudentT",
        f"df: positive, {_LOC_SCALE}",
        "real",
        "heavy tails; df degrees of freedom, scale is not the standard deviation",
        "lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * log(pi * df) - log(scale)"
        " - (df + 1) / 2 * log1p(((value - loc) / scale) ** 2 / df)",
        f"{_WIKI}Student%27s_t-distribution",
        truncates=True,
    ),
    Family(
        "HalfStudentT",
        "df: positive, scale: positive = 1",
        "nonnegative",
        "absolute value of a StudentT(df, 0, scale)",
        "log(2.0) + lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * log(pi * df)"
        " - log(scale) - (df + 1) / 2 * log1p((value / scale) ** 2 / df)",
        f"{_WIKI}Folded-t_and_half-t_distributions",
    ),
    Family(
        "Cauchy",
        _LOC_SCALE,
        "real",
        "very heavy tails around loc; no mean",
        "-log(pi * scale) - log1p(((value - loc) / scale) ** 2)",
        f"{_WIKI}Cauchy_distribution",
        truncates=True,
        cdf="0.5 + atan((value - loc) / scale) / pi",
    ),
    Family(
        "Laplace",
        _LOC_SCALE,
        "real",
        "double exponential around loc",
        "-abs(value - loc) / scale - log(2 * scale)",
        f"{_WIKI}Laplace_distribution",
        truncates=True,
        cdf="0.5 + 0.5 * sign(value - loc) * (1 - exp(-abs(value - loc) / scale))",
    ),
    Family(
        "Logistic",
        _LOC_SCALE,
        "real",
        "distribution whose distribution function is the logistic sigmoid",
        "-(value - loc) / scale - log(scale) - 2 * softplus(-(value - loc) / scale)",
        f"{_WIKI}Logistic_distribution",
        truncates=True,
        cdf="expit((value - loc) / scale)",
    ),
    Family(
        "Gumbel",
        _LOC_SCALE,
        "real",
        "maximum of many values",
        "-(value - loc) / scale - exp(-(value - loc) / scale) - log(scale)",
        f"{_WIKI}Gumbel_distribution",
        cdf="exp(-exp(-(value - loc) / scale))",
    ),
    Family(
        "Uniform",
        "low: real = 0, high: greater_than(low) = 1",
        "interval(low, high)",
        "equal density between low and high, both included",
        "-log(high - low)",
        f"{_WIKI}Continuous_uniform_distribution",
    ),
    Family(
        "HalfNormal",
        "scale: positive = 1",
        "nonnegative",
        "absolute value of a Normal(0, scale)",
        "-0.5 * (value / scale) ** 2 - log(scale) + 0.5 * log(2 / pi)",
        f"{_WIKI}Half-normal_distribution",
    ),
    Family(
        "HalfCauchy",
        "scale: positive = 1",
        "nonnegative",
        "absolute value of a Cauchy(0, scale)",
        "log(2 / pi) - log(scale) - log1p((value / scale) ** 2)",
        f"{_WIKI}Cauchy_distribution",
    ),
    Family(
        "Exponential",
        "rate: positive = 1",
        "nonnegative",
        "waiting time with mean 1 / rate",
        "log(rate) - rate * value",
        f"{_WIKI}Exponential_distribution",
        cdf="-expm1(-rate * value)",
    ),
    Family(
        "Gamma",
        "concentration: positive, rate: positive = 1",
        "positive",
        "mean concentration / rate (rate, not scale)",
        "concentration * log(rate) + (concentration - 1) * log(value) - rate * value"
        " - lgamma(concentration)",
        f"{_WIKI}Gamma_distribution",
    ),
    Family(
        "InverseGamma",
        "concentration: positive, rate: positive = 1",
        "positive",
        "1 / x of a Gamma(concentration, rate)",
        "concentration * log(rate) - (concentration + 1) * log(value) - rate / value"
        " - lgamma(concentration)",
        f"{_WIKI}Inverse-gamma_distribution",
    ),
    Family(
        "Beta",
        "concentration1: positive, concentration0: positive",
        "open_unit_interval",
        "mean concentration1 / (concentration1 + concentration0)",
        "(concentration1 - 1) * log(value) + (concentration0 - 1) * log1p(-value)"
        " + lgamma(concentration1 + concentration0) - lgamma(concentration1)"
        " - lgamma(concentration0)",
        f"{_WIKI}Beta_distribution",
    ),
    Family(
        "Weibull",
        "scale: positive, concentration: positive",
        "positive",
        "waiting time with hazard growing like x ** (concentration - 1)",
        "log(concentration / scale) + (concentration - 1) * log(value / scale)"
        " - (value / scale) ** concentration",
        f"{_WIKI}Weibull_distribution",
        cdf="-expm1(-((value / scale) ** concentration))",
    ),
    Family(
        "Pareto",
        "scale: positive, alpha: positive",
        "greater_than_eq(scale)",
        "power law with exponent alpha + 1 from scale on",
        "log(alpha) + alpha * log(scale) - (alpha + 1) * log(value)",
        f"{_WIKI}Pareto_distribution",
    ),
    Family(
        "VonMises",
        "loc: real, concentration: positive",
        "circular",
        "bell curve on the circle",
        "concentration * (cos(value - loc) - 1) - log(2 * pi * i0e(concentration))",
        f"{_WIKI}Von_Mises_distribution",
    ),
    Family(
        "AsymmetricLaplace",
        f"{_LOC_SCALE}, asymmetry: positive = 1",
        "real",
        "exponential tails, scale * asymmetry long on the left, scale / asymmetry"
        " on the right",
        "-abs(value - loc) / where(value < loc, scale * asymmetry, scale / asymmetry)"
        " - log(scale * asymmetry + scale / asymmetry)",
        f"{_WIKI}Asymmetric_Laplace_distribution",
    ),
    Family(
        "AsymmetricLaplaceQuantile",
        f"{_LOC_SCALE}, quantile: open_unit_interval = 0.5",
        "real",
        "exponential tails with the mass quantile below loc, as in quantile regression",
        "log(quantile * (1 - quantile) / scale)"
        " - (value - loc) / scale * (quantile - where(value < loc, 1.0, 0.0))",
        f"{_WIKI}Asymmetric_Laplace_distribution",
        same_as="AsymmetricLaplace(loc=loc,"
        " scale=scale / sqrt(quantile * (1 - quantile)),"
        " asymmetry=sqrt(quantile / (1 - quantile)))",
    ),
    Family(
        "SoftLaplace",
        "loc: real, scale: positive",
        "real",
        "Laplace-like tails, smooth at loc",
        "log(2 / pi) - log(scale)"
        " - logaddexp((value - loc) / scale, (loc - value) / scale)",
        f"{_WIKI}Hyperbolic_secant_distribution",
    ),
    Family(
        "LogUniform",
        "low: positive, high: greater_than(low)",
        "interval(low, high)",
        "exp of a Uniform(log(low), log(high))",
        "-log(value) - log(log(high / low))",
        f"{_WIKI}Reciprocal_distribution",
    ),
    Family(
        "Chi2",
        "df: positive",
        "positive",
        "sum of df squared standard normals",
        "(df / 2 - 1) * log(value) - value / 2 - df / 2 * log(2.0) - lgamma(df / 2)",
        f"{_WIKI}Chi-squared_distribution",
        same_as="Gamma(concentration=0.5 * df, rate=0.5)",
    ),
    Family(
        "Gompertz",
        "concentration: positive, rate: positive = 1",
        "nonnegative",
        "waiting time with hazard concentration * rate * exp(rate * x)",
        "log(concentration * rate) + rate * value - concentration * expm1(rate * value)",
        f"{_WIKI}Gompertz_distribution",
    ),
    Family(
        "Levy",
        "loc: real, scale: positive",
        "greater_than(loc)",
        "very heavy upper tail from loc on; no mean",
        "0.5 * log(scale / (2 * pi)) - 1.5 * log(value - loc)"
        " - 0.5 * scale / (value - loc)",
        f"{_WIKI}L%C3%A9vy_distribution",
    ),
    Family(
        "BetaProportion",
        "mean: open_unit_interval, concentration: positive",
        "open_unit_interval",
        "Beta by its mean and how concentrated it is",
        "(mean * concentration - 1) * log(value)"
        " + ((1 - mean) * concentration - 1) * log1p(-value) + lgamma(concentration)"
        " - lgamma(mean * concentration) - lgamma((1 - mean) * concentration)",
        f"{_WIKI}Beta_distribution#Mean_and_sample_size",
        same_as="Beta(concentration1=mean * concentration,"
        " concentration0=(1 - mean) * concentration)",
    ),
    Family(
        "Kumaraswamy",
        "concentration1: positive, concentration0: positive",
        "open_unit_interval",
        "Beta-like, with distribution function"
        " 1 - (1 - x ** concentration1) ** concentration0",
        "log(concentration1 * concentration0) + (concentration1 - 1) * log(value)"
        " + (concentration0 - 1) * log1p(-(value ** concentration1))",
        f"{_WIKI}Kumaraswamy_distribution",
    ),
    Family(
        "RelaxedBernoulli",
        "temperature: positive, probs: open_unit_interval | logits: real",
        "open_unit_interval",
        "a Bernoulli made continuous; sharper towards temperature 0",
        "log(temperature) - log(value) - log1p(-value)"
        " - softplus(temperature * logit(value) - log(probs) + log1p(-probs))"
        " - softplus(log(probs) - log1p(-probs) - temperature * logit(value))",
        "Maddison, Mnih and Teh (2017), The Concrete Distribution",
    ),
]
