"""The observed values of a spec that its data alone gives."""

from __future__ import annotations

from dataclasses import replace

from jointbridge.analysis.dependence import only, outer, rests_on
from jointbridge.backends.walking import Walker
from jointbridge.evaluate import Env, Evaluator
from jointbridge.evaluate.recurrence import run_scan
from jointbridge.expression import Call, names
from jointbridge.spec import Deterministic, Let, Sample, Scan


def observations(walker: Walker) -> Env:
    """The observed values that do not depend on sites."""
    env: Env = dict(walker.data)
    found: Env = {}
    for statement in walker.spec.statements:
        evaluate = walker.evaluator(env)
        match statement:
            case Deterministic(name, value) | Let(name, value):
                if names(value) <= set(env):
                    env[name] = evaluate(value)
            case Sample(name, observed=node):
                if node is not None and names(node) <= set(env):
                    found[name] = walker.observed(walker.analysis.sites[name], evaluate)
            case Scan():
                found |= _observed_steps(walker, statement, evaluate)
    return found


def _observed_steps(walker: Walker, scan: Scan, evaluate: Evaluator) -> Env:
    """The observed values of a scan's sites, where data alone gives them."""
    inner, length = walker.analysis.scans[scan.name]
    found: Env = {}
    for sample in scan.sites:
        seen = frozenset() if sample.observed is None else names(sample.observed)
        part = only(scan, rests_on(scan, seen))
        if sample.observed is None or part.sites:
            continue
        if outer(scan, seen) <= set(evaluate.env):
            site = walker.analysis.sites[sample.name]
            shape = (("shape", site.type.shape[1:]),)
            value = Call("broadcast_to", (sample.observed,), shape)
            part = replace(part, collect=((sample.name, value),))
            steps = run_scan(evaluate, part, inner, length)
            stacked = steps.found[sample.name]
            found[sample.name] = walker.arrays.cast(stacked, site.type.kind)
    return found
