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
from jointbridge.conformance.checks.measure import Measure, fact
from jointbridge.conformance.checks.row import Check, NotApplicable
from jointbridge.conformance.points import law
from jointbridge.conformance.subject import Subject
from jointbridge.errors import UnsamplableError
from jointbridge.expression import names
from jointbridge.families import FAMILIES

#: The rate of false alarms of a run, how many tests of laws it may have at most, and
#: below what a test is looked at again.
ALPHA, TESTS, SUSPICIOUS = 1e-6, 1000, 1e-3

#: How many draws are looked at one by one.
SOME = 500

#: How many draws of vectors are scored, and how many at a time, by their support: a
#: constant that is a series may need eight megabytes for each.
SCORED, PIECE = {"circular": 1000}, 250


def _drawn(subject: Subject, seed: int, shape: tuple[int, ...]) -> np.ndarray:
    compiled = subject.literal
    try:
        return np.asarray(compiled.numpy(compiled.sample(seed, shape)["x"]))
    except UnsamplableError as error:
        raise NotApplicable(error.problems[0].message) from error


def _types(subject: Subject) -> Iterator[Measure]:
    shape = (SOME // 2, 2)
    first, again = (_drawn(subject, subject.seed, shape) for _ in range(2))
    other = _drawn(subject, subject.seed + 1, shape)
    event = subject.site.type.shape
    yield fact(first.shape, (*shape, *event), "shape of draws")
    wanted = "integers" if subject.discrete else subject.dtype
    kind = "integers" if first.dtype.kind == "i" else str(first.dtype)
    yield fact(kind, wanted, "kind of draws")
    yield fact(bool(np.array_equal(first, again)), True, "one seed, the same draws")
    differ = not np.array_equal(first, other)
    yield fact(differ, True, "another seed, other draws")
    score = subject.literal.numpy(subject.literal.log_prob({"x": first}))
    outside = int(np.sum(~np.isfinite(score)))
    yield fact(outside, 0, f"draws outside the support, of {SOME}")


def _law(subject: Subject) -> Iterator[Measure]:
    measure = FAMILIES[subject.case.family].measure
    if "censored" in measure:
        raise NotApplicable(f"its density is no law of a draw: {measure}")
    count = subject.profile.draws
    first = _tests(subject, subject.seed + 2, count)
    if not first:
        raise NotApplicable("nothing is known of its law beyond its density")
    told = ""
    if _smallest(first) < SUSPICIOUS:
        told = f"; before, with {count} draws: p = {_smallest(first):.1e}"
        first = _tests(subject, subject.seed + 3, 4 * count)
    p, name = min((p, n) for n, p in first.items())
    p = min(1.0, p * len(first))
    error = float("inf") if p < ALPHA / TESTS else 0.0
    exact = f"p above {ALPHA / TESTS:.0e}"
    got = f"p = {p:.2g}{told}"
    yield Measure(got, exact, error, error, what=f"law of draws: {name}", p_value=p)


def _smallest(found: Mapping[str, float]) -> float:
    """The smallest p-value, as if there were but one test."""
    return min(1.0, min(found.values()) * len(found))


def _tests(subject: Subject, seed: int, count: int) -> dict[str, float]:
    """P-values of everything that is known about the law."""
    draws = _drawn(subject, seed, (count,))
    known = law(subject.case)
    found = _scores(subject, draws)
    if known is not None:
        where = (draws, known.edges, known.masses)
        gap = {"largest gap": laws.kolmogorov(*where)} if not subject.discrete else {}
        return {**found, **gap, "bins": laws.chi_square(*where)}
    if (other := _others(subject, seed, count)) is not None:
        found |= laws.same_law(draws, other)
    return found


def _scores(subject: Subject, draws: np.ndarray) -> dict[str, float]:
    """The mean of the score is 0 for parameters that move freely, but no support."""
    moving = (subject.at("typical")[0].gradient or {}).keys() - {"x"}
    if not moving or any(names(n) for _, n in subject.site.support.params):
        return {}
    if subject.site.type.shape and subject.site.support.name in SCORED:
        few = draws[: SCORED[subject.site.support.name]]
        pieces = [few[i : i + PIECE] for i in range(0, len(few), PIECE)]
    else:
        pieces = [draws]
    found = [_gradients(subject, piece) for piece in pieces]
    whole = {n: np.concatenate([x[n] for x in found]) for n in sorted(moving)}
    return laws.score_identity(whole)


def _gradients(subject: Subject, draws: np.ndarray) -> dict[str, np.ndarray]:
    """The score of each draw, by parameter."""
    batch = {
        n: np.broadcast_to(np.asarray(x, float), (len(draws), *np.shape(x)))
        for n, x in subject.typical.items()
    }
    _, gradients = subject.compiled.value_and_grad({**batch, "x": draws})
    return {n: subject.compiled.numpy(x) for n, x in gradients.items()}


def _others(subject: Subject, seed: int, count: int) -> np.ndarray | None:
    """Draws of a stranger: of SciPy, or of the reference backend."""
    stranger = strangers.draw(subject.case, subject.typical, seed, count)
    if stranger is not None or subject.backend.name == backends.REFERENCE:
        return stranger
    spec, reference = subject.literal.program.spec, backends.get(backends.REFERENCE)
    compiled = Compiled(spec, reference, "float64")
    return np.asarray(compiled.numpy(compiled.sample(seed + 1000, (count,))["x"]))


CHECKS = [
    Check("draw types", 5, "draws: shape, kind, seeds, in the support", _types),
    Check("draws", 5, "draws follow the law", _law, ("float64",)),
]
