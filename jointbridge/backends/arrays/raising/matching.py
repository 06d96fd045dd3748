"""Equations that are a function of the library, found by tracing that function.

It is traced for the types at hand, and its equations are compared with those that are
there, one by one. What is written for one version of JAX so holds for the next.

    reduce_max, max, is_finite, …, log, add      jax.scipy.special.logsumexp(x, axis=-1)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import jax
import numpy as np
from jax.extend import core

from jointbridge.backends.arrays.raising.examples import (
    EXAMPLES,
    Example,
    Options,
)
from jointbridge.expression import Expression


@dataclass(frozen=True)
class Match:
    """Equations that are a known function of some atoms."""

    arguments: tuple[Any, ...]
    example: Example
    options: Options

    def numbers(self, arrays: Sequence[Any]) -> Any:
        """What the function gives for known arguments."""
        return self.example.function(*arrays, **self.options)

    def build(self, raiser: Any, operands: Sequence[Any]) -> Expression:
        """The expression."""
        return self.example.build(raiser, operands, self.options)


def matches(equations: Sequence[Any]) -> dict[int, Match]:
    """By the id of the equation that gives the result, the function that it ends."""
    found: dict[int, Match] = {}
    for start, equation in enumerate(equations):
        for example in _beginnings().get(_key(equation), ()):
            for options in example.options(equation):
                hit = _matched(example, options, equations, start)
                if hit is not None:
                    last, match = hit
                    found.setdefault(id(last), match)
    return found


def _key(equation: Any) -> tuple[str, str]:
    return equation.primitive.name, str(equation.params.get("name", ""))


@cache
def _beginnings() -> Mapping[tuple[str, str], list[Example]]:
    """Examples by their first equation."""
    found: dict[tuple[str, str], list[Example]] = {}
    dtypes = {"float": "float32", "int": "int32"}
    for example in EXAMPLES:
        shapes = example.probes
        avals = [jax.ShapeDtypeStruct(s, dtypes[example.kind]) for s in shapes]
        for options in ({}, {"axis": -1}, {"num_classes": 3}):
            try:
                traced = jax.make_jaxpr(partial(example.function, **options))(*avals)
            except TypeError:
                continue
            rows = found.setdefault(_key(_useful(traced.jaxpr)[0]), [])
            if example not in rows:
                rows.append(example)
    return found


def _useful(jaxpr: Any) -> list[Any]:
    """The equations that the output depends on."""
    needed = set(jaxpr.outvars)
    kept = []
    for equation in reversed(jaxpr.eqns):
        if needed & set(equation.outvars):
            needed |= {a for a in equation.invars if not isinstance(a, core.Literal)}
            kept.append(equation)
    return kept[::-1]


def _matched(
    example: Example, options: Options, equations: Sequence[Any], start: int
) -> tuple[Any, Match] | None:
    pattern = _pattern(example, options, equations[start])
    if pattern is None:
        return None
    bound: dict[Any, Any] = {}
    at = start
    last = None
    for wanted in _useful(pattern):
        # Equations that nothing needs may stand in between.
        while at < len(equations) and not _alike(wanted, equations[at], bound):
            at += 1
            if at - start > 2 * len(pattern.eqns):
                return None
        if at == len(equations):
            return None
        last = equations[at]
        bound |= zip(wanted.outvars, last.outvars, strict=True)
        at += 1
    if last is None or any(v not in bound for v in pattern.invars):
        return None
    if bound[pattern.outvars[0]] is not last.outvars[0]:
        return None
    return last, Match(tuple(bound[v] for v in pattern.invars), example, options)


def _pattern(example: Example, options: Options, equation: Any) -> Any:
    """The jaxpr of the example for the types of an equation."""
    atoms, arity = equation.invars, len(example.probes)
    if len(atoms) < arity:
        return None
    avals = tuple(_aval(a) for a in atoms[:arity])
    least, most = example.ranks
    if not least <= len(avals[0][0]) <= most:
        return None
    return _traced(example, tuple(options.items()), avals)


def _aval(atom: Any) -> tuple[Any, ...]:
    aval = atom.aval
    return tuple(aval.shape), str(aval.dtype), bool(getattr(aval, "weak_type", False))


@cache
def _traced(example: Example, options: Any, avals: Any) -> Any:
    given = [jax.ShapeDtypeStruct(s, d, weak_type=w) for s, d, w in avals]
    try:
        closed = jax.make_jaxpr(partial(example.function, **dict(options)))(*given)
    except (TypeError, ValueError):
        return None
    plain = not closed.consts and len(closed.jaxpr.outvars) == 1
    return closed.jaxpr if plain and closed.jaxpr.eqns else None


def _alike(wanted: Any, found: Any, bound: dict[Any, Any]) -> bool:
    """Whether two equations are the same, given what variables stand for so far."""
    if _key(wanted) != _key(found) or len(wanted.invars) != len(found.invars):
        return False
    if [_aval(v) for v in wanted.outvars] != [_aval(v) for v in found.outvars]:
        return False
    fresh: dict[Any, Any] = {}
    for mine, theirs in zip(wanted.invars, found.invars, strict=True):
        if isinstance(mine, core.Literal):
            if not _same_literal(mine, theirs):
                return False
        elif (known := bound.get(mine, fresh.get(mine))) is None:
            if _aval(mine) != _aval(theirs):
                return False
            fresh[mine] = theirs
        elif known is not theirs:
            return False
    if not _same_params(wanted.params, found.params):
        return False
    bound |= fresh
    return True


def _same_literal(mine: Any, theirs: Any) -> bool:
    if not isinstance(theirs, core.Literal):
        return False
    return np.shape(mine.val) == np.shape(theirs.val) and bool(
        np.array_equal(mine.val, theirs.val, equal_nan=mine.val != mine.val)
    )


#: Parameters that say how to differentiate, by objects that are never equal.
_DERIVATIVES = {"jvp_jaxpr_fun", "jvp", "fwd_jaxpr_thunk", "fwd", "bwd"}


def _same_params(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    if mine.keys() != theirs.keys():
        return False
    return all(_same(v, theirs[k]) for k, v in mine.items() if k not in _DERIVATIVES)


def _same(mine: Any, theirs: Any) -> bool:
    if mine is theirs or (callable(mine) and callable(theirs)):
        return True
    if hasattr(mine, "eqns") and hasattr(theirs, "eqns"):
        return _text(mine) == _text(theirs)
    if isinstance(mine, tuple) and isinstance(theirs, tuple):
        return len(mine) == len(theirs) and all(map(_same, mine, theirs))
    return bool(np.all(mine == theirs))


def _text(jaxpr: Any) -> str:
    return str(jaxpr)
