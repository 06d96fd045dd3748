"""The oracles and those who never saw them: SciPy, and Stan where its values are."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from jointbridge.conformance.cases import CASES
from jointbridge.conformance.oracles import arithmetic
from jointbridge.conformance.oracles.arithmetic import MPMATH, mp
from jointbridge.conformance.points import golden

STAN = Path(__file__).parents[2] / "shared" / "stan_truth" / "families.json"


def _symmetric(stat):
    return lambda x, loc, scale: stat.logpdf(x, loc, scale)


#: Cases, and the same in SciPy: a stranger to both arithmetics.
SCIPY = {
    "Normal": _symmetric(stats.norm),
    "LogNormal": lambda x, loc, s: stats.lognorm.logpdf(x, s, scale=np.exp(loc)),
    "StudentT": lambda x, df, loc, scale: stats.t.logpdf(x, df, loc, scale),
    "Cauchy": _symmetric(stats.cauchy),
    "Laplace": _symmetric(stats.laplace),
    "Logistic": _symmetric(stats.logistic),
    "Gumbel": _symmetric(stats.gumbel_r),
    "Uniform": lambda x, low, high: stats.uniform.logpdf(x, low, high - low),
    "HalfNormal": lambda x, scale: stats.halfnorm.logpdf(x, scale=scale),
    "HalfCauchy": lambda x, scale: stats.halfcauchy.logpdf(x, scale=scale),
    "Exponential": lambda x, rate: stats.expon.logpdf(x, scale=1 / rate),
    "Gamma": lambda x, a, rate: stats.gamma.logpdf(x, a, scale=1 / rate),
    "InverseGamma": lambda x, a, rate: stats.invgamma.logpdf(x, a, scale=rate),
    "Beta": lambda x, a, b: stats.beta.logpdf(x, a, b),
    "Weibull": lambda x, scale, c: stats.weibull_min.logpdf(x, c, scale=scale),
    "Pareto": lambda x, scale, a: stats.pareto.logpdf(x, a, scale=scale),
    "VonMises": lambda x, loc, c: stats.vonmises.logpdf(x, c, loc),
    "AsymmetricLaplace": lambda x, loc, scale, k: stats.laplace_asymmetric.logpdf(
        x, k, loc, scale
    ),
    "SoftLaplace": lambda x, loc, scale: stats.hypsecant.logpdf(x, loc, scale),
    "LogUniform": lambda x, low, high: stats.loguniform.logpdf(x, low, high),
    "Chi2": lambda x, df: stats.chi2.logpdf(x, df),
    "Gompertz": lambda x, c, rate: stats.gompertz.logpdf(x, c, scale=1 / rate),
    "Levy": lambda x, loc, scale: stats.levy.logpdf(x, loc, scale),
    "SkewLogistic": lambda x, loc, scale, c: stats.genlogistic.logpdf(x, c, loc, scale),
    "GeneralizedNormal": lambda x, loc, scale, b: stats.gennorm.logpdf(
        x, b, loc, scale
    ),
    "ExponentiallyModifiedGaussian": lambda x, loc, s, r: stats.exponnorm.logpdf(
        x, 1 / (s * r), loc, s
    ),
    "JohnsonSU": lambda x, a, b, loc, scale: stats.johnsonsu.logpdf(
        x, a, b, loc, scale
    ),
    "Moyal": lambda x, loc, scale: stats.moyal.logpdf(x, loc, scale),
    "GeneralizedExtremeValue": lambda x, loc, scale, c: stats.genextreme.logpdf(
        x, -c, loc, scale
    ),
    "GeneralizedPareto": lambda x, loc, scale, c: stats.genpareto.logpdf(
        x, c, loc, scale
    ),
    "DoublesidedMaxwell": lambda x, loc, scale: (
        np.log(0.5) + stats.maxwell.logpdf(abs(x - loc), scale=scale)
    ),
    "ExpGamma": lambda x, a, r: stats.loggamma.logpdf(x, a, -np.log(r)),
    "Dagum": lambda x, c, a, scale: stats.burr.logpdf(x, a, c, scale=scale),
    "FisherSnedecor": lambda x, m, n: stats.f.logpdf(x, m, n),
    "InverseGaussian": lambda x, loc, c: stats.invgauss.logpdf(x, loc / c, scale=c),
    "LogLogistic": lambda x, loc, s: stats.fisk.logpdf(x, 1 / s, scale=np.exp(loc)),
    "Chi": lambda x, df: stats.chi.logpdf(x, df),
    "Triangular": lambda x, low, high, peak: stats.triang.logpdf(
        x, (peak - low) / (high - low), low, high - low
    ),
    "Bernoulli": lambda k, p: stats.bernoulli.logpmf(k, p),
    "Poisson": lambda k, rate: stats.poisson.logpmf(k, rate),
    "Geometric": lambda k, p: stats.geom.logpmf(k + 1, p),
    "Binomial": lambda k, n, p: stats.binom.logpmf(k, n, p),
    "NegativeBinomial": lambda k, r, p: stats.nbinom.logpmf(k, r, 1 - p),
    "NegativeBinomial2": lambda k, m, c: stats.nbinom.logpmf(k, c, c / (m + c)),
    "GammaPoisson": lambda k, c, r: stats.nbinom.logpmf(k, c, r / (1 + r)),
    "DiscreteUniform": lambda k, low, high: stats.randint.logpmf(k, low, high + 1),
    "FiniteDiscrete": lambda x, o, p: stats.rv_discrete(values=(o, p)).logpmf(x),
    "BetaBinomial": lambda k, a, b, n: stats.betabinom.logpmf(k, n, a, b),
    "Zipf": lambda k, s: stats.zipf.logpmf(k, s),
    "Multinomial": lambda k, n, p: stats.multinomial.logpmf(k, n, p),
    "DirichletMultinomial": lambda k, a, n: stats.dirichlet_multinomial.logpmf(k, a, n),
    "Dirichlet": lambda x, a: stats.dirichlet.logpdf(x, a),
    "MultivariateNormal covariance": lambda x, loc, c: stats.multivariate_normal.logpdf(
        x, loc, c
    ),
    "MultivariateStudentT": lambda x, df, loc, tril: stats.multivariate_t.logpdf(
        x, loc, np.asarray(tril) @ np.transpose(tril), df
    ),
    "Wishart matrix": lambda x, df, scale: stats.wishart.logpdf(x, df, scale),
    "InverseWishart matrix": lambda x, df, scale: stats.invwishart.logpdf(x, df, scale),
    "MatrixNormal": lambda x, loc, row, column: stats.matrix_normal.logpdf(
        x,
        loc,
        np.asarray(row) @ np.transpose(row),
        np.asarray(column) @ np.transpose(column),
    ),
}


@pytest.mark.parametrize("name", SCIPY)
def test_scipy_says_the_same(name):
    case = CASES[name]
    for point in golden(case):
        if point.region == "typical":
            given = [
                json.loads(x) if isinstance(x, str) else point.params[n]
                for n, x in case.params.items()
            ]
            value = point.value
            got = SCIPY[name](np.asarray(value) if np.ndim(value) else value, *given)
            assert float(got) == pytest.approx(float(point.exact), rel=1e-7, abs=1e-8)


def _straight(*order):
    """The arguments of Stan in the order of the case."""
    return lambda args: [args[i] for i in order] if order else args


#: Stan's functions, the cases, and how Stan's arguments become theirs.
STAN_NAMES = {
    "normal": ("Normal", _straight()),
    "student_t": ("StudentT", _straight()),
    "cauchy": ("Cauchy", _straight()),
    "double_exponential": ("Laplace", _straight()),
    "logistic": ("Logistic", _straight()),
    "gumbel": ("Gumbel", _straight()),
    "lognormal": ("LogNormal", _straight()),
    "gamma": ("Gamma", _straight()),
    "inv_gamma": ("InverseGamma", _straight()),
    "weibull": ("Weibull", _straight(1, 0)),
    "pareto": ("Pareto", _straight()),
    "exponential": ("Exponential", _straight()),
    "chi_square": ("Chi2", _straight()),
    "beta": ("Beta", _straight()),
    "beta_proportion": ("BetaProportion", _straight()),
    "uniform": ("Uniform", _straight()),
    "von_mises": ("VonMises", _straight()),
    "exp_mod_normal": ("ExponentiallyModifiedGaussian", _straight()),
    "loglogistic": (
        "LogLogistic",
        lambda args: [arithmetic.log(args[0]), 1 / args[1]],
    ),
    "poisson": ("Poisson", _straight()),
    "neg_binomial_2": ("NegativeBinomial2", _straight()),
    "neg_binomial": ("GammaPoisson", _straight()),
    "bernoulli": ("Bernoulli", _straight()),
    "bernoulli_logit": ("Bernoulli logits", _straight()),
    "binomial": ("Binomial", _straight()),
    "binomial_logit": ("Binomial logits", _straight()),
    "beta_binomial": ("BetaBinomial", _straight(1, 2, 0)),
    "dirichlet": ("Dirichlet", _straight()),
    "multi_normal": ("MultivariateNormal covariance", _straight()),
    "multi_normal_prec": ("MultivariateNormal precision", _straight()),
    "multi_normal_cholesky": ("MultivariateNormal", _straight()),
    "multi_student_t": (
        "MultivariateStudentT",
        lambda args: [*args[:2], _factor(args[2])],
    ),
    "wishart": ("Wishart matrix", _straight()),
    "inv_wishart": ("InverseWishart matrix", _straight()),
    "lkj_corr": ("LKJ", lambda args: [3, *args]),
    "lkj_corr_cholesky": ("LKJCholesky", lambda args: [3, *args]),
    "multinomial": ("Multinomial", lambda args: [7, *args]),
    "categorical": ("Categorical", _straight()),
    "categorical_logit": ("Categorical logits", _straight()),
    "ordered_logistic": ("OrderedLogistic", _straight()),
    "ordered_probit": ("OrderedProbit", _straight()),
}

#: Stan counts these from 1.
FROM_ONE = {n for n in STAN_NAMES if n.startswith(("categorical", "ordered"))}


def _factor(matrix):
    return mp.cholesky(mp.matrix(matrix)).tolist()


def _stan(text):
    """A literal of Stan: numbers, `{}` of counts, `[]'` of numbers, or a factor."""
    function, _, inner = text.rpartition("(")
    inner = inner.rstrip("')").replace("{", "[").replace("}", "]")
    found = MPMATH.read(json.loads(inner))
    return _factor(found) if function else found


@pytest.mark.skipif(
    not STAN.exists(), reason="Stan's values are not beside the checkout"
)
@pytest.mark.parametrize("function", STAN_NAMES)
def test_stan_says_the_same(function):
    entries = json.loads(STAN.read_text())["entries"]
    found = [e for e in entries if e["fn"] in {f"{function}_lpdf", f"{function}_lpmf"}]
    assert found
    name, reorder = STAN_NAMES[function]
    for entry in found:
        value, *numbers = map(_stan, (entry["y"], *entry["args"]))
        value = value - 1 if function in FROM_ONE else value
        exact = CASES[name].density(value, *reorder(numbers))
        assert float(exact) == pytest.approx(entry["value"], rel=1e-12, abs=1e-13)
