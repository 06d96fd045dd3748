"""Why a model cannot be traced, in words that its author can act on."""

from __future__ import annotations

import sysconfig
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import TracebackType

import jax

import jointbridge
from jointbridge.backends.reading import ReadError

#: Folders whose files say nothing to the author of a model.
_LIBRARIES = (
    str(Path(jointbridge.__file__).parent),
    *(sysconfig.get_paths()[k] for k in ("stdlib", "purelib", "platlib")),
)

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
        (
            jax.errors.NonConcreteBooleanIndexError,
            jax.errors.TracerIntegerConversionError,
        ),
        "dynamic",
        "makes a shape or a number of sites depend on {what}",
        "a joint has a fixed list of sites: pad to a fixed size and mask",
    ),
)


_DYNAMIC = _ROWS[-1][1:]


def _in_plate(trace: TracebackType | None) -> bool:
    """Whether it was NumPyro's plate that asked for a number."""
    frames = traceback.extract_tb(trace)
    file = Path("numpyro", "primitives.py")
    return any(Path(*Path(f.filename).parts[-2:]) == file for f in frames) and any(
        "self.size = size" in (f.line or "") or "size > 0" in (f.line or "")
        for f in frames
    )


@cache
def is_library(file: str) -> bool:
    """Whether a file belongs to an installed library, to Python or to us."""
    return file.startswith(_LIBRARIES) or file.startswith("<")


def place_of(trace: TracebackType | None) -> str:
    """The innermost line of the user's files, as `model.py:12`."""
    frames = [f for f in traceback.extract_tb(trace) if not is_library(f.filename)]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def place_here() -> str:
    """The line of the user's files that is being run, as `model.py:12`."""
    frames = [f for f in traceback.extract_stack() if not is_library(f.filename)]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def about_values(error: Exception) -> bool:
    """Whether it may go away where an argument is known."""
    return not isinstance(error, ReadError)


def refusal(error: Exception, sites: Sequence[str]) -> ReadError:
    """The error to raise for what came out of the model.

    Args:
        error: What the model raised while it was traced.
        sites: The sites without whose values it does not work, where they are known.
    """
    if isinstance(error, ReadError):
        return error
    where = place_of(error.__traceback__)
    named = " and ".join(map(repr, sites))
    what = f"the value of {named}" if sites else "a sampled value"
    code, happens, hint = _said(error)
    if code == "branch" and _in_plate(error.__traceback__):
        code, happens, hint = _DYNAMIC
    if code:
        message = f"the model {happens.format(what=what)}"
        return ReadError(message, code=code, path=where, hint=hint)
    text = next(iter(str(error).splitlines()), "")
    message = f"the model raised {type(error).__name__}: {text}"
    hint = f"it does not run without {what}" if sites else ""
    return ReadError(message, path=where, hint=hint)


def _said(error: Exception) -> tuple[str, str, str]:
    for kinds, code, happens, hint in _ROWS:
        if isinstance(error, kinds):
            return code, happens, hint
    if isinstance(error, jax.errors.UnexpectedTracerError):
        happens = "has a sample statement inside of a function that JAX transforms"
        return (
            "unreadable",
            happens,
            "use numpyro.contrib.control_flow.scan, or a plate",
        )
    if isinstance(error, jax.errors.ConcretizationTypeError):
        return _concrete(error)
    return "", "", ""


def _concrete(error: Exception) -> tuple[str, str, str]:
    """`float(site)` and `int(site)` raise one error, and mean different things."""
    if "float" in str(error) or "complex" in str(error):
        return _ROWS[1][1], "turns {what} into a Python number", _ROWS[1][3]
    return _ROWS[2][1], _ROWS[2][2], _ROWS[2][3]
