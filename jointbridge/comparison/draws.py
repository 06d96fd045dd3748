"""Do two samplers draw from one distribution?  Tests with a fixed false-alarm rate.

Each site gives a few one-dimensional statistics: its first and last elements, the sum and
the sum of squares of all but the last; the joint gives its log density under the reference.
Each is compared by a two-sample test; Holm's procedure splits the alarm rate of the whole
run.  What fails is tried once more, with a new seed and four times the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

Test = TypeVar("Test")

#: Counted statistics with at most this many values are compared as tables.
MANY = 30


def statistics(draws: np.ndarray) -> dict[str, np.ndarray]:
    """A few numbers from each draw of a site."""
    count = draws.shape[0]
    flat = np.asarray(draws, float).reshape(count, -1)
    found = {"first element": flat[:, 0]} if flat.shape[1] else {}
    if flat.shape[1] > 1:
        found["last element"] = flat[:, -1]
        # All but the last: the sum over a simplex would be 1 and rounding noise.
        found["sum of the others"] = flat[:, :-1].sum(1)
        found["sum of their squares"] = (flat[:, :-1] ** 2).sum(1)
    return found


def p_value(x: np.ndarray, y: np.ndarray) -> float:
    """The p-value of "both come from one distribution"; 0 where NaN appears.

    A two-sample Kolmogorov-Smirnov test, or a chi-square test of the table of counts
    where there are few values.
    """
    from scipy import stats  # comes with every backend; costs seconds to import

    if np.isnan(x).any() or np.isnan(y).any():
        return 0.0
    values = np.unique(np.concatenate([x, y]))
    if len(values) == 1:
        return 1.0
    if len(values) <= MANY:
        table = np.array([[np.sum(s == v) for v in values] for s in (x, y)])
        return float(stats.chi2_contingency(_pooled(table)).pvalue)
    return float(stats.ks_2samp(x, y, method="asymp").pvalue)


def _pooled(table: np.ndarray) -> np.ndarray:
    """Columns with few counts joined, so that the chi-square law holds."""
    rare = table.sum(0) < 20
    if rare.sum() == 0 or (~rare).sum() == 0:
        return table
    joined = table[:, rare].sum(1, keepdims=True)
    return np.concatenate([table[:, ~rare], joined], axis=1)


def holm(p_values: Mapping[Test, float], alpha: float) -> set[Test]:
    """The tests that fail when the whole run may raise a false alarm with rate alpha."""
    failed: set[Test] = set()
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for place, (name, p) in enumerate(ordered):
        if p > alpha / (len(ordered) - place):
            break
        failed.add(name)
    return failed
