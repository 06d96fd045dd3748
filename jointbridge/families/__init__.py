"""The catalogue: one row for each family, in one table."""

from jointbridge.families.circular import ROWS as _CIRCULAR
from jointbridge.families.combinators import ROWS as _COMBINATORS
from jointbridge.families.continuous import ROWS as _CONTINUOUS
from jointbridge.families.counts import ROWS as _COUNTS
from jointbridge.families.discrete import ROWS as _DISCRETE
from jointbridge.families.edged import ROWS as _EDGED
from jointbridge.families.matrices import ROWS as _MATRICES
from jointbridge.families.multivariate import ROWS as _MULTIVARIATE
from jointbridge.families.row import Family as Family
from jointbridge.families.row import Parameter as Parameter
from jointbridge.families.skewed import ROWS as _SKEWED
from jointbridge.families.transforms import TRANSFORMS as TRANSFORMS
from jointbridge.families.wrapped import ROWS as _WRAPPED

_SCALAR = [*_CONTINUOUS, *_SKEWED, *_EDGED, *_DISCRETE, *_COUNTS]
_ROWS = [*_SCALAR, *_MULTIVARIATE, *_MATRICES, *_COMBINATORS, *_CIRCULAR, *_WRAPPED]
FAMILIES = {row.name: row for row in _ROWS}
assert len(FAMILIES) == len(_ROWS), "a family has two rows"
