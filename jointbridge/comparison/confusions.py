"""What people mix up when they move a model, each as something that can be tried.

A row says what one model does where the other one does not, and how to do it to a site of
the other: to one of its parameters, to its family, to its value, or to its log density.

    Parameter   scale        ->  square(scale)
    Family      HalfNormal(scale=scale)  ->  Normal(loc=0.0, scale=scale)
    Value       value        ->  value - 1
    Plus        log density  ->  log density + log(value)      one for each copy

In the texts `{a}` is the model that is changed and `{b}` the one that it then equals; `{p}`
is the parameter and `{f}` the family.  Rows are tried in order: the simplest first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confusion:
    """One row.

    Attributes:
        name: What it is called.
        says: What one model does and the other does not.
        fix: What to do about it.
    """

    name: str
    says: str
    fix: str


@dataclass(frozen=True)
class Parameter(Confusion):
    """A parameter is something else, `x` in the text of `becomes`."""

    parameters: tuple[str, ...] = ()
    becomes: str = ""


@dataclass(frozen=True)
class Family(Confusion):
    """The family is another one."""

    family: str = ""
    becomes: str = ""


@dataclass(frozen=True)
class Value(Confusion):
    """The density is taken at another value."""

    families: tuple[str, ...] = ()
    becomes: str = ""


@dataclass(frozen=True)
class Plus(Confusion):
    """Something is added to the log density of each copy; parameters may stand in it."""

    plus: str = ""


_SCALES = ("scale",)
_RATES = ("rate",)
_POSITIVE = ("scale", "rate", "concentration", "mean", "df", "alpha")
_SHAPES = ("concentration", "concentration1", "concentration0", "df", "alpha")
_INVERSE = (
    "solve_triangular(cholesky(x), solve_triangular(cholesky(x), eye(K)),"
    " transpose_a=True)"
)
_COVARIANCE = "(x @ transpose(x))"
_TRIANGLE = "tril(x @ transpose(x))"
_CHOLESKY = "check which of covariance, precision and Cholesky factor {p} is"

PARAMETERS = [
    Parameter(
        "variance or standard deviation",
        "{b} has the variance where {a} has the standard deviation",
        "give {f} the square root: {p}=sqrt(variance)",
        _SCALES,
        "square(x)",
    ),
    Parameter(
        "variance or standard deviation",
        "{b} has the square root of the {p} of {a}: a standard deviation where {a} has "
        "a variance",
        "{p} of {f} is a standard deviation: leave one of the two roots out",
        _SCALES,
        "sqrt(x)",
    ),
    Parameter(
        "rate or scale",
        "{b} has 1 / {p}: a rate where {a} has a scale, or a scale where {a} has a rate",
        "turn it over: rate = 1 / scale",
        (*_SCALES, *_RATES),
        "1 / x",
    ),
    Parameter(
        "precision",
        "{b} has the precision, 1 / {p} ** 2, where {a} has the standard deviation",
        "give {f} a standard deviation: {p}=1 / sqrt(precision)",
        _SCALES,
        "1 / square(x)",
    ),
    Parameter(
        "precision",
        "{b} has 1 / sqrt({p}): {a} has a precision where {b} has a standard deviation",
        "{p} of {f} is a standard deviation: {p}=1 / sqrt(precision)",
        _SCALES,
        "1 / sqrt(x)",
    ),
    Parameter(
        "probability of the other outcome",
        "{b} has 1 - {p} where {a} has {p}",
        "take 1 - {p}: the two count opposite outcomes",
        ("probs", "gate"),
        "1 - x",
    ),
    Parameter(
        "probabilities or logits",
        "{b} takes for logits what is a probability in {a}",
        "name the parameter: probs= and logits= are not the same",
        ("probs", "gate"),
        "expit(x)",
    ),
    Parameter(
        "probabilities or logits",
        "{b} takes for a probability what are logits in {a}",
        "name the parameter: probs= and logits= are not the same",
        ("probs", "gate"),
        "logit(x)",
    ),
    Parameter(
        "natural or log scale",
        "{b} has exp({p}) where {a} has {p}",
        "one of the two is on the log scale already",
        (*_POSITIVE, "loc"),
        "exp(x)",
    ),
    Parameter(
        "natural or log scale",
        "{b} has log({p}) where {a} has {p}",
        "take the exponential: {p} is on the natural scale",
        (*_POSITIVE, "loc"),
        "log(x)",
    ),
    Parameter(
        "natural or log scale",
        "{b} has softplus({p}) where {a} has {p}",
        "one of the two transforms {p} once more",
        _POSITIVE,
        "softplus(x)",
    ),
    Parameter(
        "covariance, precision or Cholesky factor",
        "{b} has the covariance matrix where {a} has its Cholesky factor",
        _CHOLESKY,
        ("scale_tril",),
        _TRIANGLE,
    ),
    Parameter(
        "covariance, precision or Cholesky factor",
        "{b} has the precision where {a} has the covariance matrix",
        _CHOLESKY,
        ("scale_tril",),
        f"cholesky({_INVERSE.replace('x', _COVARIANCE)})",
    ),
    Parameter(
        "covariance, precision or Cholesky factor",
        "{b} has as covariance what is the Cholesky factor of {a}",
        _CHOLESKY,
        ("scale_tril",),
        "cholesky(x)",
    ),
    Parameter(
        "transposed matrix",
        "{b} has the transposed {p} of {a}",
        "transpose it",
        ("scale_tril", "loc", "probs", "rate", "scale"),
        "transpose(x)",
    ),
    Parameter(
        "off by one",
        "{b} has {p} moved by one place to the right",
        "check the index: Python counts from 0, other languages from 1",
        ("*",),
        "concatenate([x[..., -1:], x[..., :-1]], axis=-1)",
    ),
    Parameter(
        "off by one",
        "{b} has {p} moved by one place to the left",
        "check the index: Python counts from 0, other languages from 1",
        ("*",),
        "concatenate([x[..., 1:], x[..., :1]], axis=-1)",
    ),
    Parameter(
        "order",
        "{b} has {p} in reverse order",
        "turn the order around",
        ("*",),
        "x[..., ::-1]",
    ),
    Parameter(
        "sign",
        "{b} has -{p} where {a} has {p}",
        "check the sign of {p}",
        ("loc", "predictor"),
        "-x",
    ),
    Parameter(
        "df or concentration",
        "{b} has {p} / 2 where {a} has {p}: degrees of freedom are twice a concentration",
        "check whether {p} counts degrees of freedom",
        (*_SHAPES, *_RATES),
        "x / 2",
    ),
    Parameter(
        "df or concentration",
        "{b} has 2 * {p} where {a} has {p}: degrees of freedom are twice a concentration",
        "check whether {p} counts degrees of freedom",
        (*_SHAPES, *_RATES),
        "2 * x",
    ),
    Parameter(
        "dispersion",
        "{b} has 1 / {p} where {a} has {p}: a dispersion is the inverse of it",
        "turn it over",
        ("concentration", "mean"),
        "1 / x",
    ),
    Parameter(
        "off by one",
        "{b} has {p} + 1 where {a} has {p}",
        "check what {p} counts",
        (*_SHAPES, "total_count"),
        "x + 1",
    ),
    Parameter(
        "off by one",
        "{b} has {p} - 1 where {a} has {p}",
        "check what {p} counts",
        (*_SHAPES, "total_count"),
        "x - 1",
    ),
    Parameter(
        "twice or half",
        "{b} has {p} * 2 where {a} has {p}",
        "check the definition of {p}",
        _SCALES,
        "2 * x",
    ),
    Parameter(
        "twice or half",
        "{b} has {p} / 2 where {a} has {p}",
        "check the definition of {p}",
        _SCALES,
        "x / 2",
    ),
    Parameter(
        "twice or half",
        "{b} has {p} * sqrt(2) where {a} has {p}",
        "check the definition of {p}: a kernel exp(-x ** 2 / s ** 2) has s = sqrt(2) sd",
        _SCALES,
        "x * sqrt(2.0)",
    ),
    Parameter(
        "twice or half",
        "{b} has {p} / sqrt(2) where {a} has {p}",
        "check the definition of {p}: a kernel exp(-x ** 2 / s ** 2) has s = sqrt(2) sd",
        _SCALES,
        "x / sqrt(2.0)",
    ),
]

_HALF = "add the half distribution's log 2, or use {f}"
_WHOLE = "{b} has the whole distribution where {a} has the half one: log 2 is missing"
_OTHER = "check which of the two is meant"

FAMILIES = [
    Family(
        "half distribution",
        _WHOLE,
        _HALF,
        f"Half{name}({half})",
        f"{name}({whole})",
    )
    for name, half, whole in (
        ("Normal", "scale=scale", "loc=0.0, scale=scale"),
        ("Cauchy", "scale=scale", "loc=0.0, scale=scale"),
        ("StudentT", "df=df, scale=scale", "df=df, loc=0.0, scale=scale"),
    )
] + [
    Family(
        "truncation",
        "{b} leaves out the truncation of {a}, and with it its normaliser",
        "truncate it there too",
        "Truncated(base=base, low=low, high=high)",
        "base",
    ),
    Family(
        "zero inflation",
        "{b} leaves out the zero inflation of {a}",
        "inflate it there too",
        "ZeroInflated(base=base, gate=gate)",
        "base",
    ),
    Family(
        "natural or log scale",
        "{b} has a Normal where {a} has a LogNormal with the same parameters",
        "use LogNormal, or take the logarithm of the value and add its Jacobian",
        "LogNormal(loc=loc, scale=scale)",
        "Normal(loc=loc, scale=scale)",
    ),
    Family(
        "inverse",
        "{b} has a Gamma where {a} has an InverseGamma with the same parameters",
        "use InverseGamma, or the Gamma of 1 / value",
        "InverseGamma(concentration=concentration, rate=rate)",
        "Gamma(concentration=concentration, rate=rate)",
    ),
    Family(
        "inverse",
        "{b} has an InverseGamma with the rate turned over, where {a} has one",
        "InverseGamma has a scale where Gamma has a rate: do not turn it over",
        "InverseGamma(concentration=concentration, rate=rate)",
        "Gamma(concentration=concentration, rate=1 / rate)",
    ),
    Family(
        "success and failure",
        "{b} counts with the probability of failure where {a} has that of success",
        "take 1 - probs",
        "NegativeBinomial2(mean=mean, concentration=concentration)",
        "NegativeBinomial2(mean=square(concentration) / mean,"
        " concentration=concentration)",
    ),
    Family(
        "dispersion",
        "{b} has the dispersion 1 / concentration where {a} has the concentration",
        "turn it over",
        "NegativeBinomial2(mean=mean, concentration=concentration)",
        "NegativeBinomial2(mean=mean, concentration=1 / concentration)",
    ),
    Family(
        "other family",
        "{b} has a Poisson where {a} has a NegativeBinomial2 of the same mean",
        "the overdispersion is lost: use NegativeBinomial2",
        "NegativeBinomial2(mean=mean, concentration=concentration)",
        "Poisson(rate=mean)",
    ),
    Family(
        "other family",
        "{b} has a Normal where {a} has a StudentT with the same loc and scale",
        "the degrees of freedom are lost: use StudentT",
        "StudentT(df=df, loc=loc, scale=scale)",
        "Normal(loc=loc, scale=scale)",
    ),
    Family(
        "other family",
        "{b} has a Cauchy where {a} has a Normal with the same parameters",
        _OTHER,
        "Normal(loc=loc, scale=scale)",
        "Cauchy(loc=loc, scale=scale)",
    ),
    Family(
        "other family",
        "{b} has a Laplace where {a} has a Normal with the same parameters",
        _OTHER,
        "Normal(loc=loc, scale=scale)",
        "Laplace(loc=loc, scale=scale)",
    ),
    Family(
        "mean and width",
        "{b} has low and low + high as bounds: a place and a width",
        "{f} takes both ends",
        "Uniform(low=low, high=high)",
        "Uniform(low=low, high=low + high)",
    ),
    Family(
        "mean and sample size",
        "{b} has a mean and a sample size where {a} has two concentrations",
        "multiply: concentration1 = mean * size, concentration0 = (1 - mean) * size",
        "Beta(concentration1=concentration1, concentration0=concentration0)",
        "Beta(concentration1=concentration1 / (concentration1 + concentration0),"
        " concentration0=concentration1 + concentration0)",
    ),
]

VALUES = [
    Value(
        "off by one",
        "{b} counts from 1 where {a} counts from 0",
        "subtract 1 from the value",
        ("Geometric", "Poisson", "Categorical", "OrderedLogistic"),
        "value + 1",
    ),
    Value(
        "off by one",
        "{b} counts from 0 where {a} counts from 1",
        "add 1 to the value",
        ("Geometric", "Poisson", "Categorical", "OrderedLogistic"),
        "value - 1",
    ),
    Value(
        "success and failure",
        "{b} counts failures where {a} counts successes",
        "take total_count - value",
        ("Binomial", "BetaBinomial"),
        "total_count - value",
    ),
    Value(
        "natural or log scale",
        "{b} takes the logarithm of the value, {a} does not",
        "take the logarithm in both or in none",
        (),
        "log(value)",
    ),
    Value(
        "natural or log scale",
        "{b} takes the exponential of the value, {a} does not",
        "take the exponential in both or in none",
        (),
        "exp(value)",
    ),
]

_JACOBIAN = "a change of variables needs the log of its derivative in the density"
_CONSTANT = "add the normaliser, or use the library's own distribution"

#: Log derivatives that are often forgotten, by the map to the variable of the density.
JACOBIANS = {
    "x = log(value)": "-log(value)",
    "x = logit(value)": "-log(value) - log1p(-value)",
    "x = value ** 2": "log(2.0) + log(value)",
    "x = sqrt(value)": "-log(2.0) - 0.5 * log(value)",
    "x = 1 / value": "-2 * log(value)",
    "x = 1 / value ** 2": "log(2.0) - 3 * log(value)",
    "x = exp(value)": "value",
}
JACOBIAN_ROWS = [
    Plus(
        "missing Jacobian",
        f"{{b}} {verb} the Jacobian of {map_} where {{a}} {other}",
        _JACOBIAN,
        f"{sign}({text})",
    )
    for map_, text in JACOBIANS.items()
    for sign, verb, other in (("-", "lacks", "has it"), ("", "has", "lacks it"))
]

_ROOT = "0.5 * log(2 * pi)"
#: Normalisers that kernels written by hand leave out.
NORMALISERS = {
    _ROOT: "log(2 pi) / 2",
    "log(scale)": "log(scale)",
    f"log(scale) + {_ROOT}": "log(scale) + log(2 pi) / 2",
    "log(pi)": "log(pi)",
    "log(pi) + log(scale)": "log(pi * scale)",
    "log(high - low)": "log(high - low)",
    "-log(rate)": "log(rate)",
    "rate": "rate",
    "lgamma(value + 1)": "log(value!)",
    "rate + lgamma(value + 1)": "rate + log(value!)",
    "lgamma(concentration)": "lgamma(concentration)",
    "-concentration * log(rate)": "concentration * log(rate)",
    "lgamma(concentration) - concentration * log(rate)": (
        "lgamma(concentration) - concentration * log(rate)"
    ),
    "lgamma(concentration1) + lgamma(concentration0)"
    " - lgamma(concentration1 + concentration0)": "the beta function",
    "lgamma(value + 1) + lgamma(total_count - value + 1) - lgamma(total_count + 1)": (
        "the binomial coefficient"
    ),
    "sum(lgamma(concentration), axis=-1) - lgamma(sum(concentration, axis=-1))": (
        "the multivariate beta function"
    ),
    "sum(log(diagonal(scale_tril)), axis=-1)": "half the log determinant",
    f"{_ROOT} * K": "K log(2 pi) / 2",
    f"sum(log(diagonal(scale_tril)), axis=-1) + {_ROOT} * K": "the normaliser",
}
NORMALISER_ROWS = [
    Plus(
        "half distribution",
        "{b} lacks the log 2 that a half distribution has for each copy",
        _HALF,
        "-log(2.0)",
    ),
    Plus(
        "half distribution",
        "{b} has log 2 more for each copy, as a half distribution has",
        "leave the log 2 out, or use the half distribution in both",
        "log(2.0)",
    ),
    *(
        Plus("lost normaliser", f"{{b}} leaves {what} out of the density", _CONSTANT, x)
        for x, what in NORMALISERS.items()
    ),
]
