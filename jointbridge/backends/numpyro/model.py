"""A joint as a NumPyro model function: one `sample` per site, in plates."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NoReturn

import numpyro
from numpyro import handlers

from jointbridge.analysis import Site
from jointbridge.backends.base import Region
from jointbridge.backends.numpyro.regions import constraint
from jointbridge.backends.program import Program
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Evaluator
from jointbridge.spec import Deterministic, Factor, Param, Sample


def model_of(program: Program) -> Callable[[], dict[str, Any]]:
    """The model function; it takes no arguments and returns every named value."""

    def model() -> dict[str, Any]:
        env = dict(program.data)
        for statement, evaluate in program.walk(env):
            name = statement.name
            match statement:
                case Sample():
                    site = program.analysis.sites[name]
                    value = _sample(program, site, evaluate)
                    env[name] = program.arrays.cast(value, site.type.kind)
                case Deterministic():
                    numpyro.deterministic(name, env[name])
                case Factor(_, value):
                    numpyro.factor(name, evaluate(value).sum())
                case Param():
                    env[name] = _param(statement, evaluate, env[name])
        return env

    model.__name__ = program.spec.name if program.spec.name.isidentifier() else "model"
    return model


def _sample(program: Program, site: Site, evaluate: Evaluator) -> Any:
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
        return numpyro.sample(site.name, built, obs=observed, infer=hints or None)


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
