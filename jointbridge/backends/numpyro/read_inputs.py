"""How a NumPyro model is traced, and the values of its sites as unknown inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp

from jointbridge.expression import Node


@dataclass(frozen=True)
class Settings:
    """How a model is traced.

    Attributes:
        known: Values of sites that are known, to find out which one a model branches on.
        marks: Whether what observed and deterministic sites return is a new input, so
            that later uses are known as uses of the site.
        params: Initial values of params that the model does not give, by name.
        density: Whether sites of unknown families are kept as their densities.
        own: Whether classes of the user's may be families of the catalogue.
    """

    known: frozenset[str] = frozenset()
    marks: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)
    density: bool = False
    own: bool = True


class Inputs:
    """The values of sites as inputs of a traced function.

    The first time the function runs it is found out which there are, and zeros stand for
    them; the second time they are given.
    """

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        self.given = given
        self.types: dict[str, Any] = {}
        #: What an input is called where it is no name.
        self.nodes: dict[str, Node] = {}

    def take(self, name: str, wanted: Any) -> Any:
        """The value of an input of a type."""
        self.types[name] = wanted
        if self.given is not None:
            return self.given[name]
        return jnp.zeros(wanted.shape, wanted.dtype)
