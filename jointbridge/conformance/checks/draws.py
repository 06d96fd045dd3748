"""Level 5: draws have the right shapes and kinds, lie in the support and follow the law.

A law is tested with `ALPHA / TESTS`: a whole run on any number of backends raises a false
alarm with probability below `ALPHA`. What looks unlikely is drawn again with a new seed
and four times the draws, and the second look decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from jointbridge import backends
from jointbridge.backends.compiled import Compiled
from jointbridge.conformance.checks import laws, strangers
from jointbridge.conformance.checks.measure import Measure, fact, kind
from jointbridge.conformance.checks.row import Check, NotApplicable
from jointbridge.conformance.drawn import Draws
from jointbridge.conformance.library import axes
from jointbridge.conformance.points import law
from jointbridge.conformance.subject import Subject
from jointbridge.errors import UnsamplableError
from jointbridge.expression import names

#: The rate of false alarms of a run, how many tests of laws it may have at most, and
#: below what a test is looked at again.
ALPHA, TESTS, SUSPICIOUS = 1e-6, 1000, 1e-3


def _first(subject: Subject) -> Draws:
    try:
        return subject.draws
    except UnsamplableError as error:
        raise NotApplicable(error.problems[0].message) from error


def _types(subject: Subject) -> Iterator[Measure]:
    first, count = _first(subject), subject.profile.draws
    again = subject.drawn(subject.seed, count)
    other = subject.drawn(subject.seed + 1, count)
    shape = (*axes(count), *subject.site.type.shape)
    yield fact(first.values.shape, shape, "shape of draws")
    wanted = "integers" if subject.discrete else subject.dtype
    yield fact(kind(first.values), wanted, "kind of draws")
    same = bool(np.array_equal(first.values, again.values))
    yield fact(same, True, "one seed, the same draws")
    differ = not np.array_equal(first.values, other.values)
    yield fact(differ, not subject.certain, "another seed, other draws")
    scores, _ = first.graded
    yield fact(first.outside, 0, f"draws outside the support, of {len(scores)}")


def _law(subject: Subject) -> Iterator[Measure]:
    measure = subject.family.measure
    if "censored" in measure:
        raise NotApplicable(f"its density is no law of a draw: {measure}")
    first = _tests(subject, _first(subject), subject.seed)
    if not first:
        raise NotApplicable("nothing is known of its law beyond its density")
    told, count = "", subject.profile.draws
    if _smallest(first) < SUSPICIOUS:
        told = f"; before, with {count} draws: p = {_smallest(first):.1e}"
        seed = subject.seed + 3
        first = _tests(subject, subject.drawn(seed, 4 * count), seed)
    p, name = min((p, n) for n, p in first.items())
    p = min(1.0, p * len(first))
    error = float("inf") if p < ALPHA / TESTS else 0.0
    exact = f"p above {ALPHA / TESTS:.0e}"
    got = f"p = {p:.2g}{told}"
    yield Measure(got, exact, error, error, what=f"law of draws: {name}", p_value=p)


def _smallest(found: Mapping[str, float]) -> float:
    """The smallest p-value, as if there were but one test."""
    return min(1.0, min(found.values()) * len(found))


def _tests(subject: Subject, draws: Draws, seed: int) -> dict[str, float]:
    """P-values of everything that is known about the law."""
    found, flat = _scores(subject, draws), draws.flat
    known = law(subject.case)
    if known is not None:
        where = (flat, known.edges, known.masses)
        gap = {"largest gap": laws.kolmogorov(*where)} if not subject.discrete else {}
        return {**found, **gap, "bins": laws.chi_square(*where)}
    if (other := _others(subject, seed, len(flat))) is not None:
        found |= laws.same_law(flat, other)
    return found


def _scores(subject: Subject, draws: Draws) -> dict[str, float]:
    """The mean of the score is 0 for parameters that move freely, but no support."""
    moving = (subject.at("typical")[0].gradient or {}).keys() - {"x"}
    if not moving or any(names(n) for _, n in subject.site.support.params):
        return {}
    _, gradients = draws.graded
    return laws.score_identity({n: gradients[n] for n in sorted(moving)})


def _others(subject: Subject, seed: int, count: int) -> np.ndarray | None:
    """Draws of a stranger: of SciPy, or of the reference backend."""
    stranger = strangers.draw(subject.case, subject.typical, seed, count)
    if stranger is not None or subject.backend.name == backends.REFERENCE:
        return stranger
    spec, reference = subject.literal.program.spec, backends.get(backends.REFERENCE)
    compiled = Compiled(spec, reference, "float64")
    found = compiled.sample(seed + 1000, axes(count))["x"]
    flat = (count, *subject.site.type.shape)
    return np.reshape(compiled.numpy(found), flat)


CHECKS = [
    Check("draw types", 5, "draws: shape, kind, seeds, in the support", _types),
    Check("draws", 5, "draws follow the law", _law, ("float64",)),
]
