"""What Python and NumPy may not do with a symbolic value, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from jointbridge.author.location import at_users_line
from jointbridge.errors import SpecError, did_you_mean
from jointbridge.functions import FUNCTIONS

_LATER = "its numbers are known only when the joint is scored"


def _refuse(message: str, hint: str) -> Callable[..., NoReturn]:
    @at_users_line
    def refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
        raise SpecError(f"{message}: {self!r}", code="usage", hint=hint)

    return refuse


class Unevaluated:
    """A value without numbers: every conversion to numbers is an error with a way out."""

    __slots__ = ()

    __bool__ = _refuse(
        "a symbolic value is neither true nor false",
        "choose with jb.where(condition, x, y); join conditions with & | ~ rather than "
        "and, or, not; write a < b < c as (a < b) & (b < c)",
    )
    __float__ = _refuse(
        "a symbolic value is no float",
        f"{_LATER}; write jb.exp(x) rather than math.exp(x)",
    )
    __int__ = _refuse(
        "a symbolic value is no int", f"{_LATER}; see jb.cast and jb.floor"
    )
    __index__ = _refuse(
        "a symbolic value is no static whole number",
        f"{_LATER}; sizes and axes come from len(x) and x.shape",
    )
    __complex__ = _refuse("a symbolic value is no complex number", _LATER)
    __array__ = _refuse(
        "a symbolic value is no NumPy array",
        f"{_LATER}; write jb.exp(x) rather than np.exp(x)",
    )

    @at_users_line
    def __array_function__(self, function: Any, *_: Any) -> NoReturn:
        """NumPy's own functions are refused, with the word to write instead."""
        raise numpy_refused(function.__name__)


def numpy_refused(name: str) -> SpecError:
    """The error of a NumPy function that meets a symbolic value."""
    hint = f"write jb.{name}" if name in FUNCTIONS else did_you_mean(name, FUNCTIONS)
    return SpecError(
        f"np.{name} takes arrays, not symbolic values", code="usage", hint=hint
    )
