"""TFP distributions and bijectors from the catalogue's rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jointbridge.backends.arrays.jax import JaxBackend
from jointbridge.backends.base import Region
from jointbridge.backends.lower import Formula
from jointbridge.backends.program import Program
from jointbridge.backends.reading import Reading
from jointbridge.backends.tfp.accurate import Accurate
from jointbridge.backends.tfp.bijectors import bijector_of
from jointbridge.backends.tfp.blackbox import TFPBlackBox
from jointbridge.backends.tfp.distributions import CONSTRUCTORS
from jointbridge.backends.tfp.joint import from_program
from jointbridge.backends.tfp.library import tfd
from jointbridge.backends.tfp.quiet import quiet
from jointbridge.backends.tfp.read import read
from jointbridge.backends.tfp.table import ONE_FORMULA, TABLE
from jointbridge.backends.tfp.write import stored, write
from jointbridge.evaluate import Array, Arrays, Evaluator
from jointbridge.expression import Support
from jointbridge.spec import Spec


class TFPBackend(JaxBackend):
    """TensorFlow Probability's JAX substrate."""

    name = "tfp"
    title = "TFP"
    packages = ("tfp-nightly", "tensorflow-probability", "jax", "jaxlib")
    table = TABLE
    count_kind = "float"

    def constructor(self, name: str) -> Callable[..., Any]:
        """The distribution class of that name; TFP does not validate unless asked."""
        return CONSTRUCTORS.get(name) or getattr(tfd, name)

    def region(self, support: Support, evaluate: Evaluator, rank: int) -> Region:
        """A support with its bounds; the circle has some here, of the right width."""
        region = super().region(support, evaluate, rank)
        if support.name == "circular":
            pi = evaluate.number(math.pi, "float")
            return Region(support, {"low": -pi, "high": pi})
        return region

    def log_prob(self, dist: Any, value: Array) -> Array:
        """The log density of `value`, one number for each batch element."""
        with quiet():
            return dist.log_prob(value)

    def with_density(
        self, dist: Any, formula: Formula, given: dict[str, Array], arrays: Arrays
    ) -> Any:
        """The distribution, scored by a formula over arrays."""
        return Accurate(dist, formula, given, arrays)

    def draw(self, dist: Any, batch: tuple[int, ...], key: Any) -> Array:
        """One draw for each element of `batch`."""
        with quiet():
            is_pytree = not jax.tree_util.all_leaves([dist])
            if is_pytree and type(dist).__name__ not in ONE_FORMULA:
                return _compiled_draw(dist, batch, key)
            return _draw(dist, batch, key)

    # -- bijectors ------------------------------------------------------------

    def bijector(self, region: Region) -> Any:
        """TFP's bijector that is the contract's for a support.

        Raises:
            UnsupportedError: There is none.
        """
        found = bijector_of(region)
        if found is None:
            raise self.unsupported(f"unconstrain the support {region.support.name!r}")
        return found

    def default_bijector(self, dist: Any) -> Any | None:
        """TFP's `experimental_default_event_space_bijector`; None for some classes."""
        return dist.experimental_default_event_space_bijector()

    def forward(self, bijector: Any, free: Array) -> Array:
        """From unconstrained coordinates to a value."""
        return bijector.forward(free)

    def inverse(self, bijector: Any, value: Array) -> Array:
        """From a value to unconstrained coordinates."""
        return bijector.inverse(value)

    def log_det(self, bijector: Any, free: Array, value: Array) -> Array:
        """The log determinant, one number for each element of the support."""
        log_det = bijector.forward_log_det_jacobian(
            free, event_ndims=bijector.forward_min_event_ndims
        )
        batch = value.shape[: value.ndim - bijector.inverse_min_event_ndims]
        return jnp.broadcast_to(log_det, batch)

    # -- the library's own objects --------------------------------------------

    def read(
        self,
        model: Any,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Reading:
        """A joint distribution, or what a function makes, as a spec; see `read.read`."""
        if not isinstance(model, tfd.Distribution) and callable(model):
            model, args, kwargs = model(*args, **kwargs), (), {}
        return read(self, model, args, kwargs, options)

    def blackbox(
        self, model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> TFPBlackBox:
        """A model with its arguments, to be scored as it is."""
        return TFPBlackBox(model, args, kwargs)

    def write(self, spec: Spec, style: str | None = None) -> str:
        """The text of a TFP module; see `write.write`."""
        return write(spec, style)

    def stored(self, spec: Spec) -> dict[str, np.ndarray]:
        """The arrays that a written module loads from the `.npz` file beside it."""
        return stored(spec)

    def native(self, program: Program, **options: Any) -> Any:
        """A `tfd.JointDistributionSequential` over all sites.

        Args:
            program: Its program on this backend.
            **options: Those of `from_program`.
        """
        return from_program(program, **options)


def _draw(dist: Any, batch: tuple[int, ...], key: Any) -> Array:
    if tuple(dist.batch_shape) != batch:
        dist = tfd.BatchBroadcast(dist, to_shape=batch)
    return dist.sample(seed=key)


# TFP's rejection samplers, not compiled, take a second or more at every call.
_compiled_draw = jax.jit(_draw, static_argnums=1)
