"""A function of JAX arrays compiled as a whole: hundreds of small compilations are slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax

_CONCRETE = (jax.errors.JAXTypeError, jax.errors.JAXIndexError)


class Whole:
    """A function that is compiled; step by step where it must see numbers.

    Args:
        function: From arrays to arrays, in dicts and tuples.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.compiled = jax.jit(function)
        self.compiles = True

    def __call__(self, *inputs: Any) -> Any:
        """What the function gives."""
        if self.compiles:
            try:
                return self.compiled(*inputs)
            except _CONCRETE:
                self.compiles = False
        return self.function(*inputs)
