"""Runs in spawned processes, in parts, resumed, and on a cluster: one and the same matrix."""

import json
from concurrent.futures import Future
from dataclasses import replace

import pytest

from jointbridge.conformance.finding import Finding
from jointbridge.conformance.matrix import Matrix, merged
from jointbridge.conformance.registry import Divergence, explain
from jointbridge.conformance.runner import CASES, Task, findings_of, plan, run
from jointbridge.errors import JointBridgeError
from jointbridge.families import FAMILIES

CHECKS = ("density", "outside", "round trip")


class Here:
    """An executor that runs in this process, and counts."""

    def __init__(self):
        self.count = 0

    def submit(self, function, *args):
        self.count += 1
        future = Future()
        future.set_result(function(*args))
        return future


def _tasks(backend, *families, **options):
    return plan([backend.name], families, checks=CHECKS, **options)


def _alike(a, b):
    """Whether two runs found the same, whatever time they took."""
    pairs = zip(a.findings, b.findings, strict=True)
    return all(replace(x, seconds=0) == replace(y, seconds=0) for x, y in pairs)


def test_parts_are_the_whole():
    whole = plan()
    parts = [plan(shard=(i, 4)) for i in (1, 2, 3, 4)]
    assert sorted(t.key for p in parts for t in p) == sorted(t.key for t in whole)


def test_quick_has_a_form_of_each_family_and_full_has_all():
    quick = {t.case for t in plan()}
    assert sorted(CASES[n].family for n in quick) == sorted(FAMILIES)
    assert {t.case for t in plan(profile="full")} == set(CASES)
    named = {t.case for t in plan(families=["Wishart"])}
    assert named == {n for n, c in CASES.items() if c.family == "Wishart"}


@pytest.mark.parametrize(
    ("options", "word"),
    [
        pytest.param({"families": ["Norml"]}, "'Normal'", id="family"),
        pytest.param({"chosen": ["nobody"]}, "'nobody'", id="backend"),
        pytest.param({"shard": (5, 4)}, "5 of 4", id="part"),
    ],
)
def test_what_there_is_not_is_refused(options, word):
    with pytest.raises(JointBridgeError, match=word):
        plan(**options)


def test_spawned_parts_and_json(backend):
    whole = run(_tasks(backend, "Normal", "Poisson"), Here())
    spawned = run(_tasks(backend, "Normal", "Poisson"), jobs=1)
    parts = [
        run(_tasks(backend, "Normal", "Poisson", shard=(i, 2)), Here()) for i in (1, 2)
    ]
    assert _alike(whole, spawned)
    assert _alike(whole, merged(parts))
    again = Matrix.from_json(json.loads(json.dumps(whole.to_json())))
    assert again == whole
    assert whole.versions[backend.name] == backend.versions()
    assert set(whole.checks) == set(CHECKS)


def test_resumed(backend, tmp_path):
    path, tasks = tmp_path / "run.jsonl", _tasks(backend, "Normal", "Poisson", "Gamma")
    first = run(tasks[:2], Here(), resume=path)
    cut = path.read_text().splitlines()
    path.write_text("\n".join([cut[0], cut[1][:40]]) + "\n")
    counted, told = Here(), []
    whole = run(tasks, counted, lambda *step: told.append(step), resume=path)
    assert counted.count == 2
    assert [done for done, _, _ in told] == [2, 3]
    assert _alike(whole, run(tasks, Here(), resume=path))
    assert replace(first.findings[0], seconds=0) == replace(
        whole.findings[0], seconds=0
    )


@pytest.mark.slow
def test_on_a_cluster(backend):
    distributed = pytest.importorskip("distributed")
    tasks = _tasks(backend, "Normal")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = run(tasks, client.get_executor())
    assert _alike(found, run(tasks, Here()))


FINDING = Finding(
    "one", "Normal", "Normal", "density", "float64", "accuracy loss", 1e-8
)
ROW = Divergence(
    "one-digits",
    "one",
    "one",
    ("Normal",),
    ("density",),
    "accuracy loss",
    "",
    worst=1e-6,
)


@pytest.mark.parametrize(
    ("finding", "row", "known", "stale"),
    [
        pytest.param({}, {}, True, False, id="known"),
        pytest.param({"error": 1e-5}, {}, False, True, id="worse than the row says"),
        pytest.param({"verdict": "wrong"}, {}, False, True, id="another verdict"),
        pytest.param({}, {"verdict": "wrong"}, True, False, id="milder than wrong"),
        pytest.param({"verdict": "agree"}, {}, False, True, id="stale"),
        pytest.param({"check": "tails"}, {}, False, False, id="another check"),
        pytest.param({}, {"dtypes": ("float32",)}, False, False, id="another width"),
        pytest.param({}, {"families": ("*",)}, True, False, id="all families"),
        pytest.param(
            {"verdict": "agree"}, {"families": ("*",)}, False, True, id="none"
        ),
    ],
)
def test_registry(monkeypatch, finding, row, known, stale):
    found = replace(ROW, **row)
    monkeypatch.setattr(
        "jointbridge.conformance.registry.divergences", lambda _: (found,)
    )
    outcome = explain([replace(FINDING, **finding)])
    assert (outcome.findings[0].divergence == "one-digits") == known
    assert bool(outcome.stale) == stale


def test_a_check_that_raises_is_a_finding(backend, monkeypatch):
    """What a library raises is said, and is no end of the run."""

    def broken(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(type(backend), "log_prob", broken)
    found = findings_of(Task(backend.name, "Normal", checks=("density",)))
    assert {f["verdict"] for f in found} == {"wrong"}
    assert "raises ZeroDivisionError" in found[0]["detail"]
