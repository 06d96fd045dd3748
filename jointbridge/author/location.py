"""Where the user stands: errors name the line that was written, not ours."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from jointbridge.errors import JointBridgeError

_PACKAGE = __name__.partition(".")[0]

P = ParamSpec("P")
R = TypeVar("R")


def where() -> str:
    """`file:line` of the innermost caller outside this package."""
    frame = inspect.currentframe()
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] != _PACKAGE:
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def at_users_line(function: Callable[P, R]) -> Callable[P, R]:
    """Let the errors of `function` say on which line of the user it was called."""

    @wraps(function)
    def located(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except JointBridgeError as error:
            if all(problem.path for problem in error.problems):
                # An inner word knew the line; its traceback leads there.
                raise
            raise error.at(where()) from None

    return located
