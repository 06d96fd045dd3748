"""How two arrays that should be equal are related."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

#: Name of the confusion, what the second array is in terms of the first, how.
_ROWS: list[tuple[str, str, Callable[[np.ndarray], Any]]] = [
    ("sign", "-{p}", np.negative),
    ("probability of the other outcome", "1 - {p}", lambda x: 1 - x),
    ("variance or standard deviation", "{p} ** 2", np.square),
    ("variance or standard deviation", "sqrt({p})", np.sqrt),
    ("rate or scale", "1 / {p}", lambda x: 1 / x),
    ("natural or log scale", "log({p})", np.log),
    ("natural or log scale", "exp({p})", np.exp),
    ("natural or log scale", "log1p({p})", np.log1p),
    ("off by one", "{p} + 1", lambda x: x + 1),
    ("off by one", "{p} - 1", lambda x: x - 1),
    ("off by one", "{p} moved by one to the right", lambda x: np.roll(x, 1, -1)),
    ("off by one", "{p} moved by one to the left", lambda x: np.roll(x, -1, -1)),
    ("transposed matrix", "{p} transposed", lambda x: np.swapaxes(x, -1, -2)),
    ("order", "{p} in reverse order", lambda x: x[..., ::-1]),
    ("twice or half", "2 * {p}", lambda x: 2 * x),
    ("twice or half", "{p} / 2", lambda x: x / 2),
    ("natural or log scale", "{p} in percent", lambda x: 100 * x),
    ("other data", "{p} standardised", lambda x: (x - x.mean(-1)) / x.std(-1)),
    ("other data", "{p} centred", lambda x: x - x.mean(-1, keepdims=True)),
]

Arrays = Sequence[np.ndarray]


def relation(a: Arrays, b: Arrays) -> tuple[str, str] | None:
    """What the second arrays are in terms of the first, at all points.

    Returns:
        The name of a confusion and a text with `{p}` for the first array; None where
        nothing fits.
    """
    for name, text, function in _ROWS:
        if all(_is(function, x, y) for x, y in zip(a, b, strict=True)):
            return name, text
    return None


def _is(function: Callable[[np.ndarray], Any], x: np.ndarray, y: np.ndarray) -> bool:
    try:
        with np.errstate(all="ignore"):
            made = np.asarray(function(np.asarray(x)), float)
    except (ValueError, IndexError, np.exceptions.AxisError):
        return False
    return made.shape == np.shape(y) and close(made, np.asarray(y, float))


def close(x: np.ndarray, y: np.ndarray, tolerance: float = 1e-6) -> bool:
    """Whether two arrays are equal up to the accuracy of float32."""
    try:
        x, y = np.broadcast_arrays(x, y)
    except ValueError:
        return False
    return bool(np.allclose(x, y, rtol=tolerance, atol=tolerance * 1e-3))


def shifted(
    a: Arrays, b: Arrays, latent: Sequence[dict[str, np.ndarray]]
) -> str | None:
    """The vector whose index is off by one between two parameters.

    Args:
        a: A parameter at each point.
        b: The same in the other model.
        latent: The values of earlier sites at each point.

    Returns:
        A name of a vector v with `b - a == v[j] - v[i]`, j one beside i, everywhere.
    """
    try:
        gaps = np.stack([np.ravel(y - x) for x, y in zip(a, b, strict=True)])
    except ValueError:
        return None
    if np.allclose(gaps, 0):
        return None
    for name in latent[0]:
        vector = np.stack([np.ravel(values[name]) for values in latent])
        if 1 < vector.shape[1] <= 500 and any(
            _explains(gaps, s) for s in _steps(vector)
        ):
            return name
    return None


def _steps(vector: np.ndarray) -> Iterator[np.ndarray]:
    """What changes where the index is one too large or too small, around and at the end."""
    for step in (1, -1):
        gap = np.roll(vector, -step, -1) - vector
        still = np.zeros_like(gap[:, :1])
        yield np.concatenate([gap, still], axis=1)


def _explains(gaps: np.ndarray, steps: np.ndarray) -> bool:
    """Whether each column of gaps is one of the steps, at all points."""
    distance = np.abs(gaps[:, :, None] - steps[:, None, :]).max(0)
    return bool((distance.min(-1) <= 1e-6 * (1 + np.abs(gaps).max())).all())
