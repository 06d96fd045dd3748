"""A term of the log density is missing: a Jacobian, or a normaliser."""

from __future__ import annotations

from jointbridge.comparison.confusions.families import HALF
from jointbridge.comparison.confusions.row import Plus

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
        HALF,
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
