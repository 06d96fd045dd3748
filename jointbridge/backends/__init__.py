"""Backends: found by entry point, imported when first used, strangers to each other."""

from __future__ import annotations

import os
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import numpy as np

from jointbridge.errors import BackendError, did_you_mean

GROUP = "jointbridge.backends"

#: The backend that the others are compared with.
REFERENCE = "numpyro"


@cache
def _entry_points() -> dict[str, EntryPoint]:
    return {e.name: e for e in entry_points(group=GROUP)}


def names() -> tuple[str, ...]:
    """The names of all backends that are registered, installed or not."""
    return tuple(_entry_points())


def entry_point(name: str) -> EntryPoint:
    """Where the backend called `name` is registered."""
    return _entry_points()[name]


@cache
def get(name: str) -> Any:
    """The backend called `name`, imported on first use.

    Raises:
        BackendError: There is none of that name, or its library is not installed.
    """
    if name not in _entry_points():
        hint = did_you_mean(name, names())
        raise BackendError(f"no backend {name!r}", hint=hint)
    try:
        with harmless_import():
            return _entry_points()[name].load()()
    except ImportError as error:
        raise BackendError(
            f"backend {name!r} cannot be imported: {error}",
            hint=f'pip install "jointbridge[{name}]", then: jointbridge doctor',
        ) from error


def module(name: str) -> ModuleType:
    """The module of a backend, with what it offers beyond the common methods."""
    return sys.modules[type(get(name)).__module__.rpartition(".")[0]]


@contextmanager
def harmless_import() -> Iterator[None]:
    """Keeps what imports of frameworks change: random states, filters, environment."""
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002
    environment = dict(os.environ)
    filters = list(warnings.filters)
    try:
        yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)
        for key in set(os.environ) - set(environment):
            del os.environ[key]
        os.environ.update(environment)
        # `warnings.filters` itself, so that caches of other modules stay right.
        warnings.filters[:] = filters  # type: ignore[index]
        getattr(warnings, "_filters_mutated", lambda: None)()
