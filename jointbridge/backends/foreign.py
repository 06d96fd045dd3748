"""From a library's own spelling of a distribution to the catalogue's.

The same rows that say how a family is spelled are read backwards here.  A library's
distribution comes as a tree with the library's names,

    TruncatedNormal(loc=mu, scale=1.0, low=0.0)

and is matched with the rows of that backend's table:

    idioms      "TruncatedNormal(loc=loc, …)": "Truncated(base=Normal(loc=loc, …), …)"
    different   "Pareto": "Pareto(concentration=alpha, scale=scale)"
    the rest    the catalogue's own names
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jointbridge.backends.lower import Table
from jointbridge.backends.matching import Defaults, Match
from jointbridge.backends.reading import ReadError
from jointbridge.errors import did_you_mean
from jointbridge.expression import (
    Distribution,
    Name,
    Number,
    Sequence,
    Transform,
    is_many,
    rebuild,
    substitute,
)
from jointbridge.families import FAMILIES, TRANSFORMS
from jointbridge.families.elsewhere import ELSEWHERE
from jointbridge.syntax import parse_template

#: The library's spelling and the catalogue's.
Row = tuple[Distribution, Distribution]


def to_catalogue(
    table: Table, tree: Distribution, defaults: Defaults = lambda _: {}
) -> Distribution:
    """The catalogue's spelling of a library's distribution.

    Args:
        table: The backend's table.
        tree: The distribution with the library's names of classes and parameters; only
            parameters that were given.
        defaults: The library's defaults by constructor.

    Raises:
        ReadError: No row says what this distribution is (code `unknown-family`).
    """
    for pattern, ours in patterns(table).get(tree.family, ()):
        found = _Match(table, defaults)
        if found.matches(pattern, tree):
            if parts := composed(found.bound.get("transform")):
                return to_catalogue(table, _nested(tree, parts), defaults)
            return found.distribution(ours)
    hint = _way_out(tree.family, table)
    given = ", ".join(name for name, _ in tree.params)
    message = f"{tree.family}({given}) is no family of the catalogue"
    raise ReadError(message, code="unknown-family", hint=hint)


#: What lists of transforms are called in trees: the first is applied first.
COMPOSITIONS = ("ComposeTransform", "Sequence")


def composed(tree: Any) -> list[Distribution]:
    """The transforms of a composition, in order."""
    known = isinstance(tree, Distribution) and tree.family in COMPOSITIONS
    return [part for _, part in tree.params] if known else []


def _nested(tree: Distribution, parts: list[Distribution]) -> Distribution:
    """One transform around another instead of a composition."""
    (base, made), (name, _) = tree.params
    for part in parts:
        made = Distribution(tree.family, ((base, made), (name, part)))
    assert isinstance(made, Distribution)
    return made


def _way_out(name: str, table: Table) -> str:
    """What to write instead, or the name that was perhaps meant."""
    if row := ELSEWHERE.get(name):
        return f"write {row.instead}" if row.word == "said" else row.instead
    return did_you_mean(name, patterns(table))


def patterns(table: Table) -> dict[str, list[Row]]:
    """Spellings by the library's constructor, with what they are here."""
    found: dict[str, list[Row]] = {}
    for pattern, ours in _rows(table):
        found.setdefault(pattern.family, []).append((pattern, ours))
    return found


def _rows(table: Table) -> Iterator[Row]:
    for native, text in table.idioms.items():
        yield parse_template(native), parse_template(text)
    for family, row in FAMILIES.items():
        ours = Distribution(family, tuple((p, Name(p)) for p in row.parameters))
        if family in table.rewritten:
            yield _spelled(parse_template(row.same_as), table), ours
        elif family in table.different:
            yield parse_template(table.different[family]), ours
        elif family not in table.missing:
            yield ours, ours


def _spelled(ours: Distribution, table: Table) -> Distribution:
    """A distribution of the catalogue in the library's spelling."""
    text = table.different.get(ours.family)
    if text is None:
        return ours
    given = dict(ours.params)
    native = parse_template(text)
    params = (
        (name, substitute(value, given))
        for name, value in native.params
        if not isinstance(value, Name) or value.name in given
    )
    return Distribution(native.family, tuple(params))


class _Match(Match):
    """One try of one row of a library's table."""

    def __init__(self, table: Table, defaults: Defaults) -> None:
        super().__init__(defaults)
        self.table = table

    def distribution(self, ours: Distribution) -> Distribution:
        """The catalogue's side of the row, with what its names stand for."""
        row = FAMILIES[ours.family]
        params = []
        for name, value in ours.params:
            if isinstance(value, Name) and value.name not in self.bound:
                found = self.usual.get(value.name)
                if _same(found, row.parameters[name].default):
                    continue  # not written, and the same in both
                params.append((name, self._converted(found)))
            else:
                params.append((name, self._filled(value)))
        return Distribution(ours.family, tuple(params))

    def _filled(self, ours: Any) -> Any:
        if isinstance(ours, Distribution) and ours.family in TRANSFORMS:
            params = ((n, self._filled(x)) for n, x in ours.params)
            return Transform(ours.family, tuple(params))
        if isinstance(ours, Distribution):
            return self.distribution(ours)
        if isinstance(ours, Name):
            return self._converted(self.bound.get(ours.name, self.usual.get(ours.name)))
        return rebuild(ours, self._filled)

    def _converted(self, value: Any) -> Any:
        if is_many(value):
            return Sequence(tuple(map(self._converted, value.items)))
        if isinstance(value, Distribution) and value.family in TRANSFORMS:
            return _transform(value)
        if isinstance(value, Distribution):
            return to_catalogue(self.table, value, self.defaults)
        return value


def _transform(tree: Distribution) -> Transform:
    """A transform that the library calls by the catalogue's names."""
    given: dict[str, Any] = dict(tree.params)
    names = TRANSFORMS[tree.family].parameters
    if missing := [n for n in names if n not in given]:
        message = f"{tree.family} without {missing[0]!r}"
        raise ReadError(message, code="unknown-family")
    return Transform(tree.family, tuple((n, given[n]) for n in names))


def _same(found: Any, default: Number | None) -> bool:
    if found is None or default is None:
        return found is None
    return isinstance(found, Number) and found.value == default.value
