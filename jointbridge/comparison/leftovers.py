"""What can be said of a difference that no change of a distribution explains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from jointbridge.backends.blackbox import Term
from jointbridge.comparison.confusions import JACOBIANS, Confusion
from jointbridge.comparison.copies import settled
from jointbridge.comparison.matching import Pair
from jointbridge.comparison.outcome import Finding
from jointbridge.comparison.relations import close, relation, shifted
from jointbridge.evaluate import Evaluator
from jointbridge.expression import Distribution, Name, Number, Support, inner, is_many
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.syntax import parse_row

_TOLERANCE = 1e-7
Terms = dict[str, Term]
Said = tuple[Confusion, dict[str, str], float]

_JACOBIAN = "a change of variables needs the log of its derivative in the density, once"


def _jacobians(points: Sequence[Terms]) -> Iterator[tuple[str, str, np.ndarray]]:
    """For each latent site and map: the sum of the log derivatives at each point."""
    for name, term in points[0].items():
        if term.value is None or term.discrete or term.curved or not term.latent:
            continue
        for map_, text in JACOBIANS.items():
            with np.errstate(all="ignore"):
                sums = [_sum_of(text, p[name].value) for p in points]
            if np.isfinite(sums).all():
                yield name, map_, np.array(sums)


def _sum_of(text: str, value: Any) -> float:
    array = np.asarray(value, float)
    scope = Scope({"value": Type(array.shape)})
    found = Evaluator(NumpyArrays(), scope, {"value": array})(parse_row(text))
    return float(np.sum(np.broadcast_to(found, array.shape)))


def _same(x: np.ndarray, y: np.ndarray) -> bool:
    return bool((np.abs(x - y) <= _TOLERANCE * np.maximum(1, np.abs(y))).all())


def factors(
    terms: Sequence[Term], points: Sequence[Terms], *, has: str, lacks: str
) -> Finding | None:
    """What a term is that only one model has."""
    parts = np.array([t.log_prob for t in terms])
    site = terms[0].name
    for name, map_, sums in _jacobians(points):
        if _same(parts, sums) or _same(parts, -sums):
            text = f"{lacks} lacks {site!r}: the Jacobian of {map_} for {name!r}"
            return Finding(site, "missing Jacobian", text, _JACOBIAN, 0.0)
    for name in points[0]:
        others = np.array([p[name].log_prob for p in points])
        if name != site and _same(parts, others):
            text = f"{has} counts {name!r} once more in {site!r}"
            fix = "leave one of the two out"
            return Finding(site, "counted twice", text, fix, 0.0)
    if len(parts) > 1 and np.ptp(parts) <= _TOLERANCE * max(1, abs(parts[0])):
        text = f"{has} has {site!r}, the same number {parts[0]:.6g} at all points"
        fix = "a normaliser: add it, or leave it out in both"
        return Finding(site, "lost normaliser", text, fix, 0.0)
    return None


def pattern(
    a: Sequence[Term], b: Sequence[Term], points: Sequence[Terms]
) -> Said | None:
    """What is known of the difference from its numbers alone."""
    x, y = (np.array([t.log_prob for t in terms]) for terms in (a, b))
    gap = y - x
    for name, map_, sums in _jacobians(points):
        for sign, verb in ((-1, "lacks"), (1, "adds")):
            if _same(gap, sign * sums):
                says = f"{{b}} {verb} the Jacobian of {map_} for {name!r}"
                row = Confusion("missing Jacobian", says, _JACOBIAN)
                return row, {}, float(np.abs(gap - sign * sums).max())
    if len(gap) < 2:
        return None
    if np.ptp(gap) <= _TOLERANCE * max(1.0, float(np.abs(x).max())):
        return _constant(float(gap[0]), a[0]), {}, float(np.ptp(gap))
    ratio = y / np.where(x == 0, np.nan, x)
    if np.isfinite(ratio).all() and np.ptp(ratio) <= _TOLERANCE * abs(ratio[0]):
        says = f"{{b}} has {ratio[0]:.6g} times the log density"
        fix = "check scale, mask and plates: it is counted another number of times"
        return Confusion("scale forgotten", says, fix), {}, float(np.ptp(ratio))
    return None


def _constant(gap: float, term: Term) -> Confusion:
    count = max(1, int(np.prod(term.batch)))
    each = f", {gap / count:+.6g} for each copy" if count > 1 else ""
    says = f"the log density of {{b}} is {gap:+.6g} off at all points{each}"
    fix = "a normaliser that depends on data and constants only: it moves no posterior"
    return Confusion("lost normaliser", says, fix)


# -- parameters ---------------------------------------------------------------


def other(
    pair: Pair,
    a: Sequence[Term],
    b: Sequence[Term],
    points: Sequence[tuple[Terms, Terms]],
    labels: tuple[str, str],
) -> Finding:
    """What differs in what the distributions were built with."""
    if a[0].dist is None or b[0].dist is None:
        text = f"{a[0].words or 'a term'} in {labels[0]}, {b[0].words} in {labels[1]}"
        return Finding(pair.name, "unknown", f"no known confusion explains it: {text}")
    mine, theirs = _given(a), _given(b)
    if mine[0] != theirs[0]:
        text = f"{labels[1]} has {_article(theirs[0])} where {labels[0]} has {_article(mine[0])}"
        fix = "use the same family"
        return Finding(pair.name, "other family", text, fix)
    for name, values in mine[1].items():
        others = theirs[1].get(name)
        if others is not None and not all(map(_alike, values, others)):
            return _parameter(pair, name, values, others, points, labels)
    text = "the parameters are the same, the densities are not"
    return Finding(pair.name, "summed wrongly", text, "check masks, scales and plates")


def related(
    pair: Pair, a: Sequence[Term], b: Sequence[Term], labels: tuple[str, str]
) -> Finding | None:
    """A parameter that is a known function of the other model's; asks no density."""
    if not a or any(t.dist is None for t in (*a, *b)):
        return None
    mine, theirs = _given(a), _given(b)
    if mine[0] != theirs[0]:
        return None
    for name, values in mine[1].items():
        others = theirs[1].get(name)
        if others is not None and not all(map(_alike, values, others)):
            return _related(pair, name, values, others, labels)
    return None


def _alike(x: np.ndarray, y: np.ndarray) -> bool:
    return close(x, y, 1e-9)


def _article(family: str) -> str:
    return f"{'an' if family[0] in 'AEIOU' else 'a'} {family}"


def _given(terms: Sequence[Term]) -> tuple[str, dict[str, list[np.ndarray]]]:
    """The family, and each parameter at each point."""
    found: dict[str, list[np.ndarray]] = {}
    family = ""
    for term in terms:
        assert term.dist is not None
        arrays = dict(term.arrays)
        dist = settled(term.dist, arrays)
        family = _families(dist)
        for name, value in _flat(dist, arrays):
            found.setdefault(name, []).append(value)
    return family, found


def _families(dist: Distribution) -> str:
    return " of ".join([dist.family, *(_families(d) for _, d in inner(dist))])


def _flat(
    dist: Distribution | Support, arrays: dict[str, np.ndarray]
) -> Iterator[tuple[str, np.ndarray]]:
    for name, node in dist.params:
        if isinstance(node, Distribution):
            yield from ((f"{name}.{n}", x) for n, x in _flat(node, arrays))
        elif is_many(node):
            for k, item in enumerate(node.items):
                yield from ((f"{name}[{k}].{n}", x) for n, x in _flat(item, arrays))
        elif isinstance(node, Support):
            yield from ((f"{name}.{n}", x) for n, x in _flat(node, arrays))
        elif isinstance(node, Number):
            yield name, np.asarray(float(node.value))
        elif isinstance(node, Name):
            yield name, np.asarray(arrays[node.name], float)
        else:
            types = {n: Type(x.shape) for n, x in arrays.items()}
            env = {n: np.asarray(x, float) for n, x in arrays.items()}
            found = Evaluator(NumpyArrays(), Scope(types), env)(node)
            yield name, np.asarray(found, float)


def _parameter(
    pair: Pair,
    name: str,
    mine: Sequence[np.ndarray],
    theirs: Sequence[np.ndarray],
    points: Sequence[tuple[Terms, Terms]],
    labels: tuple[str, str],
) -> Finding:
    a, b = labels
    known = _related(pair, name, mine, theirs, labels)
    if known is not None:
        return known
    latent = [
        {n: t.value for n, t in x.items() if t.value is not None and t.latent}
        for x, _ in points
    ]
    vector = shifted(mine, theirs, latent)
    if vector is not None:
        text = f"the index into {vector!r} is off by one in {name} of {b}"
        fix = "check the index: Python counts from 0, other languages from 1"
        return Finding(pair.name, "off by one", text, fix)
    text = f"{name} is {_short(mine[0])} in {a}, {_short(theirs[0])} in {b}"
    return Finding(pair.name, "other parameter", text, f"check {name}")


def _related(
    pair: Pair,
    name: str,
    mine: Sequence[np.ndarray],
    theirs: Sequence[np.ndarray],
    labels: tuple[str, str],
) -> Finding | None:
    found = relation(mine, theirs)
    if found is None:
        return None
    a, b = labels
    text = f"{b} has {found[1].format(p=name)} where {a} has {name}"
    return Finding(pair.name, found[0], text, f"check {name}")


def _short(array: np.ndarray) -> str:
    flat = [f"{x:.6g}" for x in np.ravel(array)[:4]]
    more = ", …" if array.size > 4 else ""
    return flat[0] if array.ndim == 0 else f"[{', '.join(flat)}{more}]"
