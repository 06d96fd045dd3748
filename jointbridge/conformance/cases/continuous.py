"""Families of one continuous value: parameters, values and the oracle's log density."""

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import textbook as o
from jointbridge.conformance.oracles.arithmetic import log

_PLACE = {"loc": -0.25, "scale": 1.75}
_SHAPES = {"concentration1": 2.25, "concentration0": 0.75}

CASES = {
    "Normal": Case({"loc": 0.25, "scale": 1.75}, [-4.0, 0.3, 25.0], o.normal),
    "LogNormal": Case({"loc": 0.25, "scale": 0.75}, [0.01, 1.2, 40.0], o.log_normal),
    "StudentT": Case({"df": 3.5, **_PLACE}, [-4.0, 0.3, 250.0], o.student),
    "HalfStudentT": Case(
        {"df": 3.5, "scale": 1.75},
        [0.02, 1.3, 25.0],
        lambda x, df, scale: o.half(o.student)(x, df, 0, scale),
    ),
    "Cauchy": Case(_PLACE, [-4.0, 0.3, 1e4], o.cauchy),
    "Laplace": Case(_PLACE, [-4.0, 0.3, 25.0], o.laplace),
    "Logistic": Case(_PLACE, [-40.0, 0.3, 25.0], o.logistic),
    "Gumbel": Case(_PLACE, [-4.0, 0.3, 25.0], o.gumbel),
    "Uniform": Case({"low": -1.0, "high": 3.5}, [-0.9, 0.3, 3.4], o.uniform),
    "HalfNormal": Case(
        {"scale": 1.75},
        [0.01, 1.2, 25.0],
        lambda x, scale: o.half(o.normal)(x, 0, scale),
    ),
    "HalfCauchy": Case(
        {"scale": 1.75},
        [0.01, 1.2, 1e4],
        lambda x, scale: o.half(o.cauchy)(x, 0, scale),
    ),
    "Exponential": Case({"rate": 0.75}, [0.01, 1.2, 90.0], o.exponential),
    "Gamma": Case({"concentration": 2.25, "rate": 0.75}, [0.01, 1.2, 90.0], o.gamma),
    "InverseGamma": Case(
        {"concentration": 2.25, "rate": 0.75}, [0.05, 1.2, 90.0], o.inverse_gamma
    ),
    "Beta": Case(_SHAPES, [0.001, 0.4, 0.99], o.beta),
    "Weibull": Case(
        {"scale": 1.75, "concentration": 2.25}, [0.01, 1.2, 9.0], o.weibull
    ),
    "Pareto": Case({"scale": 1.75, "alpha": 2.25}, [1.76, 3.0, 900.0], o.pareto),
    "VonMises": Case(
        {"loc": 0.375, "concentration": 2.25}, [-3.0, 0.3, 2.5], o.von_mises
    ),
    "AsymmetricLaplace": Case(
        {**_PLACE, "asymmetry": 0.625}, [-9.0, 0.3, 25.0], o.asymmetric_laplace
    ),
    "AsymmetricLaplaceQuantile": Case(
        {**_PLACE, "quantile": 0.8125},
        [-9.0, 0.3, 25.0],
        o.asymmetric_laplace_quantile,
    ),
    "SoftLaplace": Case(_PLACE, [-40.0, 0.3, 25.0], o.soft_laplace),
    "LogUniform": Case(
        {"low": 0.015625, "high": 30.0}, [0.0175, 1.2, 29.0], o.log_uniform
    ),
    "Chi2": Case({"df": 3.5}, [0.01, 1.2, 90.0], o.chi2),
    "Gompertz": Case(
        {"concentration": 0.375, "rate": 0.75}, [0.01, 1.2, 9.0], o.gompertz
    ),
    "Levy": Case(_PLACE, [-0.125, 1.2, 1e4], o.levy),
    "BetaProportion": Case(
        {"mean": 0.3125, "concentration": 5.5}, [0.001, 0.4, 0.99], o.beta_proportion
    ),
    "Kumaraswamy": Case(_SHAPES, [0.001, 0.4, 0.99], o.kumaraswamy),
    "RelaxedBernoulli": Case(
        {"temperature": 0.75, "probs": 0.3125},
        [0.001, 0.4, 0.99],
        lambda x, t, p: o.relaxed_bernoulli(x, t, log(p / (1 - p))),
    ),
    "RelaxedBernoulli logits": Case(
        {"temperature": 0.75, "logits": -0.375},
        [0.001, 0.4, 0.99],
        o.relaxed_bernoulli,
    ),
}
