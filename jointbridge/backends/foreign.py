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
from jointbridge.expression import Call, Distribution, Name, Number, rebuild
from jointbridge.families import FAMILIES
from jointbridge.syntax import parse_template

#: Parameters of a constructor that need not be given, with what they are then.
Defaults = Callable[[str], Mapping[str, Any]]
Bindings = dict[str, Any]


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
        bound: Bindings = {}
        if _matches(pattern, tree, bound, defaults):
            return _instantiate(ours, bound, table, defaults)
    hint = did_you_mean(tree.family, patterns(table))
    given = ", ".join(name for name, _ in tree.params)
    message = f"{tree.family}({given}) is no family of the catalogue"
    raise ReadError(message, code="unknown-family", hint=hint)


def patterns(table: Table) -> dict[str, list[tuple[Distribution, Distribution]]]:
    """Spellings by the library's constructor, with what they are here."""
    found: dict[str, list[tuple[Distribution, Distribution]]] = {}
    for pattern, ours in _rows(table):
        found.setdefault(pattern.family, []).append((pattern, ours))
    return found


def _rows(table: Table) -> Iterator[tuple[Distribution, Distribution]]:
    for native, ours in table.idioms.items():
        yield parse_template(native), parse_template(ours)
    for family, row in FAMILIES.items():
        ours = Distribution(family, tuple((p, Name(p)) for p in row.parameters))
        if family in table.different:
            yield parse_template(table.different[family]), ours
        elif family not in table.missing:
            yield ours, ours


def _matches(
    pattern: Any, subject: Any, bound: Bindings, defaults: Defaults
) -> bool:
    match pattern:
        case Name(name):
            return bound.setdefault(name, subject) == subject
        case Number(value):
            return isinstance(subject, Number) and subject.value == value
        case Distribution(family):
            return (
                isinstance(subject, Distribution)
                and subject.family == family
                and _parameters_match(pattern, subject, bound, defaults)
            )
        case Call(function, args, options):
            return (
                isinstance(subject, Call)
                and (subject.function, subject.options) == (function, options)
                and len(subject.args) == len(args)
                and all(
                    _matches(p, s, bound, defaults)
                    for p, s in zip(args, subject.args, strict=True)
                )
            )
    return False


def _parameters_match(
    pattern: Distribution, subject: Distribution, bound: Bindings, defaults: Defaults
) -> bool:
    """Whether every given parameter has a place, and every other one its default."""
    wanted = dict(pattern.params)
    given = dict(subject.params)
    usual = defaults(subject.family)
    for name, value in given.items():
        if name not in wanted and value != usual.get(name):
            return False
    for name, part in wanted.items():
        if name in given:
            if not _matches(part, given[name], bound, defaults):
                return False
        elif isinstance(part, Name):
            if name in usual:
                bound[_USUAL + part.name] = usual[name]
        elif name not in usual or not _matches(part, usual[name], bound, defaults):
            return False
    return True


#: Marks what is bound to a library's default and not to what someone wrote.
_USUAL = "usual "


def _instantiate(
    ours: Any, bound: Bindings, table: Table, defaults: Defaults
) -> Any:
    """The catalogue's spelling with what the names stand for."""
    if isinstance(ours, Distribution):
        row = FAMILIES[ours.family]
        params = []
        for name, value in ours.params:
            found = value
            if isinstance(value, Name):
                found = bound.get(value.name, bound.get(_USUAL + value.name))
                default = row.parameters[name].default
                if value.name not in bound and _same(found, default):
                    continue  # not written, and the same in both
                found = _converted(found, table, defaults)
            else:
                found = _instantiate(value, bound, table, defaults)
            params.append((name, found))
        return Distribution(ours.family, tuple(params))
    if isinstance(ours, Name):
        return _converted(bound[ours.name], table, defaults)
    return rebuild(ours, lambda child: _instantiate(child, bound, table, defaults))


def _converted(value: Any, table: Table, defaults: Defaults) -> Any:
    if isinstance(value, Distribution):
        return to_catalogue(table, value, defaults)
    return value


def _same(found: Any, default: Number | None) -> bool:
    if found is None or default is None:
        return found is None
    return isinstance(found, Number) and found.value == default.value
