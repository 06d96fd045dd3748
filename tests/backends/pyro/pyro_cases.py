"""Every family of the catalogue, with parameters that are sites themselves.

`a` and `b` are vectors of 3 reals, one number for each row of the plate; `c` has 4 for
each row, and `d` is one vector of 4.
"""

from jointbridge.expression import Name, substitute
from jointbridge.spec import Plate, Sample, Spec
from jointbridge.syntax import parse

_TRIL = "tril(c[..., None, :] * full((4, 4), 0.3)) + 2.0 * eye(4)"
_COVARIANCE = "einsum('ij,kj->ik', {0}, {0})".format(
    "(eye(4) + 0.2 * tril(d * full((4, 4), 1.0)))"
)

FAMILIES = {
    "Normal": "Normal(loc=a, scale=exp(b))",
    "LogNormal": "LogNormal(loc=a, scale=exp(b))",
    "StudentT": "StudentT(df=2.5 + exp(a), loc=b, scale=1.3)",
    "HalfStudentT": "HalfStudentT(df=2.5 + exp(a), scale=exp(b))",
    "Cauchy": "Cauchy(loc=a, scale=exp(b))",
    "Laplace": "Laplace(loc=a, scale=exp(b))",
    "Logistic": "Logistic(loc=a, scale=exp(b))",
    "Gumbel": "Gumbel(loc=a, scale=exp(b))",
    "Uniform": "Uniform(low=a, high=a + exp(b))",
    "HalfNormal": "HalfNormal(scale=exp(b))",
    "HalfCauchy": "HalfCauchy(scale=exp(b))",
    "Exponential": "Exponential(rate=exp(b))",
    "Gamma": "Gamma(concentration=exp(a), rate=exp(b))",
    "InverseGamma": "InverseGamma(concentration=exp(a), rate=exp(b))",
    "Beta": "Beta(concentration1=exp(a), concentration0=exp(b))",
    "Weibull": "Weibull(scale=exp(a), concentration=exp(b))",
    "Pareto": "Pareto(scale=exp(a), alpha=exp(b))",
    "VonMises": "VonMises(loc=a, concentration=exp(b))",
    "AsymmetricLaplace": (
        "AsymmetricLaplace(loc=a, scale=exp(b), asymmetry=exp(0.5 * a))"
    ),
    "AsymmetricLaplaceQuantile": (
        "AsymmetricLaplaceQuantile(loc=a, scale=exp(b), quantile=expit(b))"
    ),
    "SoftLaplace": "SoftLaplace(loc=a, scale=exp(b))",
    "LogUniform": "LogUniform(low=exp(a), high=exp(a + 1 + b * b))",
    "Chi2": "Chi2(df=1.5 + exp(a))",
    "Gompertz": "Gompertz(concentration=exp(a), rate=exp(b))",
    "Levy": "Levy(loc=a, scale=exp(b))",
    "SkewLogistic": "SkewLogistic(a, exp(b), (1 + exp(b)))",
    "GeneralizedNormal": "GeneralizedNormal(a, exp(b), (1 + exp(b)))",
    "ExponentiallyModifiedGaussian": "ExponentiallyModifiedGaussian(a, exp(b), (1 + exp(b)))",
    "JohnsonSU": "JohnsonSU(a, exp(b), a, (1 + exp(b)))",
    "SinhArcsinh": "SinhArcsinh(a, exp(b), a, (1 + exp(b)))",
    "TwoPieceNormal": "TwoPieceNormal(a, exp(b), (1 + exp(b)))",
    "Moyal": "Moyal(a, exp(b))",
    "GeneralizedExtremeValue": "GeneralizedExtremeValue(a, (1 + exp(b)), 0.1 * exp(b))",
    "DoublesidedMaxwell": "DoublesidedMaxwell(a, exp(b))",
    "ExpGamma": "ExpGamma(exp(b), (1 + exp(b)))",
    "ExpInverseGamma": "ExpInverseGamma(exp(b), (1 + exp(b)))",
    "SigmoidBeta": "SigmoidBeta(exp(b), (1 + exp(b)))",
    "LowerTruncatedPowerLaw": "LowerTruncatedPowerLaw(-1 - exp(b), (1 + exp(b)))",
    "DoublyTruncatedPowerLaw": "DoublyTruncatedPowerLaw(a, exp(b) / 40, (1 + exp(b)) + 40)",
    "Dagum": "Dagum(exp(b), (1 + exp(b)), exp(b) + 0.5)",
    "FisherSnedecor": "FisherSnedecor(exp(b), (1 + exp(b)))",
    "GeneralizedPareto": "GeneralizedPareto(a - 9, exp(b), (1 + exp(b)))",
    "InverseGaussian": "InverseGaussian(exp(b), (1 + exp(b)))",
    "LogLogistic": "LogLogistic(a, exp(b))",
    "Chi": "Chi(exp(b))",
    "GammaGamma": "GammaGamma(exp(b), (1 + exp(b)), exp(b) + 0.5)",
    "LogitNormal": "LogitNormal(a, exp(b))",
    "ContinuousBernoulli probs": "ContinuousBernoulli(probs=expit(a))",
    "ContinuousBernoulli logits": "ContinuousBernoulli(logits=a)",
    "AffineBeta": "AffineBeta(exp(b), (1 + exp(b)), -9.0, 20.0)",
    "PERT": "PERT(-9.0 - exp(b), 1.0, 9.0 + (1 + exp(b)), exp(b))",
    "Triangular": "Triangular(-9.0 - exp(b), 9.0 + (1 + exp(b)), 1.0)",
    "ProbitBernoulli": "ProbitBernoulli(a)",
    "BetaNegativeBinomial": "BetaNegativeBinomial(exp(b), (1 + exp(b)), exp(b) + 0.5)",
    "Zipf": "Zipf(1.5 + exp(b))",
    "Folded": "Folded(Normal(a, exp(b)))",
    "LeftCensored": "LeftCensored(Normal(a, exp(b)), censored=1)",
    "RightCensored": "RightCensored(Weibull(exp(b), (1 + exp(b))), censored=1)",
    "Hurdle gate": "Hurdle(Poisson(exp(b)), gate=expit(a))",
    "Hurdle logits": "Hurdle(Gamma(exp(b), (1 + exp(b))), gate_logits=a)",
    "OrderedProbit": "OrderedProbit(predictor=a, cutpoints=cumsum(exp(c)))",
    "BetaProportion": "BetaProportion(mean=expit(a), concentration=1 + exp(b))",
    "Kumaraswamy": "Kumaraswamy(concentration1=1 + exp(a), concentration0=1 + exp(b))",
    "RelaxedBernoulli probs": "RelaxedBernoulli(temperature=exp(a), probs=expit(b))",
    "RelaxedBernoulli logits": "RelaxedBernoulli(temperature=exp(a), logits=b)",
    "Bernoulli probs": "Bernoulli(probs=expit(a))",
    "Bernoulli logits": "Bernoulli(logits=a)",
    "Binomial probs": "Binomial(total_count=7, probs=expit(a))",
    "Binomial logits": "Binomial(total_count=[3, 0, 9], logits=a)",
    "Categorical probs": "Categorical(probs=softmax(c))",
    "Categorical logits": "Categorical(logits=c)",
    "Poisson": "Poisson(rate=exp(a))",
    "Geometric probs": "Geometric(probs=expit(a))",
    "Geometric logits": "Geometric(logits=a)",
    "NegativeBinomial2": "NegativeBinomial2(mean=exp(a), concentration=exp(b))",
    "NegativeBinomial probs": "NegativeBinomial(total_count=exp(a), probs=expit(b))",
    "NegativeBinomial logits": "NegativeBinomial(total_count=exp(a), logits=b)",
    "GammaPoisson": "GammaPoisson(concentration=exp(a), rate=exp(b))",
    "DiscreteUniform": "DiscreteUniform(low=[-3, 0, 1], high=[4, 0, 5])",
    "BetaBinomial": (
        "BetaBinomial(concentration1=exp(a), concentration0=exp(b), total_count=9)"
    ),
    "OrderedLogistic": "OrderedLogistic(predictor=a, cutpoints=cumsum(exp(c)))",
    "Multinomial probs": "Multinomial(total_count=[3, 0, 9], probs=softmax(c))",
    "Multinomial logits": "Multinomial(total_count=5, logits=c)",
    "Dirichlet": "Dirichlet(concentration=exp(c))",
    "MultivariateNormal scale_tril": (f"MultivariateNormal(loc=c, scale_tril={_TRIL})"),
    "MultivariateNormal covariance": (
        f"MultivariateNormal(loc=c, covariance_matrix={_COVARIANCE})"
    ),
    "MultivariateNormal precision": (
        f"MultivariateNormal(loc=c, precision_matrix={_COVARIANCE})"
    ),
    "MultivariateNormal default loc": f"MultivariateNormal(scale_tril={_TRIL})",
    "OneHotCategorical probs": "OneHotCategorical(probs=softmax(c))",
    "OneHotCategorical logits": "OneHotCategorical(logits=c)",
    "DirichletMultinomial": (
        "DirichletMultinomial(concentration=exp(c), total_count=[3, 0, 9])"
    ),
    "MultivariateStudentT": (
        f"MultivariateStudentT(df=2.5 + exp(a), loc=c, scale_tril={_TRIL})"
    ),
    "LowRankMultivariateNormal": (
        "LowRankMultivariateNormal("
        "loc=c, cov_factor=c[..., None] * [0.3, 1.2], cov_diag=exp(d))"
    ),
    "GaussianRandomWalk": "GaussianRandomWalk(scale=exp(a), num_steps=5)",
    "GaussianStateSpace": (
        "GaussianStateSpace(num_steps=3, transition_matrix=a[:, None, None] * [[0.4, 0.1],"
        " [0.2, 0.3]], scale_tril=[[1.3, 0.0], [0.4, 0.6]], initial_value=c[:, :2])"
    ),
    "GaussianStateSpace covariance": (
        "GaussianStateSpace(num_steps=2, transition_matrix=0.5 * eye(4),"
        f" covariance_matrix={_COVARIANCE}, initial_value=c)"
    ),
    "GaussianCopula": (
        "GaussianCopula(marginal_dist=Exponential(rate=exp(c)),"
        " correlation_matrix=0.25 * full((4, 4), 1.0) + 0.75 * eye(4))"
    ),
    "GaussianCopula factor": (
        "GaussianCopula(marginal_dist=Gumbel(loc=c[:, :2], scale=exp(a)[:, None]),"
        " correlation_cholesky=[[1.0, 0.0], [-0.6, 0.8]])"
    ),
    "CAR": (
        "CAR(loc=c, correlation=0.9 * tanh(a), conditional_precision=exp(b),"
        " adj_matrix=full((4, 4), 1.0) - eye(4))"
    ),
    "MatrixNormal": (
        "MatrixNormal(loc=a[:, None, None] * d * full((2, 4), 1.0),"
        f" scale_tril_row=[[1.3, 0.0], [0.4, 0.6]], scale_tril_column={_TRIL})"
    ),
    "ZeroSumNormal": "ZeroSumNormal(scale=exp(a), event_shape=5)",
    "LKJ": "LKJ(dimension=3, concentration=exp(a))",
    "Wishart": f"Wishart(concentration=3.5 + exp(a), scale_tril={_TRIL})",
    "WishartCholesky": (
        f"WishartCholesky(concentration=3.5 + exp(a), scale_matrix={_COVARIANCE})"
    ),
    "InverseWishart": (
        f"InverseWishart(concentration=3.5 + exp(a), rate_matrix={_COVARIANCE})"
    ),
    "InverseWishartCholesky": (
        f"InverseWishartCholesky(concentration=3.5 + exp(a), scale_tril={_TRIL})"
    ),
    "LKJCholesky": "LKJCholesky(dimension=3, concentration=exp(a))",
    "LKJCholesky large": "LKJCholesky(dimension=5, concentration=exp(a))",
    "Mixture": (
        "Mixture(probs=softmax(c), components=Normal(loc=a[:, None] + c, scale=0.7))"
    ),
    "Mixture of vectors": (
        "Mixture(logits=a[:2], components=Dirichlet(concentration=[exp(d), 1.0 + d * d]))"
    ),
    "Mixture of counts": (
        "Mixture(logits=c, components=Poisson(rate=exp(c) + exp(a[:, None])))"
    ),
    "Truncated Normal": "Truncated(base=Normal(loc=a, scale=exp(b)), low=a - 1, high=2.0 + a)",
    "Truncated Normal low": "Truncated(base=Normal(loc=a, scale=exp(b)), low=0.5)",
    "Truncated Normal high": "Truncated(base=Normal(loc=a, scale=exp(b)), high=0.5)",
    "Truncated Cauchy": "Truncated(base=Cauchy(loc=a, scale=exp(b)), low=-1.5, high=2.0)",
    "Truncated Laplace": "Truncated(base=Laplace(loc=a, scale=exp(b)), low=1.0, high=2.0)",
    "Truncated Logistic": "Truncated(base=Logistic(loc=a, scale=exp(b)), low=-3.0)",
    "Truncated nothing": "Truncated(base=Normal(loc=a, scale=exp(b)))",
    "ZeroInflated gate": "ZeroInflated(base=Poisson(rate=exp(a)), gate=expit(b))",
    "ZeroInflated logits": (
        "ZeroInflated(base=NegativeBinomial2(mean=exp(a), concentration=2.0),"
        " gate_logits=b)"
    ),
    "ZeroInflated Binomial": (
        "ZeroInflated(base=Binomial(total_count=4, probs=expit(a)), gate=0.25)"
    ),
    "Delta": "Delta(v=a, log_density=b)",
}

#: Families whose event is the whole site, without the plate of rows.
_NO_PLATE = {"Mixture of vectors"}


def one_joint_of_all() -> Spec:
    """A joint with a site for every family; each has parameters of its own."""
    statements = []
    for number, (name, text) in enumerate(FAMILIES.items()):
        own = {letter: Name(f"{letter}{number}") for letter in "abcd"}
        for letter, shape in {"a": (3,), "b": (3,), "c": (3, 4), "d": (4,)}.items():
            prior = parse("Normal(loc=0.0, scale=0.6)")
            statements.append(Sample(own[letter].name, prior, shape=shape))
        plates = () if name in _NO_PLATE else ("row",)
        node = substitute(parse(text), own)
        statements.append(Sample(name, node, plates=plates))
    return Spec(tuple(statements), plates=(Plate("row", 3),))


def parameters(family: str) -> list[str]:
    """The sites that a family's parameters come from."""
    number = list(FAMILIES).index(family)
    return [f"{letter}{number}" for letter in "abcd"]
