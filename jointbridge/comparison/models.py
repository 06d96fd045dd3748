"""Any two models, site by site at the same points: `jb.compare`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from jointbridge import backends
from jointbridge.backends.blackbox import BlackBox
from jointbridge.comparison.boxes import box_of, describe, guarded, read_spec
from jointbridge.comparison.cells import Cells
from jointbridge.comparison.check import Progress
from jointbridge.comparison.diagnosis import Side, diagnose
from jointbridge.comparison.joints import JointBlackBox
from jointbridge.comparison.meeting import Meeting
from jointbridge.comparison.outcome import Comparison
from jointbridge.errors import ValueMismatchError
from jointbridge.spec import Spec


def compare(
    a: Any,
    b: Any,
    *,
    args: tuple[Any, ...] = (),
    kwargs: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
    languages: tuple[str | None, str | None] = (None, None),
    labels: tuple[str, str] = ("A", "B"),
    points: int = 4,
    seed: int = 0,
    progress: Progress | None = None,
) -> Comparison:
    """Whether two models say the same, and where not, the likely cause.

    Each model is scored by its own library, in float64, at the same points. Where they
    differ, a table of what people mix up is tried, until a change of one model gives the
    numbers of the other.

    Args:
        a: A joint, a model function of a library, or a joint distribution of one.
        b: Another one; of any library.
        args: What model functions are called with.
        kwargs: What they are called with, by name: each gets what it takes. For a joint,
            its data; for a joint distribution of a library, values to pin.
        names: Names of sites in `a` with those in `b`, where they differ.
        languages: The backends whose models they are, where that cannot be told.
        labels: What to call the two.
        points: How many points.
        seed: For the points.
        progress: Called before each step with the steps done, all steps and a text.

    Returns:
        A report; `report.passed` says yes or no, `report.findings` why not.

    Raises:
        ReadError: A model raised an exception, or belongs to no known library.
        ValueMismatchError: `names` has a site that a model does not have.
    """
    if points < 1:
        raise ValueMismatchError("points must be at least 1", code="usage")
    kwargs, started = dict(kwargs or {}), time.perf_counter()
    run = Meeting(labels, points, seed, progress or (lambda *_: None))
    models = ((a, languages[0]), (b, languages[1]))
    boxes = []
    for label, (model, language) in zip(labels, models, strict=True):
        run.tell(f"{label}: {describe(model)}")
        with guarded(label):
            boxes.append(box_of(model, args, kwargs, language))
    run.start((boxes[0], boxes[1]), names or {})
    run.tell("densities and gradients")
    cells = list(Cells(run))
    run.tell("causes")
    sides = tuple(
        Side(label, _reader(model, args, kwargs, language, box))
        for label, (model, language), box in zip(labels, models, boxes, strict=True)
    )
    findings = diagnose(
        run.matching.pairs, run.points.terms, sides, cells, run.points.rejected
    )
    return Comparison(
        name=f"{labels[0]} and {labels[1]}",
        digest="",
        text="",
        reference=labels[0],
        backends=(labels[1],),
        cells=tuple(cells),
        versions=_versions(labels, boxes),
        settings={"dtype": "float64", "points": points, "seed": seed},
        seconds={"compare": time.perf_counter() - started},
        notes=tuple(_notes(run)),
        findings=tuple(findings),
        names=tuple(dict(names or {}).items()) + run.matching.guessed,
    )


def _reader(
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    language: str | None,
    box: BlackBox,
) -> Callable[[], Spec | None]:
    """Reads a model once, and not before somebody asks."""
    if isinstance(box, JointBlackBox):
        return lambda: box.spec
    return cache(lambda: read_spec(model, args, kwargs, language))


def _versions(
    labels: tuple[str, str], boxes: list[BlackBox]
) -> dict[str, dict[str, str]]:
    both = zip(labels, boxes, strict=True)
    return {label: backends.get(box.backend).versions() for label, box in both}


def _notes(run: Meeting) -> Iterator[str]:
    """What a reader should know."""
    for mine, theirs in run.matching.guessed:
        yield (
            f"{mine!r} in {run.labels[0]} is taken for {theirs!r} in "
            f"{run.labels[1]}; give names to say otherwise"
        )
    if len(run.points.terms) < run.count:
        yield (f"both have a density at {len(run.points.terms)} of {run.count} points")
    for label, box in zip(run.labels, run.boxes, strict=True):
        if not box.conditions:
            yield (
                f"{label} says of no site that it is observed; what the other one "
                "observes is the value in both"
            )
