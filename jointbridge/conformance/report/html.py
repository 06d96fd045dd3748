"""A matrix as one page: everything inline, nothing fetched, no markup in the data.

The page draws its table from JSON. Grids of values are alike for many findings, and stand
in it once; scripts stand in it for what does not agree.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from jointbridge.conformance.finding import VERDICTS, Finding, plain
from jointbridge.conformance.matrix import Matrix
from jointbridge.conformance.registry import Divergence
from jointbridge.conformance.report.rows import known_rows
from jointbridge.conformance.report.signs import GLYPHS, visible
from jointbridge.conformance.reproducer import script

#: What of a finding the page needs as it is.
_FIELDS = ("backend", "family", "case", "check", "dtype", "verdict", "points", "detail")

#: More characters of a worst point are left to the script.
_LONG = 600


def page(matrix: Matrix, known: Mapping[str, Divergence] | None = None) -> str:
    """The scoreboard as HTML.

    Args:
        matrix: What a run found.
        known: The rows of the registry by id; those of the backends by default.

    Returns:
        One self-contained document; it works from a file, without a network.
    """
    rows = known_rows(matrix) if known is None else known
    data = _data(matrix, rows)
    return _template().render(
        matrix=matrix,
        stamp=_stamp(matrix),
        verdicts=[VERDICTS[name] for name in GLYPHS],
        glyphs=GLYPHS,
        levels=sorted({check["level"] for check in data["checks"]}),
        data=_embedded(data),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("jointbridge.conformance", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"visible": visible, "slug": lambda s: s.replace(" ", "-")}
    return environment.get_template("scoreboard.html.jinja")


def _stamp(matrix: Matrix) -> str:
    faults = sum(f.fault for f in matrix.findings)
    if matrix.passed:
        return f"✓ passed: {faults} faults, all of them known"
    return (
        f"✗ {len(matrix.unlisted)} of {faults} faults are in no registry, "
        f"{len(matrix.stale)} rows of it are stale"
    )


def _embedded(data: Any) -> Markup:
    """JSON that no text in it can leave."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


# -- the data of the page -----------------------------------------------------


class _Shared:
    """Things that stand once, however often they are asked for."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def place(self, thing: Any) -> int:
        return self.places.setdefault(json.dumps(thing), len(self.places))

    @property
    def things(self) -> list[Any]:
        return [json.loads(text) for text in self.places]


def _data(matrix: Matrix, known: Mapping[str, Divergence]) -> dict[str, Any]:
    grids, scripts = _Shared(), _Shared()
    return {
        "backends": [visible(b) for b in matrix.backends],
        "cases": [visible(c) for c in matrix.cases],
        "checks": [_check(name) for name in matrix.checks],
        "verdicts": [
            {"name": v.name, "meaning": v.meaning, "fault": v.fault, "glyph": g}
            for v in VERDICTS.values()
            for g in [GLYPHS[v.name]]
        ],
        "findings": [_finding(f, grids, scripts) for f in matrix.findings],
        "divergences": {d.id: _row(d) for d in known.values()},
        "grids": grids.things,
        "scripts": scripts.things,
    }


def _check(name: str) -> dict[str, Any]:
    from jointbridge.conformance.checks import CHECKS

    if name in CHECKS:
        row = CHECKS[name]
        return {"name": name, "level": row.level, "title": row.title}
    return {"name": visible(name), "level": 0, "title": visible(name)}


def _finding(f: Finding, grids: _Shared, scripts: _Shared) -> dict[str, Any]:
    record = {key: _clean(getattr(f, key)) for key in _FIELDS}
    record |= {"error": _short(f.error), "ulps": _short(f.ulps)}
    if f.divergence:
        record["divergence"] = visible(f.divergence)
    if f.worst:
        record["worst"] = _clean(plain(f.worst))
    if f.curve:
        record["grid"] = grids.place([_short(x, 6) for x, _ in f.curve])
        record["curve"] = [_short(y) for _, y in f.curve]
    if f.fault and (source := script(f)):
        record["script"] = scripts.place(visible(source))
    return record


def _row(row: Divergence) -> dict[str, str]:
    return {key: visible(getattr(row, key)) for key in ("reason", "right", "upstream")}


def _short(number: float, digits: int = 3) -> Any:
    """A number in few digits; a text where JSON has none."""
    return plain(float(f"{number:.{digits}g}"))


def _clean(value: Any) -> Any:
    """Data whose texts are visible and not too long."""
    if isinstance(value, str):
        text = visible(value)
        return text if len(text) <= _LONG else text[:_LONG] + " …"
    if isinstance(value, dict):
        return {visible(key): _clean(x) for key, x in value.items()}
    if isinstance(value, list):
        made = [_clean(x) for x in value]
        return made if len(str(made)) <= _LONG else str(made)[:_LONG] + " …"
    return value
