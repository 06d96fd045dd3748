"""What TFP spells differently; families and parameters are otherwise NumPyro's.

Constructors that TFP lacks under any name (`Delta`, `Geometric` with exact logits,
`ImproperUniform`, `MultivariateNormal`, `Truncated`, `ZeroInflated`) are this backend's
own, in `distributions.py`; so are those of `elementwise.py`, `vectors.py` and `wishart.py`.
"""

from collections.abc import Mapping

from jointbridge.backends.lower import Missing, Table

DIFFERENT = {
    "ExpInverseGamma": "ExpInverseGamma(concentration=concentration, scale=rate)",
    "HalfCauchy": "HalfCauchy(loc=0.0, scale=scale)",
    "HalfStudentT": "HalfStudentT(df=df, loc=0.0, scale=scale)",
    "InverseGamma": "InverseGamma(concentration=concentration, scale=rate)",
    "LKJCholesky": "CholeskyLKJ(dimension=dimension, concentration=concentration)",
    "LowRankMultivariateNormal": (
        "MultivariateNormalDiagPlusLowRankCovariance("
        "loc=loc, cov_diag_factor=cov_diag, cov_perturb_factor=cov_factor)"
    ),
    "Mixture": (
        "MixtureSameFamily("
        "mixture_distribution=Categorical(probs=probs, logits=logits),"
        "components_distribution=components)"
    ),
    "MixtureGeneral": (
        "Mixture(cat=Categorical(probs=probs, logits=logits), components=components)"
    ),
    "Transformed": "TransformedDistribution(distribution=base, bijector=transform)",
    "OrderedLogistic": "OrderedLogistic(cutpoints=cutpoints, loc=predictor)",
    "Pareto": "Pareto(concentration=alpha, scale=scale)",
}

#: Every family of the catalogue can be had.
MISSING: Mapping[str, Missing] = {}

#: Families built as what they are the same as.
REWRITTEN = frozenset(
    {
        "AsymmetricLaplaceQuantile",
        "BetaProportion",
        "CAR",
        "GammaPoisson",
        "LowerTruncatedPowerLaw",
        "NegativeBinomial2",
    }
)

#: Classes of TFP that are something else in the catalogue.
IDIOMS = {
    "Deterministic(loc=loc)": "Delta(v=loc)",
    "Inflated(distribution=base, inflated_loc_probs=gate, inflated_loc=0.0)": (
        "ZeroInflated(base=base, gate=gate)"
    ),
    "Inflated(distribution=base, inflated_loc_logits=gate_logits, inflated_loc=0.0)": (
        "ZeroInflated(base=base, gate_logits=2 * gate_logits)"
    ),
    "MultivariateNormalDiag(loc=loc, scale_diag=scale_diag)": (
        "MultivariateNormal(loc=loc, scale_tril=diag(scale_diag))"
    ),
    "MultivariateNormalFullCovariance(loc=loc, covariance_matrix=covariance_matrix)": (
        "MultivariateNormal(loc=loc, covariance_matrix=covariance_matrix)"
    ),
    "MultivariateNormalTriL(loc=loc, scale_tril=scale_tril)": (
        "MultivariateNormal(loc=loc, scale_tril=scale_tril)"
    ),
    "Poisson(log_rate=log_rate)": "Poisson(rate=exp(log_rate))",
    "TransformedDistribution(distribution=Normal(loc=loc, scale=scale), bijector=Exp())": (
        "LogNormal(loc=loc, scale=scale)"
    ),
    **{
        f"TransformedDistribution(distribution=base, bijector={theirs})": (
            f"Transformed(base=base, transform={ours})"
        )
        for theirs, ours in {
            "Exp()": "ExpTransform()",
            "Power(power=exponent)": "PowerTransform(exponent=exponent)",
            "Scale(scale=scale)": "AffineTransform(loc=0, scale=scale)",
            "Shift(shift=loc)": "AffineTransform(loc=loc, scale=1)",
            "Sigmoid()": "SigmoidTransform()",
            "Softplus()": "SoftplusTransform()",
            "Tanh()": "TanhTransform()",
        }.items()
    },
    "ZeroInflatedNegativeBinomial(inflated_loc_probs=gate, total_count=total_count,"
    " probs=probs, logits=logits)": (
        "ZeroInflated(base=NegativeBinomial(total_count=total_count, probs=probs,"
        " logits=logits), gate=gate)"
    ),
    "TruncatedCauchy(loc=loc, scale=scale, low=low, high=high)": (
        "Truncated(base=Cauchy(loc=loc, scale=scale), low=low, high=high)"
    ),
    "TruncatedNormal(loc=loc, scale=scale, low=low, high=high)": (
        "Truncated(base=Normal(loc=loc, scale=scale), low=low, high=high)"
    ),
}

TABLE = Table(DIFFERENT, REWRITTEN, MISSING, idioms=IDIOMS)

#: Families whose counts TFP gives as int32; it gives all others as floats.
INTEGER_VALUES = {
    "Bernoulli",
    "Categorical",
    "OrderedLogistic",
    "PlackettLuce",
    "ProbitBernoulli",
}

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
