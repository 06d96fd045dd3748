"""Every way of saying no: problems in a spec, and the exceptions that carry them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: One row per kind of problem: its code and what it means.
CODES = {
    "syntax": "the text is not in the grammar",
    "json": "the file is not JSON",
    "structure": "a field has the wrong JSON type",
    "unknown-field": "a field that the format does not have",
    "missing-field": "a field that the format requires is absent",
    "version": "the format version cannot be read by this library",
    "name": "a name that cannot be used",
    "duplicate-name": "one name is used twice",
    "similar-name": "two names look alike",
    "unknown-name": "an expression refers to something that does not exist",
    "later-name": "an expression refers to something defined later",
    "unknown-family": "a family that the catalogue does not have",
    "unknown-function": "a function that the language does not have",
    "unknown-support": "a support that the catalogue does not have",
    "unknown-plate": "a plate that is not declared",
    "arguments": "a call has the wrong arguments",
    "shape": "shapes do not fit together",
    "kind": "an integer, a float or a boolean is needed here",
    "domain": "a parameter is outside its domain",
    "support": "an observed value is outside the support",
    "data": "data that cannot be read or does not match its declaration",
    "unused": "something is declared and never used",
    "limit": "a limit on size is exceeded",
    "file": "a file cannot be read or written",
    "values": "the values given do not match the sites",
    "unbound": "data is declared but not bound to values",
    "unsamplable": "the joint cannot be sampled forward",
    "backend": "a backend is missing or does not work here",
    "unsupported": "this backend cannot express this",
    "unreadable": "a model cannot be said as a spec",
    "branch": "a model branches on a sampled value",
    "dynamic": "the number of sites or a shape depends on a sampled value",
    "numpy-on-site": "a sampled value was handed to NumPy or to Python",
    "hidden-randomness": "random numbers are drawn outside of a sample statement",
    "callback": "a model calls out of the traced program",
    "loop": "a loop whose length depends on a value",
    "unknown-operation": "an operation that the language does not have",
    "usage": "a call that makes no sense here",
    "internal": "a fault of this library",
}


_MANY = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is and what to do about it.

    Attributes:
        code: A key of `CODES`.
        path: Where, as a JSON path or a name (`$.sites[3].dist`).
        message: What is wrong, with what was expected and what was found.
        hint: What to do instead; may be empty.
        severity: `error`, or `warning` for what is legal but suspicious.
    """

    code: str
    path: str
    message: str
    hint: str = ""
    severity: str = "error"

    def __post_init__(self) -> None:
        if self.code not in CODES:
            msg = f"no row in CODES for {self.code!r}"
            raise KeyError(msg)

    def __str__(self) -> str:
        where = f" at {self.path}" if self.path else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{self.severity}[{self.code}]{where}: {self.message}{hint}"


class JointBridgeError(Exception):
    """The root of every error that jointbridge raises on purpose.

    Attributes:
        problems: All the problems found, worst first.
        exit_code: What the command line exits with.
    """

    exit_code = 1
    code = "usage"

    def __init__(
        self,
        message: str | Sequence[Problem],
        *,
        code: str | None = None,
        path: str = "",
        hint: str = "",
    ) -> None:
        if isinstance(message, str):
            message = [Problem(code or self.code, path, message, hint)]
        self.problems = tuple(message)
        super().__init__("\n".join(map(str, self.problems)))

    def at(self, path: str) -> JointBridgeError:
        """The same error, with `path` for every problem that has none."""
        located = [
            Problem(p.code, p.path or path, p.message, p.hint, p.severity)
            for p in self.problems
        ]
        return type(self)(located)


class SpecError(JointBridgeError):
    """Raised when a spec, a file or an expression is not valid."""

    code = "syntax"


class ValueMismatchError(JointBridgeError):
    """Raised when the values given do not match the sites of a joint."""

    code = "values"


class UnsamplableError(JointBridgeError):
    """Raised when draws are asked of a joint that has no forward sampler."""

    code = "unsamplable"


class UnsupportedError(JointBridgeError):
    """Raised when a backend cannot express what is asked."""

    exit_code = 3
    code = "unsupported"


class BackendError(JointBridgeError):
    """Raised when a backend is not installed, unknown or broken."""

    exit_code = 3
    code = "backend"


class FileError(JointBridgeError):
    """Raised when a file cannot be read or written."""

    exit_code = 4
    code = "file"


class LimitError(JointBridgeError):
    """Raised when an input exceeds a limit on its size."""

    exit_code = 4
    code = "limit"


def _likely(word: str, known: Iterable[str]) -> list[str]:
    """At most a few hundred names: thousands of guesses must not take minutes."""
    names = list(known)
    if len(names) > _MANY:
        names = [name for name in names if name[:1] == word[:1]][:_MANY]
    return names


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the closest known words, or lists a few of them."""
    known = sorted(known)
    lower = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(
        word.casefold(), _likely(word.casefold(), lower), n=3, cutoff=0.6
    )
    if close:
        return f"did you mean {' or '.join(repr(lower[name]) for name in close)}?"
    if not known:
        return ""
    shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
    return f"known: {shown}"
