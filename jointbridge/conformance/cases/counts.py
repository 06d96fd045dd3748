"""Families of counts: parameters, values and the oracle's log density."""

from jointbridge.conformance.case import Case
from jointbridge.conformance.oracles import counts as o
from jointbridge.conformance.oracles.arithmetic import whole

_PROBS, _LOGITS = [0.1875, 0.3125, 0.5], [0.1875, -1.3125, 0.5]
_OUTCOMES = "[-1.25, 0.5, 3.0]"

CASES = {
    "Bernoulli": Case({"probs": 0.3125}, [0, 1], o.bernoulli),
    "Bernoulli logits": Case({"logits": -0.375}, [0, 1], o.bernoulli_logits),
    "Binomial": Case({"total_count": "9", "probs": 0.3125}, [0, 4, 9], o.binomial),
    "Binomial logits": Case(
        {"total_count": "9", "logits": -0.375},
        [0, 4, 9],
        o.binomial_logits,
    ),
    "Categorical": Case({"probs": _PROBS}, [0, 1, 2], o.categorical),
    "Categorical logits": Case(
        {"logits": _LOGITS},
        [0, 1, 2],
        lambda k, logits: o.log_softmax(logits)[whole(k)],
    ),
    "FiniteDiscrete": Case(
        {"outcomes": _OUTCOMES, "probs": _PROBS}, [-1.25, 0.5, 3.0], o.finite_discrete
    ),
    "FiniteDiscrete logits": Case(
        {"outcomes": _OUTCOMES, "logits": _LOGITS},
        [-1.25, 0.5, 3.0],
        o.finite_discrete_logits,
    ),
    "Poisson": Case({"rate": 3.75}, [0, 4, 60], o.poisson),
    "Geometric": Case({"probs": 0.3125}, [0, 1, 20], o.geometric),
    "Geometric logits": Case({"logits": -0.375}, [0, 1, 20], o.geometric_logits),
    "NegativeBinomial2": Case(
        {"mean": 3.75, "concentration": 2.25}, [0, 4, 60], o.negative_binomial
    ),
    "NegativeBinomial": Case(
        {"total_count": 2.25, "probs": 0.625}, [0, 4, 60], o.negative_binomial_probs
    ),
    "NegativeBinomial logits": Case(
        {"total_count": 2.25, "logits": 0.375},
        [0, 4, 60],
        o.negative_binomial_logits,
    ),
    "GammaPoisson": Case(
        {"concentration": 2.25, "rate": 0.75}, [0, 4, 60], o.gamma_poisson
    ),
    "DiscreteUniform": Case({"low": "-2", "high": "5"}, [-2, 0, 5], o.discrete_uniform),
    "BetaBinomial": Case(
        {"concentration1": 2.25, "concentration0": 0.75, "total_count": "9"},
        [0, 4, 9],
        o.beta_binomial,
    ),
    "OrderedLogistic": Case(
        {"predictor": 0.375, "cutpoints": [-1.25, 0.3125, 1.875]},
        [0, 1, 3],
        o.ordered_logistic,
    ),
    "Multinomial": Case(
        {"total_count": "7", "probs": _PROBS}, [[1, 2, 4], [7, 0, 0]], o.multinomial
    ),
    "Multinomial logits": Case(
        {"total_count": "7", "logits": _LOGITS},
        [[1, 2, 4], [7, 0, 0]],
        o.multinomial_logits,
    ),
    "OneHotCategorical": Case(
        {"probs": _PROBS},
        [[1, 0, 0], [0, 0, 1]],
        lambda k, probs: o.multinomial(k, 1, probs),
    ),
    "OneHotCategorical logits": Case(
        {"logits": _LOGITS},
        [[1, 0, 0], [0, 0, 1]],
        lambda k, logits: o.multinomial_logits(k, 1, logits),
    ),
    "DirichletMultinomial": Case(
        {"concentration": [0.75, 2.25, 1.125], "total_count": "7"},
        [[1, 2, 4], [7, 0, 0]],
        o.dirichlet_multinomial,
    ),
}
