"""Which site of one model is which of the other."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from jointbridge.backends.blackbox import BlackBox, Term
from jointbridge.errors import ValueMismatchError, did_you_mean

Values = dict[str, np.ndarray]
Terms = dict[str, Term]

#: Log densities that agree so well are taken for the same site.
_SAME = 1e-8
#: Names that are so much alike are taken for one, where nothing speaks against it.
_ALIKE = 0.6


@dataclass(frozen=True)
class Pair:
    """A site of the first model and the same one of the second; None where it is not.

    Attributes:
        a: Its name in the first model.
        b: Its name in the second.
    """

    a: str | None
    b: str | None

    @property
    def name(self) -> str:
        """The name for people."""
        return str(self.a or self.b)


@dataclass(frozen=True)
class Matching:
    """All pairs, and those of different names that were guessed.

    Attributes:
        pairs: Every site of both models once.
        guessed: Names of the first model with those of the second.
    """

    pairs: tuple[Pair, ...]
    guessed: tuple[tuple[str, str], ...] = ()


def match(
    boxes: tuple[BlackBox, BlackBox],
    terms: tuple[Terms, Terms],
    names: Mapping[str, str],
    seed: int,
) -> Matching:
    """The sites of two models in pairs: as told, by name, then by what they say.

    Raises:
        ValueMismatchError: `names` has a site that a model does not have.
    """
    a, b = terms
    _check(names, a, b)
    found = dict(names)
    taken = set(found.values())
    for name in a:
        if name not in found and name in b and name not in taken:
            found[name] = name
    guessed = _guess(boxes, terms, found, seed)
    found |= guessed
    pairs = [Pair(name, found.get(name)) for name in a]
    others = set(found.values())
    pairs += [Pair(None, name) for name in b if name not in others]
    return Matching(tuple(pairs), tuple(guessed.items()))


def _check(names: Mapping[str, str], a: Terms, b: Terms) -> None:
    for name, known in (*((n, a) for n in names), *((n, b) for n in names.values())):
        if name not in known:
            hint = did_you_mean(name, known)
            raise ValueMismatchError(f"no site {name!r} to be matched", hint=hint)


def _guess(
    boxes: tuple[BlackBox, BlackBox],
    terms: tuple[Terms, Terms],
    found: Mapping[str, str],
    seed: int,
) -> dict[str, str]:
    a, b = terms
    left = [n for n in a if n not in found]
    right = [n for n in b if n not in set(found.values())]
    guessed: dict[str, str] = {}
    if not left or not right:
        return guessed
    mine, theirs = boxes[0].draw(seed), boxes[1].draw(seed)
    expected = boxes[0].terms(mine)
    for name in left:
        alike = [n for n in right if _fits(a[name], b[n])]
        errors = {}
        for other in alike:
            known = {**found, **guessed, name: other}
            given = {o: mine[n] for n, o in known.items() if n in mine and o in theirs}
            given = {n: np.reshape(x, theirs[n].shape) for n, x in given.items()}
            got = _part(boxes[1], {**theirs, **given}, other)
            errors[other] = _error(expected[name].log_prob, got)
        best = _best(name, errors, single=len(alike) == 1 == len(left))
        if best is not None:
            guessed[name] = best
            right.remove(best)
    return guessed


def _fits(x: Term, y: Term) -> bool:
    if not (x.latent or y.latent):
        return True
    sizes = np.prod(x.shape) == np.prod(y.shape)
    return bool(x.latent and y.latent and sizes and x.discrete == y.discrete)


def _part(box: BlackBox, values: Values, name: str) -> float:
    try:
        return box.terms(values)[name].log_prob
    except Exception:  # noqa: BLE001 - a value of another site is no answer
        return np.nan


def _error(expected: float, got: float) -> float:
    error = abs(expected - got) / max(1.0, abs(expected))
    return np.inf if np.isnan(error) else error


def _best(name: str, errors: Mapping[str, float], *, single: bool) -> str | None:
    """The site that says the same; otherwise the one whose name is much alike."""
    alike = {n: difflib.SequenceMatcher(None, name, n).ratio() for n in errors}
    same = [n for n, error in errors.items() if error <= _SAME]
    if same:
        return max(same, key=lambda n: alike[n])
    close = [n for n in alike if alike[n] >= _ALIKE or single]
    return max(close, key=lambda n: alike[n]) if close else None
