"""The plates of a model function: where each stands, what it is called, who makes it.

Key = (plate, axis)      one plate may stand at two axes of one model
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeAlias

from jointbridge.backends.writing.names import Identifiers
from jointbridge.spec import Sample

Key: TypeAlias = tuple[str, int]
Keys: TypeAlias = tuple[Key, ...]


def keys(site: Sample) -> Keys:
    """The plates of a site with their axes."""
    return tuple(
        (plate, place - len(site.plates))
        for place, plate in enumerate(site.plates)
        if plate is not None
    )


def is_last(contexts: Keys) -> bool:
    """Whether it is one plate at the last axis, which needs no axis written."""
    return len(contexts) == 1 and contexts[0][1] == -1


class Plates:
    """What plates are called, in the library and in the code.

    Args:
        taken: The names of a model's other things.
        once: Whether the library takes one plate at one axis only; at another axis it
            has another name there.
    """

    def __init__(self, taken: Iterable[str], once: bool) -> None:
        self.taken = {*taken}
        self.once = once
        self.made: dict[Key, str] = {}
        self._titles: dict[Key, str] = {}

    def title(self, key: Key) -> str:
        """The name of a plate in the library."""
        if key not in self._titles:
            plate, axis = key
            elsewhere = any(plate == other for other, _ in self._titles)
            wish = f"{plate}_{-axis}" if elsewhere and self.once else plate
            self._titles[key] = unused(wish, self.taken) if wish != plate else plate
            self.taken.add(self._titles[key])
        return self._titles[key]

    def make(self, key: Key, identifiers: Identifiers) -> str:
        """A variable for a plate that stands at several places."""
        self.made[key] = identifiers.new(self.title(key))
        return self.made[key]


def unused(wish: str, taken: Collection[str]) -> str:
    """A name like `wish` that is not taken."""
    while wish in taken:
        wish += "_"
    return wish
