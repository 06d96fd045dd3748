"""A parameter is something else."""

from __future__ import annotations

from jointbridge.comparison.confusions.row import Parameter

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
