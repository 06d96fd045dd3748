"""The unconstraining map of each support and its log Jacobian, from their formulas.

Numbers are mpmath's; a value is a number or lists of numbers. Matrices are measured by the
entries of their lower triangles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jointbridge.conformance.oracles.arithmetic import mp


class Map(NamedTuple):
    """A support's map.

    Attributes:
        forward: From coordinates and bounds to a value.
        log_det: The log Jacobian, from coordinates and bounds.
    """

    forward: Callable[..., Any]
    log_det: Callable[..., Any]


def _expit(u: Any) -> Any:
    return 1 / (1 + mp.exp(-u))


def _log_slope(u: Any) -> Any:
    """The log of the derivative of expit."""
    return -u - 2 * mp.log(1 + mp.exp(-u))


def _between(low: Any, high: Any) -> Map:
    return Map(
        lambda u: low + (high - low) * _expit(u),
        lambda u: mp.log(high - low) + _log_slope(u),
    )


def _sticks(u: list[Any]) -> tuple[list[Any], Any]:
    """Fractions of what is left, offset so that 0 gives the centre."""
    left, found, log_det = mp.mpf(1), [], mp.mpf(0)
    for i, x in enumerate(u):
        y = x - mp.log(len(u) - i)
        found.append(_expit(y) * left)
        log_det += _log_slope(y) + mp.log(left)
        left -= found[-1]
    return [*found, left], log_det


def _ordered(u: list[Any]) -> list[Any]:
    found = [u[0]]
    for x in u[1:]:
        found.append(found[-1] + mp.exp(x))
    return found


def _correlation(u: list[Any]) -> tuple[list[list[Any]], Any]:
    """Rows of tanh coordinates, each scaled by what the row's unit length leaves."""
    size = int((1 + (1 + 8 * len(u)) ** 0.5) / 2)
    steps, log_det, rows = iter(u), mp.mpf(0), []
    for row in range(size):
        left, found = mp.mpf(1), []
        for _ in range(row):
            z = next(steps)
            found.append(mp.tanh(z) * mp.sqrt(left))
            log_det += mp.log(left) / 2 - 2 * mp.log(mp.cosh(z))
            left -= found[-1] ** 2
        rows.append([*found, mp.sqrt(left), *[mp.mpf(0)] * (size - row - 1)])
    return rows, log_det


def _lower(u: list[Any]) -> list[list[Any]]:
    """Rows below the diagonal, then the logarithms of the diagonal."""
    size = int(((1 + 8 * len(u)) ** 0.5 - 1) / 2)
    below, diagonal = iter(u[: len(u) - size]), u[len(u) - size :]
    return [
        [*(next(below) for _ in range(row)), mp.exp(diagonal[row])]
        + [mp.mpf(0)] * (size - row - 1)
        for row in range(size)
    ]


def _outer(factor: list[list[Any]]) -> list[list[Any]]:
    return [
        [mp.fsum(a * b for a, b in zip(r, s, strict=True)) for s in factor]
        for r in factor
    ]


def _squared_log_det(u: list[Any]) -> Any:
    """Of L to L L^T: 2^n prod L_ii^(n - i), beside that of the diagonal's exp."""
    size = int(((1 + 8 * len(u)) ** 0.5 - 1) / 2)
    diagonal = u[len(u) - size :]
    powers = mp.fsum((size - i + 1) * x for i, x in enumerate(diagonal))
    return size * mp.log(2) + powers


def _correlations_log_det(u: list[Any]) -> Any:
    """Of the factor to its correlations: prod L_ii^(n - i - 1), beside the factor's."""
    rows, log_det = _correlation(u)
    size = len(rows)
    return log_det + mp.fsum((size - i - 1) * mp.log(rows[i][i]) for i in range(size))


def _zero_sum(u: list[Any]) -> list[Any]:
    """The vector in an orthonormal basis of what sums to zero."""
    size = len(u) + 1
    share = mp.fsum(u) / (size + mp.sqrt(size))
    return [*(x - share for x in u), -mp.fsum(u) / mp.sqrt(size)]


_IDENTITY = Map(lambda u: u, lambda _: mp.mpf(0))
_EXP = Map(mp.exp, lambda u: u)

#: By support, the map for its bounds.
MAPS: Mapping[str, Callable[..., Map]] = {
    "real": lambda: _IDENTITY,
    "positive": lambda: _EXP,
    "nonnegative": lambda: _EXP,
    "unit_interval": lambda: _between(mp.mpf(0), mp.mpf(1)),
    "open_unit_interval": lambda: _between(mp.mpf(0), mp.mpf(1)),
    "circular": lambda: _between(-mp.pi, mp.pi),
    "greater_than": lambda low: Map(lambda u: low + mp.exp(u), lambda u: u),
    "greater_than_eq": lambda low: Map(lambda u: low + mp.exp(u), lambda u: u),
    "less_than": lambda high: Map(lambda u: high - mp.exp(u), lambda u: u),
    "less_than_eq": lambda high: Map(lambda u: high - mp.exp(u), lambda u: u),
    "interval": _between,
    "simplex": lambda: Map(lambda u: _sticks(u)[0], lambda u: _sticks(u)[1]),
    "ordered": lambda: Map(_ordered, lambda u: mp.fsum(u[1:])),
    "positive_ordered": lambda: Map(
        lambda u: [mp.exp(x) for x in _ordered(u)],
        lambda u: mp.fsum(u[1:]) + mp.fsum(_ordered(u)),
    ),
    "corr_cholesky": lambda: Map(
        lambda u: _correlation(u)[0], lambda u: _correlation(u)[1]
    ),
    "corr_matrix": lambda: Map(
        lambda u: _outer(_correlation(u)[0]), _correlations_log_det
    ),
    "lower_cholesky": lambda: Map(
        _lower, lambda u: mp.fsum(u[len(u) - len(_lower(u)) :])
    ),
    "positive_definite": lambda: Map(lambda u: _outer(_lower(u)), _squared_log_det),
    "zero_sum": lambda: Map(_zero_sum, lambda _: mp.mpf(0)),
}
