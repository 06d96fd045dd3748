"""Classes that stand in a written module, of distributions that NumPyro lacks."""

from __future__ import annotations

from collections.abc import Sequence

import numpyro.distributions as dist

from jointbridge.backends.arrays.jax_law_words import WORDS
from jointbridge.backends.numpyro.laws import CLASSES as OURS
from jointbridge.backends.numpyro.table import CONSTRAINTS, DIMENSIONS
from jointbridge.backends.writing.law_classes import Classes
from jointbridge.backends.writing.law_parameters import Arrays
from jointbridge.backends.writing.python import Code, call, dotted, fill, literal

_TEMPLATE = '''
class TITLE(dist.Distribution):
    """MEANING"""

    CONSTRAINTS

    def __init__(self, PARAMETERS, *, validate_args=None):
        ARRAYS
        super().__init__(BATCH, EVENT, validate_args=validate_args)

    def log_prob(self, value):
        DENSITY

    def sample(self, key, sample_shape=()):
        shape = self.shape(sample_shape)
        DRAW
'''


#: A set of numbers has no constraint of its own.
_CONSTRAINTS = {**CONSTRAINTS, "atoms": "real"}


def _constraint(title: str, bounds: Sequence[Code], size: Code | None) -> Code:
    if title == "permutation":
        each = fill("constraints.integer_interval(0, size - 1)", size=size)
        return call("constraints.independent", [each, literal(1)])
    found = dotted(f"constraints.{_CONSTRAINTS.get(title, title)}")
    return call(found, bounds) if bounds else found


#: The families that NumPyro has under no name of its own.
LACKING = frozenset(name for name in OURS if not hasattr(dist, name))

#: What its own class has no density of.
_WIDER = {"ProjectedNormal"}


def is_wider(constructor: str, event: tuple[int, ...]) -> bool:
    """Whether a vector is longer, or shorter, than NumPyro's own class takes."""
    return constructor in _WIDER and event[0] not in DIMENSIONS


CLASSES = Classes(
    words=WORDS,
    template=_TEMPLATE,
    detached=_TEMPLATE,
    arrays=Arrays("jnp.asarray(a)", "jnp.broadcast_arrays", "jnp.broadcast_shapes"),
    constraint=_constraint,
    families=LACKING | _WIDER,
    whole="(a).astype(int)",
    takes_numbers=True,
)
