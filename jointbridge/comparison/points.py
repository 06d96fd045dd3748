"""Points at which joints are compared."""

from __future__ import annotations

import numpy as np

from jointbridge.analysis import why_not_samplable
from jointbridge.backends.compiled import Compiled
from jointbridge.errors import UnsupportedError

Values = dict[str, np.ndarray]


def free_points(compiled: Compiled, count: int, seed: int) -> Values:
    """Unconstrained coordinates of the latent sites, standard normal.

    Sites to which no smooth map leads, as to counts, are drawn from the joint itself.

    Raises:
        UnsupportedError: Such a site cannot be drawn.
    """
    random = np.random.default_rng(seed)
    latent = compiled.program.analysis.latent
    unmapped = [n for n, s in latent.items() if not s.mapped]
    found = {
        n: random.normal(size=(count, *t.shape)).astype(compiled.dtype)
        for n, t in compiled.free_types.items()
    }
    if unmapped:
        if reason := why_not_samplable(compiled.program.analysis):
            what = "counted site" if latent[unmapped[0]].discrete else "site"
            message = f"no points for the {what} {unmapped[0]!r}: {reason}"
            raise UnsupportedError(message, hint="give points=")
        drawn = compiled.sample(seed, (count,))
        found |= {n: compiled.numpy(drawn[n]) for n in unmapped}
    return found


def one(values: Values, index: int) -> Values:
    """One draw of a batch."""
    return {n: x[index] for n, x in values.items()}
