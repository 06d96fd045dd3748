"""The cases of all families, by name: the family, then words for the form."""

from jointbridge.conformance.case import named
from jointbridge.conformance.cases import (
    combinators,
    continuous,
    copula,
    counts,
    multivariate,
    univariate,
    vectors,
)

_FILES = (continuous, univariate, counts, multivariate, combinators, vectors, copula)

CASES = named({name: case for file in _FILES for name, case in file.CASES.items()})
