"""What one call of a model has said so far.

The recorder lives in a context variable: threads and nested models never meet.

    frames     [ the model ][ the body of a scan ]    innermost last
    each       names in sight (scope), who took them (lines), statements

Data without a name of its own is named after the argument of the model that it is.  If a
site asks for that name later, the site gets it: until the end the site is recorded under
a stand-in, then both are renamed at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from jointbridge.analysis import analyse
from jointbridge.author.arrays import as_data, is_scalar
from jointbridge.author.location import where
from jointbridge.errors import LimitError, SpecError, UnsupportedError
from jointbridge.passes import rename
from jointbridge.shapes import Scope
from jointbridge.spec import Data, Plate, Spec, Statement, Type, nodes, references
from jointbridge.syntax import parse, show
from jointbridge.validity import require

_CURRENT: ContextVar[Recorder | None] = ContextVar("jointbridge_recorder", default=None)

#: What may be said inside the body of a scan.
_IN_BODY = {"let", "data", "site", "plate"}

#: What is seen outside the body of a scan too.
_GLOBAL = {"data", "site", "plate"}


@dataclass(eq=False)
class Frame:
    """A model or a body: the names in sight, who took them, the statements so far."""

    what: str
    scope: Scope
    lines: dict[str, tuple[str, str]] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)


def active() -> Recorder | None:
    """The recorder of the model being called, if any."""
    return _CURRENT.get()


def current(word: str) -> Recorder:
    """The recorder of the model being called.

    Raises:
        SpecError: No model is being called.
    """
    recorder = _CURRENT.get()
    if recorder is None:
        hint = "write it in a function under @jb.model and call that function"
        raise SpecError(f"jb.{word} outside a model", code="usage", hint=hint)
    return recorder


class Recorder:
    """The names, data, plates and statements of one call of a model.

    Args:
        name: The name of the model.
        arguments: The arrays it was called with, by name.
    """

    def __init__(self, name: str, arguments: dict[str, Any]) -> None:
        self.name = name
        self.frames = [Frame(f"model {name!r}", Scope())]
        self.data: dict[str, Data] = {}
        self.plates: dict[str, Plate] = {}
        #: Axis -> name of the plates entered now.
        self.axes: dict[int, str] = {}
        #: Axis of each plate object entered so far.
        self.dims: dict[Any, int] = {}
        self._recorded: dict[str, str] = {}
        self._stand_ins: dict[str, str] = {}
        self._automatic: dict[str, str] = {}
        self._displaced: dict[str, str] = {}
        self._arguments = {
            id(x): (x, n) for n, x in reversed(arguments.items()) if not is_scalar(x)
        }
        self._known: dict[int, tuple[Any, str]] = {}

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Make this the current recorder."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)

    @property
    def scope(self) -> Scope:
        """The names in sight."""
        return self.frames[-1].scope

    # -- names ----------------------------------------------------------------

    def claim(self, name: str, what: str) -> str:
        """Take `name` for a `what`; returns the name to record it under.

        Raises:
            SpecError: The name is taken, or is no text.
            UnsupportedError: A scan's body cannot hold a `what`.
        """
        if not isinstance(name, str):
            message = f"the name of a {what} is a text, got {name!r}"
            raise SpecError(message, code="name")
        if len(self.frames) > 1 and what not in _IN_BODY:
            raise _not_in_body(what, name, self.frames[-1].what)
        taken = self.taken(name)
        if taken and name not in self._automatic:
            message = f"{name!r} is already the name of a {taken[0]}, at {taken[1]}"
            hint = "names of sites, data and plates must all differ"
            raise SpecError(message, code="duplicate-name", hint=hint)
        frame = self.frames[0 if what in _GLOBAL else -1]
        recorded = self._displace(name, frame) if taken else name
        frame.lines[name] = frame.lines[recorded] = (what, where())
        if frame is self.frames[0]:
            self._recorded[name] = recorded
        return recorded

    def taken(self, name: str) -> tuple[str, str] | None:
        """What has the name, and the line that gave it."""
        return next((f.lines[name] for f in self.frames if name in f.lines), None)

    def free(self, name: str) -> str:
        """`name`, or the first of `name_2`, `name_3`, … that nobody has."""
        tries = (name if n == 1 else f"{name}_{n}" for n in count(1))
        return next(n for n in tries if self.taken(n) is None)

    def _displace(self, name: str, frame: Frame) -> str:
        if frame is not self.frames[0]:
            return self.free(name)
        self._displaced[name] = self._automatic.pop(name)
        stand_in = self.free(f"{name} (renamed)")
        self._stand_ins[stand_in] = name
        return stand_in

    def define(self, name: str, type_: Type, *, local: bool = False) -> Frame:
        """Bring a name into sight; returns the frame that it belongs to."""
        frames = self.frames[-1:] if local else self.frames
        for frame in frames:
            frame.scope.names[name] = type_
        return frames[0]

    # -- data -----------------------------------------------------------------

    def named_data(self, name: str, x: Any) -> Data:
        """An entry of data under the user's name.

        Raises:
            SpecError: The name is taken by something else.
        """
        found = as_data(name, x)
        known = self.data.get(self._recorded.get(name, name))
        if known is not None and replace(found, name=known.name) == known:
            # What an argument was called automatically, the user calls so too.
            self._automatic.pop(name, None)
            return known
        recorded = self.claim(name, "data")
        return self._add(replace(found, name=recorded), x)

    def automatic_data(self, x: Any, site: str | None = None) -> Data:
        """An entry of data named after the argument it is, its site or a number."""
        if (known := self._same(x)) is not None:
            return known
        found = as_data("data", x)
        argument = self.argument(x)
        if site:
            fallback = f"{site}_obs"
        elif argument:
            fallback = f"{argument}_data"
        else:
            fallback = "data_1"
            for name, other in self._automatic.items():
                known = self.data[name]
                if other == fallback and replace(found, name=name) == known:
                    return known
        wanted = argument if argument and self.taken(argument) is None else None
        name = wanted or self._fallback(fallback)
        self._automatic[name] = fallback
        self.frames[0].lines[name] = ("data", where())
        return self._add(replace(found, name=name), x)

    def argument(self, x: Any) -> str | None:
        """The name of the model's argument that is this very object."""
        found = self._arguments.get(id(x))
        return found[1] if found else None

    def _fallback(self, name: str) -> str:
        if name != "data_1":
            return self.free(name)
        return next(n for n in map("data_{}".format, count(1)) if not self.taken(n))

    def _same(self, x: Any) -> Data | None:
        """The entry made from this very object, unless it has changed since."""
        _, name = self._known.get(id(x), (None, ""))
        known = self.data.get(name)
        return known if known is not None and as_data(name, x) == known else None

    def _add(self, data: Data, x: Any) -> Data:
        self.data[data.name] = data
        if not is_scalar(x):
            # The object is kept beside its name so that its id stays its own.
            self._known[id(x)] = (x, data.name)
        self.define(data.name, data.type)
        return data

    # -- plates ---------------------------------------------------------------

    def plate(self, name: str, size: int) -> str:
        """The recorded name of a plate.

        Raises:
            SpecError: It has another size elsewhere, or another thing has its name.
        """
        known = self.plates.get(name)
        if known is None:
            recorded = self.claim(name, "plate")
            self.plates[name] = Plate(recorded, size)
            return recorded
        if known.size != size:
            _, line = self.taken(name) or ("", "")
            message = f"plate {name!r} has size {size}, but {known.size} at {line}"
            raise SpecError(message, code="shape", hint="give it another name")
        return known.name

    def entered(self) -> tuple[str | None, ...]:
        """The plates entered now, left to right; None is a hole."""
        depth = -min(self.axes, default=0)
        return tuple(self.axes.get(axis) for axis in range(-depth, 0))

    def sizes(self, plates: tuple[str | None, ...]) -> tuple[int, ...]:
        """The sizes of plates, 1 for a hole."""
        known = {p.name: p.size for p in self.plates.values()}
        return tuple(known[p] if p else 1 for p in plates)

    # -- statements -----------------------------------------------------------

    def record(self, statement: Statement) -> dict[str, Type]:
        """Add a statement; returns the types of the names that it defines.

        Raises:
            SpecError: It does not fit what was said before.
            LimitError: An expression is too long to be written.
        """
        self._check_writable(statement)
        used = sorted(references(statement) & set(self.scope.names))
        known = tuple(Data(n, self.scope.names[n]) for n in used)
        found = analyse(Spec((statement,), plates=(*self.plates.values(),), data=known))
        if found.errors:
            raise SpecError([replace(p, path=where()) for p in found.errors])
        self.frames[-1].statements.append(statement)
        return {n: t for n, t in found.scope.names.items() if n not in used}

    def _check_writable(self, statement: Statement) -> None:
        for _, node in nodes(statement):
            try:
                parse(show(node))
            except LimitError as error:
                message = f"{statement.name!r}: {error.problems[0].message}"
                raise too_large(message) from None

    def spec(self, description: str = "") -> Spec:
        """Everything that was said, every name final.

        Raises:
            SpecError: It has errors.
        """
        statements = tuple(self.frames[0].statements)
        plates = tuple(self.plates.values())
        data = tuple(self.data.values())
        spec = Spec(statements, self.name, plates, data, description)
        if self._displaced:
            final = {old: self.free(new) for old, new in self._displaced.items()}
            spec = rename(spec, {**final, **self._stand_ins})
        require(spec)
        return spec


def too_large(message: str) -> LimitError:
    """An expression is beyond what can be written and read."""
    hint = 'name a part of it: part = jb.let("part", part); a long loop is a jb.scan'
    return LimitError(message, hint=hint)


def _not_in_body(what: str, name: str, body: str) -> UnsupportedError:
    hint = (
        "jb.let and jb.sample work there; return what you need, use it after the scan"
    )
    return UnsupportedError(f"{what} {name!r} inside {body}", hint=hint)
