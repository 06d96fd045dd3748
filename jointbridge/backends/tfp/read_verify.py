"""Classes of the user's that have the name of a family: their density has to be its.

A module may bring a `TruncatedNormal` of its own, or a family that TFP lacks. What was
read is scored at points of its support against the class itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from jointbridge.backends.arrays.jax import default_dtype
from jointbridge.backends.base import Backend
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.reading import ReadError
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.read_trace import Traced, walk
from jointbridge.errors import UnsamplableError
from jointbridge.spec import Spec

#: Seeds for points.
_SEEDS = (20, 1917)

#: How far two densities may be apart, relative to 1 and the density, by float width.
_CLOSE = {"float64": 1e-8, "float32": 1e-4}


def verify(
    joint: Any,
    names: Sequence[str],
    traced: Traced,
    spec: Spec,
    pins: Mapping[str, np.ndarray],
    backend: Backend,
) -> None:
    """Scores the components whose classes are the user's.

    Args:
        joint: The joint.
        names: The names of its components.
        traced: What was recorded of them.
        spec: What was read, a statement for each component.
        pins: The values of pinned components.
        backend: What scores the spec.

    Raises:
        ReadError: A class is not what its name says.
    """
    own = [k for k, found in enumerate(traced.components) if found.own]
    dtype = default_dtype()
    compiled = Compiled(spec, backend, dtype)
    for seed in _SEEDS:
        values = _point(compiled, seed)
        parts = compiled.log_prob_parts(values)
        theirs = _theirs(joint, names, traced, {**values, **pins})
        for k in own:
            ours = float(parts[names[k]])
            if not abs(ours - theirs[k]) <= _CLOSE[dtype] * (1.0 + abs(ours)):
                raise _refusal(traced, names[k], k, ours, theirs[k])


def _point(compiled: Compiled, seed: int) -> dict[str, np.ndarray]:
    """Values of the latent sites: drawn, as no map leads to a sphere, if they can be."""
    try:
        drawn = compiled.sample(seed)
    except UnsamplableError:
        drawn = compiled.constrain(_free(compiled, seed))
    latent = compiled.program.analysis.latent
    return {n: compiled.numpy(drawn[n]) for n in latent}


def _free(compiled: Compiled, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {
        name: 0.5 * random.normal(size=t.shape)
        if t.kind == "float"
        else random.integers(0, 2, t.shape)
        for name, t in compiled.free_types.items()
    }


def _theirs(
    joint: Any, names: Sequence[str], traced: Traced, values: Mapping[str, Any]
) -> list[float]:
    """The log density of each component, by TFP and the user's classes."""
    given = [
        jnp.broadcast_to(jnp.asarray(values.get(name, 0.0), aval.dtype), aval.shape)
        for name, aval in zip(names, traced.avals, strict=True)
    ]
    with quiet():
        return [
            float(jnp.sum(made.log_prob(value))) if found.own else math.nan
            for made, value, found in zip(
                walk(joint, given), given, traced.components, strict=False
            )
        ]


def _refusal(
    traced: Traced, name: str, k: int, ours: float, theirs: float
) -> ReadError:
    tree = traced.components[k].tree
    assert tree is not None
    message = (
        f"the class {tree.family} of the model has log density {theirs:.12g} where the "
        f"family of that name has {ours:.12g}"
    )
    hint = "give the class another name, and options={'density': True}"
    return ReadError(message, code="unknown-family", path=name, hint=hint)
