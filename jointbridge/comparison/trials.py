"""A row of the table of confusions, done to a site: what would it say then?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from jointbridge.backends.blackbox import Term
from jointbridge.comparison.confusions import (
    FAMILIES,
    JACOBIAN_ROWS,
    NORMALISER_ROWS,
    PARAMETERS,
    VALUES,
    Confusion,
    Plus,
    Value,
)
from jointbridge.comparison.confusions import Family as FamilyRow
from jointbridge.comparison.confusions import Parameter as ParameterRow
from jointbridge.comparison.copies import copies_of, filled_in, settled, summed
from jointbridge.comparison.sums import SUMS
from jointbridge.errors import JointBridgeError
from jointbridge.evaluate import Evaluator
from jointbridge.expression import (
    Call,
    Distribution,
    Name,
    Number,
    Support,
    is_many,
    names,
    substitute,
)
from jointbridge.families import FAMILIES as CATALOGUE
from jointbridge.numpy_arrays import NumpyArrays
from jointbridge.shapes import Scope
from jointbridge.spec import Type
from jointbridge.syntax import parse, parse_template

#: What cannot be tried on a site is no answer, and no fault.
_IMPOSSIBLE = (
    JointBridgeError,
    NotImplementedError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    np.linalg.LinAlgError,
)

#: No change at all: the catalogue's own density is already that of the other model.
DIGITS = Confusion(
    "lost digits",
    "the library of {a} computes it with fewer digits than {b}; the models say the same",
    "nothing to mend in the port; see `jointbridge divergence list`, and accurate=True",
)


@dataclass(frozen=True)
class Trial:
    """One change of a site.

    Attributes:
        confusion: The row.
        words: What stands for the names in the texts of the row.
        score: The log density of the changed site at a point.
    """

    confusion: Confusion
    words: dict[str, str]
    score: Callable[[Term], float]


def trials(term: Term) -> Iterator[Trial]:
    """All changes that may be tried on a site, the simplest first."""
    if term.dist is not None:
        yield _changed(DIGITS, {}, lambda dist, arrays: dist)  # noqa: ARG005
        yield from _of_parameters(term)
        yield from _swaps(term)
        yield from _of_families(term)
    yield from _of_sums(term)
    if term.dist is not None:
        yield from _of_values(term)
    yield from _of_terms(term)


def attempt(trial: Trial, term: Term) -> float | None:
    """What the changed site says; None where the change cannot be made."""
    try:
        with np.errstate(all="ignore"):
            return float(trial.score(term))
    except _IMPOSSIBLE:
        return None


# -- distributions ------------------------------------------------------------


Change = Callable[[Distribution, Any], Distribution | None]


def _changed(confusion: Confusion, words: dict[str, str], change: Change) -> Trial:
    """A trial of another distribution."""

    def score(term: Term) -> float:
        assert term.dist is not None
        arrays = dict(term.arrays)
        made = change(settled(term.dist, arrays), arrays)
        if made is None:
            raise KeyError(confusion.name)
        return summed(term, copies_of(replace(term, arrays=arrays), made))

    return Trial(confusion, words, score)


def _inner(dist: Distribution) -> Iterator[tuple[tuple[str, ...], Distribution]]:
    """The distribution and those inside of it, with the way to each."""
    yield (), dist
    for name, node in dist.params:
        if isinstance(node, Distribution):
            yield from (((name, *path), d) for path, d in _inner(node))


def _at(path: tuple[str, ...], change: Change) -> Change:
    """A change of the distribution at the end of a path."""
    if not path:
        return change

    def outer(dist: Distribution, arrays: Any) -> Distribution | None:
        params: list[tuple[str, Any]] = []
        for name, node in dist.params:
            if name == path[0] and isinstance(node, Distribution):
                made = _at(path[1:], change)(node, arrays)
                if made is None:
                    return None
                params.append((name, made))
            else:
                params.append((name, node))
        return Distribution(dist.family, tuple(params))

    return outer


def _of_parameters(term: Term) -> Iterator[Trial]:
    assert term.dist is not None
    inner = list(_inner(settled(term.dist, dict(term.arrays))))
    for row in PARAMETERS:
        for path, dist in inner:
            for name, node in dist.params:
                whole = isinstance(node, (Distribution, Support)) or is_many(node)
                if not whole and (name in row.parameters or "*" in row.parameters):
                    words = {"p": name, "f": dist.family}
                    yield _changed(row, words, _at(path, _parameter(row, name)))


def _parameter(row: ParameterRow, name: str) -> Change:
    def change(dist: Distribution, arrays: Any) -> Distribution:
        text = row.becomes
        kind = CATALOGUE[dist.family].parameters[name]
        if name == "probs" and kind.axes and text == "expit(x)":
            text = "softmax(x)"
        params = (
            (n, filled_in(text, x, arrays) if n == name else x)  # type: ignore[arg-type]
            for n, x in dist.params
        )
        return Distribution(dist.family, tuple(params))

    return change


def _swaps(term: Term) -> Iterator[Trial]:
    assert term.dist is not None
    row = Confusion(
        "swapped parameters",
        "{b} has the parameters of {f} in another order: {p}",
        "give them by name",
    )
    for path, dist in _inner(settled(term.dist, dict(term.arrays))):
        own = [n for n, x in dist.params if isinstance(x, (Name, Number, Call))]
        for order in permutations(own) if 1 < len(own) <= 4 else ():
            moved = {n: o for n, o in zip(own, order, strict=True) if n != o}
            if not moved:
                continue
            said = ", ".join(f"{o} where {n} is" for n, o in moved.items())
            words = {"p": said, "f": dist.family}
            yield _changed(row, words, _at(path, _permuted(moved)))


def _permuted(moved: dict[str, str]) -> Change:
    def change(dist: Distribution, arrays: Any) -> Distribution:
        del arrays
        given = dict(dist.params)
        params = tuple((n, given[moved.get(n, n)]) for n, _ in dist.params)
        return Distribution(dist.family, params)

    return change


def _of_families(term: Term) -> Iterator[Trial]:
    assert term.dist is not None
    for row in FAMILIES:
        for path, dist in _inner(settled(term.dist, dict(term.arrays))):
            if row.family.startswith(f"{dist.family}("):
                yield _changed(
                    row, {"f": dist.family, "p": ""}, _at(path, _family(row))
                )


def _family(row: FamilyRow) -> Change:
    def change(dist: Distribution, arrays: Any) -> Distribution | None:
        del arrays
        made = substitute(parse_template(row.becomes), dict(dist.params))
        return made if isinstance(made, Distribution) else None

    return change


# -- values and terms ---------------------------------------------------------


def _of_values(term: Term) -> Iterator[Trial]:
    assert term.dist is not None
    for row in VALUES:
        if not row.families or term.dist.family in row.families:
            words = {"f": term.dist.family, "p": ""}
            yield Trial(row, words, _valued(row))


def _valued(row: Value) -> Callable[[Term], float]:
    def score(term: Term) -> float:
        assert term.dist is not None
        arrays = dict(term.arrays)
        dist = settled(term.dist, arrays)
        value = _evaluated(row.becomes, term, dist, arrays, each=False)
        assert term.value is not None
        kept = value.astype(term.value.dtype) if term.discrete else value
        return summed(term, copies_of(replace(term, arrays=arrays), dist, kept))

    return score


def _of_terms(term: Term) -> Iterator[Trial]:
    if term.value is None:
        return
    family = term.dist.family if term.dist is not None else term.words
    for row in (*NORMALISER_ROWS, *JACOBIAN_ROWS):
        yield Trial(row, {"f": family, "p": ""}, _plus(row))


def _plus(row: Plus) -> Callable[[Term], float]:
    def score(term: Term) -> float:
        arrays = dict(term.arrays)
        dist = None if term.dist is None else settled(term.dist, arrays)
        more = _evaluated(row.plus, term, dist, arrays, each=True)
        return term.log_prob + summed(term, more)

    return score


def _evaluated(
    text: str, term: Term, dist: Distribution | None, arrays: Any, *, each: bool
) -> np.ndarray:
    """A text over the value and the parameters; one number for each copy if `each`."""
    assert term.value is not None
    given: dict[str, Any] = dict(dist.params) if dist is not None else {}
    event = term.value.ndim - len(term.batch)
    size = term.value.shape[-1] if event else 1
    node = parse(text, {"K": size})
    if not names(node) <= {"value", *given}:
        raise KeyError(text)
    if each and "value" in names(node) and event:
        raise KeyError(text)
    node = substitute(node, given)
    env = {**arrays, "value": np.asarray(term.value)}
    env = {n: x.astype(float) if x.dtype.kind == "f" else x for n, x in env.items()}
    types = {n: Type(x.shape, _KINDS[x.dtype.kind]) for n, x in env.items()}
    return np.asarray(Evaluator(NumpyArrays(), Scope(types), env)(node))


_KINDS = {"f": "float", "i": "int", "u": "int", "b": "bool"}


def _of_sums(term: Term) -> Iterator[Trial]:
    words = {"f": term.words, "p": ""}
    for confusion, score in SUMS:
        yield Trial(confusion, words, score)
