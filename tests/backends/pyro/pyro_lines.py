"""Statements as lines that a test can hold, and what a Pyro model itself says."""

import pyro
import torch
from pyro import poutine

from jointbridge.expression import Name
from jointbridge.spec import Deterministic, Factor, Let, Param, Sample, Scan
from jointbridge.syntax import show


def more(sample):
    """What stands beside the distribution of a sample statement."""
    if sample.plates:
        yield "plates=" + ",".join(map(str, sample.plates))
    if sample.shape:
        yield f"shape={sample.shape}"
    for field in ("observed", "mask", "scale"):
        if (node := getattr(sample, field)) is not None:
            yield f"{field}={show(node)}"
    if sample.hints:
        yield "hints=" + ",".join(f"{k}:{v}" for k, v in sample.hints)


def line(statement):
    name = show(Name(statement.name))
    match statement:
        case Sample(dist=found):
            return " ".join([f"{name} ~ {show(found)}", *more(statement)])
        case Let(value=value):
            return f"let {name} = {show(value)}"
        case Deterministic(value=value):
            return f"{name} = {show(value)}"
        case Factor(value=value):
            return f"{name}: {show(value)}"
        case Scan():
            return "\n".join(scan(statement))
        case Param(init=init, support=support):
            return f"param {name} = {show(init)} in {show(support)}"


def pairs(given):
    return ", ".join(f"{name}={show(node)}" for name, node in given)


def scan(found):
    """The lines of a recurrence; what is empty is left out."""
    yield f"scan {found.name}"
    for part in ("carry", "over"):
        if given := getattr(found, part):
            yield f"  {part} {pairs(given)}"
    if found.length is not None:
        yield f"  length {found.length}"
    yield from (f"  {line(inner)}" for inner in found.body)
    for part in ("next", "collect"):
        if given := getattr(found, part):
            yield f"  {part} {pairs(given)}"


def of_the_model(model, args, kwargs, values):
    """The model's own log density and its gradients."""
    leaves = {n: torch.tensor(x) for n, x in values.items()}
    moving = {n: x for n, x in leaves.items() if x.is_floating_point()}
    for leaf in moving.values():
        leaf.requires_grad_()
    with pyro.get_param_store().scope():
        given = poutine.condition(model, data=leaves)
        total = poutine.trace(given).get_trace(*args, **kwargs).log_prob_sum()
    if not moving or not total.requires_grad:
        return total.item(), {n: torch.zeros_like(x) for n, x in moving.items()}
    found = torch.autograd.grad(
        total, list(moving.values()), allow_unused=True, materialize_grads=True
    )
    return total.item(), dict(zip(moving, found, strict=True))
