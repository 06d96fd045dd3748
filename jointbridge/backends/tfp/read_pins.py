"""The arrays of a model, and what its pinned components were seen to be.

pins     flow_0: 1120.0   flow_1: 1160.0   …       level: [0.1, 0.4]
data     flow_obs, of which each is one row        level_obs
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from jointbridge.analysis import free_name
from jointbridge.backends.arrays.raising import Constants
from jointbridge.backends.arrays.raising.surroundings import originals, widened
from jointbridge.backends.rerolling import bases
from jointbridge.backends.rerolling.numbering import FEWEST, split
from jointbridge.expression import Expression, Index, Number


@dataclass(frozen=True)
class Pins:
    """The values of pinned components, by name."""

    values: Mapping[str, np.ndarray]

    @cached_property
    def loops(self) -> dict[str, np.ndarray]:
        """The values of all steps of loops, by the names of steps without number."""
        found: dict[str, dict[int, np.ndarray]] = {}
        for name, value in self.values.items():
            if place := split(name):
                found.setdefault(place[0], {})[place[1]] = value
        return {base: _stacked(x) for base, x in found.items() if _is_whole(x)}

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays to be known, the steps of a loop as one."""
        single = {n: x for n, x in self.values.items() if self._step(n) is None}
        return {**single, **self.loops}

    def _step(self, name: str) -> tuple[str, int] | None:
        found = split(name)
        return found if found and found[0] in self.loops else None

    def seen(self, name: str, constants: Constants) -> Expression | None:
        """The value of a component; None where it is not pinned."""
        if name not in self.values:
            return None
        if step := self._step(name):
            base, place = step
            return Index(_known(self.loops[base], constants), (Number(place),))
        return _known(self.values[name], constants)


def _is_whole(steps: Mapping[int, np.ndarray]) -> bool:
    same = len({x.shape for x in steps.values()}) == 1
    return len(steps) >= FEWEST and set(steps) == {*range(len(steps))} and same


def _stacked(steps: Mapping[int, np.ndarray]) -> np.ndarray:
    return np.stack([steps[t] for t in range(len(steps))])


def _known(array: np.ndarray, constants: Constants) -> Expression:
    return constants.known(array) or constants.expression(array)


def constants_of(model: Any, names: Iterable[str], pins: Pins) -> Constants:
    """What arrays are called: those that the model refers to, and values of components.

    Args:
        model: The functions that make components.
        names: The names of components.
        pins: The values of those that are pinned.
    """
    own = {*names, *bases(names)}
    taken, known, scalars = set(own), dict[str, np.ndarray](), dict[int, str]()
    for name, found in originals(model).items():
        array = widened(np.asarray(found))
        if array.size == 1 and array.shape:
            continue
        title = free_name(f"{name}_data" if name in own else name, taken)
        known[title] = array
        if not array.shape:
            scalars[id(found)] = title
    for name, array in pins.arrays.items():
        if not any(np.array_equal(array, other) for other in known.values()):
            known[free_name(f"{name}_obs", taken)] = array
    return Constants(known, own, scalars)
