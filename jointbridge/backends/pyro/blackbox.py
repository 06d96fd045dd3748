"""A Pyro model as a box: traced with values put in, scored by Pyro itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from pyro import poutine
from pyro.distributions import constraints
from torch.distributions import biject_to

from jointbridge.backends.arrays.torch import keys, precision
from jointbridge.backends.blackbox import BlackBox, Capture, Term, Values
from jointbridge.backends.pyro.given import float64_tensor
from jointbridge.backends.pyro.table import TABLE

_CURVED = (
    type(constraints.simplex),
    type(constraints.corr_cholesky),
    type(constraints.corr_matrix),
    type(constraints.positive_definite),
)
_WRAPPERS = (dist.Independent, dist.ExpandedDistribution, dist.MaskedDistribution)


class _Capture(Capture):
    def unwrap(self, built: Any) -> Any:
        while isinstance(built, (*_WRAPPERS, torch.distributions.Independent)):
            built = built.base_dist
        return built

    def parameters(self, built: Any) -> Any:
        if isinstance(built, torch.distributions.MultivariateNormal):
            return [("loc", built.loc), ("scale_tril", built.scale_tril)]
        return super().parameters(built)

    def is_distribution(self, value: Any) -> bool:
        return isinstance(value, torch.distributions.Distribution)

    def numpy(self, value: Any) -> np.ndarray:
        return _numpy(value)


class PyroBlackBox(BlackBox):
    """A Pyro model with its arguments, in float64.

    Args:
        model: A model function or a callable object.
        args: What it is called with; NumPy arrays become tensors.
        kwargs: What it is called with, by name.
    """

    backend = "pyro"

    def __init__(
        self,
        model: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> None:
        self.model = model
        self.args = tuple(map(float64_tensor, args))
        self.kwargs = {name: float64_tensor(x) for name, x in kwargs.items()}
        self.capture = _Capture(TABLE)

    def draw(self, seed: int) -> dict[str, np.ndarray]:
        """A value for each latent site, standard normal in unconstrained coordinates."""
        with _float64(), keys(seed), _Draw():
            sites = self._trace({})
        return {n: _numpy(s["value"]) for n, s in sites.items() if _is_latent(s)}

    def terms(self, values: Values) -> dict[str, Term]:
        """Every site and factor at the values."""
        with _float64(), keys(0), torch.no_grad():
            sites = self._trace({n: float64_tensor(x) for n, x in values.items()})
            return {name: self._term(site) for name, site in sites.items()}

    def gradient(self, values: Values) -> dict[str, np.ndarray]:
        """The gradient for each latent site that does not count."""
        with _float64(), keys(0), torch.enable_grad():
            tensors = {n: float64_tensor(x) for n, x in values.items()}
            moving = {n: x for n, x in tensors.items() if x.is_floating_point()}
            for x in moving.values():
                x.requires_grad_()
            total = sum(_log_prob(s) for s in self._trace(tensors).values())
            if not moving or not torch.is_tensor(total) or not total.requires_grad:
                return {n: np.zeros(x.shape) for n, x in moving.items()}
            found = torch.autograd.grad(
                total, list(moving.values()), allow_unused=True, materialize_grads=True
            )
        return {n: _numpy(x) for n, x in zip(moving, found, strict=True)}

    def _trace(self, values: Mapping[str, torch.Tensor]) -> dict[str, Any]:
        with _Given(values):
            found = poutine.trace(self.model).get_trace(*self.args, **self.kwargs)
        return {
            name: site
            for name, site in found.nodes.items()
            if site["type"] == "sample" and not _is_subsample(site)
            if not site["infer"].get("_deterministic")
        }

    def _term(self, site: Mapping[str, Any]) -> Term:
        built = site["fn"]
        total = float(_log_prob(site))
        if isinstance(built, dist.Unit):
            return Term(site["name"], total, observed=True, words="factor")
        spelled, arrays = self.capture(built)
        base = self.capture.unwrap(built)
        value = _numpy(site["value"])
        scale = site["scale"]
        return Term(
            site["name"],
            total,
            value=value,
            observed=bool(site["is_observed"]),
            discrete=bool(built.support.is_discrete),
            curved=isinstance(base.support, _CURVED),
            words=type(base).__name__,
            batch=value.shape[: value.ndim - len(base.event_shape)],
            mask=_mask(site),
            scale=None if _is_one(scale) else _numpy(scale),
            dist=spelled,
            arrays=arrays,
        )


class _Given(poutine.messenger.Messenger):
    """Puts values into latent sites."""

    def __init__(self, values: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        self.values = values

    def _pyro_sample(self, msg: dict[str, Any]) -> None:
        if msg["name"] in self.values and not msg["is_observed"]:
            msg["value"], msg["done"] = self.values[msg["name"]], True


class _Draw(poutine.messenger.Messenger):
    """Gives latent sites a value inside their support; counted ones are drawn."""

    def _pyro_sample(self, msg: dict[str, Any]) -> None:
        if not _is_latent(msg) or msg["value"] is not None:
            return
        if not msg["fn"].support.is_discrete:
            bijector = biject_to(msg["fn"].support)
            shape = bijector.inverse_shape(msg["fn"].shape())
            msg["value"], msg["done"] = bijector(torch.randn(shape)), True


@contextmanager
def _float64() -> Iterator[None]:
    """Numbers that the model itself writes are read in full; put back at the end."""
    before = torch.get_default_dtype()
    with precision("float64"), dist.validation_enabled(False), _fresh_parameters():
        torch.set_default_dtype(torch.float64)
        try:
            yield
        finally:
            torch.set_default_dtype(before)


@contextmanager
def _fresh_parameters() -> Iterator[None]:
    """The model's parameters start anew; those of the caller stay as they are."""
    with pyro.get_param_store().scope():
        yield


def _is_subsample(site: Mapping[str, Any]) -> bool:
    return type(site["fn"]).__name__ == "_Subsample"


def _is_latent(site: Mapping[str, Any]) -> bool:
    known = site["is_observed"] or _is_subsample(site)
    return not known and not isinstance(site["fn"], dist.Unit)


def _log_prob(site: Mapping[str, Any]) -> Any:
    density = site["fn"].log_prob(site["value"])
    if site["mask"] is not None:
        mask = torch.as_tensor(site["mask"])
        density = torch.where(mask, density, density.new_zeros(()))
    return (density * site["scale"]).sum()


def _mask(site: Mapping[str, Any]) -> np.ndarray | None:
    """What masks a site: the handler's mask, or that of its distribution."""
    if site["mask"] is not None:
        return _numpy(site["mask"])
    built = site["fn"]
    while hasattr(built, "base_dist"):
        if isinstance(built, dist.MaskedDistribution):
            return _numpy(built._mask)  # noqa: SLF001 - there is no public name
        built = built.base_dist
    return None


def _is_one(scale: Any) -> bool:
    return not torch.is_tensor(scale) and scale == 1.0


def _numpy(value: Any) -> np.ndarray:
    if torch.is_tensor(value):
        return value.detach().cpu().numpy().copy()
    return np.asarray(value)
