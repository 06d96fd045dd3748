"""From the catalogue's spelling of a distribution to a library's own, still as an expression.

A backend's table says only what it spells differently, in the language of the catalogue:

    "InverseGamma": "InverseGamma(concentration=concentration, scale=rate)"

Lowering binds the names in such a row to the parameters that the user wrote.  What comes
out can be built (evaluate the arguments, call the constructor) or printed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from jointbridge.errors import UnsupportedError
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
from jointbridge.families import FAMILIES, Family
from jointbridge.families.accurate import ACCURATE
from jointbridge.shapes import Scope
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse_template


@dataclass(frozen=True)
class Missing:
    """Why a backend does not give a family.

    Attributes:
        word: `never` makes no sense there, `upstream` waits for the library, `not_yet`
            waits for us.
        reason: In one sentence, what to do instead included.
    """

    word: Literal["never", "upstream", "not_yet"]
    reason: str


@dataclass(frozen=True)
class Table:
    """What one backend spells differently or lacks.

    Everything else has the catalogue's names. A row that is no longer true is an error:
    the conformance suite says which.

    Attributes:
        different: By family, the library's constructor in terms of the parameters.
        rewritten: Families built as what their row says they are the same as.
        missing: By family, why there is none.
        idioms: Classes that the library has besides, and what they are in the catalogue;
            models are read and written with them.
        accurate: Families for which the catalogue has a density that keeps digits which
            the library loses.
        prefers_accurate: Whether these densities are used.
    """

    different: Mapping[str, str] = field(default_factory=dict)
    rewritten: frozenset[str] = frozenset()
    missing: Mapping[str, Missing] = field(default_factory=dict)
    idioms: Mapping[str, str] = field(default_factory=dict)
    accurate: frozenset[str] = frozenset()
    prefers_accurate: bool = False

    def __post_init__(self) -> None:
        listed = (*self.different, *self.rewritten, *self.missing)
        for family in listed:
            if family not in FAMILIES:
                msg = f"a row for {family!r}, which the catalogue does not have"
                raise KeyError(msg)
        for family, text in self.different.items():
            known = set(FAMILIES[family].parameters)
            if unknown := names(parse_template(text)) - known:
                msg = f"the row for {family!r} uses {sorted(unknown)}"
                raise KeyError(msg)
        for family in self.accurate - {family for family, _ in ACCURATE}:
            msg = f"{family!r} has no accurate density"
            raise KeyError(msg)
        for family in self.rewritten:
            if not FAMILIES[family].same_as:
                msg = f"{family!r} is the same as no other family"
                raise KeyError(msg)
        for native, ours in self.idioms.items():
            if unknown := names(parse_template(ours)) - names(parse_template(native)):
                msg = f"the idiom {native!r} does not bind {sorted(unknown)}"
                raise KeyError(msg)


@dataclass(frozen=True)
class Argument:
    """An array argument: its expression and how many event axes it has."""

    node: Any
    axes: int
    kind: str


@dataclass(frozen=True)
class Formula:
    """A log density written over `value` and parameters.

    Attributes:
        text: The formula, in the language of the catalogue.
        kind: The kind of a value.
        axes: By parameter, how many axes it has of its own.
        sizes: The sizes that the formula names, as the number of categories.
    """

    text: str
    kind: str
    axes: tuple[tuple[str, int], ...]
    sizes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Native:
    """A constructor of a library with its arguments.

    Attributes:
        extra: Batch axes that it has beyond those of the whole, as a mixture's
            components do.
        density: What scores a value instead of the library's own density.
        given: What the density is over.
    """

    constructor: str
    arguments: Mapping[str, Any]
    extra: int = 0
    density: Formula | None = None
    given: Mapping[str, Argument] = field(default_factory=dict)


def lower(node: Distribution, table: Table, scope: Scope, extra: int = 0) -> Native:
    """The native spelling of a distribution.

    Raises:
        UnsupportedError: The backend lacks the family.
    """
    row = FAMILIES[node.family]
    if gap := table.missing.get(node.family):
        raise UnsupportedError(f"no {node.family} here: {gap.reason}", hint=gap.word)
    if node.family in table.rewritten:
        return lower(rewritten(node), table, scope, extra)
    params = _parameters(node, row, table, scope)
    text = table.different.get(node.family)
    template = parse_template(text) if text else _plain(row)
    native = _bind(template, params, row, extra)
    if table.prefers_accurate and node.family in table.accurate:
        sizes = tuple(scope.distribution(node).sizes)
        return _scored_by_formula(native, params, row, sizes)
    return native


def _scored_by_formula(
    native: Native,
    params: dict[str, Any],
    row: Family,
    sizes: tuple[tuple[str, int], ...],
) -> Native:
    """With the accurate density for those of the parameters that are given."""
    chosen = "".join(n for n in params if n in row.alternatives)
    given = {n: _argument(Name(n), params, row) for n in params}
    axes = tuple((n, argument.axes) for n, argument in given.items())
    kind = "int" if row.discrete else "float"
    formula = Formula(ACCURATE[row.name, chosen], kind, axes, sizes)
    return replace(native, density=formula, given=given)


def rewritten(node: Distribution) -> Distribution:
    """The other family that a distribution's row says it is the same as."""
    row = FAMILIES[node.family]
    given: dict[str, Any] = {
        p.name: p.default for p in row.parameters.values() if p.default is not None
    }
    given |= dict(node.params)
    template = parse_template(row.same_as)
    params = (
        (name, substitute(value, given))
        for name, value in template.params
        if not isinstance(value, Name) or value.name in given
    )
    return Distribution(template.family, tuple(params))


@cache
def _plain_template(name: str) -> Distribution:
    row = FAMILIES[name]
    return Distribution(name, tuple((p, Name(p)) for p in row.parameters))


def _plain(row: Family) -> Distribution:
    return _plain_template(row.name)


def _parameters(
    node: Distribution, row: Family, table: Table, scope: Scope
) -> dict[str, Any]:
    """What each parameter that is given, or has a default, stands for."""
    sizes = dict(scope.distribution(node).sizes)
    given: dict[str, Any] = dict(node.params)
    found: dict[str, Any] = {}
    for name, parameter in row.parameters.items():
        value = given.get(name, parameter.default)
        if value is None or _is_infinite(value):
            continue  # an infinite bound is no bound
        if isinstance(value, Distribution):
            value = lower(value, table, scope, extra=len(parameter.axes))
        elif is_many(value):
            value = tuple(lower(item, table, scope) for item in value.items)
        elif parameter.special == "size":
            value = value.value
        elif isinstance(value, Number) and parameter.axes:
            shape = tuple(sizes[a] for a in parameter.axes)
            value = Call("full", (value,), (("shape", shape),))
        found[name] = value
    return found


def _is_infinite(value: Any) -> bool:
    return isinstance(value, Number) and math.isinf(value.value)


def _bind(
    template: Distribution, params: dict[str, Any], row: Family, extra: int
) -> Native:
    arguments: dict[str, Any] = {}
    for key, value in template.params:
        if isinstance(value, Distribution):
            arguments[key] = _bind(value, params, row, 0)
        elif isinstance(value, Name) and value.name not in params:
            continue  # the other of `probs | logits`, or no default
        elif isinstance(value, Name) and not _is_array(params[value.name]):
            arguments[key] = params[value.name]
        else:
            arguments[key] = _argument(value, params, row)
    return Native(template.family, arguments, extra)


def _is_array(value: Any) -> bool:
    return not isinstance(value, (int, tuple, Native, Support))


def _argument(value: Any, params: dict[str, Any], row: Family) -> Argument:
    used = [row.parameters[n] for n in names(value)]
    whole = isinstance(value, Name) and all(
        SUPPORTS[p.domain.name].discrete for p in used if not p.special
    )
    axes = max((len(p.axes) for p in used), default=0)
    kind = "int" if whole else "float"
    return Argument(substitute(value, params), axes, kind)
