"""Distributions held against a row of a table, in which names stand for anything.

row        Truncated(base=Normal(loc=loc, scale=scale), low=low)
subject    Truncated(base=Normal(loc=mu, scale=1.0), low=0.0)
bound      loc: mu, scale: 1.0, low: 0.0
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jointbridge.expression import Call, Distribution, Name, Number

#: Parameters of a constructor that need not be given, with what they are then.
Defaults = Callable[[str], Mapping[str, Any]]


class Match:
    """One try of one row: what its names stand for.

    Args:
        defaults: The defaults of the subject's constructors.

    Attributes:
        bound: What was written, by the row's names.
        usual: What holds where nothing was written; None where that is not known.
    """

    def __init__(self, defaults: Defaults) -> None:
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
        """Whether all that is given has a place, and all else is the usual."""
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
