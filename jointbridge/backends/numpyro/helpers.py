"""Functions that stand in a written module, where NumPyro's classes take something else."""

from __future__ import annotations

_SINE_SKEWED = '''\
def SineSkewed(base, skewness):
    """Angles of the circular family `base`, each leaning to the side of its skewness."""
    shape = jnp.broadcast_shapes(base.batch_shape, jnp.shape(skewness))
    return dist.SineSkewed(base.expand(shape).to_event(1), skewness)'''

#: By name, its text; what a text uses stands before it.
HELPERS = {"SineSkewed": _SINE_SKEWED}
