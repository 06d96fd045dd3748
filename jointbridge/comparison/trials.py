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
from jointbridge.comparison.textbook import density
from jointbridge.errors import JointBridgeError
from jointbridge.evaluate import Evaluator
from jointbridge.expression import (
    Call,
    Distribution,
    Expression,
    Name,
    Number,
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


def settled(dist: Distribution, arrays: dict[str, np.ndarray]) -> Distribution:
    """The distribution with its defaults written and one choice of parameters.

    Logits become probabilities, covariance and precision a Cholesky factor.
    """
    given = {n: settled_node(x, arrays) for n, x in dist.params}
    for name, parameter in CATALOGUE[dist.family].parameters.items():
        if parameter.default is not None and name not in given and not parameter.choice:
            given[name] = parameter.default
    for (name, onto), text in _CHOICES.items():
        row = CATALOGUE[dist.family].parameters
        if name in given and onto in row and onto not in given:
            vector = bool(row[name].axes) and len(row[name].axes) == 1
            text = "softmax(x)" if vector else text
            given[onto] = substitute(_parse(text, given[name], arrays), {})
            del given[name]
    order = [n for n in CATALOGUE[dist.family].parameters if n in given]
    return Distribution(dist.family, tuple((n, given[n]) for n in order))


_CHOICES = {
    ("logits", "probs"): "expit(x)",
    ("gate_logits", "gate"): "expit(x)",
    ("covariance_matrix", "scale_tril"): "cholesky(x)",
    ("precision_matrix", "scale_tril"): (
        "cholesky(solve_triangular(cholesky(x), solve_triangular(cholesky(x), eye(K)),"
        " transpose_a=True))"
    ),
}


def settled_node(node: Any, arrays: dict[str, np.ndarray]) -> Any:
    """`settled` for distributions inside of distributions."""
    return settled(node, arrays) if isinstance(node, Distribution) else node


def _parse(text: str, node: Expression, arrays: dict[str, np.ndarray]) -> Expression:
    """The text with `x` and `K` filled in."""
    size = 1
    if isinstance(node, Name) and node.name in arrays and arrays[node.name].ndim:
        size = int(arrays[node.name].shape[-1])
    return substitute(parse(text, {"K": size}), {"x": node})  # type: ignore[no-any-return]


def _sum(term: Term, copies: np.ndarray) -> float:
    """The sum over copies, masked and scaled as the site is."""
    copies = np.broadcast_to(copies, term.batch)
    if term.mask is not None:
        copies = np.where(term.mask, copies, 0.0)
    if term.scale is not None:
        copies = copies * term.scale
    return float(np.sum(copies))


def copies_of(
    term: Term, dist: Distribution | None = None, value: Any = None
) -> np.ndarray:
    """The log density of each copy of a site."""
    dist = term.dist if dist is None else dist
    if dist is None or term.value is None:
        raise KeyError(term.name)
    value = term.value if value is None else value
    return density(dist, term.arrays, value, term.batch)


Change = Callable[[Distribution, Any], Distribution | None]


def _changed(confusion: Confusion, words: dict[str, str], change: Change) -> Trial:
    """A trial of another distribution."""

    def score(term: Term) -> float:
        assert term.dist is not None
        arrays = dict(term.arrays)
        made = change(settled(term.dist, arrays), arrays)
        if made is None:
            raise KeyError(confusion.name)
        return _sum(term, copies_of(replace(term, arrays=arrays), made))

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
                whole = isinstance(node, Distribution)
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
            (n, _parse(text, x, arrays) if n == name else x)  # type: ignore[arg-type]
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
        return _sum(term, copies_of(replace(term, arrays=arrays), dist, kept))

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
        return term.log_prob + _sum(term, more)

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

# -- sums ---------------------------------------------------------------------


def _of_sums(term: Term) -> Iterator[Trial]:
    words = {"f": term.words, "p": ""}
    for confusion, score in _SUMS:
        yield Trial(confusion, words, score)


def _unmasked(term: Term) -> float:
    if term.mask is None or bool(np.all(term.mask)):
        raise KeyError("mask")
    return _sum(replace(term, mask=None), copies_of(term))


def _unscaled(term: Term) -> float:
    if term.scale is None:
        raise KeyError("scale")
    return _sum(replace(term, scale=None), copies_of(term))


def _mean(term: Term) -> float:
    return term.log_prob / _count(term)


def _count(term: Term) -> int:
    count = int(np.prod(term.batch))
    if count < 2:
        raise KeyError("copies")
    return count


def _without(places: slice) -> Callable[[Term], float]:
    def score(term: Term) -> float:
        _count(term)
        keep = np.zeros(term.batch, bool)
        keep[..., places] = True
        return _sum(term, np.where(keep, copies_of(term), 0.0))

    return score


def _repeated(term: Term) -> float:
    return term.log_prob * _count(term)


def _pairs(term: Term) -> float:
    """Each value against each parameter: two vectors that are broadcast to a matrix."""
    (count,) = term.batch
    if term.value is None:
        raise KeyError("value")
    wide = replace(term, batch=(count, count), mask=None, scale=None)
    return float(np.sum(copies_of(wide, value=term.value[:, None])))


_SUMS: list[tuple[Confusion, Callable[[Term], float]]] = [
    (
        Confusion(
            "mask forgotten",
            "{b} counts what the mask of {a} leaves out",
            "mask the site there too",
        ),
        _unmasked,
    ),
    (
        Confusion(
            "scale forgotten",
            "{b} does not scale the log density as {a} does",
            "scale the site there too (a subsampled plate, or handlers.scale)",
        ),
        _unscaled,
    ),
    (
        Confusion(
            "mean instead of sum",
            "{b} has the mean over the copies where {a} has the sum",
            "take the sum: a log likelihood is a sum",
        ),
        _mean,
    ),
    (
        Confusion(
            "counted twice",
            "{b} counts the site twice",
            "leave one of the two out (a site and a factor, or an obs in two places)",
        ),
        lambda term: 2 * term.log_prob,
    ),
    (
        Confusion(
            "summed wrongly",
            "{b} counts the log density once for each copy: it is summed over a plate "
            "or batch axis once too often",
            "check to_event, and in which plates the site stands",
        ),
        _repeated,
    ),
    (
        Confusion(
            "summed wrongly",
            "{b} pairs each value with each parameter: shapes [n, 1] and [n] are "
            "broadcast to [n, n]",
            "give both the same shape",
        ),
        _pairs,
    ),
    (
        Confusion(
            "off by one",
            "{b} leaves the first copy out",
            "check where the slice or loop starts",
        ),
        _without(slice(1, None)),
    ),
    (
        Confusion(
            "off by one",
            "{b} leaves the last copy out",
            "check where the slice or loop ends",
        ),
        _without(slice(None, -1)),
    ),
    (
        Confusion(
            "summed wrongly",
            "{b} counts the first copy alone",
            "sum over all copies",
        ),
        _without(slice(0, 1)),
    ),
]
