"""Warnings that TFP raises about itself; its callers can do nothing about them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

#: A pattern for the start of each message, with its reason.
_UPSTREAM = (
    # it still reads names that JAX has moved
    r"jax\.[\w.]+ is deprecated",
    # its samplers ask JAX for the shape of None
    "shape requires ndarray or scalar arguments",
    # its samplers ask for float64 on the way to float32
    "Explicitly requested dtype",
)


@contextmanager
def quiet() -> Iterator[None]:
    """TFP without those warnings; all other warnings pass, and no filter stays."""
    with warnings.catch_warnings():
        for message in _UPSTREAM:
            warnings.filterwarnings("ignore", message)
        yield
