"""Draws of a case, scored once for all checks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

#: Log densities, and gradients by what moves.
Graded = tuple[np.ndarray, dict[str, np.ndarray]]


class Draws:
    """Draws in two axes, scored once.

    Args:
        values: The draws.
        grade: Scores draws in one axis.
    """

    def __init__(
        self, values: np.ndarray, grade: Callable[[np.ndarray], Graded]
    ) -> None:
        self.values = values
        self._grade = grade

    @property
    def flat(self) -> np.ndarray:
        """The draws in one axis."""
        return self.values.reshape(-1, *self.values.shape[2:])

    @cached_property
    def graded(self) -> Graded:
        """Log densities and gradients of the draws, or of the first of them."""
        return self._grade(self.flat)

    @property
    def outside(self) -> int:
        """How many of them have no density; what was rounded to an edge has it inside."""
        scores, _ = self.graded
        lost, graded = ~np.isfinite(scores), self.flat[: len(scores)]
        if lost.any() and not lost.all() and self.values.dtype.kind == "f":
            inner, share = graded[~lost][0], 16 * np.finfo(self.values.dtype).eps
            moved = graded[lost] + share * (inner - graded[lost])
            scores, _ = self._grade(moved)
        return int(np.sum(~np.isfinite(scores)))
