"""What `check` compares, up to which error, and what it says."""

from __future__ import annotations

from collections.abc import Callable

from jointbridge.comparison.numbers import ACCURACY, TOLERANCES
from jointbridge.comparison.report import ICONS, VERDICTS
from jointbridge_tables.markdown import code, table


def verdicts() -> str:
    """Every verdict with its sign and meaning."""
    rows = ((ICONS[v], code(v), meaning) for v, meaning in VERDICTS.items())
    return table(["", "verdict", "meaning"], rows)


def tolerances() -> str:
    """The relative error up to which numbers agree, by float width."""
    widths = list(TOLERANCES)
    checks = dict.fromkeys(check for row in TOLERANCES.values() for check in row)
    rows = [(check, *(f"{TOLERANCES[w][check]:g}" for w in widths)) for check in checks]
    rows.append(("*accuracy loss* up to", *(f"{ACCURACY[w]:g}" for w in widths)))
    return table(["compared", *widths], rows)


TABLES: dict[str, Callable[[], str]] = {"verdicts": verdicts, "tolerances": tolerances}
