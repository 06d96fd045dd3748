"""A joint as a NumPyro model function: one `sample` per site, in plates.

A scan whose body has sites is NumPyro's own `scan`: its sites are stacked along a new first
axis there too.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NoReturn

import numpyro
from numpyro import handlers
from numpyro.contrib.control_flow import scan as numpyro_scan

from jointbridge.analysis import Site
from jointbridge.backends.base import Region
from jointbridge.backends.numpyro.regions import constraint
from jointbridge.backends.program import Program
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array, Env, Evaluator
from jointbridge.evaluate.recurrence import Recurrence, behind
from jointbridge.spec import Deterministic, Factor, Param, Sample, Scan


def model_of(program: Program) -> Callable[[], dict[str, Any]]:
    """The model function; it takes no arguments and returns every named value."""

    def model() -> dict[str, Any]:
        env = dict(program.data)
        for statement, evaluate in program.walk(env):
            name = statement.name
            match statement:
                case Sample():
                    site = program.analysis.sites[name]
                    env[name] = _sample(program, site, evaluate)
                case Scan() if statement.sites:
                    env |= _scan(program, statement, evaluate)
                case Deterministic():
                    numpyro.deterministic(name, env[name])
                case Factor(_, value):
                    numpyro.factor(name, evaluate(value).sum())
                case Param():
                    env[name] = _param(statement, evaluate, env[name])
        return env

    model.__name__ = program.spec.name if program.spec.name.isidentifier() else "model"
    return model


def _scan(program: Program, scan: Scan, evaluate: Evaluator) -> Env:
    """What a scan collects and the values of its sites, stacked."""
    inner, length = program.analysis.scans[scan.name]
    recurrence = Recurrence(evaluate, scan, inner)
    wanted = tuple(site.name for site in scan.sites)

    def fill(sample: Sample, body: Evaluator) -> Array:
        site = program.analysis.sites[sample.name].step
        assert site is not None
        return _sample(program, site, body)

    def step(carry: tuple[Array, ...], slices: tuple[Array, ...]) -> Any:
        carry, body = recurrence.step(carry, slices, fill)
        return carry, recurrence.collected(body) | recurrence.kept(body, wanted)

    first, slices = recurrence.first(), recurrence.slices()
    _, found = numpyro_scan(step, first, slices, length=length)
    types = program.scope.names
    return {n: behind(evaluate, x, x.ndim - types[n].rank) for n, x in found.items()}


def _sample(program: Program, site: Site, evaluate: Evaluator) -> Array:
    sample, rank = site.sample, len(site.batch)
    built = program.distribution(site, evaluate)
    if sample.shape:
        built = built.expand(site.batch).to_event(len(sample.shape))
    observed = None if sample.observed is None else program.observed(site, evaluate)
    plates = len(sample.plates)
    with ExitStack() as stack:
        for place, plate in enumerate(sample.plates):
            if plate is not None:
                size = program.spec.plate_sizes[plate]
                stack.enter_context(numpyro.plate(plate, size, dim=place - plates))
        if sample.mask is not None:
            mask = program.arrays.cast(evaluate.aligned(sample.mask, rank), "bool")
            built = _masked(built, mask, site)
        if sample.scale is not None:
            stack.enter_context(handlers.scale(scale=_one(evaluate, site)))
        hints = dict(sample.hints)
        value = numpyro.sample(site.name, built, obs=observed, infer=hints or None)
    return program.arrays.cast(value, site.type.kind)


def _masked(built: Any, mask: Any, site: Site) -> Any:
    return built.mask(mask) if not site.sample.shape else _refuse("mask", site)


def _one(evaluate: Evaluator, site: Site) -> Any:
    if site.sample.shape:
        _refuse("scale", site)
    return evaluate(site.sample.scale)


def _refuse(word: str, site: Site) -> NoReturn:
    # Its copies are one event here, and an event has one mask and one scale.
    message = f"NumPyro has no {word} inside the shape of {site.name!r}"
    raise UnsupportedError(message, hint="use plates instead of shape")


def _param(param: Param, evaluate: Evaluator, init: Any) -> Any:
    bounds = {n: evaluate(node) for n, node in param.support.params}
    region = Region(param.support, bounds)
    return numpyro.param(param.name, init, constraint=constraint(region))
