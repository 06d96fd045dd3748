"""From names, which are any text, to Python identifiers, which are not."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

_RESERVED = frozenset(dir(builtins)) | {*keyword.kwlist, *keyword.softkwlist}
_MODULE = frozenset({"__file__", "__name__", "__doc__", "__spec__", "__package__"})


class Identifiers:
    """Identifiers for names, one for each, none of them taken or reserved.

    Args:
        taken: What the module uses itself, as the names of its imports.
    """

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = {*taken, *_RESERVED, *_MODULE}
        self._found: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """The identifier for a name."""
        if name not in self._found:
            self._found[name] = self.new(name)
        return self._found[name]

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def same(self, name: str, other: str) -> None:
        """Let a name have the identifier of another one."""
        self._found[name] = self[other]

    def alias(self, name: str, identifier: str) -> None:
        """Let a name have an identifier that is there already."""
        self._found[name] = identifier

    def new(self, wish: str) -> str:
        """An identifier like `wish` that nothing else has."""
        found = free = identifier(wish)
        number = 2
        while free in self._taken:
            free = f"{found}_" if number == 2 else f"{found}_{number - 1}"
            number += 1
        self._taken.add(free)
        return free

    def inner(self, names: Iterable[str]) -> Identifiers:
        """Identifiers inside a function: those outside, and new ones for `names`."""
        child = Identifiers(self._taken)
        child._found = {k: v for k, v in self._found.items() if k not in {*names}}
        return child


def identifier(wish: str) -> str:
    """An identifier that reads like `wish`.

    Python takes `ﬁt` for `fit`, so that what is compared must be normal already.
    """
    text = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", wish))
    text = unicodedata.normalize("NFKC", text)
    text = text if text.isidentifier() else f"_{text}"
    text = text if text.isidentifier() else "_"
    return f"x{text}" if not text.strip("_") or text.startswith("__") else text


def constant(wish: str) -> str:
    """The name of a constant, in capitals."""
    return identifier(wish).upper()
