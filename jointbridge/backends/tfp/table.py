"""What TFP spells differently; families and parameters are otherwise NumPyro's.

Constructors that TFP lacks under any name (`Delta`, `Geometric` with exact logits,
`ImproperUniform`, `MultivariateNormal`, `Truncated`, `ZeroInflated`) are this backend's
own, in `distributions.py`.
"""

from collections.abc import Mapping

from jointbridge.backends.lower import Missing, Table

DIFFERENT = {
    "HalfCauchy": "HalfCauchy(loc=0.0, scale=scale)",
    "HalfStudentT": "HalfStudentT(df=df, loc=0.0, scale=scale)",
    "InverseGamma": "InverseGamma(concentration=concentration, scale=rate)",
    "LKJCholesky": "CholeskyLKJ(dimension=dimension, concentration=concentration)",
    "Mixture": (
        "MixtureSameFamily("
        "mixture_distribution=Categorical(probs=probs, logits=logits),"
        "components_distribution=components)"
    ),
    "NegativeBinomial2": (
        "NegativeBinomial("
        "total_count=concentration, logits=log(mean) - log(concentration))"
    ),
    "OrderedLogistic": "OrderedLogistic(cutpoints=cutpoints, loc=predictor)",
    "Pareto": "Pareto(concentration=alpha, scale=scale)",
}

#: Every family of the catalogue can be had.
MISSING: Mapping[str, Missing] = {}

TABLE = Table(DIFFERENT, MISSING)

#: Families whose counts TFP gives as int32; it gives all others as floats.
INTEGER_VALUES = {"Bernoulli", "Categorical", "OrderedLogistic"}

#: TFP's classes that draw by one formula; the others reject in loops and are compiled.
ONE_FORMULA = {
    "Bernoulli",
    "Categorical",
    "Cauchy",
    "Delta",
    "Geometric",
    "Gumbel",
    "HalfCauchy",
    "HalfNormal",
    "Laplace",
    "LogNormal",
    "Logistic",
    "MultivariateNormalTriL",
    "Normal",
    "OrderedLogistic",
    "Pareto",
    "Uniform",
    "Weibull",
}
