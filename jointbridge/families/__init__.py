"""The catalogue: one row for each family, in one table."""

from jointbridge.families.combinators import ROWS as _COMBINATORS
from jointbridge.families.continuous import ROWS as _CONTINUOUS
from jointbridge.families.discrete import ROWS as _DISCRETE
from jointbridge.families.matrices import ROWS as _MATRICES
from jointbridge.families.multivariate import ROWS as _MULTIVARIATE
from jointbridge.families.row import Family as Family
from jointbridge.families.row import Parameter as Parameter

_ROWS = [*_CONTINUOUS, *_DISCRETE, *_MULTIVARIATE, *_MATRICES, *_COMBINATORS]
FAMILIES = {row.name: row for row in _ROWS}
assert len(FAMILIES) == len(_ROWS), "a family has two rows"
