"""The same joint on several backends: shapes, densities, gradients, transforms, draws."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jointbridge import backends as registry
from jointbridge import document
from jointbridge.analysis import why_not_samplable
from jointbridge.backends.compiled import Compiled
from jointbridge.comparison import draws as tests
from jointbridge.comparison.numbers import difference, verdict
from jointbridge.comparison.points import Values, free_points, one
from jointbridge.comparison.report import TOTAL, Cell, Report
from jointbridge.errors import JointBridgeError, UnsupportedError
from jointbridge.spec import Spec
from jointbridge.support import SUPPORTS

#: Told about each step: how many are done, how many there are, and what is next.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Expected:
    """What the reference says at the points."""

    free: Values
    values: Values
    numbers: Mapping[str, Mapping[str, np.ndarray]]


def check(
    joint: Any,
    backends: Sequence[str] | None = None,
    *,
    reference: str | None = None,
    dtype: str = "float64",
    points: int = 4,
    draws: int = 2000,
    seed: int = 0,
    alpha: float = 1e-3,
    progress: Progress | None = None,
) -> Report:
    """Whether backends agree with the reference about a joint.

    Compared are shapes, the log density of each site and in total, gradients, the maps to
    and from unconstrained coordinates with the density and gradient there, and, where the
    joint can be sampled, draws.

    Args:
        joint: A `Joint` (or its spec), all data bound.
        backends: Names of backends; all others that are registered by default.
        reference: The backend to compare with, computed in float64.
        dtype: The width of floats in the others.
        points: How many points, standard normal in unconstrained coordinates.
        draws: How many draws for each sampler; 0 leaves them out.
        seed: For points and draws.
        alpha: How often a run may raise a false alarm about draws.
        progress: Called before each step with the steps done, all steps and a text.

    Returns:
        A report; `report.passed` says yes or no.

    Raises:
        SpecError: The joint has errors or unbound data.
        BackendError: A backend is not installed.
    """
    spec: Spec = getattr(joint, "spec", joint)
    reference = reference or registry.REFERENCE
    names = tuple(backends or (n for n in registry.names() if n != reference))
    run = _Run(spec, reference, dtype, points, seed, progress or (lambda *_: None))
    run.steps = 1 + len(names) * (2 if draws else 1)
    run.tell(f"{reference}: points")
    expected = run.expected()
    cells: list[Cell] = []
    for name in names:
        run.tell(f"{name}: densities and gradients")
        cells += run.compare(name, expected)
    if draws:
        cells += _draws(run, names, draws, alpha)
    return Report(
        name=spec.name,
        digest=document.digest(spec),
        text=document.dumps(spec),
        reference=reference,
        backends=names,
        cells=tuple(cells),
        versions={n: registry.get(n).versions() for n in (reference, *names)},
        settings={
            "dtype": dtype,
            "points": points,
            "draws": draws,
            "seed": seed,
            "alpha": alpha,
        },
        seconds=run.seconds,
        notes=run.notes,
    )


class _Run:
    """One check: the compiled joints, the time they took, and how far it has come."""

    def __init__(
        self,
        spec: Spec,
        reference: str,
        dtype: str,
        points: int,
        seed: int,
        progress: Progress,
    ) -> None:
        self.spec = spec
        self.dtype = dtype
        self.points = points
        self.seed = seed
        self.progress = progress
        found = registry.get(reference)
        self.reference = Compiled(spec, found, keep_unmapped=True)
        self.compiled: dict[str, Compiled] = {}
        self.seconds: dict[str, float] = {}
        self.steps, self.done = 1, 0
        reason = why_not_samplable(self.reference.program.analysis)
        self.unsamplable = reason
        self.notes = (f"no draws are compared: {reason}",) if reason else ()

    def tell(self, text: str) -> None:
        self.progress(self.done, self.steps, text)
        self.done += 1

    def compile(self, name: str) -> Compiled:
        if name not in self.compiled:
            backend = registry.get(name)
            compiled = Compiled(self.spec, backend, self.dtype, keep_unmapped=True)
            self.compiled[name] = compiled
        return self.compiled[name]

    def expected(self) -> Expected:
        started = time.perf_counter()
        free = free_points(self.reference, self.points, self.seed)
        free = {n: x.astype(self.dtype) for n, x in free.items()}
        values = _numpy(self.reference, self.reference.constrain(free))
        # Every backend gets the numbers that the narrower floats can hold.
        values = {
            n: x.astype(self.dtype) if x.dtype.kind == "f" else x
            for n, x in values.items()
        }
        numbers = dict(_numbers(self.reference, free, values))
        self.seconds[self.reference.backend.name] = time.perf_counter() - started
        return Expected(free, values, numbers)

    def compare(self, name: str, expected: Expected) -> Iterator[Cell]:
        started = time.perf_counter()
        try:
            got = _numbers(self.compile(name), expected.free, expected.values)
            for kind, numbers in got:
                yield from self._cells(name, kind, expected, numbers)
        except Exception as error:  # noqa: BLE001 - one library must not stop the rest
            yield _failure(name, "build", error)
        self.seconds[name] = time.perf_counter() - started

    def _cells(
        self, name: str, kind: str, expected: Expected, got: Mapping[str, np.ndarray]
    ) -> Iterator[Cell]:
        point = expected.free if kind.startswith("unconstrained") else expected.values
        for site, numbers in expected.numbers[kind].items():
            found = difference(numbers, got[site])
            why = self._undefined(kind, site)
            yield Cell(
                name,
                kind,
                site,
                "skipped" if why else verdict(found.error, kind, self.dtype),
                None if why else found.error,
                why,
                {n: x.tolist() for n, x in one(point, found.draw).items()},
                found.expected,
                found.got,
            )

    def _undefined(self, kind: str, site: str) -> str:
        """Why a gradient is no property of the joint, if it is none."""
        if "gradient" not in kind:
            return ""
        found = self.reference.sites[site]
        if not (found.mapped or found.discrete):
            return f"{_CURVED}, and no smooth map leads there"
        if kind == "gradient" and SUPPORTS[found.support.name].curved:
            return f"{_CURVED}; the unconstrained gradient is compared"
        return ""


_CURVED = (
    "the values fill no open set, so that this gradient depends on how the density is "
    "continued"
)


def _numbers(
    compiled: Compiled, free: Values, values: Values
) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """What a backend says at the points, kind by kind."""
    there = _numpy(compiled, compiled.constrain(free))
    back = _numpy(compiled, compiled.unconstrain(values))
    yield "transform", {n: _both(there[n], back[n]) for n in there}
    parts = _numpy(compiled, compiled.log_prob_parts(values))
    total, gradients = compiled.value_and_grad(values)
    yield "log density", {**parts, TOTAL: compiled.numpy(total)}
    yield "gradient", _numpy(compiled, gradients)
    total, gradients = compiled.value_and_grad_unconstrained(free)
    yield "unconstrained", {TOTAL: compiled.numpy(total)}
    yield "unconstrained gradient", _numpy(compiled, gradients)


def _both(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    count = len(x)
    return np.concatenate([x.reshape(count, -1), y.reshape(count, -1)], axis=1)


def _numpy(compiled: Compiled, arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {n: compiled.numpy(x) for n, x in arrays.items()}


def _failure(name: str, kind: str, error: Exception) -> Cell:
    """The cell of a backend that raised; what is the caller's mistake is raised again."""
    if isinstance(error, UnsupportedError):
        message = "; ".join(p.message for p in error.problems)
        return Cell(name, kind, TOTAL, "unsupported", message=message)
    if isinstance(error, JointBridgeError):
        raise error
    message = f"{type(error).__name__}: {error}"
    return Cell(name, kind, TOTAL, "error", message=message)


# -- draws --------------------------------------------------------------------


def _draws(run: _Run, names: Sequence[str], count: int, alpha: float) -> Iterator[Cell]:
    if run.unsamplable:
        for name in names:
            run.tell(f"{name}: draws")
            yield Cell(name, "draws", TOTAL, "skipped", message=run.unsamplable)
        return
    p_values: dict[tuple[str, str, str], float] = {}
    failures: list[Cell] = []
    for name in names:
        run.tell(f"{name}: draws")
        try:
            p_values |= _compare_draws(run, name, count, run.seed)
        except Exception as error:  # noqa: BLE001 - one library must not stop the rest
            failures.append(_failure(name, "draws", error))
    failed = tests.holm(p_values, alpha)
    again: dict[tuple[str, str, str], float] = {}
    for name in {key[0] for key in failed}:
        run.tell(f"{name}: draws again, four times as many")
        repeated = _compare_draws(run, name, 4 * count, run.seed + 1)
        again |= {key: p for key, p in repeated.items() if key in failed}
    still = tests.holm(again, alpha)
    yield from failures
    yield from _draw_cells(p_values, failed, again, still)


Key = tuple[str, str, str]


def _draw_cells(
    p_values: Mapping[Key, float],
    failed: set[Key],
    again: Mapping[Key, float],
    still: set[Key],
) -> Iterator[Cell]:
    """One cell for each backend and site: the statistic that stands out most."""
    worst: dict[tuple[str, str], Key] = {}
    for key in sorted(p_values, key=lambda k: (k not in still, p_values[k])):
        worst.setdefault(key[:2], key)
    for (name, site), key in worst.items():
        message = f"p-value of the {key[2]}"
        if key in failed:
            message += f"; again with four times the draws: {again[key]:.1e}"
        word = "differs" if key in still else "agree"
        yield Cell(name, "draws", site, word, p_values[key], message)


def _compare_draws(run: _Run, name: str, count: int, seed: int) -> dict[Key, float]:
    ours = _numpy(run.reference, run.reference.sample(seed, (count,)))
    theirs = _numpy(run.compile(name), run.compile(name).sample(seed + 7919, (count,)))
    found: dict[Key, float] = {}
    for site in run.reference.sites:
        if ours[site].shape != theirs[site].shape:
            found[name, site, "shape"] = 0.0
            continue
        left, right = tests.statistics(ours[site]), tests.statistics(theirs[site])
        for statistic, x in left.items():
            found[name, site, statistic] = tests.p_value(x, right[statistic])
    densities = [_log_density(run.reference, drawn) for drawn in (ours, theirs)]
    found[name, TOTAL, "log density"] = tests.p_value(*densities)
    return found


def _log_density(compiled: Compiled, drawn: Mapping[str, np.ndarray]) -> np.ndarray:
    values = {n: drawn[n] for n in compiled.sites}
    return compiled.numpy(compiled.log_prob(values))
