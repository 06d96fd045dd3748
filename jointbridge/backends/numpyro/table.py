"""What NumPyro spells differently; families and parameters are otherwise its own."""

from dataclasses import replace

from jointbridge.backends.lower import Table

DIFFERENT = {
    "Folded": "FoldedDistribution(base_dist=base)",
    "HalfStudentT": "FoldedDistribution(base_dist=StudentT(df=df, loc=0, scale=scale))",
    "Hurdle": "HurdleDistribution(base_dist=base, gate=gate, gate_logits=gate_logits)",
    "LeftCensored": "LeftCensoredDistribution(base_dist=base, censored=censored)",
    "RightCensored": "RightCensoredDistribution(base_dist=base, censored=censored)",
    "Mixture": (
        "MixtureSameFamily("
        "mixing_distribution=Categorical(probs=probs, logits=logits),"
        "component_distribution=components)"
    ),
    "MixtureGeneral": (
        "MixtureGeneral("
        "mixing_distribution=Categorical(probs=probs, logits=logits),"
        "component_distributions=components)"
    ),
    "Transformed": (
        "TransformedDistribution(base_distribution=base, transforms=transform)"
    ),
    "Truncated": "TruncatedDistribution(base_dist=base, low=low, high=high)",
    "ZeroInflated": (
        "ZeroInflatedDistribution(base_dist=base, gate=gate, gate_logits=gate_logits)"
    ),
}

#: Families built as what they are the same as.
REWRITTEN = frozenset({"OneHotCategorical", "PERT"})

#: Classes that NumPyro has for what are two in the catalogue.
IDIOMS = {
    "HurdleGamma(gate=gate, concentration=concentration, rate=rate)": (
        "Hurdle(base=Gamma(concentration=concentration, rate=rate), gate=gate)"
    ),
    "HurdleLogNormal(gate=gate, loc=loc, scale=scale)": (
        "Hurdle(base=LogNormal(loc=loc, scale=scale), gate=gate)"
    ),
    "HurdleNegativeBinomial2(gate=gate, mean=mean, concentration=concentration)": (
        "Hurdle(base=NegativeBinomial2(mean=mean, concentration=concentration),"
        " gate=gate)"
    ),
    "HurdlePoisson(gate=gate, rate=rate)": "Hurdle(base=Poisson(rate=rate), gate=gate)",
    "TruncatedNormal(loc=loc, scale=scale, low=low, high=high)": (
        "Truncated(base=Normal(loc=loc, scale=scale), low=low, high=high)"
    ),
    "TruncatedCauchy(loc=loc, scale=scale, low=low, high=high)": (
        "Truncated(base=Cauchy(loc=loc, scale=scale), low=low, high=high)"
    ),
    "ZeroInflatedNegativeBinomial2(mean=mean, concentration=concentration, gate=gate,"
    " gate_logits=gate_logits)": (
        "ZeroInflated(base=NegativeBinomial2(mean=mean, concentration=concentration),"
        " gate=gate, gate_logits=gate_logits)"
    ),
    "ZeroInflatedPoisson(gate=gate, rate=rate)": (
        "ZeroInflated(base=Poisson(rate=rate), gate=gate)"
    ),
}

#: The dimensions in which NumPyro has the density of a ProjectedNormal.
DIMENSIONS = (2, 3)

#: Families that `accurate=True` scores by the catalogue's formula.
ACCURATE = frozenset(
    {
        "BetaBinomial",
        "GammaPoisson",
        "NegativeBinomial",
        "NegativeBinomial2",
        "OrderedLogistic",
        "TruncatedPolyaGamma",
    }
)

TABLE = Table(DIFFERENT, REWRITTEN, idioms=IDIOMS, accurate=ACCURATE)

_TRANSFORMED = "TransformedDistribution(base_distribution={}, transforms={})"

#: Other spellings that models come with; nothing is written with them.
SYNONYMS = {
    "SineSkewed(base_dist=Independent(base_dist=base, reinterpreted_batch_ndims=1),"
    " skewness=skewness)": "SineSkewed(base=base, skewness=skewness)",
    "FoldedDistribution(base_dist=Normal(loc=0, scale=scale))": (
        "HalfNormal(scale=scale)"
    ),
    "FoldedDistribution(base_dist=Cauchy(loc=0, scale=scale))": (
        "HalfCauchy(scale=scale)"
    ),
    _TRANSFORMED.format("Normal(loc=loc, scale=scale)", "ExpTransform()"): (
        "LogNormal(loc=loc, scale=scale)"
    ),
    _TRANSFORMED.format("Uniform(low=low, high=high)", "ExpTransform()"): (
        "LogUniform(low=exp(low), high=exp(high))"
    ),
    _TRANSFORMED.format(
        "Normal(loc=0, scale=1)", "AffineTransform(loc=loc, scale=scale)"
    ): "Normal(loc=loc, scale=scale)",
    _TRANSFORMED.format(
        "StudentT(df=df, loc=0, scale=1)", "AffineTransform(loc=loc, scale=scale)"
    ): "StudentT(df=df, loc=loc, scale=scale)",
    _TRANSFORMED.format(
        "Normal(loc=0, scale=1)",
        "Sequence(part_0=AffineTransform(loc=loc, scale=scale), part_1=ExpTransform())",
    ): "LogNormal(loc=loc, scale=scale)",
}

#: The table that models are read with.
READING = replace(TABLE, idioms=IDIOMS | SYNONYMS)

#: Constraints that say how to get there, on the set of a support.
SAME_SETS = {
    "softplus_positive": "positive",
    "softplus_lower_cholesky": "lower_cholesky",
}

#: Supports whose constraint has another name; bounds keep theirs.
CONSTRAINTS = {
    "nonnegative": "positive",
    "open_unit_interval": "unit_interval",
    "greater_than_eq": "greater_than",
    "integer_greater_than_eq": "integer_greater_than",
    "less_than_eq": "less_than",
    "ordered": "ordered_vector",
    "positive_ordered": "positive_ordered_vector",
}
