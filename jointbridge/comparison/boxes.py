"""Any model as a black box: a joint, or a model of a library."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from jointbridge import backends, passes
from jointbridge.backends.blackbox import BlackBox
from jointbridge.backends.reading import ReadError, Reading
from jointbridge.backends.recognition import is_ours, recognise
from jointbridge.comparison.joints import JointBlackBox
from jointbridge.errors import JointBridgeError
from jointbridge.spec import Spec


def box_of(
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    language: str | None = None,
) -> BlackBox:
    """A model with its arguments.

    Args:
        model: A joint, a spec, a model function or a joint distribution of a library.
        args: What a function is called with.
        kwargs: What it is called with, by name; it gets those that it takes.
        language: The backend whose model it is; found out where it is not given.

    Raises:
        UnsupportedError: No backend is known to be the model's.
    """
    spec = spec_of(model)
    if spec is not None:
        return JointBlackBox(_bound(spec, kwargs))
    language = language or recognise(model)
    if language is None:
        return JointBlackBox(_called(model, args, accepted(model, kwargs)))
    box: BlackBox = backends.get(language).blackbox(
        model, args, accepted(model, kwargs)
    )
    return box


def spec_of(model: Any) -> Spec | None:
    """The spec of a joint."""
    spec = getattr(model, "spec", model)
    return spec if isinstance(spec, Spec) else None


def read_spec(
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    language: str | None = None,
) -> Spec | None:
    """What a model of a library says, where it can be read; see `box_of`."""
    language = language or recognise(model)
    if language is None:
        return None
    try:
        with guarded(describe(model)):
            given = accepted(model, kwargs)
            found: Reading = backends.get(language).read(model, args, given, {})
            return found.spec
    except JointBridgeError:
        return None


def _called(model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Spec:
    """The spec that a function of jointbridge's own words gives."""
    if callable(model) and is_ours(model):
        spec = spec_of(model(*args, **kwargs))
        if spec is not None:
            return spec
    names = ", ".join(backends.names())
    message = f"cannot tell which library {describe(model)} is written for"
    hint = f"say it: one of {names}; it must be a model function or a joint"
    raise ReadError(message, code="usage", hint=hint)


def describe(model: Any) -> str:
    """A model in a few words."""
    name = getattr(model, "__name__", None)
    return f"the function {name!r}" if name else f"a {type(model).__name__}"


def accepted(model: Any, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Those keyword arguments that a function takes."""
    if not inspect.isroutine(model):
        return dict(kwargs)
    parameters = inspect.signature(model).parameters.values()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return dict(kwargs)
    named = {p.name for p in parameters if p.kind is not p.POSITIONAL_ONLY}
    return {n: x for n, x in kwargs.items() if n in named}


def _bound(spec: Spec, kwargs: Mapping[str, Any]) -> Spec:
    known = {d.name: d.type.kind for d in spec.data}
    values = {n: _whole(x, known[n]) for n, x in kwargs.items() if n in known}
    return passes.bind(spec, values) if values else spec


def _whole(value: Any, kind: str) -> np.ndarray:
    """Whole numbers as integers where these are declared."""
    array = np.asarray(value)
    whole = kind == "int" and array.dtype.kind == "f" and not np.any(array % 1)
    return array.astype(int) if whole else array


@contextmanager
def guarded(label: str) -> Iterator[None]:
    """What a user's model raises, as words that say where."""
    try:
        yield
    except JointBridgeError:
        raise
    except Exception as error:
        text = " ".join(str(error).split())[:400]
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if "site-packages" not in f.filename]
        place = f" ({own[-1].filename}:{own[-1].lineno})" if own else ""
        message = f"{label} raised {type(error).__name__}: {text}{place}"
        hint = "run the model alone with the same arguments"
        raise ReadError(message, hint=hint) from error
