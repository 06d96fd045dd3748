"""For each family: parameters, values and the oracle's log density.

A parameter that is a text is a literal of the distribution; numbers become free
parameters, so that gradients for them can be asked.
"""

from mpmath import log, mp

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import textbook as o

#: A scale, its factor, and two matrices with their factors.
_TRIL = [[1.2, 0.0], [0.5, 0.75]]
_MATRIX = [[1.44, 0.6], [0.6, 0.8125]]
_FACTORS = [[[1.5, 0.0], [-0.5, 0.25]], [[0.125, 0.0], [2.0, 3.0]]]
_MATRICES = [
    [[2.25, -0.75], [-0.75, 0.3125]],
    [[0.015625, 0.25], [0.25, 13.0]],
]


def _wisharts(name, values, density):
    """The three ways to give a scale."""
    df = {"concentration": 4.3}
    return {
        name: Case(
            {**df, "scale_tril": _TRIL},
            values,
            lambda x, n, tril: density(x, n, o.outer(tril)),
        ),
        f"{name} matrix": Case({**df, "scale_matrix": _MATRIX}, values, density),
        f"{name} rate": Case(
            {**df, "rate_matrix": _MATRIX},
            values,
            lambda x, n, rate: density(x, n, o.inverse(rate)),
        ),
    }


CASES = {
    "Normal": Case({"loc": 0.3, "scale": 1.7}, [-4.0, 0.3, 25.0], o.normal),
    "LogNormal": Case(
        {"loc": 0.3, "scale": 0.7},
        [0.01, 1.2, 40.0],
        lambda x, loc, scale: o.normal(log(x), loc, scale) - log(x),
    ),
    "StudentT": Case(
        {"df": 3.5, "loc": -0.2, "scale": 1.7}, [-4.0, 0.3, 250.0], o.student
    ),
    "HalfStudentT": Case(
        {"df": 3.5, "scale": 1.7},
        [0.02, 1.3, 25.0],
        lambda x, df, scale: o.half(o.student)(x, df, 0, scale),
    ),
    "Cauchy": Case({"loc": -0.2, "scale": 1.7}, [-4.0, 0.3, 1e4], o.cauchy),
    "Laplace": Case({"loc": -0.2, "scale": 1.7}, [-4.0, 0.3, 25.0], o.laplace),
    "Logistic": Case({"loc": -0.2, "scale": 1.7}, [-40.0, 0.3, 25.0], o.logistic),
    "Gumbel": Case({"loc": -0.2, "scale": 1.7}, [-4.0, 0.3, 25.0], o.gumbel),
    "Uniform": Case(
        {"low": -1.0, "high": 3.5},
        [-0.9, 0.3, 3.4],
        lambda x, low, high: -log(high - low),
    ),
    "HalfNormal": Case(
        {"scale": 1.7},
        [0.01, 1.2, 25.0],
        lambda x, scale: o.half(o.normal)(x, 0, scale),
    ),
    "HalfCauchy": Case(
        {"scale": 1.7},
        [0.01, 1.2, 1e4],
        lambda x, scale: o.half(o.cauchy)(x, 0, scale),
    ),
    "Exponential": Case({"rate": 0.7}, [0.01, 1.2, 90.0], lambda x, r: log(r) - r * x),
    "Gamma": Case({"concentration": 2.3, "rate": 0.7}, [0.01, 1.2, 90.0], o.gamma),
    "InverseGamma": Case(
        {"concentration": 2.3, "rate": 0.7},
        [0.05, 1.2, 90.0],
        o.inverse_gamma,
    ),
    "Beta": Case(
        {"concentration1": 2.3, "concentration0": 0.7},
        [0.001, 0.4, 0.99],
        o.beta,
    ),
    "Weibull": Case({"scale": 1.7, "concentration": 2.3}, [0.01, 1.2, 9.0], o.weibull),
    "Pareto": Case({"scale": 1.7, "alpha": 2.3}, [1.71, 3.0, 900.0], o.pareto),
    "VonMises": Case({"loc": 0.4, "concentration": 2.3}, [-3.0, 0.3, 2.5], o.von_mises),
    "AsymmetricLaplace": Case(
        {"loc": -0.2, "scale": 1.7, "asymmetry": 0.6},
        [-9.0, 0.3, 25.0],
        o.asymmetric_laplace,
    ),
    "AsymmetricLaplaceQuantile": Case(
        {"loc": -0.2, "scale": 1.7, "quantile": 0.8},
        [-9.0, 0.3, 25.0],
        o.asymmetric_laplace_quantile,
    ),
    "SoftLaplace": Case(
        {"loc": -0.2, "scale": 1.7}, [-40.0, 0.3, 25.0], o.soft_laplace
    ),
    "LogUniform": Case(
        {"low": 0.01, "high": 30.0},
        [0.011, 1.2, 29.0],
        lambda x, low, high: -log(x * log(high / low)),
    ),
    "Chi2": Case(
        {"df": 3.5},
        [0.01, 1.2, 90.0],
        lambda x, df: o.gamma(x, df / 2, mp.mpf("0.5")),
    ),
    "Gompertz": Case({"concentration": 0.4, "rate": 0.7}, [0.01, 1.2, 9.0], o.gompertz),
    "Levy": Case({"loc": -0.2, "scale": 1.7}, [-0.1, 1.2, 1e4], o.levy),
    "BetaProportion": Case(
        {"mean": 0.3, "concentration": 5.5},
        [0.001, 0.4, 0.99],
        lambda x, mean, c: o.beta(x, mean * c, (1 - mean) * c),
    ),
    "Kumaraswamy": Case(
        {"concentration1": 2.3, "concentration0": 0.7},
        [0.001, 0.4, 0.99],
        o.kumaraswamy,
    ),
    "RelaxedBernoulli": Case(
        {"temperature": 0.7, "probs": 0.3},
        [0.001, 0.4, 0.99],
        lambda x, t, p: o.relaxed_bernoulli(x, t, log(p / (1 - p))),
    ),
    "RelaxedBernoulli logits": Case(
        {"temperature": 0.7, "logits": -0.4},
        [0.001, 0.4, 0.99],
        o.relaxed_bernoulli,
    ),
    "Bernoulli": Case({"probs": 0.3}, [0, 1], lambda k, p: o.binomial(k, 1, p)),
    "Bernoulli logits": Case(
        {"logits": -0.4},
        [0, 1],
        lambda k, x: o.binomial(k, 1, o.expit(x)),
    ),
    "Binomial": Case({"total_count": "9", "probs": 0.3}, [0, 4, 9], o.binomial),
    "Binomial logits": Case(
        {"total_count": "9", "logits": -0.4},
        [0, 4, 9],
        lambda k, n, x: o.binomial(k, n, o.expit(x)),
    ),
    "Categorical": Case(
        {"probs": [0.2, 0.3, 0.5]},
        [0, 1, 2],
        lambda k, probs: log(probs[int(k)]),
    ),
    "Categorical logits": Case(
        {"logits": [0.2, -1.3, 0.5]},
        [0, 1, 2],
        lambda k, logits: log(o.softmax(logits)[int(k)]),
    ),
    "Poisson": Case({"rate": 3.7}, [0, 4, 60], o.poisson),
    "Geometric": Case(
        {"probs": 0.3},
        [0, 1, 20],
        lambda k, p: log(p) + k * log(1 - p),
    ),
    "Geometric logits": Case(
        {"logits": -0.4},
        [0, 1, 20],
        lambda k, x: log(o.expit(x)) + k * log(1 - o.expit(x)),
    ),
    "NegativeBinomial2": Case(
        {"mean": 3.7, "concentration": 2.3},
        [0, 4, 60],
        o.negative_binomial,
    ),
    "NegativeBinomial": Case(
        {"total_count": 2.3, "probs": 0.6},
        [0, 4, 60],
        o.negative_binomial_probs,
    ),
    "NegativeBinomial logits": Case(
        {"total_count": 2.3, "logits": 0.4},
        [0, 4, 60],
        lambda k, r, x: o.negative_binomial_probs(k, r, o.expit(x)),
    ),
    "GammaPoisson": Case(
        {"concentration": 2.3, "rate": 0.7},
        [0, 4, 60],
        lambda k, c, rate: o.negative_binomial_probs(k, c, 1 / (1 + rate)),
    ),
    "DiscreteUniform": Case(
        {"low": "-2", "high": "5"},
        [-2, 0, 5],
        lambda k, low, high: -log(high - low + 1),
    ),
    "BetaBinomial": Case(
        {"concentration1": 2.3, "concentration0": 0.7, "total_count": "9"},
        [0, 4, 9],
        o.beta_binomial,
    ),
    "OrderedLogistic": Case(
        {"predictor": 0.4, "cutpoints": [-1.2, 0.3, 1.9]},
        [0, 1, 3],
        o.ordered_logistic,
    ),
    "Multinomial": Case(
        {"total_count": "7", "probs": [0.2, 0.3, 0.5]},
        [[1, 2, 4], [7, 0, 0]],
        o.multinomial,
    ),
    "Multinomial logits": Case(
        {"total_count": "7", "logits": [0.2, -1.3, 0.5]},
        [[1, 2, 4], [7, 0, 0]],
        lambda k, n, logits: o.multinomial(k, n, o.softmax(logits)),
    ),
    "Dirichlet": Case(
        {"concentration": [0.7, 2.3, 1.1]},
        [[0.2, 0.3, 0.5], [0.001, 0.009, 0.99]],
        o.dirichlet,
    ),
    "MultivariateNormal": Case(
        {"loc": [0.1, -0.4], "scale_tril": [[1.2, 0.0], [0.7, 0.5]]},
        [[0.3, 0.4], [-9.0, 4.0]],
        lambda x, loc, tril: o.multivariate_normal(x, loc, o.outer(tril)),
    ),
    "MultivariateNormal covariance": Case(
        {"loc": [0.1, -0.4], "covariance_matrix": [[1.44, 0.84], [0.84, 0.74]]},
        [[0.3, 0.4], [-9.0, 4.0]],
        o.multivariate_normal,
    ),
    "MultivariateNormal precision": Case(
        {"loc": [0.1, -0.4], "precision_matrix": [[1.44, 0.84], [0.84, 0.74]]},
        [[0.3, 0.4], [-9.0, 4.0]],
        lambda x, loc, p: o.multivariate_normal(x, loc, o.inverse(p)),
    ),
    "OneHotCategorical": Case(
        {"probs": [0.2, 0.3, 0.5]},
        [[1, 0, 0], [0, 0, 1]],
        lambda k, probs: o.multinomial(k, mp.mpf(1), probs),
    ),
    "OneHotCategorical logits": Case(
        {"logits": [0.2, -1.3, 0.5]},
        [[1, 0, 0], [0, 0, 1]],
        lambda k, logits: o.multinomial(k, mp.mpf(1), o.softmax(logits)),
    ),
    "DirichletMultinomial": Case(
        {"concentration": [0.7, 2.3, 1.1], "total_count": "7"},
        [[1, 2, 4], [7, 0, 0]],
        o.dirichlet_multinomial,
    ),
    "MultivariateStudentT": Case(
        {"df": 3.5, "loc": [0.1, -0.4], "scale_tril": [[1.2, 0.0], [0.7, 0.5]]},
        [[0.3, 0.4], [-90.0, 40.0]],
        o.multivariate_student,
    ),
    "LowRankMultivariateNormal": Case(
        {
            "loc": [0.1, -0.4, 0.3],
            "cov_factor": [[0.7, 0.1], [-0.3, 0.9], [1.1, 0.2]],
            "cov_diag": [0.3, 1.2, 0.6],
        },
        [[0.3, 0.4, -0.5], [-9.0, 4.0, 1.0]],
        o.low_rank_normal,
    ),
    "GaussianRandomWalk": Case(
        {"scale": 0.7, "num_steps": "3"},
        [[0.3, 0.4, -0.5], [-9.0, 4.0, 1.0]],
        o.random_walk,
    ),
    "CAR": Case(
        {
            "loc": [0.1, -0.4, 0.3],
            "correlation": 0.8,
            "conditional_precision": 1.7,
            "adj_matrix": "[[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]",
        },
        [[0.3, 0.4, -0.5], [-9.0, 4.0, 1.0]],
        o.car,
    ),
    "MatrixNormal": Case(
        {
            "loc": [[0.1, -0.4, 0.3], [0.2, 0.0, -0.6]],
            "scale_tril_row": [[1.2, 0.0], [0.7, 0.5]],
            "scale_tril_column": [[0.9, 0.0, 0.0], [-0.3, 1.1, 0.0], [0.2, 0.4, 0.6]],
        },
        [[[0.3, 0.4, -0.5], [-0.9, 0.0, 1.0]], [[3.0, -4.0, 5.0], [0.1, 0.2, 0.3]]],
        o.matrix_normal,
    ),
    "ZeroSumNormal": Case(
        {"scale": 0.7, "event_shape": "3"},
        [[0.25, 0.5, -0.75], [-9.0, 4.0, 5.0]],
        o.zero_sum_normal,
    ),
    "LKJ": Case(
        {"dimension": "3", "concentration": 2.3},
        [
            [[1.0, 0.5, 0.25], [0.5, 1.0, -0.125], [0.25, -0.125, 1.0]],
            [[1.0, -0.75, 0.5], [-0.75, 1.0, 0.0], [0.5, 0.0, 1.0]],
        ],
        o.lkj,
    ),
    **_wisharts("Wishart", _MATRICES, o.wishart),
    **_wisharts("InverseWishart", _MATRICES, o.inverse_wishart),
    "WishartCholesky": Case(
        {"concentration": 4.3, "scale_matrix": _MATRIX},
        _FACTORS,
        o.factor_of(o.wishart),
    ),
    "InverseWishartCholesky": Case(
        {"concentration": 4.3, "scale_matrix": _MATRIX},
        _FACTORS,
        o.factor_of(o.inverse_wishart),
    ),
    "LKJCholesky": Case(
        {"dimension": "3", "concentration": 2.3},
        [[[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.48, 0.6, 0.64]]],
        o.lkj_cholesky,
    ),
    "Mixture": Case(
        {"w": [0.2, 0.8], "m": [-1.0, 2.0]},
        [-3.0, 0.4, 9.0],
        lambda x, w, m: log(
            mp.fsum(
                p * mp.exp(o.normal(x, c, mp.mpf("0.5")))
                for p, c in zip(w, m, strict=True)
            )
        ),
        text="Mixture(probs=w, components=Normal(loc=m, scale=0.5))",
    ),
    "Mixture of counts": Case(
        {"w": [0.2, 0.8], "m": [1.5, 6.0]},
        [0, 4, 20],
        lambda x, w, m: log(
            mp.fsum(
                p * mp.exp(o.poisson(x, c))
                for p, c in zip(o.softmax(w), m, strict=True)
            )
        ),
        text="Mixture(logits=w, components=Poisson(rate=m))",
    ),
    "Truncated below": Case(
        {"m": -0.7},
        [0.6, 2.0, 9.0],
        lambda x, m: (
            o.normal(x, m, mp.mpf("1.5"))
            - log(1 - o.normal_cdf(mp.mpf("0.5"), m, mp.mpf("1.5")))
        ),
        text="Truncated(base=Normal(loc=m, scale=1.5), low=0.5)",
    ),
    "Truncated on both sides": Case(
        {"m": -0.7},
        [-0.9, 0.2, 1.9],
        lambda x, m: (
            o.normal(x, m, mp.mpf("1.5"))
            - log(
                o.normal_cdf(mp.mpf(2), m, mp.mpf("1.5"))
                - o.normal_cdf(mp.mpf(-1), m, mp.mpf("1.5"))
            )
        ),
        text="Truncated(base=Normal(loc=m, scale=1.5), low=-1.0, high=2.0)",
    ),
    "ZeroInflated": Case(
        {"g": 0.3, "r": 2.7},
        [0, 3, 20],
        lambda k, g, r: log((g if k == 0 else 0) + (1 - g) * mp.exp(o.poisson(k, r))),
        text="ZeroInflated(base=Poisson(rate=r), gate=g)",
    ),
    "ZeroInflated logits": Case(
        {"g": -0.3, "r": 2.7},
        [0, 3, 20],
        lambda k, g, r: log(
            (o.expit(g) if k == 0 else 0) + (1 - o.expit(g)) * mp.exp(o.poisson(k, r))
        ),
        text="ZeroInflated(base=Poisson(rate=r), gate_logits=g)",
    ),
}
