"""Classes that stand in a written module, of distributions that TFP lacks."""

from __future__ import annotations

from collections.abc import Sequence

from jointbridge.backends.arrays.jax_law_words import WORDS
from jointbridge.backends.tfp.laws import CLASSES as OURS
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.spelling import BIJECTORS
from jointbridge.backends.writing.law_classes import Classes
from jointbridge.backends.writing.law_parameters import Arrays
from jointbridge.backends.writing.python import Code, fill
from jointbridge.support import SUPPORTS

_TEMPLATE = '''
class TITLE(tfd.Distribution):
    """MEANING"""

    def __init__(self, PARAMETERS, name="TITLE"):
        ARRAYS
        super().__init__(DTYPE, tfd.KIND, False, True, name=name)

    def _batch_shape(self):
        return tfp.tf2jax.TensorShape(BATCH)

    def _event_shape(self):
        return tfp.tf2jax.TensorShape(EVENT)

    def _log_prob(self, value):
        DENSITY

    def _sample_n(self, n, seed=None):
        shape = [n, *self.batch_shape, *self.event_shape]
        DRAW

    def _default_event_space_bijector(self):
        return SUPPORT
'''


def _bijector(title: str, bounds: Sequence[Code], size: Code | None) -> Code:
    """What reaches a support; None for counts, and for a sphere."""
    del size
    given = dict(zip(SUPPORTS[title].bounds, bounds, strict=True))
    return fill(BIJECTORS.get(title, "None"), **given)


#: The families that TFP has under no name of its own.
LACKING = frozenset(name for name in OURS if not hasattr(tfd, name))

CLASSES = Classes(
    words=WORDS,
    template=_TEMPLATE.replace("KIND", "FULLY_REPARAMETERIZED"),
    detached=_TEMPLATE.replace("KIND", "NOT_REPARAMETERIZED"),
    arrays=Arrays("jnp.asarray(a)", "jnp.broadcast_arrays", "jnp.broadcast_shapes"),
    constraint=_bijector,
    families=LACKING,
    key="seed",
    whole="(a).astype(self.dtype)",
)
