"""Why a NumPyro model cannot be traced: what JAX says, and what NumPyro does."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import jax

from jointbridge.backends.arrays.raising.tracing import (
    BRANCH,
    DYNAMIC,
    Reason,
    reason,
    refusal,
)
from jointbridge.backends.reading import ReadError

_HIDDEN_SITE = Reason(
    "unreadable",
    "has a sample statement inside of a function that JAX transforms",
    "use numpyro.contrib.control_flow.scan, or a plate",
)


def model_refusal(error: Exception, sites: Sequence[str]) -> ReadError:
    """The error to raise for what came out of the model.

    Args:
        error: What the model raised while it was traced.
        sites: The sites without whose values it does not work, where they are known.
    """
    named = " and ".join(map(repr, sites))
    what = f"the value of {named}" if sites else "a sampled value"
    hint = f"it does not run without {what}" if sites else ""
    return refusal(error, what, _reason(error), hint)


def _reason(error: Exception) -> Reason | None:
    if isinstance(error, jax.errors.UnexpectedTracerError):
        return _HIDDEN_SITE
    found = reason(error)
    return DYNAMIC if found is BRANCH and _in_plate(error.__traceback__) else found


def _in_plate(trace: TracebackType | None) -> bool:
    """Whether it was NumPyro's plate that asked for a number."""
    frames = traceback.extract_tb(trace)
    file = Path("numpyro", "primitives.py")
    return any(Path(*Path(f.filename).parts[-2:]) == file for f in frames) and any(
        "self.size = size" in (f.line or "") or "size > 0" in (f.line or "")
        for f in frames
    )


def about_values(error: Exception) -> bool:
    """Whether it may go away where an argument is known."""
    return not isinstance(error, ReadError)
