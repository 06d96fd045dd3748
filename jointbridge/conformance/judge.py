"""From the measures of a check to its finding."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from jointbridge.conformance.checks.measure import Measure
from jointbridge.conformance.checks.row import Check, NotApplicable
from jointbridge.conformance.finding import VERDICTS, Finding
from jointbridge.conformance.points import GoldenError
from jointbridge.conformance.subject import Subject
from jointbridge.errors import UnsupportedError


def judge(check: Check, subject: Subject) -> Finding:
    """What a check finds out about a case on a backend."""
    started = time.perf_counter()
    found = Finding(
        subject.backend.name,
        subject.case.family,
        subject.case.name,
        check.name,
        subject.dtype,
        **_outcome(check, subject),
    )
    return _timed(found, time.perf_counter() - started)


def _timed(found: Finding, seconds: float) -> Finding:
    return Finding(**{**vars(found), "seconds": round(seconds, 3)})


def _outcome(check: Check, subject: Subject) -> dict[str, Any]:
    """The fields of the finding that come out of running the check."""
    try:
        with np.errstate(all="ignore"):
            measures = list(check.run(subject))
    except NotApplicable as reason:
        return {"verdict": "not applicable", "detail": str(reason)}
    except GoldenError:
        raise  # nothing can be said without exact answers
    except UnsupportedError as refusal:
        return {"verdict": "unsupported", "detail": refusal.problems[0].message}
    except Exception as error:  # noqa: BLE001 - whatever a library raises is a finding
        detail = f"raised {type(error).__name__}: {error}".splitlines()[0]
        return {
            "verdict": "wrong",
            "error": math.inf,
            "ulps": math.inf,
            "detail": detail,
        }
    return _summary(measures)


def _summary(measures: list[Measure]) -> dict[str, Any]:
    worst = max(measures, key=_badness)
    points = {id(m.point) for m in measures if m.point is not None}
    return {
        "verdict": worst.verdict,
        "error": worst.error,
        "ulps": worst.ulps,
        "points": len(points) or len(measures),
        "worst": worst.at,
        "detail": _sentence(worst),
        "curve": tuple(_curve(measures)),
    }


def _badness(m: Measure) -> tuple[int, float]:
    return VERDICTS[m.verdict].rank, m.error


def _sentence(m: Measure) -> str:
    if m.verdict == "agree" and m.p_value is None:
        return ""
    return f"{m.what}: {m.got}, expected {m.exact}"


def _curve(measures: list[Measure]) -> Iterator[tuple[float, float]]:
    """Values that are numbers with the errors there, for a plot."""
    for m in measures:
        value = None if m.point is None else m.point.value
        if not isinstance(value, (int, float)) or not math.isfinite(value):
            continue
        if math.isfinite(m.ulps):
            yield float(value), round(m.ulps, 3)
