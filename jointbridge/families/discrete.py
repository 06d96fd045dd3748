"""Families of one counted value, and of one out of a list."""

from functools import partial

from jointbridge.families.row import Family

_WIKI = "https://en.wikipedia.org/wiki/"
_counted = partial(Family, measure="counting")
_PROBS = "probs: unit_interval | logits: real"
_CHOOSE = (
    "lgamma(total_count + 1) - lgamma(value + 1) - lgamma(total_count - value + 1)"
)

ROWS = [
    _counted(
        "Bernoulli",
        _PROBS,
        "boolean",
        "1 with probability probs, else 0",
        "where(value == 1, log(probs), log1p(-probs))",
        f"{_WIKI}Bernoulli_distribution",
    ),
    _counted(
        "Binomial",
        f"total_count: nonnegative_integer = 1, {_PROBS}",
        "integer_interval(0, total_count)",
        "successes in total_count trials",
        f"{_CHOOSE} + value * log(probs) + (total_count - value) * log1p(-probs)",
        f"{_WIKI}Binomial_distribution",
    ),
    _counted(
        "Categorical",
        "probs: simplex[K] | logits: real[K]",
        "integer_interval(0, K - 1)",
        "an index from 0 to K - 1; logits need not be normalised",
        "log(sum(one_hot(value, K) * probs, axis=-1))",
        f"{_WIKI}Categorical_distribution",
    ),
    _counted(
        "Poisson",
        "rate: positive",
        "nonnegative_integer",
        "counts with mean rate",
        "value * log(rate) - rate - lgamma(value + 1)",
        f"{_WIKI}Poisson_distribution",
    ),
    _counted(
        "Geometric",
        _PROBS,
        "nonnegative_integer",
        "failures before the first success (starts at 0)",
        "log(probs) + value * log1p(-probs)",
        f"{_WIKI}Geometric_distribution",
    ),
    _counted(
        "NegativeBinomial2",
        "mean: positive, concentration: positive",
        "nonnegative_integer",
        "counts with variance mean + mean ** 2 / concentration",
        "lgamma(value + concentration) - lgamma(concentration) - lgamma(value + 1)"
        " + concentration * log(concentration / (mean + concentration))"
        " + value * log(mean / (mean + concentration))",
        "https://mc-stan.org/docs/functions-reference/unbounded_discrete_distributions.html",
        same_as="NegativeBinomial("
        "total_count=concentration, logits=log(mean) - log(concentration))",
    ),
    _counted(
        "BetaBinomial",
        "concentration1: positive, concentration0: positive,"
        " total_count: nonnegative_integer = 1",
        "integer_interval(0, total_count)",
        "Binomial whose probability is a Beta(concentration1, concentration0)",
        f"{_CHOOSE} + lgamma(value + concentration1)"
        " + lgamma(total_count - value + concentration0)"
        " - lgamma(total_count + concentration1 + concentration0)"
        " + lgamma(concentration1 + concentration0) - lgamma(concentration1)"
        " - lgamma(concentration0)",
        f"{_WIKI}Beta-binomial_distribution",
    ),
    _counted(
        "OrderedLogistic",
        "predictor: real, cutpoints: ordered[C]",
        "integer_interval(0, C)",
        "a grade from 0 to C: how many cutpoints a logistic variable exceeds",
        "log(where(value == C, 1.0, expit(sum(one_hot(value, C + 1)[..., :-1]"
        " * cutpoints, axis=-1) - predictor)) - where(value == 0, 0.0, expit(sum("
        "one_hot(value, C + 1)[..., 1:] * cutpoints, axis=-1) - predictor)))",
        f"{_WIKI}Ordered_logit",
    ),
    _counted(
        "NegativeBinomial",
        f"total_count: positive, {_PROBS}",
        "nonnegative_integer",
        "counted outcomes of probability probs before total_count others",
        "lgamma(value + total_count) - lgamma(total_count) - lgamma(value + 1)"
        " + total_count * log1p(-probs) + value * log(probs)",
        f"{_WIKI}Negative_binomial_distribution",
    ),
    _counted(
        "GammaPoisson",
        "concentration: positive, rate: positive = 1",
        "nonnegative_integer",
        "Poisson whose rate is a Gamma(concentration, rate)",
        "lgamma(value + concentration) - lgamma(concentration) - lgamma(value + 1)"
        " - concentration * log1p(1 / rate) - value * log1p(rate)",
        f"{_WIKI}Negative_binomial_distribution#Gamma%E2%80%93Poisson_mixture",
        same_as="NegativeBinomial(total_count=concentration, logits=-log(rate))",
    ),
    _counted(
        "DiscreteUniform",
        "low: integer = 0, high: integer_greater_than_eq(low) = 1",
        "integer_interval(low, high)",
        "whole numbers from low to high, both included",
        "-log(high - low + 1)",
        f"{_WIKI}Discrete_uniform_distribution",
    ),
    Family(
        "FiniteDiscrete",
        "outcomes: ordered[K], probs: simplex[K] | logits: real[K]",
        "atoms",
        "one of the numbers outcomes, which rise; logits need not be normalised",
        "log(sum(where(value[..., None] == outcomes, probs, 0.0), axis=-1))",
        f"{_WIKI}Probability_mass_function#Finite",
        measure="counting on the outcomes",
    ),
]
