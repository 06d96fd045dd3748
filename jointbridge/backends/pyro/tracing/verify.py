"""The last word on a spec that was read: its density is the model's own, site by site.

The model runs again without being watched, at the values of the first run and at others.
What the reader did not see (a value that left torch and came back, a branch somewhere
below) makes another number there, and is refused rather than passed on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import torch
from pyro import poutine
from pyro.poutine.subsample_messenger import _Subsample

from jointbridge.backends.base import Backend
from jointbridge.backends.program import Program
from jointbridge.backends.pyro.tracing.sites import Feasible, untouched
from jointbridge.backends.reading import ReadError
from jointbridge.errors import SpecError
from jointbridge.spec import Param, Spec

Tensor: TypeAlias = torch.Tensor
Values: TypeAlias = dict[str, Tensor]
#: What the steps of a site are called in the model, by the name of the site.
Steps: TypeAlias = Mapping[str, tuple[str, ...]]

#: How far two sums of one site may be apart, relative to 1 and the sum, by float width.
_CLOSE = {"float64": 1e-8, "float32": 1e-4}


def verify(
    spec: Spec,
    steps: Steps,
    backend: Backend,
    model: Any,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    seeds: tuple[int, ...],
) -> None:
    """Scores a spec against the model that it was read from.

    Raises:
        ReadError: They differ, or the model has other sites in another run.
    """
    for seed in seeds:
        values, parts = _whole(*native(model, args, kwargs, seed), steps)
        try:
            differing = _differing(spec, backend, values, parts)
        except SpecError as error:
            message = f"what was read is no valid spec: {error.problems[0].message}"
            raise ReadError(message, code="internal", hint=_REPORT) from error
        if differing:
            _, again = _whole(*native(model, args, kwargs, seed), steps)
            raise _refusal(differing, {n: float(x) for n, x in again.items()})


def native(
    model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], seed: int
) -> tuple[Values, dict[str, Tensor]]:
    """Values of all latent sites and parameters, and the model's own log densities."""
    with torch.inference_mode(False), torch.no_grad(), untouched(seed):
        with Feasible(seed) as feasible:
            trace = poutine.trace(model).get_trace(*args, **kwargs)
        trace.compute_log_prob()
    values, parts = dict(feasible.values), {}
    for name, site in trace.nodes.items():
        if site["type"] == "param":
            values[name] = site["value"].detach()
        elif site["type"] == "sample" and not isinstance(site["fn"], _Subsample):
            parts[name] = site["log_prob_sum"].detach()
    return values, parts


def _whole(
    values: Values, parts: dict[str, Tensor], steps: Steps
) -> tuple[Values, dict[str, Tensor]]:
    """Values of all steps stacked, and their log densities summed."""
    values, parts = dict(values), dict(parts)
    for name, found in steps.items():
        stacked = [values.pop(n) for n in found if n in values]
        if stacked:
            values[name] = torch.stack(stacked)
        terms = [parts.pop(n) for n in found if n in parts]
        if terms:
            parts[name] = torch.stack(terms).sum()
    return values, parts


def _differing(
    spec: Spec, backend: Backend, values: Values, parts: Mapping[str, Tensor]
) -> dict[str, tuple[float, float]]:
    """The sites whose numbers differ: what was read, and what the model says."""
    wanted = {name: float(x) for name, x in parts.items()}
    dtype = _width([*values.values(), *parts.values()])
    found = _score(spec, backend, values, dtype)
    close = {n: _CLOSE[dtype] * (1.0 + abs(x)) for n, x in wanted.items()}
    if dtype == "float32":
        # What narrow floats lose in this model, both may lose.
        wide = _score(spec, backend, values, "float64")
        for name in found:
            close[name] = close.get(name, 0.0) + 10 * abs(found[name] - wide[name])
    missing = {n: (math.nan, x) for n, x in wanted.items() if n not in found and x}
    return missing | {
        name: (x, wanted.get(name, math.nan))
        for name, x in found.items()
        if not _same(x, wanted.get(name, math.nan), close.get(name, 0.0))
    }


def _same(found: float, wanted: float, close: float) -> bool:
    if math.isfinite(found) and math.isfinite(wanted):
        return abs(found - wanted) <= close
    return found == wanted or (math.isnan(found) and math.isnan(wanted))


def _score(
    spec: Spec, backend: Backend, values: Values, dtype: str
) -> dict[str, float]:
    with backend.precision(dtype), torch.no_grad():
        program = Program(spec, backend, dtype)
        names = {s.name for s in spec.statements if isinstance(s, Param)}
        types = program.scope.names
        given = {
            name: program.arrays.cast(x, types[name].kind)
            for name, x in values.items()
            if name in types and (name in names or name in program.analysis.latent)
        }
        scored, _ = program.score(given)
        return {name: float(x) for name, x in scored.items()}


def _width(tensors: list[Tensor]) -> str:
    narrow = any(x.dtype in (torch.float32, torch.float16) for x in tensors)
    return "float32" if narrow else "float64"


_REPORT = "this is a fault of the reader: please report it with the model"


def _refusal(
    differing: dict[str, tuple[float, float]], again: dict[str, float]
) -> ReadError:
    name, (found, wanted) = next(iter(differing.items()))
    if name in again and again[name] != wanted:
        return ReadError(
            f"site {name!r} has log density {wanted:.12g} and, at the same values in"
            f" another run, {again[name]:.12g}: the model draws numbers of its own",
            code="hidden-randomness",
            path=name,
            hint="draw them with pyro.sample, or once, and hand them in as data",
        )
    others = f" (and {len(differing) - 1} more)" if len(differing) > 1 else ""
    return ReadError(
        f"site {name!r}{others} has log density {wanted:.12g} in the model, but "
        f"{found:.12g} in what was read: something there is computed out of sight",
        code="unreadable",
        path=name,
        hint="keep to torch functions between sites: no NumPy, no .data, no torch.vmap,"
        " no custom autograd functions, nothing kept from an earlier run",
    )
