"""A joint as a Pyro model function: one `sample` per site, in plates.

Pyro may put axes of its own (enumerated values, particles, posterior draws) to the left of
all plates.  To the evaluator these are draws, which stand right before a value's own axes:

    Pyro         [draws | 1 ........ 1 | the site's plates | event]
    evaluator    [draws | the site's plates | event]
                         ╰ no room for plates that the site does not have

A scan whose body has sites is a loop: site `z` is sampled as `z_0`, `z_1`, …, and `z` is the
deterministic value of all steps.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeAlias

import pyro
import torch
from pyro import poutine
from torch.distributions import biject_to

from jointbridge.analysis import Site
from jointbridge.backends.base import Region
from jointbridge.backends.program import Program
from jointbridge.backends.pyro.markov import steps_of
from jointbridge.backends.pyro.regions import constraint
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Env, Evaluator
from jointbridge.evaluate.recurrence import Recurrence
from jointbridge.spec import Deterministic, Factor, Param, Sample, Scan

Tensor: TypeAlias = torch.Tensor


def model_of(program: Program) -> Callable[[], dict[str, Any]]:
    """The model function; it takes no arguments and returns every named value."""

    def model() -> dict[str, Any]:
        call = _Call(program)
        env = dict(program.data)
        for statement, evaluate in program.walk(env):
            name = statement.name
            match statement:
                case Sample():
                    env[name] = call.sample(program.analysis.sites[name], evaluate)
                case Scan() if statement.sites:
                    env |= call.scan(statement, evaluate)
                    for site in statement.sites:
                        call.report(site.name, env[site.name])
                case Deterministic():
                    call.report(name, env[name])
                case Factor():
                    pyro.factor(name, call.factor(statement, evaluate))
                case Param():
                    env[name] = _param(statement, evaluate, env[name])
        return env

    model.__name__ = program.spec.name if program.spec.name.isidentifier() else "model"
    return model


class _Call:
    """One call of a model: its plates, each made once, and where draws stand."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.plates: dict[tuple[str, int], Any] = {}
        self.nesting = max((len(s.plates) for s in program.spec.samples), default=0)

    def plate(self, name: str, dim: int) -> Any:
        """The plate at a dimension; Pyro wants another name at another dimension."""
        if (name, dim) not in self.plates:
            label = name if all(n != name for n, _ in self.plates) else f"{name}@{dim}"
            size = self.program.spec.plate_sizes[name]
            self.plates[name, dim] = pyro.plate(label, size, dim=dim)
        return self.plates[name, dim]

    def spread(self, value: Tensor, rank: int, plates: int) -> Tensor:
        """A value with its draws moved to the left of all plates."""
        lead, own = value.shape[: value.dim() - rank], value.shape[value.dim() - rank :]
        if not lead:
            return value
        return value.reshape((*lead, *(1,) * (self.nesting - plates), *own))

    def settle(self, value: Tensor, site: Site) -> Tensor:
        """A sampled value as the evaluator wants it: in full shape, after its draws."""
        rank, gap = site.type.rank, self.nesting - len(site.sample.plates)
        lead = value.shape[: max(0, value.dim() - rank)]
        own = value.shape[len(lead) :]
        value = value.reshape((*lead[: max(0, len(lead) - gap)], *own))
        lead = value.shape[: max(0, value.dim() - rank)]
        value = value.expand((*lead, *site.type.shape))
        return self.program.arrays.cast(value, site.type.kind)

    def report(self, name: str, value: Tensor) -> None:
        """A deterministic value."""
        # All axes are event: an enumerated one must not become a factor's.
        rank = self.program.scope.names[name].rank
        pyro.deterministic(name, self.spread(value, rank, 0))

    def scan(self, scan: Scan, evaluate: Evaluator) -> Env:
        """What a scan collects and the values of its sites, stacked."""
        inner, length = self.program.analysis.scans[scan.name]
        recurrence = Recurrence(evaluate, scan, inner)
        wanted = tuple(site.name for site in scan.sites)
        carry, over = recurrence.first(), recurrence.slices()
        rows = []
        for t in steps_of(self.program, scan, length):
            fill = partial(self.step, t)
            carry, body = recurrence.step(carry, tuple(x[t] for x in over), fill)
            rows.append(recurrence.collected(body) | recurrence.kept(body, wanted))
        return {name: self.stack(name, [row[name] for row in rows]) for name in rows[0]}

    def step(self, t: int, sample: Sample, evaluate: Evaluator) -> Tensor:
        """The value of a site of a body at step `t`."""
        site = self.program.analysis.sites[sample.name].step
        assert site is not None
        return self.sample(site, evaluate, f"{site.name}_{t}")

    def stack(self, name: str, values: list[Tensor]) -> Tensor:
        """The values of all steps, their draws in front."""
        rank = self.program.scope.names[name].rank - 1
        values = list(torch.broadcast_tensors(*values))
        return torch.stack(values, dim=values[0].dim() - rank)

    def factor(self, factor: Factor, evaluate: Evaluator) -> Tensor:
        """The term of a factor, summed for each draw."""
        rank = self.program.scope.type(factor.value).rank
        value = self.program.arrays.cast(evaluate(factor.value), "float")
        total = value.sum(tuple(range(-rank, 0))) if rank else value
        return self.spread(total, 0, 0)

    def sample(self, site: Site, evaluate: Evaluator, label: str = "") -> Tensor:
        """The value of a site, drawn or observed, in its plates."""
        sample, plates = site.sample, site.sample.plates
        built = self.distribution(site, evaluate)
        observed = None
        if sample.observed is not None:
            observed = self.program.observed(site, evaluate)
            observed = self.program.arrays.cast(observed, "float")
            observed = self.spread(observed, site.type.rank, len(plates))
        with ExitStack() as stack:
            for place, plate in enumerate(plates):
                if plate is not None:
                    stack.enter_context(self.plate(plate, place - len(plates)))
            if sample.mask is not None and not sample.shape:
                stack.enter_context(poutine.mask(mask=self.mask(site, evaluate)))
            if sample.scale is not None:
                for handler in _scaled(self.scale(site, evaluate)):
                    stack.enter_context(handler)
            hints = dict(sample.hints)
            value = pyro.sample(label or site.name, built, obs=observed, infer=hints)
        return self.settle(value, site)

    def distribution(self, site: Site, evaluate: Evaluator) -> Any:
        """The distribution of a site; its own copies, right of the plates, are event."""
        sample, program = site.sample, self.program
        native = program.lowered(sample.dist, evaluate.scope)
        rank = self.nesting + len(sample.shape)
        built = program.backend.build(native, evaluate, rank)
        built = built.expand(torch.broadcast_shapes(built.batch_shape, site.batch))
        if not sample.shape:
            return built
        if sample.mask is not None:
            built = built.mask(self.mask(site, evaluate))
        return built.to_event(len(sample.shape))

    def mask(self, site: Site, evaluate: Evaluator) -> Tensor:
        """The mask of a site, its draws to the left of all plates."""
        rank = self.nesting + len(site.sample.shape)
        mask = evaluate.aligned(site.sample.mask, rank)
        return self.program.arrays.cast(mask, "bool")

    def scale(self, site: Site, evaluate: Evaluator) -> Tensor:
        """The scale of a site, one number for each element of its plates."""
        own = len(site.sample.shape)
        scale = evaluate.aligned(site.sample.scale, self.nesting + own)
        scale = self.program.arrays.cast(scale, "float")
        inner = scale.shape[max(0, scale.dim() - own) :] if own else ()
        if any(size != 1 for size in inner):
            message = f"Pyro has no scale inside the shape of {site.name!r}"
            raise UnsupportedError(message, hint="use plates instead of shape")
        return scale.reshape(scale.shape[: scale.dim() - len(inner)])


def _scaled(scale: Tensor) -> tuple[Any, Any]:
    # Pyro wants a scale above 0: what counts nothing is masked instead.
    none = scale == 0.0
    return poutine.mask(mask=~none), poutine.scale(scale=scale.masked_fill(none, 1.0))


def _param(param: Param, evaluate: Evaluator, init: Tensor) -> Tensor:
    bounds = {n: evaluate(node) for n, node in param.support.params}
    region = Region(param.support, bounds)
    return pyro.param(param.name, init.detach(), constraint=constraint(region))


def init_to_support(
    site: Any = None, *, radius: float = 2.0, dtype: torch.dtype = torch.float64
) -> Any:
    """Start inference somewhere in a site's support, without drawing from it.

    As Pyro's `init_to_uniform`, which asks for a draw; this one serves improper and
    conditioned sites too: `NUTS(model, init_strategy=init_to_support)`.

    Args:
        site: Pyro's message for a site; without it, the strategy for all sites.
        radius: How far from 0 the unconstrained coordinates may be.
        dtype: The width of floats.
    """
    if site is None:
        return partial(init_to_support, radius=radius, dtype=dtype)
    built = site["fn"]
    if built.support.is_discrete:
        return built.sample()
    bijector = biject_to(built.support)
    shape = bijector.inverse_shape(built.shape())
    value = bijector((2.0 * torch.rand(shape, dtype=dtype) - 1.0) * radius)
    value._pyro_custom_init = False  # noqa: SLF001 - what Pyro's own strategies say
    return value
