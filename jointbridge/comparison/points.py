"""Points at which joints are compared."""

from __future__ import annotations

import numpy as np

from jointbridge.analysis import why_not_samplable
from jointbridge.backends.compiled import Compiled
from jointbridge.errors import UnsupportedError

Values = dict[str, np.ndarray]


def free_points(compiled: Compiled, count: int, seed: int) -> Values:
    """Unconstrained coordinates of the latent sites, standard normal.

    Counted sites are drawn from the joint itself.

    Raises:
        UnsupportedError: A counted latent site cannot be drawn.
    """
    random = np.random.default_rng(seed)
    latent = compiled.program.analysis.latent
    counted = [n for n, s in latent.items() if s.discrete]
    found = {
        n: random.normal(size=(count, *t.shape)).astype(compiled.dtype)
        for n, t in compiled.free_types.items()
    }
    if counted:
        if reason := why_not_samplable(compiled.program.analysis):
            message = f"no points for the counted site {counted[0]!r}: {reason}"
            raise UnsupportedError(message, hint="give points=")
        drawn = compiled.sample(seed, (count,))
        found |= {n: compiled.numpy(drawn[n]) for n in counted}
    return found


def one(values: Values, index: int) -> Values:
    """One draw of a batch."""
    return {n: x[index] for n, x in values.items()}
