"""What a library's own objects say, without jointbridge's guards around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from jointbridge.backends.lower import Native
from jointbridge.conformance.points import Point
from jointbridge.errors import UnsupportedError

if TYPE_CHECKING:
    from jointbridge.conformance.subject import Subject

#: The regions that a library is asked about by itself; inside jointbridge asks it anyway.
REGIONS = ("edge", "outside", "bad")


def axes(count: int) -> tuple[int, int]:
    """The two axes of so many draws."""
    return count // 2, 2


class Answer(NamedTuple):
    """A log density, and its derivative in the value where values are measured."""

    score: float
    slope: np.ndarray | None


class Library:
    """A library's own distribution of a case.

    Args:
        subject: The case on a backend.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    @property
    def native(self) -> Native:
        """How the library spells it."""
        compiled = self._subject.compiled
        return compiled.program.lowered(
            self._subject.case.distribution, compiled.program.scope
        )

    @cached_property
    def answers(self) -> dict[int, Answer | str]:
        """What it says at every point of `REGIONS`, by the point's identity.

        A text says that it raised.
        """
        points = [p for p in self._subject.valid if p.region in REGIONS]
        found = answers(self._asked, points)
        return {id(p): x for p, x in zip(points, found, strict=True)}

    def _asked(self, points: Sequence[Point]) -> list[Answer]:
        """Densities and slopes of one compiled function."""
        compiled, backend = self._subject.compiled, self._subject.backend
        arrays, batch = compiled.program.arrays, self._subject.batch(points)
        kinds = {n: compiled.value_types[n].kind for n in batch}
        with backend.precision(self._subject.dtype):
            env = {n: arrays.array(x, kinds[n]) for n, x in batch.items()}
            scores, slopes = backend.jit(self._both)(env)
        slopes = [None] * len(points) if slopes is None else arrays.numpy(slopes)
        pairs = zip(arrays.numpy(scores), slopes, strict=True)
        return [Answer(float(score), slope) for score, slope in pairs]

    def _both(self, env: Mapping[str, Any]) -> tuple[Any, Any]:
        score = self._score(env)
        if self._subject.discrete:
            return score, None
        graded = self._subject.backend.value_and_grad(
            lambda moving: self._score({**env, **moving})
        )
        return score, graded({"x": env["x"]})[1]["x"]

    def _score(self, env: Mapping[str, Any]) -> Any:
        program, backend = self._subject.compiled.program, self._subject.backend
        wanted = backend.count_kind if self._subject.discrete else "float"
        dist = program.distribution(self._subject.site, program.evaluator(dict(env)))
        return backend.log_prob(dist, program.arrays.cast(env["x"], wanted))

    def draws(self) -> np.ndarray:
        """Its draws, of the kind that it gives; so many that nothing is compiled anew."""
        literal, backend = self._subject.literal, self._subject.backend
        seed, batch = self._subject.seed, axes(self._subject.profile.draws)
        with backend.precision(self._subject.dtype), backend.keys(seed) as keys:
            drawn = backend.draw(self._built(), batch, next(keys))
        return literal.numpy(drawn)

    def mapped(self, free: np.ndarray) -> np.ndarray | None:
        """What its own bijector makes of unconstrained coordinates, if it has one."""
        backend, arrays = self._subject.backend, self._subject.literal.program.arrays
        with backend.precision(self._subject.dtype):
            bijector = backend.default_bijector(self._built())
            if bijector is None:
                return None
            forward = backend.jit(lambda x: backend.forward(bijector, x))
            return arrays.numpy(forward(arrays.array(free, "float")))

    def _built(self) -> Any:
        """The distribution with the typical parameters."""
        compiled = self._subject.literal
        return compiled.program.distribution(
            compiled.sites["x"], compiled.program.evaluator({})
        )


Found = TypeVar("Found")


def answers(
    ask: Callable[[Sequence[Point]], Sequence[Found]], points: Sequence[Point]
) -> list[Found | str]:
    """Answers for some points; a text where one raises, whatever it raises."""
    if not points:
        return []
    try:
        return [*ask(points)]
    except UnsupportedError:
        raise
    except Exception as error:  # noqa: BLE001 - an exception is an answer
        if len(points) == 1:
            return [f"raises {type(error).__name__}"]
    middle = len(points) // 2
    return [*answers(ask, points[:middle]), *answers(ask, points[middle:])]
