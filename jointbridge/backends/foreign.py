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

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jointbridge.backends.lower import Table
from jointbridge.backends.reading import ReadError
from jointbridge.errors import did_you_mean
from jointbridge.expression import Call, Distribution, Name, Number, rebuild, substitute
from jointbridge.families import FAMILIES
from jointbridge.syntax import parse_template

#: Parameters of a constructor that need not be given, with what they are then.
Defaults = Callable[[str], Mapping[str, Any]]
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
            return found.distribution(ours)
    hint = did_you_mean(tree.family, patterns(table))
    given = ", ".join(name for name, _ in tree.params)
    message = f"{tree.family}({given}) is no family of the catalogue"
    raise ReadError(message, code="unknown-family", hint=hint)


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


class _Match:
    """One try of one row: what its names stand for.

    Attributes:
        bound: What was written, by the row's names.
        usual: What the library takes where nothing was written.
    """

    def __init__(self, table: Table, defaults: Defaults) -> None:
        self.table = table
        self.defaults = defaults
        self.bound: dict[str, Any] = {}
        self.usual: dict[str, Any] = {}

    def matches(self, pattern: Any, subject: Any) -> bool:
        """Whether `subject` is what the row spells."""
        match pattern:
            case Name(name):
                return bool(self.bound.setdefault(name, subject) == subject)
            case Number(value):
                return isinstance(subject, Number) and subject.value == value
            case Distribution(family):
                same = isinstance(subject, Distribution) and subject.family == family
                return same and self._parameters_match(pattern, subject)
            case Call(function, args, options):
                return (
                    isinstance(subject, Call)
                    and (subject.function, subject.options) == (function, options)
                    and len(subject.args) == len(args)
                    and all(map(self.matches, args, subject.args))
                )
        return False

    def _parameters_match(self, pattern: Distribution, subject: Distribution) -> bool:
        """Whether all that is given has a place, and all else is the library's default."""
        wanted, given = dict(pattern.params), dict(subject.params)
        usual = self.defaults(subject.family)
        if any(n not in wanted and v != usual.get(n) for n, v in given.items()):
            return False
        for name, part in wanted.items():
            if name in given:
                if not self.matches(part, given[name]):
                    return False
            elif isinstance(part, Name):
                self.usual[part.name] = usual.get(name)
            elif name not in usual or not self.matches(part, usual[name]):
                return False
        return True

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
        if isinstance(ours, Distribution):
            return self.distribution(ours)
        if isinstance(ours, Name):
            return self._converted(self.bound.get(ours.name, self.usual.get(ours.name)))
        return rebuild(ours, self._filled)

    def _converted(self, value: Any) -> Any:
        if isinstance(value, Distribution):
            return to_catalogue(self.table, value, self.defaults)
        return value


def _same(found: Any, default: Number | None) -> bool:
    if found is None or default is None:
        return found is None
    return isinstance(found, Number) and found.value == default.value
