"""What is written down about each statement of a NumPyro model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jointbridge.expression import Distribution, Node, Support


@dataclass
class SiteRecord:
    """A sample statement.

    Attributes:
        dist: NumPyro's spelling, with places for arrays.
        plates: By axis from the right, the plate and its size.
        batch: The batch shape.
        shape: Axes of independent copies inside the event.
    """

    name: str
    dist: Distribution
    plates: dict[int, tuple[str, int]]
    batch: tuple[int, ...]
    shape: tuple[int, ...]
    observed: Node | None = None
    mask: Node | None = None
    scale: Node | None = None
    hints: dict[str, Any] = field(default_factory=dict)
    where: str = ""


@dataclass
class FactorRecord:
    """A term of the log density, with the batch shape that it is summed over."""

    name: str
    value: Node
    batch: tuple[int, ...]
    where: str = ""


@dataclass
class DeterministicRecord:
    """A value that is reported."""

    name: str
    value: Node
    where: str = ""


@dataclass
class ParamRecord:
    """A learnable value."""

    name: str
    init: Node
    support: Support
    where: str = ""
