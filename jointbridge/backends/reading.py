"""What comes out of reading someone's model: a spec, and what a reader should know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from jointbridge.errors import UnsupportedError
from jointbridge.spec import Spec

#: What happened to a part of the model on its way into a spec.
#:   folded   computed once and kept as a constant
#:   frozen   holds for these arguments only, as a branch on data
#:   assumed  taken for granted, as independence along an axis
#:   dropped  of no meaning for the density, as a hint to an engine
#:   named    given a name that the model does not have
NoteKind = Literal["folded", "frozen", "assumed", "dropped", "named"]


class ReadError(UnsupportedError):
    """Raised when a model cannot become a spec; says where, why and what to do."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a spec does not show of the model that it was read from.

    Attributes:
        kind: See `NoteKind`.
        where: A site, an argument or a place in the source (`model.py:12`).
        text: What happened, in one sentence.
    """

    kind: NoteKind
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind} {self.where}: {self.text}"


@dataclass(frozen=True)
class Reading:
    """A model that was read.

    Attributes:
        spec: What it says.
        notes: What was folded, frozen, assumed, dropped or named on the way.
        source: Where the model stands, as `model.py:radon`.
    """

    spec: Spec
    notes: tuple[Note, ...] = ()
    source: str = ""

    @property
    def frozen(self) -> tuple[Note, ...]:
        """The notes that limit what the spec is true of."""
        return tuple(n for n in self.notes if n.kind == "frozen")

    def to_json(self) -> dict[str, Any]:
        """The notes as plain data."""
        notes = [{"kind": n.kind, "where": n.where, "text": n.text} for n in self.notes]
        return {"source": self.source, "notes": notes}


@dataclass
class Notebook:
    """Where an importer writes its notes, each once and in order."""

    notes: dict[Note, None] = field(default_factory=dict)

    def note(self, kind: NoteKind, where: str, text: str) -> None:
        """Add a note, unless it stands there already."""
        self.notes.setdefault(Note(kind, where, text))
