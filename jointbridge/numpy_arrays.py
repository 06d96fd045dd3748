"""NumPy arrays for the evaluator: what constants are checked with, no backend needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from jointbridge.evaluate import Arrays
from jointbridge.functions import FUNCTIONS
from jointbridge.spec import KINDS


def _logsumexp(x: Any, axis: Any, keepdims: bool = False) -> Any:
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    total = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else np.squeeze(total, axis=axis)


def _cholesky(x: Any) -> Any:
    try:
        return np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        return np.full_like(x, np.nan)


def _inv(x: Any) -> Any:
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return np.full_like(x, np.nan)


def _solve(a: Any, b: Any) -> Any:
    try:
        return np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        return np.full_like(b, np.nan)


def _solve_triangular(a: Any, b: Any, lower: bool, transpose: bool) -> Any:
    a = np.tril(a) if lower else np.triu(a)
    return np.linalg.solve(np.swapaxes(a, -1, -2) if transpose else a, b)


def _lgamma(x: float) -> float:
    # The standard library raises at poles and where the result has no float.
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):
        return math.inf


DIFFERENT: dict[str, Callable[..., Any]] = {
    "divide": np.true_divide,
    "atan": np.arctan,
    "expit": lambda x: np.exp(-np.logaddexp(0, -x)),
    "logit": lambda x: np.log(x) - np.log1p(-x),
    "softplus": lambda x: np.logaddexp(0, x),
    "log_sigmoid": lambda x: -np.logaddexp(0, -x),
    "erf": np.vectorize(math.erf, otypes=[float]),
    "erfc": np.vectorize(math.erfc, otypes=[float]),
    "lgamma": np.vectorize(_lgamma, otypes=[float]),
    "i0e": lambda x: np.i0(x) * np.exp(-np.abs(x)),
    "normal_cdf": lambda x: DIFFERENT["erfc"](-x / math.sqrt(2)) / 2,
    "logsumexp": _logsumexp,
    "softmax": lambda x, axis: np.exp(x - _logsumexp(x, axis, True)),
    "log_softmax": lambda x, axis: x - _logsumexp(x, axis, True),
    "diagonal": lambda x: np.diagonal(x, axis1=-2, axis2=-1),
    "cholesky": _cholesky,
    "inv": _inv,
    "solve": _solve,
    "solve_triangular": _solve_triangular,
    "permute": np.transpose,
    "broadcast": np.broadcast_to,
    "zeros_like": np.zeros_like,
}


class NumpyArrays(Arrays):
    """NumPy arrays with 64-bit floats; a few special functions are missing."""

    functions: Mapping[str, Callable[..., Any]] = {
        name: DIFFERENT.get(name) or getattr(np, name)
        for name in (*FUNCTIONS, *DIFFERENT)
        if name in DIFFERENT or hasattr(np, name)
    }

    def array(self, values: Any, kind: str) -> np.ndarray:
        """An array of the kind."""
        return np.asarray(values, dtype=KINDS[kind])

    def holds(self, x: Any) -> bool:
        """Whether `x` is a NumPy array."""
        return isinstance(x, np.ndarray)

    def cast(self, x: np.ndarray, kind: str) -> np.ndarray:
        """The array as another kind."""
        return np.asarray(x).astype(KINDS[kind])

    def numpy(self, x: np.ndarray) -> np.ndarray:
        """A copy."""
        return np.array(x)

    def scan(self, step: Any, init: Any, over: Any, length: int) -> tuple[Any, ...]:
        """A loop, giving the stacked outputs."""
        carry, outs = init, []
        for t in range(length):
            carry, out = step(carry, tuple(x[t] for x in over))
            outs.append(out)
        return tuple(np.stack(column) for column in zip(*outs, strict=True))
