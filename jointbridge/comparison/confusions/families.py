"""The family is another one."""

from __future__ import annotations

from jointbridge.comparison.confusions.row import Family

#: What to do about a log 2 that is missing.
HALF = "add the half distribution's log 2, or use {f}"
_WHOLE = "{b} has the whole distribution where {a} has the half one: log 2 is missing"
_OTHER = "check which of the two is meant"

FAMILIES = [
    Family(
        "half distribution",
        _WHOLE,
        HALF,
        f"Half{name}({half})",
        f"{name}({whole})",
    )
    for name, half, whole in (
        ("Normal", "scale=scale", "loc=0.0, scale=scale"),
        ("Cauchy", "scale=scale", "loc=0.0, scale=scale"),
        ("StudentT", "df=df, scale=scale", "df=df, loc=0.0, scale=scale"),
    )
] + [
    Family(
        "truncation",
        "{b} leaves out the truncation of {a}, and with it its normaliser",
        "truncate it there too",
        "Truncated(base=base, low=low, high=high)",
        "base",
    ),
    Family(
        "zero inflation",
        "{b} leaves out the zero inflation of {a}",
        "inflate it there too",
        "ZeroInflated(base=base, gate=gate)",
        "base",
    ),
    Family(
        "natural or log scale",
        "{b} has a Normal where {a} has a LogNormal with the same parameters",
        "use LogNormal, or take the logarithm of the value and add its Jacobian",
        "LogNormal(loc=loc, scale=scale)",
        "Normal(loc=loc, scale=scale)",
    ),
    Family(
        "inverse",
        "{b} has a Gamma where {a} has an InverseGamma with the same parameters",
        "use InverseGamma, or the Gamma of 1 / value",
        "InverseGamma(concentration=concentration, rate=rate)",
        "Gamma(concentration=concentration, rate=rate)",
    ),
    Family(
        "inverse",
        "{b} has an InverseGamma with the rate turned over, where {a} has one",
        "InverseGamma has a scale where Gamma has a rate: do not turn it over",
        "InverseGamma(concentration=concentration, rate=rate)",
        "Gamma(concentration=concentration, rate=1 / rate)",
    ),
    Family(
        "success and failure",
        "{b} counts with the probability of failure where {a} has that of success",
        "take 1 - probs",
        "NegativeBinomial2(mean=mean, concentration=concentration)",
        "NegativeBinomial2(mean=square(concentration) / mean,"
        " concentration=concentration)",
    ),
    Family(
        "dispersion",
        "{b} has the dispersion 1 / concentration where {a} has the concentration",
        "turn it over",
        "NegativeBinomial2(mean=mean, concentration=concentration)",
        "NegativeBinomial2(mean=mean, concentration=1 / concentration)",
    ),
    Family(
        "other family",
        "{b} has a Poisson where {a} has a NegativeBinomial2 of the same mean",
        "the overdispersion is lost: use NegativeBinomial2",
        "NegativeBinomial2(mean=mean, concentration=concentration)",
        "Poisson(rate=mean)",
    ),
    Family(
        "other family",
        "{b} has a Normal where {a} has a StudentT with the same loc and scale",
        "the degrees of freedom are lost: use StudentT",
        "StudentT(df=df, loc=loc, scale=scale)",
        "Normal(loc=loc, scale=scale)",
    ),
    Family(
        "other family",
        "{b} has a Cauchy where {a} has a Normal with the same parameters",
        _OTHER,
        "Normal(loc=loc, scale=scale)",
        "Cauchy(loc=loc, scale=scale)",
    ),
    Family(
        "other family",
        "{b} has a Laplace where {a} has a Normal with the same parameters",
        _OTHER,
        "Normal(loc=loc, scale=scale)",
        "Laplace(loc=loc, scale=scale)",
    ),
    Family(
        "mean and width",
        "{b} has low and low + high as bounds: a place and a width",
        "{f} takes both ends",
        "Uniform(low=low, high=high)",
        "Uniform(low=low, high=low + high)",
    ),
    Family(
        "mean and sample size",
        "{b} has a mean and a sample size where {a} has two concentrations",
        "multiply: concentration1 = mean * size, concentration0 = (1 - mean) * size",
        "Beta(concentration1=concentration1, concentration0=concentration0)",
        "Beta(concentration1=concentration1 / (concentration1 + concentration0),"
        " concentration0=concentration1 + concentration0)",
    ),
]
