"""A model of any library as a box: values in, the log density of each site out.

Nothing of it is translated, so that it works for every model that runs.  What a site's
distribution was built with is kept where the table of the backend knows its class:

    box.draw(seed)       {"mu": 0.3, "tau": 1.2}
    box.terms(values)    {"mu": Term(log_prob=-2.5, dist=Normal(loc=0, scale=5)), …}
    box.gradient(values) {"mu": -0.01, "tau": …}
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from jointbridge.backends.foreign import patterns, to_catalogue
from jointbridge.backends.lower import Table
from jointbridge.errors import JointBridgeError
from jointbridge.expression import Distribution, Name, Node, Number, substitute
from jointbridge.families import FAMILIES

Values = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Term:
    """One site or factor of a model at one point.

    Attributes:
        name: The site's name.
        log_prob: What it adds to the log density, masked and scaled.
        value: Its value; None where it is a factor.
        observed: Whether the model fixes the value.
        discrete: Whether values are counted.
        curved: Whether values fill no open set, as the points of a simplex.
        words: The library's own class, for people.
        batch: The shape of its independent copies.
        mask: Where False, a copy counts as 0.
        scale: What the log density is multiplied with.
        dist: The catalogue's spelling of its distribution over the names in `arrays`;
            None where the catalogue does not know it.
        arrays: What those names stand for.
    """

    name: str
    log_prob: float
    value: np.ndarray | None = None
    observed: bool = False
    discrete: bool = False
    curved: bool = False
    words: str = ""
    batch: tuple[int, ...] = ()
    mask: np.ndarray | None = None
    scale: np.ndarray | None = None
    dist: Distribution | None = None
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def is_factor(self) -> bool:
        """Whether it is a term without a value."""
        return self.value is None

    @property
    def latent(self) -> bool:
        """Whether a value has to be given."""
        return not (self.is_factor or self.observed)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of its value."""
        return () if self.value is None else self.value.shape


class BlackBox(ABC):
    """A model with its arguments.

    Attributes:
        backend: The name of the backend whose library scores it.
        conditions: Whether models of the library say what was observed; where they do
            not, every site takes a value.
    """

    backend: str = ""
    conditions: bool = True

    @abstractmethod
    def draw(self, seed: int) -> dict[str, np.ndarray]:
        """A value inside its support for each latent site; changes no random state."""

    @abstractmethod
    def terms(self, values: Values) -> dict[str, Term]:
        """Every site and factor, in order, at the values of the latent sites."""

    @abstractmethod
    def gradient(self, values: Values) -> dict[str, np.ndarray]:
        """The gradient of the log density for each latent site that does not count."""


class Capture:
    """What distributions were built with, in the catalogue's spelling.

    Subclasses say how a library keeps what its constructors were given.

    Args:
        table: The table of the library's backend.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.known = patterns(table)

    def __call__(self, dist: Any) -> tuple[Distribution | None, dict[str, np.ndarray]]:
        """The distribution in the catalogue's spelling, None where it has none."""
        tree, leaves = self.leaves(dist)
        return self.spelled(tree, {n: self.numpy(x) for n, x in leaves.items()})

    def leaves(self, dist: Any) -> tuple[Distribution | None, dict[str, Any]]:
        """The distribution over names, and the library's own arrays behind them."""
        found: dict[str, Any] = {}
        try:
            return self._tree(dist, found), found
        except (KeyError, AttributeError, NotImplementedError):
            return None, {}

    def spelled(
        self, tree: Distribution | None, arrays: dict[str, np.ndarray]
    ) -> tuple[Distribution | None, dict[str, np.ndarray]]:
        """The catalogue's spelling of what `leaves` gave, scalars written out."""
        if tree is None or any(x.dtype.kind not in "fiub" for x in arrays.values()):
            return None, {}
        scalars: dict[str, Node] = {
            n: Number(x.item()) for n, x in arrays.items() if x.ndim == 0
        }
        kept = {n: x for n, x in arrays.items() if n not in scalars}
        try:
            return to_catalogue(self.table, substitute(tree, scalars)), kept
        except (JointBridgeError, KeyError):
            return None, {}

    def unwrap(self, dist: Any) -> Any:
        """The distribution without what only changes its batch and event axes."""
        return dist

    def class_name(self, dist: Any) -> str:
        """The name of the class, as users write it."""
        return type(dist).__name__

    def parameters(self, dist: Any) -> Iterator[tuple[str, Any]]:
        """What the constructor was given."""
        rows = self.known.get(self.class_name(dist), ())
        wanted = dict.fromkeys(n for pattern, _ in rows for n, _ in pattern.params)
        kept = {n: x for n in wanted if (x := vars(dist).get(n)) is not None}
        excluded = {n for _, ours in rows for n in _excluded(ours, kept)}
        for name in wanted:
            if name in kept:
                yield name, kept[name]
            elif name not in excluded and (x := getattr(dist, name, None)) is not None:
                yield name, x

    def is_distribution(self, value: Any) -> bool:
        """Whether a parameter is a distribution itself."""
        return hasattr(value, "log_prob")

    def numpy(self, value: Any) -> np.ndarray:
        """A NumPy copy of a parameter."""
        return np.asarray(value)

    def _tree(self, dist: Any, leaves: dict[str, Any]) -> Distribution:
        dist = self.unwrap(dist)
        given = self.parameters(dist)
        params = tuple((name, self._node(value, leaves)) for name, value in given)
        return Distribution(self.class_name(dist), params)

    def _node(self, value: Any, leaves: dict[str, Any]) -> Node:
        if self.is_distribution(value):
            return self._tree(value, leaves)
        if isinstance(value, (bool, int, float)):
            return Number(value)
        name = f"p{len(leaves)}"
        leaves[name] = value
        return Name(name)


def _excluded(ours: Distribution, kept: Mapping[str, Any]) -> Iterator[str]:
    """The alternatives of parameters that are known."""
    for group in FAMILIES[ours.family].choices.values():
        if any(name in kept for name in group):
            yield from group


def filled(term: Term, arrays: Mapping[str, Any], capture: Capture) -> Term:
    """A site with its numbers at one point.

    Args:
        term: What is known of it without them, its distribution as `leaves` gives it.
        arrays: `log_prob`, and where there are any `value`, `mask`, `scale`, `leaves`.
        capture: What reads the library's distributions.
    """
    found: dict[str, Any] = {
        n: np.asarray(x) for n, x in arrays.items() if n != "leaves"
    }
    leaves = {n: np.asarray(x) for n, x in arrays.get("leaves", {}).items()}
    dist, kept = capture.spelled(term.dist, leaves)
    log_prob = float(found.pop("log_prob"))
    return replace(term, log_prob=log_prob, dist=dist, arrays=kept, **found)
