"""Text that is broken into lines only where it is too long.

A document is a tree of texts with places where a line may end.  A group is written on one
line if it fits, and otherwise ends its lines at all of its own places:

    Group("f(", Nest(Line(""), "x,", Line(), "y"), Line(""), ")")

    f(x, y)            f(
                           x,
                           y
                       )
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

WIDTH = 88
_STEP = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A place where a line may end; `flat` stands there where it does not."""

    flat: str = " "


@dataclass(frozen=True, slots=True)
class Broken:
    """A text that stands only in a group that is broken, as a last comma."""

    text: str


@dataclass(frozen=True, slots=True, init=False)
class Nest:
    """Parts whose lines are indented once more, in a group that is broken."""

    parts: tuple[Any, ...]

    def __init__(self, *parts: Document) -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True, slots=True, init=False)
class Group:
    """Parts that stand on one line, or end their lines together."""

    parts: tuple[Any, ...]

    def __init__(self, *parts: Document) -> None:
        object.__setattr__(self, "parts", parts)


Document: TypeAlias = str | Line | Broken | Nest | Group | tuple[Any, ...]
_Item: TypeAlias = tuple[int, bool, Any]  # indentation, broken, document


def render(document: Document, indent: int = 0, used: int = 0, after: int = 0) -> str:
    """The text of a document.

    Args:
        document: What to write.
        indent: The indentation of the line that it starts on.
        used: The columns that are taken on that line, its indentation included.
        after: The columns that are needed behind it.
    """
    out: list[str] = []
    column = used
    stack: list[_Item] = [(0, True, " " * after)] if after else []
    stack.append((indent, True, document))
    while stack:
        depth, broken, top = stack.pop()
        match top:
            case str():
                out.append(top)
                column += len(top)
            case Line(flat) if not broken:
                out.append(flat)
                column += len(flat)
            case Line():
                out.append("\n" + " " * depth)
                column = depth
            case Broken(text):
                out.append(text if broken else "")
                column += len(text) if broken else 0
            case Group(parts):
                broken = not fits((depth, False, parts), stack, WIDTH - column)
                stack.append((depth, broken, parts))
            case Nest(parts):
                stack.append((depth + _STEP if broken else depth, broken, parts))
            case _:
                stack.extend((depth, broken, part) for part in reversed(top))
    if after:
        out.pop()
    return "".join(out)


def fits(first: _Item, rest: list[_Item], room: int) -> bool:
    """Whether what stands before the next end of a line fits in `room` columns."""
    stack = [first]
    waiting = len(rest)
    while room >= 0:
        if not stack:
            if not waiting:
                return True
            waiting -= 1
            stack.append(rest[waiting])
        depth, broken, top = stack.pop()
        match top:
            case str():
                room -= len(top)
            case Line(flat):
                if broken:
                    return True
                room -= len(flat)
            case Broken(text):
                room -= len(text) if broken else 0
            case Group(parts) | Nest(parts):
                stack.append((depth, broken, parts))
            case _:
                stack.extend((depth, broken, part) for part in reversed(top))
    return False
