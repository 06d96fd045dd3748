"""Where an equation comes from: the file, the line and the local variable.

JAX keeps a traceback with each equation. What it needs of JAX is private, so that every
step may fail, and then there is no name and no place.
"""

from __future__ import annotations

import ast
import linecache
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jax

import jointbridge
from jointbridge.backends.sharing import Label

#: Files whose lines say nothing to the author of a model.
_LIBRARIES = tuple(
    {
        str(Path(jax.__file__).parent),
        str(Path(jointbridge.__file__).parent),
        *(sysconfig.get_paths()[k] for k in ("stdlib", "purelib", "platlib")),
    }
)
_OURS = str(Path(jointbridge.__file__).parent)


@dataclass(frozen=True, slots=True)
class Place:
    """One frame: a line of a file."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{Path(self.file).name}:{self.line}"


def places(equation: Any) -> tuple[Place, ...]:
    """The lines of the user's files that led to an equation, innermost first."""
    try:
        frames = equation.source_info.traceback.frames
        found = [
            Place(f.file_name, f.line_num, f.function_name) for f in _traced(frames)
        ]
    except AttributeError:
        return ()
    return tuple(p for p in found if not is_library(p.file))


def _traced(frames: Sequence[Any]) -> list[Any]:
    """The frames inside of the call that traces; some versions of JAX keep no others."""
    outer = [
        k
        for k, f in enumerate(frames)
        if "make_jaxpr" in f.function_name or f.file_name.startswith(_OURS)
    ]
    return list(frames[: outer[-1]]) if outer else list(frames)


@cache
def is_library(file: str) -> bool:
    """Whether a file belongs to an installed library, to Python or to us."""
    return file.startswith(_LIBRARIES) or file.startswith("<")


def is_called(equation: Any, function: str) -> bool:
    """Whether the user's own line calls the function that an equation comes from."""
    try:
        frames = _traced(equation.source_info.traceback.frames)
    except AttributeError:
        return False
    calls = [k for k, f in enumerate(frames) if f.function_name == function]
    callers = frames[calls[-1] + 1 :][:1] if calls else []
    return any(not is_library(f.file_name) for f in callers)


def where(equation: Any) -> str:
    """`model.py:12`, or nothing where it is not known."""
    return str(next(iter(places(equation)), ""))


def labels(equations: Sequence[Any]) -> list[Label]:
    """A label for each equation; the last one of an assignment gets its name."""
    last: dict[tuple[str, int], int] = {}
    chains = [places(e) for e in equations]
    for number, chain in enumerate(chains):
        for key, _ in _assignments(chain):
            last[key] = number
    found = []
    for number, chain in enumerate(chains):
        names = [name for key, name in _assignments(chain) if last[key] == number]
        found.append(Label(names[-1] if names else None, str(next(iter(chain), ""))))
    return found


def _assignments(chain: Sequence[Place]) -> Iterator[tuple[tuple[str, int], str]]:
    for place in chain:
        if place.function.endswith("<lambda>"):
            continue  # what encloses it is what it is written in, not what runs it
        if found := assigned(place.file).get(place.line):
            start, name = found
            yield (place.file, start), name


@cache
def assigned(file: str) -> dict[int, tuple[int, str]]:
    """By line, the assignment to one variable that covers it: its start and its name."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return {}
    found: dict[int, tuple[int, str]] = {}
    for node in ast.walk(tree):
        name = _target(node)
        if name is not None:
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]
            found |= dict.fromkeys(lines, (lines[0], name))
    return found


def _target(node: ast.AST) -> str | None:
    match node:
        case ast.Assign(targets=[ast.Name(name)]):
            return name
        case ast.AnnAssign(target=ast.Name(name), value=ast.AST()):
            return name
        case ast.AugAssign(target=ast.Name(name)):
            return name
    return None
