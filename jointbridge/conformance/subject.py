"""A case on a backend in one width of floats: compiled once, scored once, for all checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from jointbridge.backends.base import Backend
from jointbridge.backends.compiled import Compiled
from jointbridge.conformance.case import Case
from jointbridge.conformance.grids import places
from jointbridge.conformance.points import Point, golden
from jointbridge.errors import UnsupportedError
from jointbridge.families import Parameter
from jointbridge.spec import Sample, Spec
from jointbridge.support import SUPPORTS
from jointbridge.syntax import parse

FLAT = parse("ImproperUniform(real)")


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
    def curved(self) -> bool:
        """Whether values fill no open set, as the points of a simplex."""
        return SUPPORTS[self.site.support.name].curved

    @cached_property
    def domains(self) -> dict[str, Parameter]:
        """The free parameters that are a parameter of the family by that name."""
        return {name: row for name, row, _ in places(self.case.distribution)}

    # -- points ---------------------------------------------------------------

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points of the golden file."""
        return golden(self.case)

    def at(self, *regions: str) -> list[Point]:
        """The points of some regions that have a value of the right kind."""
        return [p for p in self.points if p.region in regions and self.holds(p)]

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

        def score(points: Sequence[Point]) -> np.ndarray:
            found = self.compiled.log_prob_parts(self.batch(points))["x"]
            return self.compiled.numpy(found)

        return self.by_point(answers(score, self.valid))

    @cached_property
    def gradients(self) -> dict[str, dict[int, np.ndarray]]:
        """By what moves, the gradient at every valid point."""
        asked = [p for p in self.valid if not isinstance(self.scores[id(p)], str)]
        _, found = self.compiled.value_and_grad(self.batch(asked))
        arrays = {n: self.compiled.numpy(x) for n, x in found.items()}
        return {
            n: {id(p): x for p, x in zip(asked, array, strict=True)}
            for n, array in arrays.items()
        }

    def by_point(self, numbers: Sequence[Any]) -> dict[int, Any]:
        """Numbers of the valid points by the point's identity."""
        return {id(p): x for p, x in zip(self.valid, numbers, strict=True)}

    def library(self, points: Sequence[Point]) -> np.ndarray:
        """What the library's own distribution says of values, without jointbridge."""
        program, backend = self.compiled.program, self.backend
        wanted = "float" if not self.discrete else backend.count_kind

        def score(env: Mapping[str, Any]) -> Any:
            evaluate = program.evaluator(dict(env))
            dist = program.distribution(self.site, evaluate)
            return backend.log_prob(dist, program.arrays.cast(env["x"], wanted))

        batch = self.batch(points)
        kinds = {n: self.compiled.value_types[n].kind for n in batch}
        with backend.precision(self.dtype):
            env = {n: program.arrays.array(x, kinds[n]) for n, x in batch.items()}
            return program.arrays.numpy(backend.jit(score)(env))


def answers(
    ask: Callable[[Sequence[Point]], np.ndarray], points: Sequence[Point]
) -> list[float | str]:
    """Numbers for some points; a text where one raises, whatever it raises."""
    if not points:
        return []
    try:
        return [float(x) for x in ask(points)]
    except UnsupportedError:
        raise
    except Exception as error:  # noqa: BLE001 - an exception is an answer
        if len(points) == 1:
            return [f"raises {type(error).__name__}"]
    middle = len(points) // 2
    return [*answers(ask, points[:middle]), *answers(ask, points[middle:])]
