"""What Pyro spells differently; families and parameters are otherwise the catalogue's.

Where Pyro's behaviour differs from the catalogue's, it is kept, so that a comparison
shows it:

probabilities   clamped to [eps, 1 - eps]: a rare event never falls below log(eps),
                -15.94 in float32, -36.04 in float64
Categorical     `probs` are normalised, so that gradients for them differ
Multinomial     the same
VonMises        its Bessel function is a polynomial, right to 1e-8
Geometric       its softplus is the identity above 20, right to 2e-9

Upstream is missing a distribution function of StudentT, so that `Truncated` takes every
base but that one.

What jointbridge mends without another density is in `distributions`: inner distributions
that validate against one's will, closed edges, supports that cannot be transformed.
"""

from dataclasses import replace

from jointbridge.backends.lower import Table

DIFFERENT = {
    "Folded": "FoldedDistribution(base_dist=base)",
    "HalfStudentT": "FoldedDistribution(base_dist=StudentT(df=df, loc=0.0, scale=scale))",
    "LKJ": "LKJ(dim=dimension, concentration=concentration)",
    "LKJCholesky": "LKJCholesky(dim=dimension, concentration=concentration)",
    "Mixture": (
        "MixtureSameFamily("
        "mixture_distribution=Categorical(probs=probs, logits=logits),"
        "component_distribution=components)"
    ),
    "MixtureGeneral": (
        "MixtureGeneral("
        "mixture_distribution=Categorical(probs=probs, logits=logits),"
        "components=components)"
    ),
    "TruncatedPolyaGamma": "TruncatedPolyaGamma(prototype=full((1,), 0.0))",
    "Transformed": (
        "TransformedDistribution(base_distribution=base, transforms=transform)"
    ),
    "ZeroInflated": (
        "ZeroInflatedDistribution(base_dist=base, gate=gate, gate_logits=gate_logits)"
    ),
}

#: Families built as what they are the same as.
REWRITTEN = frozenset(
    {
        "AsymmetricLaplaceQuantile",
        "BetaProportion",
        "CAR",
        "LowerTruncatedPowerLaw",
        "NegativeBinomial2",
        "PERT",
    }
)

#: Classes that Pyro has besides; models are read and written with them.
IDIOMS = {
    "ZeroInflatedPoisson(rate=rate, gate=gate, gate_logits=gate_logits)": (
        "ZeroInflated(base=Poisson(rate=rate), gate=gate, gate_logits=gate_logits)"
    ),
    "ZeroInflatedNegativeBinomial(total_count=total_count, probs=probs, logits=logits,"
    " gate=gate, gate_logits=gate_logits)": (
        "ZeroInflated(base=NegativeBinomial(total_count=total_count, probs=probs,"
        " logits=logits), gate=gate, gate_logits=gate_logits)"
    ),
}

#: The dimensions in which Pyro has the density of a ProjectedNormal.
DIMENSIONS = (2, 3, 4)

#: Families that `accurate=True` scores by the catalogue's formula.
ACCURATE = frozenset(
    {
        "Bernoulli",
        "Binomial",
        "Categorical",
        "Geometric",
        "OrderedLogistic",
        "TruncatedPolyaGamma",
        "VonMises",
    }
)

TABLE = Table(DIFFERENT, REWRITTEN, idioms=IDIOMS, accurate=ACCURATE)

#: The table that models are written with; the classes stand in the module.
WRITING = replace(
    TABLE,
    idioms=IDIOMS
    | {
        f"Truncated{base}(loc=loc, scale=scale, low=low, high=high)": (
            f"Truncated(base={base}(loc=loc, scale=scale), low=low, high=high)"
        )
        for base in ("Normal", "Cauchy", "Laplace", "Logistic")
    },
)

_TRANSFORMED = "TransformedDistribution(base_distribution={}, transforms={})"

#: Other spellings that models come with; nothing is written with them.
SYNONYMS = {
    "SineSkewed(base_dist=Independent(base_distribution=base, own=1),"
    " skewness=skewness)": "SineSkewed(base=base, skewness=skewness)",
    "Independent(base_distribution=Normal(loc=loc, scale=scale), own=1)": (
        "MultivariateNormal(loc=loc, scale_tril=diag(scale))"
    ),
    "MixtureOfDiagNormals(locs=locs, coord_scale=coord_scale,"
    " component_logits=component_logits)": (
        "Mixture(logits=component_logits,"
        " components=MultivariateNormal(loc=locs, scale_tril=diag(coord_scale)))"
    ),
    "MixtureOfDiagNormalsSharedCovariance(locs=locs, coord_scale=coord_scale,"
    " component_logits=component_logits)": (
        "Mixture(logits=component_logits,"
        " components=MultivariateNormal(loc=locs, scale_tril=diag(coord_scale)))"
    ),
    "FoldedDistribution(base_dist=Normal(loc=0.0, scale=scale))": (
        "HalfNormal(scale=scale)"
    ),
    "FoldedDistribution(base_dist=Cauchy(loc=0.0, scale=scale))": (
        "HalfCauchy(scale=scale)"
    ),
    _TRANSFORMED.format("Normal(loc=loc, scale=scale)", "ExpTransform()"): (
        "LogNormal(loc=loc, scale=scale)"
    ),
    _TRANSFORMED.format(
        "Normal(loc=0.0, scale=1.0)", "AffineTransform(loc=loc, scale=scale)"
    ): "Normal(loc=loc, scale=scale)",
    _TRANSFORMED.format(
        "Normal(loc=0.0, scale=1.0)",
        "ComposeTransform(part0=AffineTransform(loc=loc, scale=scale),"
        " part1=ExpTransform())",
    ): "LogNormal(loc=loc, scale=scale)",
    _TRANSFORMED.format("Uniform(low=low, high=high)", "ExpTransform()"): (
        "LogUniform(low=exp(low), high=exp(high))"
    ),
    "VonMises3D(concentration=concentration)": (
        "VonMisesFisher(mean_direction=concentration"
        " / sqrt(sum(square(concentration), axis=-1, keepdims=True)),"
        " concentration=sqrt(sum(square(concentration), axis=-1)))"
    ),
    "TruncatedPolyaGamma(prototype=prototype)": "TruncatedPolyaGamma()",
    "Empirical(samples=samples, log_weights=log_weights)": (
        "FiniteDiscrete(outcomes=samples, logits=log_weights)"
    ),
    "OneHotCategoricalStraightThrough(probs=probs, logits=logits)": (
        "OneHotCategorical(probs=probs, logits=logits)"
    ),
    "RelaxedBernoulliStraightThrough(temperature=temperature, probs=probs,"
    " logits=logits)": (
        "RelaxedBernoulli(temperature=temperature, probs=probs, logits=logits)"
    ),
    "LKJCorrCholesky(d=dimension, eta=concentration)": (
        "LKJCholesky(dimension=dimension, concentration=concentration)"
    ),
    # The same wherever a value can occur.
    "ExtendedBinomial(total_count=total_count, probs=probs, logits=logits)": (
        "Binomial(total_count=total_count, probs=probs, logits=logits)"
    ),
    "ExtendedBetaBinomial(concentration1=concentration1,"
    " concentration0=concentration0, total_count=total_count)": (
        "BetaBinomial(concentration1=concentration1, concentration0=concentration0,"
        " total_count=total_count)"
    ),
}

#: The table that models are read with.
READING = replace(TABLE, idioms=IDIOMS | SYNONYMS)

#: Supports whose constraint has another name; bounds keep their order.
CONSTRAINTS = {
    "open_unit_interval": "unit_interval",
    "less_than_eq": "less_than",
    "ordered": "ordered_vector",
    "positive_ordered": "positive_ordered_vector",
}
