"""Cases of the less common families of one value."""

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import counts, textbook
from jointbridge.conformance.oracles import univariate as o
from jointbridge.conformance.oracles.arithmetic import (
    atan,
    exp,
    expm1,
    log,
    log_ndtr,
    pi,
)

_REAL = {"loc": -0.25, "scale": 1.75}

CASES = {
    "SkewLogistic": Case(
        {**_REAL, "asymmetry": 0.625}, [-40.0, 0.25, 25.0], o.skew_logistic
    ),
    "GeneralizedNormal": Case(
        {**_REAL, "power": 1.375}, [-9.0, 0.25, 25.0], o.generalized_normal
    ),
    "ExponentiallyModifiedGaussian": Case(
        {**_REAL, "rate": 0.75},
        [-9.0, 0.25, 25.0],
        o.exponentially_modified_gaussian,
    ),
    "JohnsonSU": Case(
        {"skewness": 0.625, "tailweight": 1.25, **_REAL},
        [-40.0, 0.25, 25.0],
        o.johnson_su,
    ),
    "SinhArcsinh": Case(
        {**_REAL, "skewness": 0.375, "tailweight": 1.25},
        [-9.0, 0.25, 25.0],
        o.sinh_arcsinh,
    ),
    "TwoPieceNormal": Case(
        {**_REAL, "skewness": 0.625}, [-9.0, 0.25, 12.0], o.two_piece_normal
    ),
    "Moyal": Case(_REAL, [-4.0, 0.25, 40.0], o.moyal),
    "GeneralizedExtremeValue": Case(
        {**_REAL, "concentration": 0.375},
        [-3.0, 0.25, 250.0],
        o.generalized_extreme_value,
    ),
    "GeneralizedExtremeValue bounded": Case(
        {**_REAL, "concentration": -0.375},
        [-9.0, 0.25, 4.0],
        o.generalized_extreme_value,
    ),
    "DoublesidedMaxwell": Case(_REAL, [-9.0, 0.25, 12.0], o.doublesided_maxwell),
    "ExpGamma": Case(
        {"concentration": 2.25, "rate": 0.75}, [-12.0, 0.25, 4.0], o.exp_gamma
    ),
    "ExpInverseGamma": Case(
        {"concentration": 2.25, "rate": 0.75}, [-4.0, 0.25, 12.0], o.exp_inverse_gamma
    ),
    "SigmoidBeta": Case(
        {"concentration1": 2.25, "concentration0": 0.75},
        [-30.0, 0.25, 40.0],
        o.sigmoid_beta,
    ),
    "LowerTruncatedPowerLaw": Case(
        {"alpha": -2.25, "low": 1.75},
        [1.875, 3.0, 900.0],
        o.lower_truncated_power_law,
    ),
    "DoublyTruncatedPowerLaw": Case(
        {"alpha": -2.25, "low": 1.75, "high": 40.0},
        [1.875, 3.0, 39.0],
        o.doubly_truncated_power_law,
    ),
    "DoublyTruncatedPowerLaw rising": Case(
        {"alpha": 1.5, "low": 0.25, "high": 4.0},
        [0.375, 1.0, 3.875],
        o.doubly_truncated_power_law,
    ),
    "Dagum": Case(
        {"concentration": 0.625, "sharpness": 2.25, "scale": 1.75},
        [0.0625, 1.25, 90.0],
        o.dagum,
    ),
    "FisherSnedecor": Case(
        {"df1": 3.5, "df2": 5.25}, [0.0625, 1.25, 90.0], o.fisher_snedecor
    ),
    "GeneralizedPareto": Case(
        {**_REAL, "concentration": 0.375}, [0.0, 1.25, 250.0], o.generalized_pareto
    ),
    "GeneralizedPareto bounded": Case(
        {**_REAL, "concentration": -0.375}, [0.0, 1.25, 4.0], o.generalized_pareto
    ),
    "InverseGaussian": Case(
        {"loc": 1.75, "concentration": 2.25}, [0.0625, 1.25, 40.0], o.inverse_gaussian
    ),
    "LogLogistic": Case(
        {"loc": 0.25, "scale": 0.75}, [0.0625, 1.25, 90.0], o.log_logistic
    ),
    "Chi": Case({"df": 3.5}, [0.0625, 1.25, 12.0], o.chi),
    "GammaGamma": Case(
        {"concentration": 2.25, "mixing_concentration": 1.75, "mixing_rate": 0.75},
        [0.0625, 1.25, 90.0],
        o.gamma_gamma,
    ),
    "LogitNormal": Case(
        {"loc": 0.25, "scale": 0.75}, [0.0625, 0.375, 0.96875], o.logit_normal
    ),
    "ContinuousBernoulli": Case(
        {"probs": 0.3125}, [0.0625, 0.375, 0.96875], o.continuous_bernoulli_probs
    ),
    "ContinuousBernoulli logits": Case(
        {"logits": 1.75},
        [0.0625, 0.375, 0.96875],
        o.continuous_bernoulli,
    ),
    "AffineBeta": Case(
        {"concentration1": 2.25, "concentration0": 0.75, "loc": -1.25, "scale": 3.5},
        [-1.125, 0.25, 2.125],
        o.affine_beta,
    ),
    "PERT": Case(
        {"low": -1.25, "peak": 0.5, "high": 2.25, "temperature": 3.5},
        [-1.125, 0.25, 2.125],
        o.pert,
    ),
    "TruncatedPolyaGamma": Case({}, [0.125, 0.25, 1.0], o.truncated_polya_gamma),
    "Triangular": Case(
        {"low": -1.25, "high": 2.25, "peak": 0.5}, [-1.125, 0.25, 2.125], o.triangular
    ),
    "ProbitBernoulli": Case({"probits": 0.75}, [0, 1], o.probit_bernoulli),
    "OrderedProbit": Case(
        {"predictor": 0.375, "cutpoints": [-1.25, 0.25, 1.875]},
        [0, 1, 3],
        o.ordered_probit,
    ),
    "BetaNegativeBinomial": Case(
        {"concentration1": 2.25, "concentration0": 3.75, "n": 4.5},
        [0, 3, 40],
        o.beta_negative_binomial,
    ),
    "Zipf": Case({"power": 2.25}, [1, 3, 40], o.zipf),
    "Folded": Case(
        {"m": 0.75},
        [0.25, 1.5, 12.0],
        lambda x, m: o.folded(textbook.normal)(x, m, 1.5),
        text="Folded(base=Normal(loc=m, scale=1.5))",
    ),
    "LeftCensored": Case(
        {"m": 0.75, "s": 1.5},
        [-9.0, 0.25, 4.0],
        lambda x, m, s: log_ndtr((x - m) / s),
        text="LeftCensored(base=Normal(loc=m, scale=s), censored=1)",
    ),
    "LeftCensored seen": Case(
        {"m": 0.75, "s": 1.5},
        [-9.0, 0.25, 4.0],
        textbook.normal,
        text="LeftCensored(base=Normal(loc=m, scale=s), censored=0)",
    ),
    "RightCensored": Case(
        {"s": 1.5, "c": 1.75},
        [0.0625, 1.25, 5.0],
        lambda x, s, c: -((x / s) ** c),
        text="RightCensored(base=Weibull(scale=s, concentration=c), censored=1)",
    ),
    "RightCensored LogNormal": Case(
        {"m": 0.25, "s": 0.75},
        [0.0625, 1.25, 40.0],
        lambda x, m, s: log_ndtr((m - log(x)) / s),
        text="RightCensored(base=LogNormal(loc=m, scale=s), censored=1)",
    ),
    "RightCensored Exponential": Case(
        {"r": 0.75},
        [0.0625, 1.25, 40.0],
        lambda x, r: -r * x,
        text="RightCensored(base=Exponential(rate=r), censored=1)",
    ),
    "LeftCensored Exponential": Case(
        {"r": 0.75},
        [0.0625, 1.25, 12.0],
        lambda x, r: log(-expm1(-r * x)),
        text="LeftCensored(base=Exponential(rate=r), censored=1)",
    ),
    "RightCensored Gumbel": Case(
        {"m": 0.25, "s": 0.75},
        [-1.0, 1.25, 12.0],
        lambda x, m, s: log(-expm1(-exp(-(x - m) / s))),
        text="RightCensored(base=Gumbel(loc=m, scale=s), censored=1)",
    ),
    "LeftCensored Cauchy": Case(
        {"m": 0.25, "s": 0.75},
        [-40.0, 0.5, 12.0],
        lambda x, m, s: log(0.5 + atan((x - m) / s) / pi),
        text="LeftCensored(base=Cauchy(loc=m, scale=s), censored=1)",
    ),
    "RightCensored Laplace": Case(
        {"m": 0.25, "s": 0.75},
        [-4.0, 0.5, 12.0],
        o.laplace_above,
        text="RightCensored(base=Laplace(loc=m, scale=s), censored=1)",
    ),
    "RightCensored Logistic": Case(
        {"m": 0.25, "s": 0.75},
        [-4.0, 0.5, 12.0],
        lambda x, m, s: -log(1 + exp((x - m) / s)),
        text="RightCensored(base=Logistic(loc=m, scale=s), censored=1)",
    ),
    "Hurdle": Case(
        {"g": 0.3125, "r": 2.75},
        [0, 3, 20],
        lambda k, g, r: o.hurdle(counts.poisson, log, o.log_rest)(k, g, r),
        text="Hurdle(base=Poisson(rate=r), gate=g)",
    ),
    "Hurdle logits": Case(
        {"g": -0.3125, "m": 2.75, "c": 1.5},
        [0, 3, 20],
        lambda k, g, m, c: o.hurdle(
            counts.negative_binomial, o.log_expit, lambda x: o.log_expit(-x)
        )(k, g, m, c),
        text="Hurdle(base=NegativeBinomial2(mean=m, concentration=c), gate_logits=g)",
    ),
    "Hurdle measured": Case(
        {"g": 0.3125, "a": 2.25, "r": 0.75},
        [0.125, 0.5, 20.0],
        lambda x, g, a, r: o.hurdle_of_measured(textbook.gamma, log, o.log_rest)(
            x, g, a, r
        ),
        text="Hurdle(base=Gamma(concentration=a, rate=r), gate=g)",
    ),
}
