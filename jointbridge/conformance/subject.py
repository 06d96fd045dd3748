"""A case on a backend in one width of floats: compiled once, scored once, for all checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from jointbridge.backends.base import Backend
from jointbridge.backends.compiled import Compiled
from jointbridge.conformance.case import Case
from jointbridge.conformance.drawn import Draws, Graded
from jointbridge.conformance.grids import places
from jointbridge.conformance.library import Library, answers, axes
from jointbridge.conformance.points import Point, golden
from jointbridge.families import FAMILIES, Family, Parameter
from jointbridge.spec import Sample, Spec
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse

FLAT = parse("ImproperUniform(real)")


class Rows(NamedTuple):
    """How many rows are scored with their gradients together, and how many at most."""

    together: int
    most: int | None = None


#: By the support and the rank of a value, where rows are heavy: a constant that is a
#: series may need eight megabytes for each.
ROWS, HEAVY = Rows(2000), {("circular", 1): Rows(100, 300)}


@dataclass(frozen=True)
class Profile:
    """How much is done.

    Attributes:
        name: `quick` or `full`.
        draws: How many draws a law is tested with.
        points: How many points a joint, a module and a round trip are tried at.
    """

    name: str
    draws: int
    points: int


PROFILES = {
    "quick": Profile("quick", draws=20_000, points=2),
    "full": Profile("full", draws=100_000, points=6),
}


class Subject:
    """A case on a backend.

    Free parameters are sites with flat priors, so that one compiled function scores every
    point, and gradients for parameters can be asked.

    Args:
        backend: The backend.
        case: The case.
        dtype: The width of floats.
        profile: How much is done.
        seed: What draws start from.
    """

    def __init__(
        self, backend: Backend, case: Case, dtype: str, profile: Profile, seed: int = 0
    ) -> None:
        self.backend = backend
        self.case = case
        self.dtype = dtype
        self.profile = profile
        self.seed = seed
        #: The width of the scores, as soon as there are any.
        self.width = ""

    # -- the joints -----------------------------------------------------------

    @cached_property
    def compiled(self) -> Compiled:
        """Flat priors for the parameters, then one value `x`."""
        flat = tuple(
            Sample(n, FLAT, shape=np.shape(x)) for n, x in self.case.free.items()
        )
        spec = Spec((*flat, Sample("x", self.case.distribution)))
        return Compiled(spec, self.backend, self.dtype)

    @cached_property
    def literal(self) -> Compiled:
        """One value `x` with the typical parameters, from which draws can be taken."""
        spec = Spec((Sample("x", self.case.at(self.typical)),))
        return Compiled(spec, self.backend, self.dtype)

    @property
    def typical(self) -> Mapping[str, Any]:
        """The typical parameters, as numbers that every width holds."""
        found: Mapping[str, Any] = self.at("typical")[0].params
        return found

    @property
    def site(self) -> Any:
        """The site `x`."""
        return self.compiled.sites["x"]

    @property
    def discrete(self) -> bool:
        """Whether values are counted."""
        return bool(self.site.discrete)

    @property
    def family(self) -> Family:
        """The row of the catalogue."""
        return FAMILIES[self.case.family]

    @property
    def certain(self) -> bool:
        """Whether all mass is on one value."""
        return self.family.measure.startswith("point mass at v")

    @property
    def curved(self) -> bool:
        """Whether values fill no open set, as the points of a simplex."""
        return SUPPORTS[self.site.support.name].curved

    @cached_property
    def domains(self) -> dict[str, Parameter]:
        """The free parameters that are a parameter of the family by that name."""
        return {name: row for name, row, _ in places(self.case.distribution)}

    def impossible(self, point: Point) -> bool:
        """Whether a probability is exactly 0 or 1, on the edge of its domain."""
        named = {n: row.domain.name for n, row in self.domains.items()}
        given = {n: np.asarray(point.params[n], float) for n in named}
        return any(
            bool(np.any((given[n] == 0) | (given[n] == 1)))
            for n, domain in named.items()
            if domain in ("unit_interval", "simplex")
        )

    # -- points ---------------------------------------------------------------

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points of the golden file."""
        return golden(self.case)

    def at(self, *regions: str) -> list[Point]:
        """The points of some regions that have a value of the right kind."""
        return [p for p in self.points if p.region in regions and self.holds(p)]

    def few(self, points: Sequence[Point]) -> list[Point]:
        """As many of some points as the profile wants, the first and the last too."""
        count = min(self.profile.points, len(points))
        places = np.linspace(0, len(points) - 1, count).round().astype(int)
        return [points[place] for place in places]

    def holds(self, point: Point) -> bool:
        """Whether the value is of the site's kind: half a count is an error at once."""
        value = np.asarray(point.value, float)
        return not self.discrete or bool(np.all(np.floor(value) == value))

    @cached_property
    def valid(self) -> list[Point]:
        """The points that can be scored, in order."""
        return [p for p in self.points if self.holds(p)]

    def batch(self, points: Sequence[Point]) -> dict[str, np.ndarray]:
        """Parameters and values of some points, one draw for each."""
        batch = {
            n: np.stack([np.asarray(p.params[n], float) for p in points])
            for n in self.case.free
        }
        values = np.stack([np.asarray(p.value, float) for p in points])
        kind = np.int64 if self.discrete else np.float64
        return {**batch, "x": values.astype(kind)}

    # -- numbers, once for all checks -----------------------------------------

    @cached_property
    def scores(self) -> dict[int, float | str]:
        """The log density at every valid point, by the point's identity."""

        def score(points: Sequence[Point]) -> list[float]:
            found = self.compiled.log_prob_parts(self.batch(points))["x"]
            array = self.compiled.numpy(found)
            self.width = str(array.dtype)
            return [float(x) for x in array]

        return self.by_point(answers(score, self.valid))

    @cached_property
    def gradients(self) -> dict[str, dict[int, np.ndarray]]:
        """By what moves, the gradient at every valid point."""
        asked = [p for p in self.valid if not isinstance(self.scores[id(p)], str)]
        _, found = self.graded(self.batch(asked))
        return {
            n: {id(p): x for p, x in zip(asked, array, strict=True)}
            for n, array in found.items()
        }

    def graded(self, batch: Mapping[str, np.ndarray]) -> Graded:
        """The log densities of many rows, and their gradients by what moves."""
        pieces = [self.compiled.value_and_grad(x) for x in self._pieces(batch)]
        numpy, count = self.compiled.numpy, len(batch["x"])
        scores = np.concatenate([numpy(score) for score, _ in pieces])[:count]
        names = pieces[0][1]
        return scores, {
            n: np.concatenate([numpy(found[n]) for _, found in pieces])[:count]
            for n in names
        }

    @property
    def _rows(self) -> Rows:
        return HEAVY.get((self.site.support.name, self.site.type.rank), ROWS)

    def _pieces(
        self, batch: Mapping[str, np.ndarray]
    ) -> Iterator[dict[str, np.ndarray]]:
        """Rows in pieces of one shape, which is compiled once; the last one is filled."""
        size = self._rows.together
        for start in range(0, len(batch["x"]), size):
            piece = {n: x[start : start + size] for n, x in batch.items()}
            missing = size - len(piece["x"])
            yield {
                n: np.concatenate([x, np.repeat(x[:1], missing, axis=0)])
                for n, x in piece.items()
            }

    @cached_property
    def mapped(self) -> tuple[list[Point], dict[str, Any]]:
        """A few typical points, and their unconstrained coordinates."""
        points = self.few(self.at("typical"))
        return points, self.compiled.unconstrain(self.batch(points))

    def by_point(self, numbers: Sequence[Any]) -> dict[int, Any]:
        """Numbers of the valid points by the point's identity."""
        return {id(p): x for p, x in zip(self.valid, numbers, strict=True)}

    @cached_property
    def draws(self) -> Draws:
        """Draws with the typical parameters, from the seed of the run."""
        return self.drawn(self.seed, self.profile.draws)

    def drawn(self, seed: int, count: int) -> Draws:
        """Draws with the typical parameters.

        Raises:
            UnsamplableError: There are none of this distribution.
        """
        compiled = self.literal
        values = compiled.numpy(compiled.sample(seed, axes(count))["x"])
        return Draws(values, self._graded_beside)

    def _graded_beside(self, values: np.ndarray) -> Graded:
        """Values beside the typical parameters; the first of them where that is heavy."""
        values = values[: self._rows.most]
        batch = {
            n: np.broadcast_to(np.asarray(x, float), (len(values), *np.shape(x)))
            for n, x in self.typical.items()
        }
        return self.graded({**batch, "x": values})

    @cached_property
    def library(self) -> Library:
        """The library's own objects."""
        return Library(self)
