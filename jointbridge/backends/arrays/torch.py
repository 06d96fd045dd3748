"""Torch tensors for the evaluator; names that torch has are looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import numpy as np
import torch

from jointbridge.evaluate import Arrays
from jointbridge.functions import FUNCTIONS


def _cholesky(x: torch.Tensor) -> torch.Tensor:
    # NaN where there is no factor, as elsewhere outside a domain; never an exception.
    factor, info = torch.linalg.cholesky_ex(x)
    failed = (info > 0)[..., None, None]
    return torch.where(failed, torch.full_like(factor, torch.nan), factor)


def _inv(x: torch.Tensor) -> torch.Tensor:
    inverse, info = torch.linalg.inv_ex(x)
    failed = (info > 0)[..., None, None]
    return torch.where(failed, torch.full_like(inverse, torch.nan), inverse)


def _solve(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    x, info = torch.linalg.solve_ex(a, b)
    failed = (info > 0)[..., None, None]
    return torch.where(failed, torch.full_like(x, torch.nan), x)


def _solve_triangular(
    a: torch.Tensor, b: torch.Tensor, lower: bool, transpose: bool
) -> torch.Tensor:
    a = a.mT if transpose else a
    return torch.linalg.solve_triangular(a, b, upper=lower == transpose)


def _prod(x: torch.Tensor, axis: tuple[int, ...], keepdims: bool) -> torch.Tensor:
    for a in sorted(axis):  # leftmost first: negative axes to the right stay put
        x = x.prod(dim=a, keepdim=True)
    return x if keepdims else x.squeeze(axis)


def _softplus(x: torch.Tensor) -> torch.Tensor:
    # torch's own switches to the identity above 20 and loses 2e-9 there.
    return torch.logaddexp(x, torch.zeros_like(x))


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axis, keepdims: function(x, dim=axis, keepdim=keepdims)


def _along(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, axis: function(x, dim=axis)


DIFFERENT: dict[str, Callable[..., Any]] = {
    "power": torch.pow,
    "equal": torch.eq,
    "normal_cdf": torch.special.ndtr,
    "softplus": _softplus,
    "log_sigmoid": lambda x: -_softplus(-x),
    "i0e": torch.special.i0e,
    "clip": lambda x, low, high: torch.minimum(torch.maximum(x, low), high),
    "sum": _reduction(torch.sum),
    "mean": _reduction(torch.mean),
    "prod": _prod,
    "min": _reduction(torch.amin),
    "max": _reduction(torch.amax),
    "any": lambda x, axis, keepdims: torch.any(x, dim=axis, keepdim=keepdims),
    "all": lambda x, axis, keepdims: torch.all(x, dim=axis, keepdim=keepdims),
    "logsumexp": _reduction(torch.logsumexp),
    "softmax": _along(torch.softmax),
    "log_softmax": _along(torch.log_softmax),
    "cumsum": _along(torch.cumsum),
    "cumprod": _along(torch.cumprod),
    "sort": lambda x, axis: torch.sort(x, dim=axis).values,
    "stack": lambda xs, axis: torch.stack(xs, dim=axis),
    "concatenate": lambda xs, axis: torch.cat(xs, dim=axis),
    "diagonal": lambda x: torch.diagonal(x, dim1=-2, dim2=-1),
    "cholesky": _cholesky,
    "inv": _inv,
    "solve": _solve,
    "solve_triangular": _solve_triangular,
    "permute": lambda x, order: x.permute(order),
    "broadcast": torch.broadcast_to,
}


def _lookup(name: str) -> Callable[..., Any] | None:
    found = DIFFERENT.get(name)
    for module in (torch, torch.special):
        found = found or getattr(module, name, None)
    return found


_FUNCTIONS = {
    n: f
    for n in (*FUNCTIONS, *DIFFERENT, "zeros_like")
    if (f := _lookup(n)) is not None
}


class TorchArrays(Arrays):
    """Torch tensors on the CPU with floats of one width."""

    functions: Mapping[str, Callable[..., Any]] = _FUNCTIONS

    def __init__(self, dtype: str) -> None:
        self.dtypes = {
            "float": getattr(torch, dtype),
            "int": torch.int64,
            "bool": torch.bool,
        }

    def array(self, values: Any, kind: str) -> torch.Tensor:
        """A tensor from NumPy's array; it owns its memory."""
        dtype = self.dtypes[kind]
        return torch.tensor(np.asarray(values), dtype=dtype, device="cpu")

    def holds(self, x: Any) -> bool:
        """Whether `x` is a tensor; its place in a graph of gradients is kept."""
        return isinstance(x, torch.Tensor)

    def cast(self, x: torch.Tensor, kind: str) -> torch.Tensor:
        """The tensor as another kind."""
        return x.to(self.dtypes[kind])

    def numpy(self, x: torch.Tensor) -> np.ndarray:
        """A NumPy copy."""
        return x.detach().cpu().numpy().copy()

    def scan(self, step: Any, init: Any, over: Any, length: int) -> tuple[Any, ...]:
        """A Python loop, giving the stacked outputs."""
        carry, outs = init, []
        for t in range(length):
            carry, out = step(carry, tuple(x[t] for x in over))
            outs.append(out)
        return tuple(torch.stack(column) for column in zip(*outs, strict=True))


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """A context in which gradients can be asked for, even inside `inference_mode`."""
    del dtype
    with torch.inference_mode(False):
        yield


@contextmanager
def keys(seed: int) -> Iterator[Iterator[None]]:
    """Torch's own generator, seeded for the time of a `with` and put back after it.

    Torch's distributions draw from the global generator, so that there are no keys to
    pass on; the iterator gives None without end.
    """
    with torch.random.fork_rng(devices=[]):
        # Not `torch.manual_seed`: that seeds the generators of all devices.
        torch.default_generator.manual_seed(seed)
        yield repeat(None)


def value_and_grad(function: Callable[..., Any]) -> Callable[..., Any]:
    """The value of each draw, and gradients of each draw's own value."""

    def both(inputs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        with torch.inference_mode(False), torch.enable_grad():
            leaves = {n: x.detach().clone() for n, x in inputs.items()}
            for leaf in leaves.values():
                leaf.requires_grad_()
            value = function(leaves)
            return value.detach(), _gradients(value.sum(), leaves)

    return both


def _gradients(total: Any, leaves: dict[str, Any]) -> dict[str, Any]:
    if not leaves or not total.requires_grad:
        return {n: torch.zeros_like(x) for n, x in leaves.items()}
    found = torch.autograd.grad(
        total, list(leaves.values()), allow_unused=True, materialize_grads=True
    )
    return dict(zip(leaves, found, strict=True))
