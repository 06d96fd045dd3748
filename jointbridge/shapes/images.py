"""Where a transform sends a support: between the images of its ends.

positive                 AffineTransform(loc=a, scale=2)    greater_than(a)
interval(low=0, high=1)  ExpTransform()                     interval(low=exp(0), high=exp(1))
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from jointbridge.expression import Number, Support, Transform, substitute
from jointbridge.families import TRANSFORMS
from jointbridge.families.transforms import TransformRow
from jointbridge.shapes.basic import bad
from jointbridge.syntax import parse_row

_INF = Number(math.inf)
_MINUS_INF = Number(-math.inf)
_ZERO, _ONE = Number(0.0), Number(1.0)


class Ends(NamedTuple):
    """Where a support of single values begins and ends, and whether it has its ends."""

    low: Any = _MINUS_INF
    high: Any = _INF
    closed: bool = False


#: Supports whose ends are known, by name.
_ENDS = {
    "real": Ends(),
    "positive": Ends(_ZERO),
    "nonnegative": Ends(_ZERO, closed=True),
    "unit_interval": Ends(_ZERO, _ONE, closed=True),
    "open_unit_interval": Ends(_ZERO, _ONE),
}

#: Supports with bounds, and whether they have their ends.
_BOUNDED = {
    "greater_than": False,
    "greater_than_eq": True,
    "less_than": False,
    "less_than_eq": True,
    "interval": True,
}


def image(support: Support, transform: Transform) -> Support:
    """The values that a transform makes of those of a support.

    Raises:
        SpecError: The support has no ends, or the transform does not take all of it.
    """
    row = TRANSFORMS[transform.name]
    ends = _ends(support, transform)
    if not _takes(row, ends):
        message = f"{transform.name} takes values above {row.low:g}, not {support.name}"
        raise bad(message, "transform a positive family", "arguments")
    below, above = map(Number, row.limits)
    low = below if ends.low == _MINUS_INF else _sent(ends.low, row, transform)
    high = above if ends.high == _INF else _sent(ends.high, row, transform)
    return _support(Ends(low, high, ends.closed), support.sizes)


def _ends(support: Support, transform: Transform) -> Ends:
    if support.name in _ENDS:
        return _ENDS[support.name]
    if support.name in _BOUNDED:
        bounds = dict(support.params)
        low, high = bounds.get("low", _MINUS_INF), bounds.get("high", _INF)
        return Ends(low, high, _BOUNDED[support.name])
    message = f"{transform.name} cannot be applied to values of {support.name}"
    raise bad(message, "it takes measured values, one by one", "arguments")


def _takes(row: TransformRow, ends: Ends) -> bool:
    if math.isinf(row.low):
        return True
    return isinstance(ends.low, Number) and ends.low.value >= row.low


def _sent(end: Any, row: TransformRow, transform: Transform) -> Any:
    """The image of a finite end; literals become a literal."""
    if row.low == 0.0 and end == _ZERO:
        return _ZERO
    return substitute(parse_row(row.forward), {**dict(transform.params), "x": end})


def _support(ends: Ends, sizes: tuple[int, ...]) -> Support:
    """The support that has these ends."""
    for name, known in _ENDS.items():
        if known == ends:
            return Support(name, (), sizes)
    bounds = {"low": ends.low, "high": ends.high}
    if ends.low == _MINUS_INF:
        name = "less_than_eq" if ends.closed else "less_than"
        del bounds["low"]
    elif ends.high == _INF:
        name = "greater_than_eq" if ends.closed else "greater_than"
        del bounds["high"]
    else:
        name = "interval"
    return Support(name, tuple(bounds.items()), sizes)
