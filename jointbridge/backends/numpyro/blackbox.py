"""A NumPyro model as a box: traced with values put in, scored by NumPyro itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro.distributions as dist
from numpyro import handlers
from numpyro.distributions import constraints
from numpyro.infer.initialization import init_to_uniform

from jointbridge.backends.arrays.jax import precision
from jointbridge.backends.arrays.whole import Whole
from jointbridge.backends.blackbox import BlackBox, Capture, Term, Values, filled
from jointbridge.backends.numpyro.table import TABLE

#: Constraints whose values fill no open set.
_CURVED = (
    type(constraints.simplex),
    type(constraints.corr_cholesky),
    type(constraints.corr_matrix),
    type(constraints.positive_definite),
)
#: A class for each way of writing one family.
_WAYS = ("Probs", "Logits")
#: What one function of NumPyro's makes, by the bounds that it was given.
_TRUNCATED = {
    f"{side}TruncatedDistribution": "TruncatedDistribution"
    for side in ("Left", "Right", "TwoSided")
}
#: Draws stay within this distance of 0 in unconstrained coordinates.
_RADIUS = 1.5


class _Capture(Capture):
    def unwrap(self, built: Any) -> Any:
        while isinstance(
            built,
            (dist.Independent, dist.ExpandedDistribution, dist.MaskedDistribution),
        ):
            built = built.base_dist
        return built

    def class_name(self, built: Any) -> str:
        name = type(built).__name__
        name = _TRUNCATED.get(name, name)
        for way in _WAYS:
            if name not in self.known:
                name = name.removesuffix(way)
        return name

    def parameters(self, built: Any) -> Any:
        if isinstance(built, dist.MultivariateNormal):
            return [("loc", built.loc), ("scale_tril", built.scale_tril)]
        if isinstance(built, dist.MixtureSameFamily):
            return [
                ("mixing_distribution", built.mixing_distribution),
                ("component_distribution", built.component_distribution),
            ]
        return super().parameters(built)

    def is_distribution(self, value: Any) -> bool:
        return isinstance(value, dist.Distribution)


class NumPyroBlackBox(BlackBox):
    """A NumPyro model with its arguments, in float64.

    Args:
        model: A model function.
        args: What it is called with.
        kwargs: What it is called with, by name.
    """

    backend = "numpyro"

    def __init__(
        self,
        model: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> None:
        self.model, self.args, self.kwargs = model, args, kwargs
        self.capture = _Capture(TABLE)
        self._sites: dict[str, Term] = {}
        self._drawn = Whole(self._draw)
        self._scored = Whole(self._score)
        self._moved = jax.jit(jax.grad(self._total))

    def draw(self, seed: int) -> dict[str, np.ndarray]:
        """A value for each latent site, uniform around 0 in unconstrained coordinates."""
        with precision("float64"):
            drawn = self._drawn(jax.random.PRNGKey(seed))
            return {n: np.asarray(x) for n, x in drawn.items()}

    def terms(self, values: Values) -> dict[str, Term]:
        """Every site and factor at the values."""
        with precision("float64"):
            scored = self._scored({n: jnp.asarray(x) for n, x in values.items()})
            return {
                n: filled(self._sites[n], x, self.capture) for n, x in scored.items()
            }

    def gradient(self, values: Values) -> dict[str, np.ndarray]:
        """The gradient for each latent site that does not count."""
        with precision("float64"):
            arrays = {n: jnp.asarray(x) for n, x in values.items()}
            moving = {n: x for n, x in arrays.items() if x.dtype.kind == "f"}
            still = {n: x for n, x in arrays.items() if n not in moving}
            found = self._moved(moving, still)
            return {n: np.asarray(x) for n, x in found.items()}

    def _draw(self, key: Any) -> dict[str, Any]:
        seeded = handlers.seed(self.model, rng_seed=key)
        inside = init_to_uniform(radius=_RADIUS)
        sites = self._trace(handlers.substitute(seeded, substitute_fn=inside))
        return {n: s["value"] for n, s in sites.items() if _is_latent(s)}

    def _total(self, moving: dict[str, Any], still: dict[str, Any]) -> Any:
        sites = self._trace(self._given({**moving, **still}))
        return sum(_log_prob(s) for s in sites.values())

    def _score(self, values: dict[str, Any]) -> dict[str, Any]:
        """The arrays of each site; what is known without them is kept aside."""
        scored = {}
        for name, site in self._trace(self._given(values)).items():
            self._sites[name], scored[name] = self._site(site)
        return scored

    def _given(self, values: dict[str, Any]) -> Callable[..., Any]:
        seeded = handlers.seed(self.model, rng_seed=0)
        return handlers.substitute(seeded, data=values)

    def _trace(self, model: Callable[..., Any]) -> dict[str, Any]:
        found = handlers.trace(model).get_trace(*self.args, **self.kwargs)
        return {n: s for n, s in found.items() if s["type"] == "sample"}

    def _site(self, site: Mapping[str, Any]) -> tuple[Term, dict[str, Any]]:
        built, name = site["fn"], site["name"]
        arrays: dict[str, Any] = {"log_prob": _log_prob(site)}
        if isinstance(built, dist.Unit):
            return Term(name, np.nan, observed=True, words="factor"), arrays
        tree, leaves = self.capture.leaves(built)
        base = self.capture.unwrap(built)
        arrays |= {"value": site["value"], "leaves": leaves}
        if site["scale"] is not None:
            arrays["scale"] = site["scale"]
        if (mask := _mask(built)) is not None:
            arrays["mask"] = mask
        shape = jnp.shape(site["value"])
        return Term(
            name,
            np.nan,
            observed=bool(site["is_observed"]),
            discrete=bool(built.support.is_discrete),
            curved=isinstance(base.support, _CURVED),
            words=type(base).__name__,
            batch=shape[: len(shape) - len(base.event_shape)],
            dist=tree,
        ), arrays


def _is_latent(site: Mapping[str, Any]) -> bool:
    return not site["is_observed"] and not isinstance(site["fn"], dist.Unit)


def _log_prob(site: Mapping[str, Any]) -> Any:
    density = site["fn"].log_prob(site["value"])
    scale = site["scale"]
    return jnp.sum(density if scale is None else scale * density)


def _mask(built: Any) -> Any:
    """What masks a distribution, wherever it stands between other wrappers."""
    while hasattr(built, "base_dist"):
        if isinstance(built, dist.MaskedDistribution):
            return built._mask  # noqa: SLF001 - there is no public name
        built = built.base_dist
    return None
