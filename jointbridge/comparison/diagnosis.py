"""The likely cause of a difference: confusions are tried until one gives the numbers.

A site at which the densities differ is changed as each row of the table says, in the first
model and then in the second, and scored again:

    A  y ~ Normal(mu, sigma)             -12.3  -9.1 -20.5 -11.0
    B                                     -8.8  -7.2 -15.1  -9.4
    A, scale -> square(scale)             -8.8  -7.2 -15.1  -9.4     this is it
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jointbridge.backends.blackbox import Term
from jointbridge.comparison.confusions import Confusion
from jointbridge.comparison.edits import edited
from jointbridge.comparison.leftovers import factors, other, pattern, related
from jointbridge.comparison.matching import Pair
from jointbridge.comparison.outcome import Finding
from jointbridge.comparison.relations import relation
from jointbridge.comparison.report import TOTAL, Cell
from jointbridge.comparison.trials import Trial, attempt, trials
from jointbridge.spec import Spec

#: A change explains a difference where it leaves no more than this.
EXPLAINED = 1e-6

Terms = dict[str, Term]


@dataclass(frozen=True)
class Side:
    """One of the two models.

    Attributes:
        label: What it is called.
        read: What it says, where that can be known: reading a model takes its time.
    """

    label: str
    read: Callable[[], Spec | None]


@dataclass(frozen=True)
class Evidence:
    """What the models say of one site at all points.

    Attributes:
        pair: The site.
        a: The site in the model that is changed.
        b: The site in the other one.
        labels: What the two models are called.
    """

    pair: Pair
    a: Sequence[Term]
    b: Sequence[Term]
    labels: tuple[str, str]

    def reversed(self) -> Evidence:
        """The same with the second model to be changed."""
        pair = Pair(self.pair.b, self.pair.a)
        return Evidence(pair, self.b, self.a, self.labels[::-1])

    def error(self, scores: Sequence[float | None]) -> float:
        """How far numbers are from those of the second model."""
        worst = 0.0
        for score, term in zip(scores, self.b, strict=True):
            if score is None or not np.isfinite(score):
                return np.inf
            scale = max(1.0, abs(term.log_prob))
            worst = max(worst, abs(score - term.log_prob) / scale)
        return worst

    def finding(
        self, confusion: Confusion, words: dict[str, str], error: float
    ) -> Finding:
        """A row as words for people."""
        a, b = self.labels
        known = {"p": "", "f": "", **words, "a": a, "b": b}
        points = f"{len(self.a)} point{'s' * (len(self.a) > 1)}"
        text = confusion.says.format(**known)
        return Finding(
            self.pair.name,
            confusion.name,
            f"{text}; with that change they agree to {error:.0e} at {points}",
            confusion.fix.format(**known),
            error,
        )


def diagnose(
    pairs: Sequence[Pair],
    points: Sequence[tuple[Terms, Terms]],
    sides: Sequence[Side],
    cells: Sequence[Cell],
    rejected: Sequence[tuple[Terms, Terms]] = (),
) -> list[Finding]:
    """The likely causes of what differs: of the sites first, then of their numbers.

    Args:
        pairs: The sites.
        points: What both models say at each point.
        sides: The two models.
        cells: What agrees and what does not.
        rejected: What both models say where one of them has no density.
    """
    bad = {(c.check, c.site): c for c in cells if not c.good}
    found: list[Finding] = []
    labels = (sides[0].label, sides[1].label)
    for pair in pairs:
        site = bad.get(("site", pair.name))
        if site is not None:
            found += _of_site(pair, points, labels, site)
        elif ("log density", pair.name) in bad:
            evidence = _evidence(pair, points, labels)
            found.append(_of_density(evidence, points, sides))
        elif ("support", pair.name) in bad:
            evidence = _evidence(pair, rejected, labels)
            found.append(_of_support(evidence, bad["support", pair.name]))
    return found or list(_of_gradients(bad))


def _evidence(
    pair: Pair, points: Sequence[tuple[Terms, Terms]], labels: tuple[str, str]
) -> Evidence:
    a = [x[str(pair.a)] for x, _ in points]
    b = [y[str(pair.b)] for _, y in points]
    return Evidence(pair, a, b, labels)


# -- sites --------------------------------------------------------------------


def _of_site(
    pair: Pair,
    points: Sequence[tuple[Terms, Terms]],
    labels: tuple[str, str],
    cell: Cell,
) -> Iterator[Finding]:
    if pair.a is None or pair.b is None:
        yield from _missing(pair, points, labels)
    elif cell.message.startswith("shape"):
        fix = "check in which plates it stands, and expand and to_event"
        yield Finding(pair.name, "wrong plate", cell.message, fix)
    elif cell.message.startswith("observed"):
        fix = "give it the data (obs=…), and hand the data to the model"
        yield Finding(pair.name, "not observed", cell.message, fix)
    else:
        yield _data(pair, points, labels)


def _missing(
    pair: Pair, points: Sequence[tuple[Terms, Terms]], labels: tuple[str, str]
) -> Iterator[Finding]:
    own = 0 if pair.b is None else 1
    has, lacks = labels[own], labels[1 - own]
    terms = [p[own][pair.name] for p in points]
    if terms and (terms[0].is_factor or terms[0].observed):
        others = [p[own] for p in points]
        said = factors(terms, others, has=has, lacks=lacks)
        if said is not None:
            yield said
            return
    what = "a factor" if terms and terms[0].is_factor else "a site"
    text = f"{has} has {what} {pair.name!r} that {lacks} lacks"
    fix = "add it, or say with names= under which name it stands there"
    yield Finding(pair.name, "dropped term", text, fix)


def _data(
    pair: Pair, points: Sequence[tuple[Terms, Terms]], labels: tuple[str, str]
) -> Finding:
    fix = "give both models the same data"
    if not points:
        return Finding(pair.name, "other data", "the observed values differ", fix)
    x, y = points[0][0][str(pair.a)].value, points[0][1][str(pair.b)].value
    assert x is not None
    assert y is not None
    found = relation([x], [y])
    if found is None and (counted := _counted(points[0][0][str(pair.a)], x, y)):
        found = counted
    name, text = found or ("other data", "")
    says = f"{labels[1]} observes {text.format(p=f'the data of {labels[0]}')}"
    return Finding(pair.name, name, says if text else "the observed values differ", fix)


def _counted(term: Term, x: np.ndarray, y: np.ndarray) -> tuple[str, str] | None:
    """Failures for successes: what is left of a total."""
    total = x + y
    given = [np.asarray(a) for a in term.arrays.values()]
    numbers = [] if term.dist is None else [n for _, n in term.dist.params]
    given += [np.asarray(v) for n in numbers if (v := getattr(n, "value", None))]
    if any(np.array_equal(np.broadcast_to(g, total.shape), total) for g in given):
        return "success and failure", "total_count minus {p}"
    return None


def _of_support(evidence: Evidence, cell: Cell) -> Finding:
    pair = evidence.pair
    known = related(pair, evidence.a, evidence.b, evidence.labels)
    if known is not None:
        return known
    fix = "check the constraints of both, and truncate or transform one of them"
    return Finding(pair.name, "other support", cell.message, fix)


def _of_gradients(bad: dict[tuple[str, str], Cell]) -> Iterator[Finding]:
    for check, site in bad:
        if check == "gradient":
            text = "the densities agree, the gradients do not"
            fix = "look for stop_gradient, detach, or a function without a derivative"
            yield Finding(site, "detached gradient", text, fix)
            return
        if site == TOTAL:
            return


# -- densities ----------------------------------------------------------------


def _of_density(
    evidence: Evidence,
    points: Sequence[tuple[Terms, Terms]],
    sides: Sequence[Side],
) -> Finding:
    """The simplest change that explains a difference, in one model or the other."""
    for way in (evidence, evidence.reversed()):
        found = _tried(way)
        if found is not None:
            return found
    found = _edited(evidence, points, sides)
    if found is not None:
        return found
    said = pattern(evidence.a, evidence.b, [x for x, _ in points])
    if said is not None:
        confusion, words, error = said
        return evidence.finding(confusion, words, error)
    return other(evidence.pair, evidence.a, evidence.b, points, evidence.labels)


def _tried(evidence: Evidence) -> Finding | None:
    """The first row that explains the difference."""
    for trial in trials(evidence.a[0]):
        error = _score(trial, evidence)
        if error <= EXPLAINED:
            return evidence.finding(trial.confusion, trial.words, error)
    return None


def _score(trial: Trial, evidence: Evidence) -> float:
    scores: list[float | None] = []
    for term, wanted in zip(evidence.a, evidence.b, strict=True):
        score = attempt(trial, term)
        if score is None or not np.isfinite(score):
            return np.inf
        if abs(score - wanted.log_prob) > EXPLAINED * max(1, abs(wanted.log_prob)):
            return np.inf
        scores.append(score)
    return evidence.error(scores)


def _edited(
    evidence: Evidence,
    points: Sequence[tuple[Terms, Terms]],
    sides: Sequence[Side],
) -> Finding | None:
    """A change inside of an expression, in a model that can be read."""
    for number, way in ((0, evidence), (1, evidence.reversed())):
        spec, name = sides[number].read(), way.pair.a
        if spec is None or name is None:
            continue
        values = [
            {n: t.value for n, t in p[number].items() if t.value is not None}
            for p in points
        ]
        wanted = [t.log_prob for t in way.b]
        found = edited(spec, name, values, wanted, EXPLAINED)
        if found is not None:
            confusion, words, error = found
            return way.finding(confusion, words, error)
    return None
