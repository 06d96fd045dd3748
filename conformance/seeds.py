"""How often do checks of draws cry wolf?  `python -m conformance.seeds --seeds 10`

All checks that a seed changes are run again and again, for every family on every backend;
all others give the same numbers in every run. What a case compiles serves all seeds, so
that ten runs cost little more than one.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

import click

from jointbridge import backends
from jointbridge.conformance.cases import CASES
from jointbridge.conformance.checks import CHECKS
from jointbridge.conformance.finding import Finding
from jointbridge.conformance.judge import judge
from jointbridge.conformance.registry import explain
from jointbridge.conformance.runner import Task, plan, seed_of
from jointbridge.conformance.subject import PROFILES, Subject

#: The checks whose numbers depend on the seed.
DRAWN = ("draw types", "draws")


def findings_of(task: Task, seeds: int) -> list[tuple[int, dict]]:
    """The findings of a task with each seed."""
    backend, case = backends.get(task.backend), CASES[task.case]
    subject = Subject(backend, case, "float64", PROFILES[task.profile])
    found = []
    for seed in range(seeds):
        subject.seed = seed_of(replace(task, seed=seed))
        vars(subject).pop("draws", None)  # those of the last seed
        found += [(seed, judge(CHECKS[n], subject).to_record()) for n in DRAWN]
    return found


@click.command()
@click.option("--seeds", default=10, show_default=True, help="How many.")
@click.option("--jobs", default=2, show_default=True, help="Processes.")
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default="quick",
    show_default=True,
    help="How many draws, and of how many forms of a family.",
)
def main(seeds: int, jobs: int, profile: str) -> None:
    """Run the checks of draws with several seeds, and count the alarms."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        tasks = plan(profile=profile)
        waiting = [pool.submit(findings_of, task, seeds) for task in tasks]
        found = []
        for number, future in enumerate(as_completed(waiting), start=1):
            found += future.result()
            click.echo(f"\r{number} of {len(waiting)}", nl=False, err=True)
    alarms = [(s, f) for s, r in found for f in _unlisted(r)]
    click.echo(f"\n{len(found)} findings with {seeds} seeds, {len(alarms)} alarms")
    for seed, f in alarms:
        click.echo(f"seed {seed}: {f.case} on {f.backend}, {f.check}: {f.detail}")
    looks = sum("before" in (r["worst"] or {}).get("got", "") for _, r in found)
    click.echo(f"{looks} were looked at twice")


def _unlisted(record: dict) -> list[Finding]:
    found = explain([Finding.from_record(record)]).findings
    return [f for f in found if f.unlisted]


if __name__ == "__main__":
    main()
