"""What a check is: a row of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jointbridge.conformance.checks.measure import Measure
from jointbridge.conformance.subject import Subject

BOTH = ("float64", "float32")


class NotApplicable(Exception):  # noqa: N818 - it is no error
    """Raised by a check that says nothing about a family; the text says why."""


@dataclass(frozen=True)
class Check:
    """One column of the matrix.

    Attributes:
        name: The name of the column.
        level: 1 builds, 2 densities, 3 gradients, 4 unconstrained coordinates, 5 draws,
            6 in a joint, 7 as source, 8 read again.
        title: One line for people.
        run: Gives the measures.
        dtypes: The widths of floats that it is tried in.
        quick: Those of the quick profile.
    """

    name: str
    level: int
    title: str
    run: Callable[[Subject], Iterable[Measure]]
    dtypes: tuple[str, ...] = BOTH
    quick: tuple[str, ...] = ("float64",)
