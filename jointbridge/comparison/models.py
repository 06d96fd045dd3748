"""Any two models, site by site at the same points: `jb.compare`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from jointbridge import backends
from jointbridge.backends.blackbox import BlackBox, Term
from jointbridge.comparison.boxes import box_of, describe, guarded, read_spec
from jointbridge.comparison.check import Progress
from jointbridge.comparison.diagnosis import Side, diagnose
from jointbridge.comparison.joints import JointBlackBox
from jointbridge.comparison.matching import Matching, Pair, Values, match
from jointbridge.comparison.numbers import difference, verdict
from jointbridge.comparison.outcome import Comparison
from jointbridge.comparison.report import TOTAL, Cell
from jointbridge.errors import ValueMismatchError
from jointbridge.spec import Spec

#: So many more points are drawn where models have no density at some.
_MORE = 4

SITE, SUPPORT, DENSITY, GRADIENT = "site", "support", "log density", "gradient"


@dataclass
class Points:
    """Points with what both models say there.

    Attributes:
        values: Values of the latent sites, under the names of each model.
        terms: The sites of each model.
        outside: Sites without a density, by model, where the other one has one.
    """

    values: list[tuple[Values, Values]] = field(default_factory=list)
    terms: list[tuple[dict[str, Term], dict[str, Term]]] = field(default_factory=list)
    outside: dict[str, str] = field(default_factory=dict)


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
    kwargs = dict(kwargs or {})
    run = _Run(labels, points, seed, progress or (lambda *_: None))
    models = ((a, languages[0]), (b, languages[1]))
    boxes = []
    for label, (model, language) in zip(labels, models, strict=True):
        run.tell(f"{label}: {describe(model)}")
        with guarded(label):
            boxes.append(box_of(model, args, kwargs, language))
    run.start((boxes[0], boxes[1]), names or {})
    cells = list(run.cells())
    run.tell("causes")
    sides = tuple(
        Side(label, _reader(model, args, kwargs, language, box))
        for label, (model, language), box in zip(labels, models, boxes, strict=True)
    )
    findings = diagnose(run.matching.pairs, run.points.terms, sides, cells)
    return Comparison(
        name=f"{labels[0]} and {labels[1]}",
        digest="",
        text="",
        reference=labels[0],
        backends=(labels[1],),
        cells=tuple(cells),
        versions=_versions(labels, boxes),
        settings={"dtype": "float64", "points": points, "seed": seed},
        seconds={"compare": time.perf_counter() - run.started},
        notes=tuple(run.notes()),
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


class _Run:
    """One comparison."""

    def __init__(
        self, labels: tuple[str, str], count: int, seed: int, progress: Progress
    ) -> None:
        self.labels, self.count, self.seed = labels, count, seed
        self.progress, self.done = progress, 0
        self.started = time.perf_counter()
        self.points = Points()

    def tell(self, text: str) -> None:
        self.progress(self.done, 6, text)
        self.done += 1

    def start(self, boxes: tuple[BlackBox, BlackBox], names: Mapping[str, str]) -> None:
        self.boxes = boxes
        own = []
        for label, box in zip(self.labels, boxes, strict=True):
            self.tell(f"{label}: its sites")
            with guarded(label):
                own.append(box.terms(box.draw(self.seed)))
        self.own = (own[0], own[1])
        self.matching: Matching = match(boxes, self.own, names, self.seed)
        self.tell("points")
        self._score()

    # -- points ---------------------------------------------------------------

    def _score(self) -> None:
        """Points at which both have a density; drawn from the first, then the second."""
        for number in range(self.count + _MORE):
            both = number >= self.count and not self.points.outside
            if len(self.points.terms) >= self.count or both:
                break
            self._one(number, drawn_from=0)
        for number in range(self.count + _MORE):
            if len(self.points.terms) >= self.count and number > 0:
                break
            self._one(self.count + _MORE + number, drawn_from=1)

    def _one(self, number: int, drawn_from: int) -> None:
        drawn = []
        for label, box in zip(self.labels, self.boxes, strict=True):
            with guarded(label):
                drawn.append(box.draw(self.seed + number))
        values = self._shared((drawn[0], drawn[1]), drawn_from)
        terms = []
        for label, box, given in zip(self.labels, self.boxes, values, strict=True):
            with guarded(label):
                terms.append(box.terms(given))
        if self._usable(terms[0], terms[1]) and len(self.points.terms) < self.count:
            self.points.values.append(values)
            self.points.terms.append((terms[0], terms[1]))

    def _shared(
        self, drawn: tuple[Values, Values], drawn_from: int
    ) -> tuple[Values, Values]:
        """Both models' values, the same where a site is in both."""
        a, b = dict(drawn[0]), dict(drawn[1])
        for pair in self.matching.pairs:
            if not self._is_shared(pair):
                continue
            x, y = self._values_of(pair, (a, b), drawn_from)
            if pair.a in a:
                a[pair.a] = np.reshape(x, a[pair.a].shape).astype(a[pair.a].dtype)
            if pair.b in b:
                b[pair.b] = np.reshape(y, b[pair.b].shape).astype(b[pair.b].dtype)
        return a, b

    def _values_of(
        self, pair: Pair, drawn: tuple[Values, Values], drawn_from: int
    ) -> tuple[Any, Any]:
        assert pair.a is not None
        assert pair.b is not None
        x, y = self.own[0][pair.a], self.own[1][pair.b]
        if x.latent and y.latent:
            value = drawn[0][pair.a] if drawn_from == 0 else drawn[1][pair.b]
            return value, value
        # What one of them observes is the value in both.
        return (y.value, y.value) if x.latent else (x.value, x.value)

    def _is_shared(self, pair: Pair) -> bool:
        if pair.a is None or pair.b is None:
            return False
        x, y = self.own[0][pair.a], self.own[1][pair.b]
        if x.is_factor or y.is_factor:
            return False
        return bool(np.prod(x.shape) == np.prod(y.shape))

    def _usable(self, a: dict[str, Term], b: dict[str, Term]) -> bool:
        good = True
        for pair in self.matching.pairs:
            parts = [
                terms[name].log_prob if name in terms else 0.0
                for name, terms in ((pair.a, a), (pair.b, b))
                if name is not None
            ]
            finite = [bool(np.isfinite(x)) for x in parts]
            good &= all(finite)
            if len(finite) == 2 and finite[0] != finite[1]:
                lacking = self.labels[0] if finite[1] else self.labels[1]
                self.points.outside.setdefault(pair.name, lacking)
        return good

    # -- cells ----------------------------------------------------------------

    def cells(self) -> Iterator[Cell]:
        """What agrees and what does not, site by site."""
        self.tell("densities and gradients")
        gradients = self._gradients()
        moved = self._moved()
        for pair in self.matching.pairs:
            yield self._site(pair)
            if pair.a is None or pair.b is None:
                continue
            if not self._is_factor(pair):
                yield self._support(pair)
            yield self._density(pair, moved)
            if pair.a in gradients[0] and pair.b in gradients[1]:
                yield self._gradient(pair, gradients)
        yield self._total()

    def _cell(self, check: str, site: str, word: str, message: str = "") -> Cell:
        return Cell(self.labels[1], check, site, word, message=message)

    def _is_factor(self, pair: Pair) -> bool:
        assert pair.a is not None
        assert pair.b is not None
        return self.own[0][pair.a].is_factor or self.own[1][pair.b].is_factor

    def _site(self, pair: Pair) -> Cell:
        if pair.a is None or pair.b is None:
            has, lacks = self.labels if pair.b is None else self.labels[::-1]
            message = f"{lacks} has no {pair.name!r}, {has} has one"
            return self._cell(SITE, pair.name, "differs", message)
        x, y = self.own[0][pair.a], self.own[1][pair.b]
        message = self._mismatch(x, y)
        return self._cell(SITE, pair.name, "differs" if message else "agree", message)

    def _mismatch(self, x: Term, y: Term) -> str:
        """How two sites differ before any number is compared."""
        if x.is_factor or y.is_factor:
            return ""
        if np.prod(x.shape) != np.prod(y.shape):
            mine, theirs = list(x.shape), list(y.shape)
            return f"shape {mine} in {self.labels[0]}, {theirs} in {self.labels[1]}"
        told = all(box.conditions for box in self.boxes)
        if x.observed != y.observed and told:
            seen, free = self.labels if x.observed else self.labels[::-1]
            return f"observed in {seen}, not in {free}"
        if x.observed and y.observed:
            assert x.value is not None
            assert y.value is not None
            if not np.allclose(x.value.ravel(), y.value.ravel(), rtol=1e-6, atol=0):
                return "the observed values differ"
        return ""

    def _support(self, pair: Pair) -> Cell:
        lacking = self.points.outside.get(pair.name)
        if lacking is None:
            return self._cell(SUPPORT, pair.name, "agree")
        other = self.labels[1] if lacking == self.labels[0] else self.labels[0]
        message = f"{lacking} has no density at values that {other} allows"
        return self._cell(SUPPORT, pair.name, "differs", message)

    def _density(self, pair: Pair, moved: set[str]) -> Cell:
        parts = [(x[str(pair.a)], y[str(pair.b)]) for x, y in self.points.terms]
        if pair.name in moved:
            message = "it depends on sites that are not in both models"
            return self._cell(DENSITY, pair.name, "skipped", message)
        if not parts:
            message = "there is no point at which both have a density"
            return self._cell(DENSITY, pair.name, "skipped", message)
        numbers = [np.array([[t[k].log_prob] for t in parts]) for k in (0, 1)]
        return self._compared(DENSITY, pair.name, *numbers)

    def _compared(self, kind: str, site: str, a: np.ndarray, b: np.ndarray) -> Cell:
        found = difference(a, b)
        return Cell(
            self.labels[1],
            kind,
            site,
            verdict(found.error, kind, "float64"),
            found.error,
            values={
                n: x.tolist() for n, x in self.points.values[found.draw][0].items()
            },
            expected=found.expected,
            got=found.got,
        )

    def _gradient(self, pair: Pair, gradients: Any) -> Cell:
        assert pair.a is not None
        assert pair.b is not None
        if self.own[0][pair.a].curved or self.own[1][pair.b].curved:
            message = "the values fill no open set: this gradient has no meaning"
            return self._cell(GRADIENT, pair.name, "skipped", message)
        mine, theirs = gradients[0][pair.a], gradients[1][pair.b]
        if mine.size != theirs.size:
            return self._cell(GRADIENT, pair.name, "skipped", "the shapes differ")
        return self._compared(GRADIENT, pair.name, mine, theirs.reshape(mine.shape))

    def _gradients(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        found: list[dict[str, np.ndarray]] = []
        for number, (label, box) in enumerate(
            zip(self.labels, self.boxes, strict=True)
        ):
            with guarded(label):
                each = [box.gradient(values[number]) for values in self.points.values]
            names = each[0] if each else ()
            found.append({n: np.stack([g[n] for g in each]) for n in names})
        return found[0], found[1]

    def _moved(self) -> set[str]:
        """The sites whose density depends on sites that are not shared."""
        found: set[str] = set()
        for number, box in enumerate(self.boxes):
            own = self.own[number]
            alone = {
                (pair.a, pair.b)[number]
                for pair in self.matching.pairs
                if not self._is_shared(pair)
            }
            alone = {n for n in alone if n is not None and own[n].latent}
            if not alone or not self.points.values:
                continue
            values = self.points.values[0][number]
            other = box.draw(self.seed + 7919)
            moved = box.terms({**values, **{n: other[n] for n in alone if n}})
            before = self.points.terms[0][number]
            found |= {
                pair.name
                for pair in self.matching.pairs
                if (name := (pair.a, pair.b)[number]) is not None
                and moved[name].log_prob != before[name].log_prob
            }
        return found

    def _total(self) -> Cell:
        if not self.points.terms:
            message = "there is no point at which both have a density"
            return self._cell(DENSITY, TOTAL, "skipped", message)
        sums = [
            np.array(
                [[sum(t.log_prob for t in p[k].values())] for p in self.points.terms]
            )
            for k in (0, 1)
        ]
        return self._compared(DENSITY, TOTAL, *sums)

    def notes(self) -> Iterator[str]:
        """What a reader should know."""
        for mine, theirs in self.matching.guessed:
            yield (
                f"{mine!r} in {self.labels[0]} is taken for {theirs!r} in "
                f"{self.labels[1]}; give names to say otherwise"
            )
        if len(self.points.terms) < self.count:
            yield (
                f"both have a density at {len(self.points.terms)} of {self.count} points"
            )
        for label, box in zip(self.labels, self.boxes, strict=True):
            if not box.conditions:
                yield (
                    f"{label} says of no site that it is observed; what the other one "
                    "observes is the value in both"
                )
