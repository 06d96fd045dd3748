"""Why a model cannot be traced, in words that its author can act on."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import jax

from jointbridge.backends.arrays.raising.sources import is_library
from jointbridge.backends.reading import ReadError


@dataclass(frozen=True, slots=True)
class Reason:
    """What a model does that cannot be traced.

    Attributes:
        code: The problem's code.
        happens: What the model does, with `{what}` for the value it does it with.
        hint: What to do instead.
    """

    code: str
    happens: str
    hint: str


BRANCH = Reason(
    "branch",
    "branches on {what}",
    "write it with jnp.where, or with a mixture",
)
NUMPY = Reason(
    "numpy-on-site",
    "hands {what} to NumPy",
    "use jax.numpy in its place",
)
NUMBER = Reason(
    "numpy-on-site",
    "turns {what} into a Python number",
    "use jax.numpy in its place",
)
DYNAMIC = Reason(
    "dynamic",
    "makes a shape or a number of sites depend on {what}",
    "a joint has a fixed list of sites: pad to a fixed size and mask",
)

#: JAX's errors about values that are not known yet.
_ROWS: tuple[tuple[type[Exception], Reason], ...] = (
    (jax.errors.TracerBoolConversionError, BRANCH),
    (jax.errors.TracerArrayConversionError, NUMPY),
    (jax.errors.NonConcreteBooleanIndexError, DYNAMIC),
    (jax.errors.TracerIntegerConversionError, DYNAMIC),
)

#: Words of JAX about what makes a Python number, and no size, of an array.
_CONVERSIONS = ("`float` function", "`complex` function", "item() method", "tolist()")


def reason(error: Exception) -> Reason | None:
    """What JAX's error about an unknown value means; None for other errors."""
    for kind, found in _ROWS:
        if isinstance(error, kind):
            return found
    if isinstance(error, jax.errors.ConcretizationTypeError):
        # `float(site)` and `int(site)` raise one error, and mean different things.
        return NUMBER if any(w in str(error) for w in _CONVERSIONS) else DYNAMIC
    return None


def refusal(
    error: Exception, what: str, found: Reason | None = None, hint: str = ""
) -> ReadError:
    """The error to raise for what came out of a model.

    Args:
        error: What the model raised while it was traced.
        what: The values that were not known.
        found: The reason, where JAX's error alone does not say it.
        hint: What to do about an error of any other kind.
    """
    if isinstance(error, ReadError):
        return error
    where = place_of(error.__traceback__)
    found = found or reason(error)
    if found is not None:
        message = f"the model {found.happens.format(what=what)}"
        return ReadError(message, code=found.code, path=where, hint=found.hint)
    text = next(iter(str(error).splitlines()), "")
    message = f"the model raised {type(error).__name__}: {text}"
    return ReadError(message, path=where, hint=hint)


def place_of(trace: TracebackType | None) -> str:
    """The innermost line of the user's files, as `model.py:12`."""
    return _innermost(traceback.extract_tb(trace))


def place_here() -> str:
    """The line of the user's files that is being run, as `model.py:12`."""
    return _innermost(traceback.extract_stack())


def _innermost(frames: Sequence[traceback.FrameSummary]) -> str:
    own = [f for f in frames if not is_library(f.filename)]
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
