"""Runs: which cases on which backends, in how many processes, and what comes of it.

    plan ──► tasks ──► executor (spawned workers) ──► findings ──► registry ──► Matrix
                                        │
                                        └──► a line of JSON for each task, to resume

A task is one case on one backend, with all its checks: what it compiles is used by all.
"""

from __future__ import annotations

import json
import multiprocessing
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jointbridge import backends
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.finding import Finding
from jointbridge.conformance.matrix import Matrix
from jointbridge.conformance.registry import explain
from jointbridge.errors import JointBridgeError, did_you_mean

#: Called after each task with the tasks done, all tasks and the task itself.
Progress = Callable[[int, int, "Task"], None]


@dataclass(frozen=True)
class Task:
    """One case on one backend, with all checks of a profile.

    Attributes:
        checks: The names of the checks, none for all.
    """

    backend: str
    case: str
    profile: str = "quick"
    seed: int = 0
    checks: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from other tasks, in the file to resume from."""
        return json.dumps(
            [self.backend, self.case, self.profile, self.seed, list(self.checks)]
        )


def plan(
    chosen: Sequence[str] = (),
    families: Sequence[str] = (),
    profile: str = "quick",
    shard: tuple[int, int] = (1, 1),
    checks: Sequence[str] = (),
    seed: int = 0,
) -> list[Task]:
    """The tasks of a run.

    Args:
        chosen: Names of backends; all that are registered by default.
        families: Names of families or of cases; all by default.
        profile: `quick`, with one form of each family unless some are named, or `full`.
        shard: Which part of how many, as `(1, 4)`.
        checks: Names of checks; all by default.
        seed: What draws start from.

    Raises:
        JointBridgeError: There is no such family, backend or part.
    """
    names = tuple(chosen) or backends.names()
    for name in names:
        if name not in backends.names():
            hint = did_you_mean(name, backends.names())
            raise JointBridgeError(f"no backend {name!r}", code="usage", hint=hint)
    part, parts = shard
    if not 1 <= part <= parts:
        raise JointBridgeError(f"no part {part} of {parts}", code="usage")
    cases = _cases(families, profile)
    tasks = [Task(b, c, profile, seed, tuple(checks)) for c in cases for b in names]
    return [t for i, t in enumerate(tasks) if i % parts == part - 1]


def _cases(families: Sequence[str], profile: str) -> list[str]:
    known = {name for c in CASES.values() for name in (c.name, c.family)}
    for family in families:
        if family not in known:
            hint = did_you_mean(family, known)
            raise JointBridgeError(f"no family {family!r}", code="usage", hint=hint)
    if families:
        return [n for n, c in CASES.items() if {n, c.family} & set(families)]
    if profile == "full":
        return list(CASES)
    first = {c.family: n for n, c in reversed(CASES.items())}
    return [n for n in CASES if n in first.values()]


def findings_of(task: Task) -> list[dict[str, Any]]:
    """All findings of a task as records; this is what a worker runs."""
    # A worker loads a framework when it has work for it.
    from jointbridge.conformance.checks import CHECKS
    from jointbridge.conformance.judge import judge
    from jointbridge.conformance.subject import PROFILES, Subject

    backend, case = backends.get(task.backend), CASES[task.case]
    profile, seed = PROFILES[task.profile], seed_of(task)
    subjects = {
        dtype: Subject(backend, case, dtype, profile, seed)
        for dtype in ("float64", "float32")
    }
    rows = [CHECKS[n] for n in task.checks] or list(CHECKS.values())
    return [
        judge(check, subjects[dtype]).to_record()
        for check in rows
        for dtype in (check.quick if task.profile == "quick" else check.dtypes)
    ]


def seed_of(task: Task) -> int:
    """A seed of its own for each case, from that of the run."""
    return (zlib.crc32(task.case.encode()) + 7919 * task.seed) % 2**31


def run(
    tasks: Sequence[Task],
    executor: Executor | None = None,
    progress: Progress | None = None,
    resume: str | Path | None = None,
    jobs: int = 1,
) -> Matrix:
    """The matrix of some tasks.

    Args:
        tasks: What `plan` gave.
        executor: Where they run, as a cluster's; spawned processes by default.
        progress: Called after each task.
        resume: A file that findings are added to; tasks that are in it are not run again.
        jobs: How many processes to spawn where there is no executor.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    journal = Journal(None if resume is None else Path(resume))
    done = {t.key: journal.known[t.key] for t in tasks if t.key in journal.known}
    missing = [t for t in tasks if t.key not in done]
    with _executor(executor, jobs) as pool:
        for task, records in _each(pool, missing):
            done[task.key] = records
            journal.add(task, records)
            if progress:
                progress(len(done), len(tasks), task)
    found = (Finding.from_record(r) for t in tasks for r in done[t.key])
    outcome = explain(found)
    names = dict.fromkeys(t.backend for t in tasks)
    first = tasks[0] if tasks else Task("", "")
    return Matrix(
        outcome.findings,
        {n: backends.get(n).versions() for n in names},
        first.profile,
        first.seed,
        started.isoformat(timespec="seconds"),
        outcome.stale,
        round(time.perf_counter() - clock, 1),
    )


def _executor(executor: Executor | None, jobs: int) -> AbstractContextManager[Executor]:
    if executor is not None:
        return nullcontext(executor)  # its owner ends it
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=spawn)


def _each(
    pool: Executor, tasks: Sequence[Task]
) -> Iterable[tuple[Task, list[dict[str, Any]]]]:
    """Tasks with their records, as they come."""
    futures: dict[Future[Any], Task] = {pool.submit(findings_of, t): t for t in tasks}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


class Journal:
    """A file with a line for each task that is done.

    Args:
        path: The file, which need not exist; none keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.known: dict[str, list[dict[str, Any]]] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._read(line)

    def _read(self, line: str) -> None:
        try:
            record = json.loads(line)
            self.known[record["task"]] = record["findings"]
        except (json.JSONDecodeError, KeyError):
            return  # a line that was cut off: its task is run again

    def add(self, task: Task, records: list[dict[str, Any]]) -> None:
        """Write down what a task found."""
        if self.path is None:
            return
        line = json.dumps({"task": task.key, "findings": records})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
