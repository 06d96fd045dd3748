"""A recurrence that one model says step by step and the other as a whole.

    level_0, level_1, …, level_99      one site for each step
    level                              one site, its first axis the steps

Where the other model has the whole, the steps are put together: values and gradients
stacked, densities added.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count, takewhile
from typing import Any

import numpy as np

from jointbridge.backends.blackbox import BlackBox, Term, Values

#: By the name of the whole, the names of its steps.
Steps = dict[str, tuple[str, ...]]
Terms = dict[str, Term]


def alike(
    boxes: tuple[BlackBox, BlackBox], terms: tuple[Terms, Terms]
) -> tuple[tuple[BlackBox, BlackBox], tuple[Terms, Terms]]:
    """Two models with their recurrences said alike, and their terms too."""
    a, ours = _put_together(boxes[0], *terms)
    b, theirs = _put_together(boxes[1], *terms[::-1])
    return (a, b), (ours, theirs)


def _put_together(box: BlackBox, terms: Terms, others: Terms) -> tuple[BlackBox, Terms]:
    steps = {name: _steps(name, term, terms) for name, term in others.items()}
    found = {name: parts for name, parts in steps.items() if parts}
    if not found:
        return box, terms
    stepped = Stepped(box, found)
    return stepped, stepped.together(terms)


def _steps(name: str, whole: Term, terms: Terms) -> tuple[str, ...]:
    """The sites that are the steps of `whole`; none where it is here as it is."""
    if name in terms or not whole.shape:
        return ()
    numbered = (f"{name}_{t}" for t in count())
    parts = tuple(takewhile(lambda part: part in terms, numbered))
    fits = len(parts) == whole.shape[0]
    return parts if fits and all(_is_step(terms[p], whole) for p in parts) else ()


def _is_step(part: Term, whole: Term) -> bool:
    return not part.is_factor and part.shape == whole.shape[1:]


class Stepped(BlackBox):
    """A model with the sites of its steps put together.

    Args:
        box: The model.
        steps: By the name of the whole, the names of its steps.
    """

    def __init__(self, box: BlackBox, steps: Steps) -> None:
        self.box = box
        self.steps = steps
        self.backend = box.backend
        self.conditions = box.conditions

    def draw(self, seed: int) -> dict[str, np.ndarray]:
        """A value inside its support for each latent site."""
        return self._stacked(self.box.draw(seed))

    def terms(self, values: Values) -> dict[str, Term]:
        """Every site and factor at the values of the latent sites."""
        return self.together(self.box.terms(self._apart(values)))

    def together(self, terms: Terms) -> dict[str, Term]:
        """The model's own terms with the steps put together."""
        whole = {n: _whole(n, [terms[p] for p in ps]) for n, ps in self.steps.items()}
        return self._replaced(terms, whole)

    def gradient(self, values: Values) -> dict[str, np.ndarray]:
        """The gradient of the log density for each latent site that does not count."""
        return self._stacked(self.box.gradient(self._apart(values)))

    def _apart(self, values: Values) -> dict[str, Any]:
        found = dict(values)
        for name in self.steps.keys() & found.keys():
            found |= zip(self.steps[name], found.pop(name), strict=True)
        return found

    def _stacked(self, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        whole = {
            name: np.stack([values[p] for p in parts])
            for name, parts in self.steps.items()
            if parts[0] in values
        }
        return self._replaced(values, whole)

    def _replaced(
        self, items: Mapping[str, Any], whole: Mapping[str, Any]
    ) -> dict[str, Any]:
        """`items` with each whole where its first step stood."""
        first = {parts[0]: name for name, parts in self.steps.items()}
        rest = {p for parts in self.steps.values() for p in parts} - first.keys()
        renamed = ((first.get(n, n), x) for n, x in items.items() if n not in rest)
        return {name: whole.get(name, x) for name, x in renamed}


def _whole(name: str, parts: list[Term]) -> Term:
    """The steps as one site; what each was built with is left to them."""
    first = parts[0]
    return Term(
        name,
        float(sum(part.log_prob for part in parts)),
        np.stack([np.asarray(part.value) for part in parts]),
        observed=first.observed,
        discrete=first.discrete,
        curved=first.curved,
        words=first.words,
        batch=(len(parts), *first.batch),
    )
