"""The points at which two models are scored: the same values in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jointbridge.backends.blackbox import BlackBox, Term
from jointbridge.comparison.boxes import guarded
from jointbridge.comparison.check import Progress
from jointbridge.comparison.matching import Matching, Pair, Terms, Values, match
from jointbridge.comparison.stepped import alike

#: So many more points are drawn where models have no density at some.
_MORE = 4


@dataclass
class Points:
    """Points with what both models say there.

    Attributes:
        values: Values of the latent sites, under the names of each model.
        terms: The sites of each model.
        outside: Sites without a density, by model, where the other one has one.
        rejected: What the models say where that is so.
    """

    values: list[tuple[Values, Values]] = field(default_factory=list)
    terms: list[tuple[Terms, Terms]] = field(default_factory=list)
    outside: dict[str, str] = field(default_factory=dict)
    rejected: list[tuple[Terms, Terms]] = field(default_factory=list)


class Meeting:
    """Two models at the same points.

    Args:
        labels: What to call the two.
        count: How many points.
        seed: For the points.
        progress: Told of each step.
    """

    def __init__(
        self, labels: tuple[str, str], count: int, seed: int, progress: Progress
    ) -> None:
        self.labels, self.count, self.seed = labels, count, seed
        self.progress, self.done = progress, 0
        self.points = Points()

    def tell(self, text: str) -> None:
        """Say what comes next."""
        self.progress(self.done, 6, text)
        self.done += 1

    def start(self, boxes: tuple[BlackBox, BlackBox], names: Mapping[str, str]) -> None:
        """Match the sites of two models and score both at all points."""
        own = []
        for label, box in zip(self.labels, boxes, strict=True):
            self.tell(f"{label}: its sites")
            with guarded(label):
                own.append(box.terms(box.draw(self.seed)))
        self.boxes, self.own = alike(boxes, (own[0], own[1]))
        self.matching: Matching = match(self.boxes, self.own, names, self.seed)
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
        elif self.points.outside:
            self.points.rejected.append((terms[0], terms[1]))

    def _shared(
        self, drawn: tuple[Values, Values], drawn_from: int
    ) -> tuple[Values, Values]:
        """Both models' values, the same where a site is in both."""
        a, b = dict(drawn[0]), dict(drawn[1])
        for pair in self.matching.pairs:
            if not self.is_shared(pair):
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

    def is_shared(self, pair: Pair) -> bool:
        """Whether a site has the same values in both."""
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
