"""Tests of draws: each gives p-values of "they come from this distribution".

one number      chi-square over bins of known probability, and the largest gap between
                distribution functions at their edges; E[d/dtheta log p] = 0
many numbers    E[d/dtheta log p] = 0; against other draws of the same distribution,
                marginals and a linear-time energy statistic
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from jointbridge.comparison.draws import p_value, statistics

#: Bins with fewer expected draws are joined with their neighbours.
RARE = 20

#: Relative spreads below this are rounding.
TINY = 1e-5


def chi_square(draws: np.ndarray, edges: np.ndarray, masses: np.ndarray) -> float:
    """The p-value of counts in the bins between edges.

    Args:
        draws: Numbers.
        edges: Inner edges, in order; a draw on an edge belongs to the right of it.
        masses: The probability of each of the `len(edges) + 1` bins.
    """
    from scipy import stats  # costs a second to import

    if np.isnan(draws).any():
        return 0.0
    counts = np.bincount(np.searchsorted(edges, draws, "right"), minlength=len(masses))
    counts, masses = _joined(counts, np.asarray(masses), len(draws))
    if len(masses) < 2:
        return 1.0 if counts.sum() == len(draws) else 0.0
    expected = masses / masses.sum() * len(draws)
    return float(stats.chisquare(counts, expected).pvalue)


def kolmogorov(draws: np.ndarray, edges: np.ndarray, masses: np.ndarray) -> float:
    """A bound of the p-value of the largest gap between distribution functions.

    It is Massart's (1990) for the supremum, so that some edges alone only make it larger.
    """
    order = np.sort(np.asarray(draws, float))
    below = np.searchsorted(order, edges, "left") / len(order)
    gap = np.abs(below - np.cumsum(masses)[:-1]).max()
    return float(min(1.0, 2 * np.exp(-2 * len(order) * gap**2)))


def _joined(
    counts: np.ndarray, masses: np.ndarray, total: int
) -> tuple[np.ndarray, np.ndarray]:
    """Bins joined from left to right until each has enough expected draws."""
    found: list[list[float]] = []
    for count, mass in zip(counts, masses, strict=True):
        if found and found[-1][1] * total < RARE:
            found[-1] = [found[-1][0] + count, found[-1][1] + mass]
        else:
            found.append([count, mass])
    if len(found) > 1 and found[-1][1] * total < RARE:
        last = found.pop()
        found[-1] = [found[-1][0] + last[0], found[-1][1] + last[1]]
    array = np.array(found)
    return array[:, 0], array[:, 1]


def score_identity(gradients: Mapping[str, np.ndarray]) -> dict[str, float]:
    """By element of a parameter, the p-value of a score that is 0 on average."""
    from scipy import stats

    found = {}
    for name, array in gradients.items():
        flat = np.asarray(array, float).reshape(len(array), -1)
        for i, column in enumerate(flat.T):
            spread = column.std(ddof=1)
            if spread > 0:
                z = column.mean() / (spread / np.sqrt(len(column)))
                found[f"score of {name}[{i}]"] = float(2 * stats.norm.sf(abs(z)))
    return found


def same_law(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """P-values of "two samples come from one distribution"."""
    mine, theirs = statistics(x), statistics(y)
    found = {n: p_value(mine[n], theirs[n]) for n in mine if _moves(mine[n], theirs[n])}
    return {**found, "energy distance": energy(x, y)}


def _moves(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether numbers differ by more than rounding, as a unit diagonal does not."""
    pooled = np.concatenate([x, y])
    return bool(np.ptp(pooled) > TINY * np.abs(pooled).max())


def energy(x: np.ndarray, y: np.ndarray) -> float:
    """The p-value of a linear-time energy statistic over bounded coordinates.

    Means of |x - y'| + |x' - y| - |x - x'| - |y - y'| over pairs of independent draws
    are normal, with mean 0 where both samples have one law and above 0 otherwise.
    """
    from scipy import stats

    flat = [np.asarray(s, float).reshape(len(s), -1) for s in (x, y)]
    if any(np.isnan(s).any() for s in flat):
        return 0.0
    a, b = (_bounded(s, np.concatenate(flat)) for s in flat)
    half = min(len(a), len(b)) // 2
    x1, x2, y1, y2 = a[:half], a[half : 2 * half], b[:half], b[half : 2 * half]

    def gap(s: np.ndarray, t: np.ndarray) -> np.ndarray:
        distance: np.ndarray = np.linalg.norm(s - t, axis=1)
        return distance

    h = gap(x1, y2) + gap(x2, y1) - gap(x1, x2) - gap(y1, y2)
    if h.std() == 0:
        return 1.0
    return float(stats.norm.sf(h.mean() / (h.std(ddof=1) / np.sqrt(half))))


def _bounded(sample: np.ndarray, pooled: np.ndarray) -> np.ndarray:
    low, middle, high = np.quantile(pooled, [0.25, 0.5, 0.75], axis=0)
    width = np.where(high > low, high - low, 1.0)
    bounded: np.ndarray = np.tanh((sample - middle) / width)
    return bounded
