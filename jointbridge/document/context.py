"""What one reading carries along: the limits, and the problems found so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jointbridge.document.limits import Limits
from jointbridge.errors import JointBridgeError, LimitError, Problem, SpecError

#: What a value that could not be read becomes; its problem is reported.
FAILED: Any = object()

#: A file of nothing but mistakes must not cost more than this.
_MAX_PROBLEMS = 1000


@dataclass
class Context:
    """One reading of one document.

    Attributes:
        folder: Where files of arrays may lie, or None where there is no folder.
        files: The arrays in the files opened so far, by file name.
        wanted: The keys of those files that the document refers to.
    """

    limits: Limits
    folder: Path | None = None
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)
    wanted: dict[str, set[str]] = field(default_factory=dict)
    nodes: int = 0
    elements: int = 0

    def report(self, code: str, path: str, message: str, hint: str = "") -> Any:
        """Add an error, and give `FAILED`."""
        self._add([Problem(code, path, message, hint)])
        return FAILED

    def _add(self, problems: Sequence[Problem]) -> None:
        self.problems += problems
        if len(self.problems) > _MAX_PROBLEMS:
            message = f"more than {_MAX_PROBLEMS:,} problems; the rest is not read"
            raise LimitError([*self.problems, Problem("limit", "$", message)])

    def attempt(
        self, read: Callable[[Any, str, Context], Any], value: Any, path: str
    ) -> Any:
        """`read(value, path, self)`, or `FAILED` with its problems added."""
        try:
            return read(value, path, self)
        except LimitError as error:
            raise error.at(path) from None
        except JointBridgeError as error:
            self._add(error.at(path).problems)
            return FAILED

    def count_nodes(self, number: int) -> None:
        """Count nodes of expressions.

        Raises:
            LimitError: There are too many of them.
        """
        self.nodes += number
        if self.nodes > self.limits.max_nodes:
            message = f"more than {self.limits.max_nodes:,} nodes in all expressions"
            raise LimitError(message)

    def count_elements(self, number: int) -> None:
        """Count elements of data, before they are allocated.

        Raises:
            LimitError: There are too many of them.
        """
        self.elements += number
        if self.elements > self.limits.max_elements:
            message = f"more than {self.limits.max_elements:,} elements of data"
            raise LimitError(message)


def wrong(message: str, hint: str = "", code: str = "structure") -> SpecError:
    """An error about the value that is being read."""
    return SpecError(message, code=code, hint=hint)
