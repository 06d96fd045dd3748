"""The supports: one row for each set of values that a site or a parameter may take.

A row gives membership (`inside`) and some member (`point`) as expressions over `value`,
the bounds, `tolerance` and `size`; the shape of its unconstrained coordinates (`free`),
None where no smooth map leads there, and what to do then (`instead`); and whether its
values are counted (`discrete`).  The unconstraining bijector itself is each backend's own,
and the conformance suite holds them equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace


def _same(*sizes: int) -> tuple[int, ...]:
    return sizes


@dataclass(frozen=True)
class SupportRow:
    """One row: a named set, its bounds and its event axes."""

    name: str
    inside: str
    point: str
    meaning: str
    bounds: tuple[str, ...] = ()
    rank: int = 0
    discrete: bool = False
    free: Callable[..., tuple[int, ...]] | None = _same
    instead: str = ""

    @property
    def curved(self) -> bool:
        """Whether its values fill no open set, as the points of a simplex."""
        return self.free is not _same


def _scalar(
    name: str, inside: str, point: str, meaning: str, *bounds: str
) -> SupportRow:
    return SupportRow(name, inside, point, meaning, bounds)


def _counted(row: SupportRow) -> SupportRow:
    return replace(row, discrete=True)


_LOWER_ZERO = "all(abs(value - tril(value)) <= tolerance, axis=(-2, -1))"

_SYMMETRIC = (
    "all(abs(value - einsum('ij->ji', value)) <= tolerance * (1 + abs(value)),"
    " axis=(-2, -1))"
)

_ROWS = [
    _scalar("real", "abs(value) < inf", "0.0", "every finite real number"),
    _scalar("positive", "(value > 0) & (value < inf)", "1.0", "x > 0"),
    _scalar("nonnegative", "(value >= 0) & (value < inf)", "1.0", "x ≥ 0"),
    _scalar("unit_interval", "(value >= 0) & (value <= 1)", "0.5", "0 ≤ x ≤ 1"),
    _scalar("open_unit_interval", "(value > 0) & (value < 1)", "0.5", "0 < x < 1"),
    _scalar("circular", "(value >= -pi) & (value <= pi)", "0.0", "-π ≤ x ≤ π"),
    _scalar(
        "greater_than", "(value > low) & (value < inf)", "low + 1", "x > low", "low"
    ),
    _scalar(
        "greater_than_eq", "(value >= low) & (value < inf)", "low + 1", "x ≥ low", "low"
    ),
    _scalar(
        "less_than", "(value < high) & (value > -inf)", "high - 1", "x < high", "high"
    ),
    _scalar(
        "less_than_eq",
        "(value <= high) & (value > -inf)",
        "high - 1",
        "x ≤ high",
        "high",
    ),
    _scalar(
        "interval",
        "(value >= low) & (value <= high)",
        "0.5 * (low + high)",
        "low ≤ x ≤ high",
        "low",
        "high",
    ),
    _counted(_scalar("boolean", "(value == 0) | (value == 1)", "0", "0 or 1")),
    _counted(
        _scalar(
            "nonnegative_integer",
            "(value >= 0) & (value == floor(value))",
            "0",
            "0, 1, 2, …",
        )
    ),
    _counted(
        _scalar(
            "integer_interval",
            "(value >= low) & (value <= high) & (value == floor(value))",
            "low",
            "whole numbers from low to high",
            "low",
            "high",
        )
    ),
    _counted(
        _scalar(
            "integer",
            "(abs(value) < inf) & (value == floor(value))",
            "0",
            "…, -1, 0, 1, …",
        )
    ),
    _counted(
        _scalar(
            "integer_greater_than_eq",
            "(value >= low) & (value < inf) & (value == floor(value))",
            "low",
            "whole numbers from low on",
            "low",
        )
    ),
    SupportRow(
        "simplex",
        "all(value >= 0, axis=-1) & (abs(sum(value, axis=-1) - 1) <= tolerance)",
        "full((size,), 1.0) / size",
        "non-negative, sums to 1",
        rank=1,
        free=lambda k: (k - 1,),
    ),
    SupportRow(
        "ordered",
        "all(value[..., 1:] > value[..., :-1], axis=-1)",
        "1.0 * arange(0, size)",
        "strictly increasing",
        rank=1,
    ),
    SupportRow(
        "positive_ordered",
        "(value[..., 0] > 0) & all(value[..., 1:] > value[..., :-1], axis=-1)",
        "1.0 + arange(0, size)",
        "positive and strictly increasing",
        rank=1,
    ),
    SupportRow(
        "corr_cholesky",
        "all(abs(sum(square(value), axis=-1) - 1) <= tolerance, axis=-1)"
        f" & all(diagonal(value) > 0, axis=-1) & {_LOWER_ZERO}",
        "eye(size)",
        "Cholesky factor of a correlation matrix",
        rank=2,
        free=lambda k, _: (k * (k - 1) // 2,),
    ),
    SupportRow(
        "lower_cholesky",
        f"all(diagonal(value) > 0, axis=-1) & {_LOWER_ZERO}",
        "eye(size)",
        "lower triangular with a positive diagonal",
        rank=2,
        free=lambda k, _: (k * (k + 1) // 2,),
    ),
    SupportRow(
        "positive_definite",
        f"{_SYMMETRIC} & all(diagonal(cholesky(value)) > 0, axis=-1)",
        "eye(size)",
        "symmetric positive definite",
        rank=2,
        free=lambda k, _: (k * (k + 1) // 2,),
    ),
    SupportRow(
        "corr_matrix",
        f"{_SYMMETRIC} & all(diagonal(cholesky(value)) > 0, axis=-1)"
        " & all(abs(diagonal(value) - 1) <= tolerance, axis=-1)",
        "eye(size)",
        "positive definite with ones on the diagonal",
        rank=2,
        free=lambda k, _: (k * (k - 1) // 2,),
    ),
    SupportRow(
        "zero_sum",
        "(abs(sum(value, axis=-1)) <= tolerance * (1 + sum(abs(value), axis=-1)))"
        " & all(abs(value) < inf, axis=-1)",
        "full((size,), 0.0)",
        "sums to 0",
        rank=1,
        free=lambda k: (k - 1,),
    ),
    SupportRow(
        "sphere",
        "abs(sum(square(value), axis=-1) - 1) <= tolerance",
        "full((size,), 1.0) / sqrt(1.0 * size)",
        "of length 1",
        rank=1,
        free=None,
        instead="make the site a vector of normals, and divide it by its length",
    ),
    # Which numbers they are, the density says: a bound is a number, not a list.
    SupportRow(
        "atoms",
        "abs(value) < inf",
        "0.0",
        "finitely many real numbers",
        free=None,
        instead="give the site a value, or sum over its outcomes in a factor",
    ),
    _counted(
        SupportRow(
            "permutation",
            "all(sort(value, axis=-1) == arange(0, size), axis=-1)",
            "arange(0, size)",
            "0, 1, …, K - 1 in some order",
            rank=1,
        )
    ),
    _counted(
        SupportRow(
            "multinomial",
            "all((value >= 0) & (value == floor(value)), axis=-1)"
            " & (sum(value, axis=-1) == total_count)",
            "one_hot(0, size) * total_count[..., None]",
            "counts that add up to total_count",
            ("total_count",),
            rank=1,
        )
    ),
]

SUPPORTS = {row.name: row for row in _ROWS}
assert len(SUPPORTS) == len(_ROWS), "a support has two rows"
