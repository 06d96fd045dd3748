"""What is known of a spec: its sites, types and problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from jointbridge.errors import Problem
from jointbridge.expression import Support
from jointbridge.shapes import DistributionType, Scope
from jointbridge.spec import Sample, Spec, Statement, Type, Unread, defined
from jointbridge.support import SUPPORTS


@dataclass(frozen=True)
class Site:
    """A sample statement with everything that follows from its shapes.

    Attributes:
        batch: Plates, then the site's own shape.
        dist: Batch and event shape of the distribution as written.
        type: Shape and kind of one draw of its value.
        support: Its support, with bounds as expressions; those of a site in the body of
            a scan are seen inside the body.
        step: In the body of a scan, the site as a single step has it.
    """

    sample: Sample
    batch: tuple[int, ...]
    dist: DistributionType
    type: Type
    support: Support
    step: Site | None = None

    @property
    def name(self) -> str:
        """The site's name."""
        return self.sample.name

    @property
    def latent(self) -> bool:
        """Whether it was not observed."""
        return self.sample.observed is None

    @property
    def discrete(self) -> bool:
        """Whether its values are counted."""
        return SUPPORTS[self.support.name].discrete or self.type.kind != "float"

    @property
    def mapped(self) -> bool:
        """Whether a smooth map leads from all vectors to its values."""
        return not self.discrete and SUPPORTS[self.support.name].free is not None

    @property
    def elementwise(self) -> int:
        """How many axes of a value its support takes one element at a time."""
        return self.type.rank - SUPPORTS[self.support.name].rank

    @property
    def free(self) -> tuple[int, ...]:
        """The shape of its unconstrained coordinates."""
        row = SUPPORTS[self.support.name]
        shape, split = self.type.shape, self.elementwise
        if row.discrete or row.free is None:
            return shape
        return (*shape[:split], *row.free(*shape[split:]))


@dataclass
class Analysis:
    """A spec with the types of its names, its sites and its problems."""

    spec: Spec
    scope: Scope = field(default_factory=Scope)
    sites: dict[str, Site] = field(default_factory=dict)
    scans: dict[str, tuple[Scope, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    mistaken: set[str | None] = field(default_factory=set)

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names that statements define, wherever they stand."""
        statements = self.spec.statements
        given = (defined(s) for s in statements if not isinstance(s, Unread))
        return frozenset(s.name for s in statements).union(*given)

    @cached_property
    def plates(self) -> dict[str | None, int]:
        """The sizes of the plates."""
        return self.spec.plate_sizes

    @property
    def errors(self) -> list[Problem]:
        """The problems that are not mere warnings."""
        return [p for p in self.problems if p.severity == "error"]

    @property
    def observed(self) -> dict[str, Site]:
        """The sites with an observed value."""
        return {n: s for n, s in self.sites.items() if not s.latent}

    @property
    def latent(self) -> dict[str, Site]:
        """The sites without an observed value."""
        return {n: s for n, s in self.sites.items() if s.latent}

    def report(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Add an error."""
        self.problems.append(Problem(code, path, message, hint))

    def warn(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Add a warning."""
        self.problems.append(Problem(code, path, message, hint, "warning"))


def where(statement: Statement, path: str) -> str:
    """The path of a statement, with its name for people."""
    return f"{path} ({statement.name})"
