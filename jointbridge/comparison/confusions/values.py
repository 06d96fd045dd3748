"""The density is taken at another value."""

from __future__ import annotations

from jointbridge.comparison.confusions.row import Value

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
