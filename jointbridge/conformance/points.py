"""Golden points: parameters, a value, and the exact log density with its gradient.

The answers were computed by `oracles` and lie in `goldens/`, one file for each case;
`python -m jointbridge.conformance.generate` writes them again.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from jointbridge.conformance.case import Case
from jointbridge.errors import JointBridgeError

FOLDER = Path(__file__).parent / "goldens"

#: What the regions of a grid are.
REGIONS = {
    "typical": "values of the case, typical parameters",
    "tail": "values far out, typical parameters",
    "extreme": "parameters far out, one at a time",
    "edge": "values on the edge of the support, inside or not as its row says",
    "outside": "values outside the support, and NaN",
    "bad": "a parameter outside its domain",
}


class GoldenError(JointBridgeError):
    """A golden file is missing, or is not of the case as it is now."""


@dataclass(frozen=True)
class Point:
    """Parameters and a value, and what the log density is there.

    Attributes:
        region: One of `REGIONS`.
        params: The free parameters, as numbers that float32 holds.
        value: The value, alike.
        exact: The log density in decimals; "-inf" or "nan" where the semantics say so.
        bound: How far the oracle's answer is from the truth, at most.
        gradient: The gradient by "x" and by parameter; of what moves freely alone.
        condition: How far the log density moves with a relative change of its inputs.
    """

    region: str
    params: Mapping[str, Any]
    value: Any
    exact: str = ""
    bound: float = 0.0
    gradient: Mapping[str, Any] | None = None
    condition: float = 0.0


@dataclass(frozen=True)
class Law:
    """Bins of known probability: `masses[i]` between `edges[i - 1]` and `edges[i]`.

    A value on an edge belongs to the bin on its right.
    """

    edges: np.ndarray
    masses: np.ndarray


def golden(case: Case) -> tuple[Point, ...]:
    """The points of a case with their answers.

    Raises:
        GoldenError: There are none, or the case has changed since.
    """
    record = _record(case)
    typical = record["params"]
    return tuple(_point(row, typical) for row in record["points"])


def law(case: Case) -> Law | None:
    """Bins of the case with typical parameters, or None where values are not numbers."""
    found = _record(case)["law"]
    if found is None:
        return None
    return Law(np.array(found["edges"]), np.array(found["masses"]))


def path_of(name: str) -> Path:
    """Where the golden file of a case lies."""
    return FOLDER / f"{name.lower().replace(' ', '-')}.json"


def digest(case: Case) -> str:
    """What a golden file must carry: the inputs that it was made from."""
    inputs = [case.name, dict(case.params), list(case.values), case.text]
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()[:16]


@cache
def _read(name: str) -> dict[str, Any]:
    path = path_of(name)
    if not path.exists():
        raise GoldenError(f"{name} has no golden file. {_how(name)}")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _record(case: Case) -> dict[str, Any]:
    found = _read(case.name)
    if found["digest"] != digest(case):
        raise GoldenError(
            f"{case.name} changed after its golden file. {_how(case.name)}"
        )
    return found


def _how(name: str) -> str:
    return f"Write it: python -m jointbridge.conformance.generate --only '{name}'"


def _point(row: Mapping[str, Any], typical: Mapping[str, Any]) -> Point:
    params = {**typical, **plain(row.get("params", {}))}
    return Point(
        region=row["region"],
        params=params,
        value=plain(row["value"]),
        exact=row["exact"],
        bound=plain(row.get("bound", 0.0)),
        gradient=plain(row.get("gradient")),
        condition=plain(row.get("condition", 0.0)),
    )


def plain(value: Any) -> Any:
    """Numbers from JSON; those that are not finite are texts there."""
    if isinstance(value, str):
        return float(value)
    if isinstance(value, list):
        return [plain(x) for x in value]
    if isinstance(value, dict):
        return {n: plain(x) for n, x in value.items()}
    return value


def strict(value: Any) -> Any:
    """The way back: numbers for JSON."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [strict(x) for x in value]
    if isinstance(value, Mapping):
        return {n: strict(x) for n, x in value.items()}
    return value
