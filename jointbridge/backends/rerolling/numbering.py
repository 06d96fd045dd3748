"""Which statements are the steps of one loop: `x_0, y_0, x_1, y_1, …`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from jointbridge.backends.sharing import identifier
from jointbridge.spec import Deterministic, Factor, Sample, Statement

#: Fewer steps are no recurrence worth the name.
FEWEST = 3

_NUMBERED = re.compile(r"([^\W\d_].*?)(?:[_.\[(-]+|(?<=\D))(\d+)[\])]?")


@dataclass(frozen=True)
class Loop:
    """Statements that stand one after another, step by step.

    Attributes:
        start: The place of the first of them.
        names: What the statements of a step are called without their number.
        steps: The statements of each step.
    """

    start: int
    names: tuple[str, ...]
    steps: tuple[tuple[Statement, ...], ...]

    @property
    def stop(self) -> int:
        """The place after the last statement."""
        return self.start + len(self.names) * len(self.steps)

    def column(self, name: str) -> tuple[Statement, ...]:
        """The statements of all steps that have a name."""
        place = self.names.index(name)
        return tuple(step[place] for step in self.steps)

    def without_first(self, number: int) -> Loop:
        """The loop that begins some steps later."""
        start = self.start + number * len(self.names)
        return Loop(start, self.names, self.steps[number:])


def split(name: str) -> tuple[str, int] | None:
    """`x_12` as `x` and 12; None where a name has no number."""
    found = _NUMBERED.fullmatch(name)
    return (identifier(found[1]), int(found[2])) if found else None


def bases(names: Iterable[str]) -> frozenset[str]:
    """What sites are called without their number, where there are enough of them."""
    numbers: dict[str, set[int]] = {}
    for base, number in filter(None, map(split, names)):
        numbers.setdefault(base, set()).add(number)
    return frozenset(n for n, found in numbers.items() if len(found) >= FEWEST)


def loops(statements: Sequence[Statement]) -> list[Loop]:
    """All loops, in order."""
    blocks = list(_blocks(statements))
    found: list[Loop] = []
    while blocks:
        place, number, names, first = blocks.pop(0)
        steps = [first]
        while blocks and blocks[0][1:3] == (number + len(steps), names):
            steps.append(blocks.pop(0)[3])
        if number >= 0 and len(steps) >= FEWEST and len(set(names)) == len(names):
            found.append(Loop(place, names, tuple(steps)))
    return found


_Block = tuple[int, int, tuple[str, ...], tuple[Statement, ...]]


def _blocks(statements: Sequence[Statement]) -> Iterable[_Block]:
    """Neighbours with one number: place, number, names without it, statements."""
    place = 0
    for number, group in groupby(statements, _number):
        block = tuple(group)
        names = tuple((split(s.name) or (s.name, 0))[0] for s in block)
        yield place, number, names, block
        place += len(block)


def _number(statement: Statement) -> int:
    """The number of a statement's name; -1 where it is no step of a loop."""
    if not isinstance(statement, (Sample, Deterministic, Factor)):
        return -1
    found = split(statement.name)
    return found[1] if found else -1
