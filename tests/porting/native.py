"""The libraries' own densities of models, in float64, to hold what was read against.

Nothing here knows a reader: a density is what the library itself makes of the model.
"""

from __future__ import annotations

import re
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, NamedTuple

Values = Mapping[str, Any]


class Opened(NamedTuple):
    """A model and what it is called with, as a reader takes them."""

    model: Any
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = {}


class Library(ABC):
    """How models of one library are run."""

    name: ClassVar[str]

    @abstractmethod
    def float64(self) -> AbstractContextManager[None]:
        """The library as in a script whose first line asks for float64."""

    def open(self, model: Any, args: tuple[Any, ...], kwargs: Values) -> Opened:
        """What a reader of this library takes."""
        return Opened(model, args, kwargs)

    @abstractmethod
    def density(self, opened: Opened, values: Values) -> Any:
        """The log density at values of the latent sites, which come in their order."""

    @abstractmethod
    def feasible(self, opened: Opened, seed: int) -> tuple[Values, set[str]]:
        """Values of the latent sites from the library itself, and which are counted."""


class NumPyro(Library):
    """Models are functions; values are substituted."""

    name = "numpyro"

    def float64(self) -> AbstractContextManager[None]:
        """JAX's switch, in this thread."""
        import jax

        return jax.enable_x64(True)

    def density(self, opened: Opened, values: Values) -> Any:
        """`numpyro.infer.util.log_density`."""
        from numpyro.infer.util import log_density

        total, trace = log_density(*opened, dict(values))
        latent = {
            n
            for n, s in trace.items()
            if s["type"] == "sample" and not s["is_observed"]
        }
        assert latent == set(values), f"sites {latent} were read as {set(values)}"
        return total

    def feasible(self, opened: Opened, seed: int) -> tuple[Values, set[str]]:
        """Near the origin of the unconstrained space."""
        from numpyro import handlers
        from numpyro.infer import init_to_uniform

        model = handlers.seed(opened.model, seed)
        model = handlers.substitute(model, substitute_fn=init_to_uniform)
        trace = handlers.trace(model).get_trace(*opened.args, **opened.kwargs)
        latent = {
            n: s
            for n, s in trace.items()
            if s["type"] == "sample" and not s["is_observed"]
        }
        counted = {n for n, s in latent.items() if s["fn"].support.is_discrete}
        return {n: s["value"] for n, s in latent.items()}, counted


class Pyro(Library):
    """Models are functions; values are conditioned on."""

    name = "pyro"

    @contextmanager
    def float64(self) -> Iterator[None]:
        """Torch's default width for a while; its random state and params stay."""
        import pyro
        import torch

        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)
        try:
            with torch.random.fork_rng(devices=[]), pyro.get_param_store().scope():
                yield
        finally:
            torch.set_default_dtype(before)

    def density(self, opened: Opened, values: Values) -> Any:
        """The sum of a trace's terms."""
        from pyro import poutine

        marked = poutine.infer_config(
            opened.model, lambda site: {"latent": not site["is_observed"]}
        )
        given = poutine.condition(marked, data={**_by_step(values), **values})
        model = _drawn_alike(given)
        trace = poutine.trace(model).get_trace(*opened.args, **opened.kwargs)
        latent = {n for n, s in _sites(trace).items() if s["infer"]["latent"]}
        latent = {n if n in values else n.rpartition("_")[0] for n in latent}
        assert latent == set(values), f"sites {latent} were read as {set(values)}"
        return trace.log_prob_sum()

    def feasible(self, opened: Opened, seed: int) -> tuple[Values, set[str]]:
        """A draw from the prior."""
        import torch
        from pyro import poutine

        torch.manual_seed(seed)
        trace = poutine.trace(opened.model).get_trace(*opened.args, **opened.kwargs)
        sites = {n: s for n, s in _sites(trace).items() if not s["is_observed"]}
        counted = {n for n, s in sites.items() if s["fn"].support.is_discrete}
        return {n: s["value"].detach() for n, s in sites.items()}, counted


def _drawn_alike(model: Any) -> Any:
    """A model whose given counts have the kind that Pyro draws: floats, but for indices."""
    from pyro.distributions import Categorical
    from pyro.poutine.messenger import Messenger

    class Drawn(Messenger):
        def _pyro_sample(self, msg: Any) -> None:
            fn, value = msg["fn"], msg["value"]
            while hasattr(fn, "base_dist"):
                fn = fn.base_dist
            stays = value is None or isinstance(fn, Categorical)
            stays = stays or not msg["infer"]["latent"] or value.is_floating_point()
            if not stays:
                msg["value"] = value.double()

    return Drawn()(model)


def _by_step(values: Values) -> Values:
    """Values of all steps of a loop, under the names that Pyro's sites have there."""
    arrays = ((n, x) for n, x in values.items() if x.dim())
    return {f"{name}_{t}": row for name, x in arrays for t, row in enumerate(x)}


def _sites(trace: Any) -> dict[str, Any]:
    """The sample sites of a trace; a plate is none."""
    return {
        n: site
        for n, site in trace.nodes.items()
        if site["type"] == "sample" and type(site["fn"]).__name__ != "_Subsample"
    }


class TFP(Library):
    """Models are joint objects, made by a function."""

    name = "tfp"

    @contextmanager
    def float64(self) -> Iterator[None]:
        """JAX's switch, without the warnings that JAX has for TFP's own code."""
        import jax

        with jax.enable_x64(True), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "shape requires", DeprecationWarning)
            warnings.filterwarnings("ignore", r"jax\.[\w.]+ is deprecated")
            yield

    def open(self, model: Any, args: tuple[Any, ...], kwargs: Values) -> Opened:
        """The joint that the function makes."""
        return Opened(model(*args, **kwargs))

    def density(self, opened: Opened, values: Values) -> Any:
        """The joint's own; a pinned one has no normalised density."""
        joint = opened.model
        log_prob = getattr(joint, "log_prob", None) or joint.unnormalized_log_prob
        values = _one_by_one(joint, values)
        if isinstance(joint.dtype, dict):
            return log_prob(**values)
        return log_prob(*values.values())

    def feasible(self, opened: Opened, seed: int) -> tuple[Values, set[str]]:
        """A draw of the joint, of a pinned one's unpinned components."""
        import jax
        import jax.numpy as jnp

        key = jax.random.PRNGKey(seed)
        joint = opened.model
        if hasattr(joint, "sample_unpinned"):
            parts = joint.sample_unpinned(seed=key)
        else:
            parts = joint.sample(seed=key)
        if not isinstance(parts, dict):
            parts = {f"x{i}": x for i, x in enumerate(parts)}
        values = dict(parts)
        counted = {
            n for n, x in values.items() if not jnp.issubdtype(x.dtype, jnp.floating)
        }
        return values, counted


def _one_by_one(joint: Any, values: Values) -> Values:
    """Values of all steps of a loop, as those of the components that the steps are."""
    import jax

    with jax.ensure_compile_time_eval():
        names = getattr(joint, "distribution", joint)._flat_resolve_names()
    found: dict[str, Any] = {}
    for name, value in values.items():
        steps = [n for n in names if re.fullmatch(rf"{re.escape(name)}_?\d+", n)]
        steps = [n for n in steps if n not in values]
        if name in names or not steps:
            found[name] = value
        else:  # the first steps may be components of their own
            found |= dict(zip(steps[-len(value) :], value, strict=True))
    if found.keys() <= set(names):
        return {n: found[n] for n in names if n in found}
    return values


LIBRARIES: dict[str, Library] = {x.name: x for x in (NumPyro(), Pyro(), TFP())}
