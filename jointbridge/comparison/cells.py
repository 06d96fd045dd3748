"""What agrees and what does not in two models, site by site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from jointbridge.backends.blackbox import Term
from jointbridge.comparison.boxes import guarded
from jointbridge.comparison.matching import Pair
from jointbridge.comparison.meeting import Meeting
from jointbridge.comparison.numbers import difference, verdict
from jointbridge.comparison.report import TOTAL, Cell

SITE, SUPPORT, DENSITY, GRADIENT = "site", "support", "log density", "gradient"


class Cells:
    """The cells of a report.

    Args:
        meeting: Two models that were scored.
    """

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.labels, self.boxes = meeting.labels, meeting.boxes
        self.points, self.own = meeting.points, meeting.own
        self.pairs = meeting.matching.pairs

    def __iter__(self) -> Iterator[Cell]:
        gradients = self._gradients()
        moved = self._moved()
        for pair in self.pairs:
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
                for pair in self.pairs
                if not self.meeting.is_shared(pair)
            }
            alone = {n for n in alone if n is not None and own[n].latent}
            if not alone or not self.points.values:
                continue
            values = self.points.values[0][number]
            other = box.draw(self.meeting.seed + 7919)
            moved = box.terms({**values, **{n: other[n] for n in alone if n}})
            before = self.points.terms[0][number]
            found |= {
                pair.name
                for pair in self.pairs
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
