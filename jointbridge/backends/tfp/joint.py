"""A spec as a `tfd.JointDistributionSequential`: one component per site and factor.

    sites         mu     tau     theta     y
    components    Root   Root    maker(tau, mu)     maker(theta, tau)

A maker takes the components before it, latest first, back to the earliest one that its
site depends on; what is computed in between is evaluated inside it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from jointbridge.backends.arrays.jax import default_dtype
from jointbridge.backends.program import Program
from jointbridge.backends.tfp.components import (
    Component,
    FactorDistribution,
    SiteDistribution,
)
from jointbridge.backends.tfp.library import TensorShape, tfd, tfde
from jointbridge.backends.tfp.naming import component_names
from jointbridge.backends.tfp.parts import Part, observation, parts_of
from jointbridge.errors import UnsupportedError, ValueMismatchError, did_you_mean
from jointbridge.evaluate import Array, Env


class _Attributes(NamedTuple):
    """What TFP wants to know of each component, without running the model."""

    batch_shape: tuple[Any, ...]
    dtype: tuple[Any, ...]
    event_shape: tuple[Any, ...]
    experimental_shard_axis_names: tuple[Any, ...]
    name: tuple[str, ...]


class JointDistribution(tfd.JointDistributionSequential):
    """All sites and factors of a spec, in order, as a TFP joint distribution.

    Values are lists with one array per component; dicts by name of site are taken too.
    Factors are components with an empty value of shape (0,). Draws and densities of any
    leading shape are right, also where it equals the size of a plate. Outside a support
    the log density is -inf, and each component's default bijector is jointbridge's.

    A joint built with `dtype="float64"` holds float64 arrays: use it with JAX's
    `jax_enable_x64` switched on (or inside `with jax.enable_x64(True)`).

    Args:
        program: The joint on this backend.
        params: Values of params, where they differ from their initial ones.

    Attributes:
        names: From the name of a site to the name of its component, which differs where
            the former is no identifier.
    """

    def __init__(
        self, program: Program, params: Mapping[str, Any] | None = None
    ) -> None:
        array = program.arrays.array
        self._program = program
        self._params = {n: array(x, "float") for n, x in (params or {}).items()}
        self._parts = parts_of(program)
        names = component_names(self._parts)
        self.names: Mapping[str, str] = MappingProxyType(names)
        super().__init__(
            [self._element(i) for i in range(len(self._parts))],
            batch_ndims=0,
            name=component_names([program.spec.name])[program.spec.name],
        )
        self._parameters = {"program": program, "params": params}

    # -- components -----------------------------------------------------------

    def _element(self, index: int) -> Any:
        """A distribution, or a maker of one from the components before it."""
        sites = list(self._parts)
        part = self._parts[sites[index]]
        if not part.parents:
            return self._component(part, {})
        first = min(sites.index(parent) for parent in part.parents)
        taken = sites[first:index][::-1]

        def make(*values: Array) -> Component:
            return self._component(part, dict(zip(taken, values, strict=True)))

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        arguments = [inspect.Parameter(self.names[n], kind) for n in taken]
        make.__signature__ = inspect.Signature(arguments)  # type: ignore[attr-defined]
        return make

    def _component(self, part: Part, values: Mapping[str, Any]) -> Component:
        types, cast = self._program.scope.names, self._program.arrays.cast
        env: Env = {
            n: cast(jnp.asarray(values[n]), types[n].kind) for n in part.parents
        }
        make = FactorDistribution if part.is_factor else SiteDistribution
        return make(part, {**self._params, **env}, name=self.names[part.name])

    @cached_property
    def _prototypes(self) -> tuple[Component, ...]:
        """Every component at some point of the support: nothing is drawn."""
        found: list[Component] = []
        values: list[Array] = []
        # Never tracers, so that what is kept can be used outside of `jit` as well.
        with jax.ensure_compile_time_eval():
            for make in self._dist_fn_wrapped:
                found.append(make(*values))
                values.append(found[-1].feasible())
        return tuple(found)

    def _get_single_sample_distributions(self, candidate_dists: Any = None) -> Any:
        del candidate_dists  # they may hold tracers
        return self._prototypes

    def _get_static_distribution_attributes(self, seed: Any = None) -> Any:
        del seed
        parts = self._parts.values()
        return _Attributes(
            batch_shape=tuple(TensorShape([]) for _ in parts),
            dtype=tuple(p.dtype for p in parts),
            event_shape=tuple(TensorShape(p.shape) for p in parts),
            experimental_shard_axis_names=tuple([] for _ in parts),
            name=tuple(self.names.values()),
        )

    @property
    def reparameterization_type(self) -> list[Any]:
        """Of each component, whether gradients pass through its draws."""
        return [c.reparameterization_type for c in self._prototypes]

    def _flat_resolve_names(self, *_: Any, **__: Any) -> tuple[str, ...]:
        return tuple(self.names.values())

    # -- values ---------------------------------------------------------------

    def _resolve_value(
        self, *args: Any, allow_partially_specified: bool = False, **kwargs: Any
    ) -> Any:
        """The values as a list, one per component, checked.

        Raises:
            ValueMismatchError: A value is missing, surplus or of the wrong shape.
            UnsupportedError: The joint is of float64 and JAX is not set to it.
        """
        _require_width(self._program.dtype)
        value = kwargs.pop("value", None)
        if not (args or kwargs or value is not None):
            return None
        if value is None and len(args) == 1 and not kwargs:
            (value,) = args
            if len(self.names) == 1 and not isinstance(value, (Sequence, Mapping)):
                value = [value]
        elif value is None:
            value = {**dict(zip(self.names, args, strict=False)), **kwargs}
        given = self._by_site(value)
        missing = [n for n in self.names if given.get(n) is None]
        if missing and not allow_partially_specified:
            raise ValueMismatchError(f"no value for {', '.join(map(repr, missing))}")
        return [self._checked(n, given.get(n)) for n in self.names]

    def _by_site(self, value: Any) -> dict[str, Any]:
        """The values given, by name of site."""
        if not isinstance(value, Mapping):
            if len(value) > len(self.names):
                message = f"expected {len(self.names)} values, got {len(value)}"
                hint = f"one each for {', '.join(map(repr, self.names))}"
                raise ValueMismatchError(message, hint=hint)
            return dict(zip(self.names, value, strict=False))
        site_of = {c: n for n, c in self.names.items()} | {n: n for n in self.names}
        if unknown := [n for n in value if n not in site_of]:
            hint = did_you_mean(unknown[0], site_of)
            raise ValueMismatchError(f"no component {unknown[0]!r}", hint=hint)
        return {site_of[n]: x for n, x in value.items()}

    def _checked(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        part = self._parts[name]
        # A count stays as it is: cut to a whole number it might be in the support.
        array = jnp.asarray(value, None if part.is_counted else part.dtype)
        if array.shape[max(0, array.ndim - len(part.shape)) :] != part.shape:
            raise ValueMismatchError(
                f"expected shape {list(part.shape)}, got {list(array.shape)}",
                path=name,
                hint="leading axes of draws may come before it",
            )
        return array

    # -- scores ---------------------------------------------------------------

    def _log_prob(self, value: Any) -> Array:
        return self._compiled_log_prob(list(value))

    _unnormalized_log_prob = _log_prob

    def _map_measure_over_dists(self, attr: str, value: Any) -> list[Array]:
        return self._compiled_measure(attr, list(value))

    # Compiled, for users who call a joint outside of `jit`.

    @cached_property
    def _compiled_log_prob(self) -> Callable[[list[Array]], Array]:
        return jax.jit(super()._log_prob)

    @cached_property
    def _compiled_measure(self) -> Callable[[str, list[Array]], list[Array]]:
        return jax.jit(super()._map_measure_over_dists, static_argnums=0)

    def _reduce_log_probs_over_dists(self, lps: Any) -> Array:
        return self._program.add(dict(zip(self.names, lps, strict=True)))

    # -- data -----------------------------------------------------------------

    def experimental_pin(self, *args: Any, **kwargs: Any) -> PinnedJoint:
        """The joint with some parts pinned, as for every TFP joint distribution."""
        return PinnedJoint(self, *args, **kwargs)

    def pin_observed(self) -> PinnedJoint:
        """The joint pinned to the data of its observed sites, and to its factors.

        Raises:
            UnsupportedError: There is nothing to pin.
        """
        pins = {}
        for site, part in self._parts.items():
            if part.is_factor:
                pins[self.names[site]] = jnp.zeros(part.shape, part.dtype)
            elif part.site.sample.observed is not None:
                value = observation(self._program, part.site)
                pins[self.names[site]] = value.astype(part.dtype)
        if not pins:
            raise UnsupportedError(
                "nothing to pin: no site is observed",
                hint="use the joint itself, without pin_observed",
            )
        return self.experimental_pin(**pins)


class PinnedJoint(tfde.JointDistributionPinned):
    """A joint with pinned parts, and the bijector of the others at hand.

    Example:
        >>> kernel = tfp.mcmc.TransformedTransitionKernel(
        ...     tfp.mcmc.NoUTurnSampler(pinned.log_prob, step_size=0.1), pinned.bijector
        ... )
    """

    @property
    def names(self) -> Mapping[str, str]:
        """From the names of the sites that are not pinned to those of components."""
        found = self.distribution.names.items()
        return {n: c for n, c in found if c not in self.pins}

    @property
    def bijector(self) -> Any:
        """From unconstrained values of the parts to values, dependent supports too."""
        return self.experimental_default_event_space_bijector()


def _require_width(dtype: str) -> None:
    if dtype == "float64" and default_dtype() != "float64":
        raise UnsupportedError(
            "this joint was built with float64, and JAX is set to float32",
            hint="jax.config.update('jax_enable_x64', True), or build it with float32",
        )


# Passed through `jit` as a constant.
jax.tree_util.register_static(JointDistribution)


def from_program(
    program: Program,
    *,
    pin_observed: bool = False,
    params: Mapping[str, Any] | None = None,
) -> JointDistribution | PinnedJoint:
    """The TFP joint distribution of a program.

    Args:
        program: The joint on this backend.
        pin_observed: Whether the observed sites and the factors are pinned.
        params: Values of params, where they differ from their initial ones.
    """
    joint = JointDistribution(program, params)
    return joint.pin_observed() if pin_observed else joint
