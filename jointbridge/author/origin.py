"""Where a symbolic value comes from: how large its tree is, and whose names it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from jointbridge.author.recorder import Frame, active, too_large
from jointbridge.errors import SpecError
from jointbridge.shapes import Scope

#: As deep as a file may be; every pass over a spec is recursive.
MAX_DEPTH = 64
#: A text of more nodes than this is longer than what the parser takes.
MAX_NODES = 50_000


@dataclass(frozen=True, slots=True)
class Origin:
    """How large a tree is, and the frame whose names it needs."""

    depth: int = 1
    nodes: int = 1
    owner: Frame | None = None


class HasOrigin(Protocol):
    """A value, a distribution or a support."""

    @property
    def origin(self) -> Origin:
        """Where it comes from."""


def combined(parts: Iterable[HasOrigin], nodes: int = 0) -> Origin:
    """The origin of a node made of `parts`.

    Raises:
        LimitError: The node is too deep or too large.
    """
    origins = [p.origin for p in parts]
    depth = 1 + max((o.depth for o in origins), default=0)
    nodes += 1 + sum(o.nodes for o in origins)
    if depth > MAX_DEPTH or nodes > MAX_NODES:
        raise too_large(
            f"an expression of {nodes:,} nodes, nested {depth} deep; at most "
            f"{MAX_NODES:,} and {MAX_DEPTH}"
        )
    owners = [o.owner for o in origins if o.owner is not None]
    recorder = active()
    owner = max(owners, key=recorder.frames.index) if owners and recorder else None
    return Origin(depth, nodes, owner)


def scope() -> Scope:
    """The names in sight; outside a model there are none."""
    recorder = active()
    return recorder.scope if recorder else Scope()


def check_in_sight(x: HasOrigin) -> None:
    """Refuse a value of a model or body that is over.

    Raises:
        SpecError: It is one.
    """
    owner, recorder = x.origin.owner, active()
    if owner is None or (recorder and owner in recorder.frames):
        return
    message = f"{x!r} belongs to {owner.what}, which is over"
    hint = "use a value only where it was made; return it from the body of a scan"
    raise SpecError(message, code="usage", hint=hint)
