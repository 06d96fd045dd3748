"""Why a model cannot be traced, in words that its author can act on."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType

import jax

from jointbridge.backends.arrays.raising.sources import is_library
from jointbridge.backends.reading import ReadError

#: JAX's errors about values that are not known yet: code, what happens, a way out.
_ROWS = (
    (
        jax.errors.TracerBoolConversionError,
        "branch",
        "branches on {what}",
        "write it with jnp.where, or with a mixture",
    ),
    (
        jax.errors.TracerArrayConversionError,
        "numpy-on-site",
        "hands {what} to NumPy",
        "use jax.numpy in its place",
    ),
    (
        jax.errors.ConcretizationTypeError,
        "dynamic",
        "makes a shape, a number or a count of components depend on {what}",
        "a joint has a fixed list of components: pad to a fixed size and mask",
    ),
)


def place_of(trace: TracebackType | None) -> str:
    """The innermost line of the user's files, as `model.py:12`."""
    frames = [f for f in traceback.extract_tb(trace) if not is_library(f.filename)]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def refusal(error: Exception, what: str) -> ReadError:
    """The error to raise for what came out of a model.

    Args:
        error: What the model raised while it was traced.
        what: The values that were not known.
    """
    if isinstance(error, ReadError):
        return error
    where = place_of(error.__traceback__)
    for kind, code, happens, hint in _ROWS:
        if isinstance(error, kind):
            message = f"the model {happens.format(what=what)}"
            return ReadError(message, code=code, path=where, hint=hint)
    text = next(iter(str(error).splitlines()), "")
    return ReadError(f"the model raised {type(error).__name__}: {text}", path=where)
