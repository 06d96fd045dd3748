"""Classes of the user's that have the name of a family: their density has to be its.

A module that was written brings the families that NumPyro lacks as classes of its own.
What was read of them is scored against the model itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from jointbridge.backends.base import Backend
from jointbridge.backends.blackbox import BlackBox
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.reading import ReadError
from jointbridge.errors import UnsamplableError
from jointbridge.spec import Spec

#: Seeds for points.
_SEEDS = (20, 1917)

#: How far two densities may be apart, relative to 1 and the density.
_CLOSE = 1e-8


def verify(
    spec: Spec,
    own: Collection[str],
    backend: Backend,
    model: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> None:
    """Scores a spec against the model that it was read from.

    Args:
        spec: What was read.
        own: The classes of the user's that were taken for families.
        backend: What scores both.
        model: The model function.
        args: What it is called with.
        kwargs: What it is called with, by name.

    Raises:
        ReadError: A class is not what its name says.
    """
    box = backend.blackbox(model, args, kwargs)
    compiled = Compiled(spec, backend)
    for seed in _SEEDS:
        values = _point(compiled, box, seed)
        ours = compiled.log_prob_parts(values)
        for name, term in box.terms(values).items():
            found, wanted = float(np.sum(ours[name])), float(term.log_prob)
            if not _same(found, wanted):
                raise _refusal(own, name, found, wanted)


def _point(compiled: Compiled, box: BlackBox, seed: int) -> Mapping[str, np.ndarray]:
    """Values of the latent sites: drawn, as no map leads to a sphere, if they can be."""
    try:
        drawn = compiled.sample(seed)
    except UnsamplableError:
        return box.draw(seed)
    latent = compiled.program.analysis.latent
    return {n: compiled.numpy(x) for n, x in drawn.items() if n in latent}


def _same(found: float, wanted: float) -> bool:
    close = abs(found - wanted) <= _CLOSE * (1.0 + abs(wanted))
    return close or np.array_equal(found, wanted, equal_nan=True)


def _refusal(own: Collection[str], name: str, found: float, wanted: float) -> ReadError:
    classes = " and ".join(sorted(own))
    message = (
        f"with the model's own {classes} site {name!r} has log density {wanted:.12g}, "
        f"with what has that name in the catalogue {found:.12g}"
    )
    hint = "give the class another name, and options={'density': True}"
    return ReadError(message, code="unknown-family", path=name, hint=hint)
