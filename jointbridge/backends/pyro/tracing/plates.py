"""Plates: where the axes of a site stand in, left to right."""

from __future__ import annotations

from typing import Any

from jointbridge.analysis import free_name
from jointbridge.backends.reading import Notebook, ReadError
from jointbridge.spec import Plate


class Plates:
    """The plates of a spec, as they are found.

    Args:
        taken: Names that a plate may not have.
        notebook: Where it is noted that a plate has another name, or is made up.
    """

    def __init__(self, taken: set[str], notebook: Notebook) -> None:
        self.taken = taken
        self.notebook = notebook
        self._sizes: dict[str, int] = {}
        self._names: dict[tuple[str, int], str] = {}

    def place(
        self, site: str, frames: Any, batch: tuple[int, ...], own: int
    ) -> tuple[tuple[str | None, ...], tuple[int, ...]]:
        """The plates of a site and, right of them, its own shape.

        Args:
            site: The name of the site.
            frames: Pyro's records of the plates around it.
            batch: The shape of its independent copies.
            own: How many of the last axes are one draw's own.
        """
        rank = len(batch) - own
        known = {rank + f.dim: f for f in frames if f.dim is not None}
        plated = max((i for i in known), default=-1) + 1
        while plated and plated < rank and batch[plated] == 1:
            plated += 1  # as an axis of 1, like those between plates
        plates = tuple(
            self._plate(site, axis, size, known.get(axis))
            for axis, size in enumerate(batch[:plated])
        )
        if rank > plated:
            text = f"its axes {list(batch[plated:rank])} stand in no plate"
            self.notebook.note("assumed", site, f"{text}: copies are independent")
        return plates, batch[plated:]

    def statements(self) -> tuple[Plate, ...]:
        """The plates, in the order in which they were met."""
        return tuple(Plate(name, size) for name, size in self._sizes.items())

    def _plate(self, site: str, axis: int, size: int, frame: Any) -> str | None:
        if frame is None:
            return None if size == 1 else self._made_up(site, axis, size)
        if size != frame.size:
            message = f"an axis of {size} in plate {frame.name!r} of {frame.size}"
            raise ReadError(message, code="unreadable")
        return self._named(frame.name, size)

    def _named(self, name: str, size: int) -> str:
        if (name, size) not in self._names:
            unique = free_name(name, self.taken)
            if unique != name:
                text = f"the plate {name!r} is called {unique!r}: the name is taken"
                self.notebook.note("named", name, text)
            self._names[name, size] = unique
            self._sizes[unique] = size
        return self._names[name, size]

    def _made_up(self, site: str, axis: int, size: int) -> str:
        name = self._named(f"{site}_axis_{axis}", size)
        text = f"an axis of {size} stands in no plate: it is plate {name!r} here"
        self.notebook.note("assumed", site, text)
        return name
