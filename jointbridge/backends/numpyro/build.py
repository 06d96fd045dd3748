"""NumPyro distributions and constraints from the catalogue's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax.numpy as jnp
import numpy as np
import numpyro.distributions as dist

from jointbridge.backends.arrays.jax import JaxBackend
from jointbridge.backends.base import Region
from jointbridge.backends.lower import Formula
from jointbridge.backends.numpyro.accurate import Accurate
from jointbridge.backends.numpyro.blackbox import NumPyroBlackBox
from jointbridge.backends.numpyro.combinators import COMBINATORS
from jointbridge.backends.numpyro.joint_distribution import from_program
from jointbridge.backends.numpyro.laws import CLASSES, projected_normal
from jointbridge.backends.numpyro.mended import MENDED
from jointbridge.backends.numpyro.read import read
from jointbridge.backends.numpyro.regions import (
    constraint,
    improper_uniform,
    zero_sum_normal,
)
from jointbridge.backends.numpyro.state_space import gaussian_state_space
from jointbridge.backends.numpyro.table import TABLE
from jointbridge.backends.numpyro.write import stored, write
from jointbridge.backends.program import Program
from jointbridge.backends.reading import Reading
from jointbridge.evaluate import Array, Arrays
from jointbridge.spec import Spec


class NumPyroBackend(JaxBackend):
    """NumPyro on JAX."""

    name = "numpyro"
    title = "NumPyro"
    packages = ("numpyro", "jax", "jaxlib")
    table = TABLE

    def constructor(self, name: str) -> Callable[..., Any]:
        """The distribution class of that name, validation off."""
        if name == "ImproperUniform":
            return improper_uniform
        if name == "ZeroSumNormal":
            return zero_sum_normal
        if name == "GaussianStateSpace":
            return partial(gaussian_state_space, validate_args=False)
        if name == "ProjectedNormal":
            return partial(projected_normal, validate_args=False)
        ours: dict[str, Callable[..., Any]] = {**COMBINATORS, **CLASSES, **MENDED}
        found = ours.get(name) or getattr(dist, name)
        return partial(found, validate_args=False)

    def log_prob(self, built: Any, value: Array) -> Array:
        """The log density of `value`, one number for each batch element."""
        # A vector with fewer batch axes than its MultivariateNormal fails in NumPyro.
        shape = jnp.broadcast_shapes(value.shape, built.batch_shape + built.event_shape)
        return built.log_prob(jnp.broadcast_to(value, shape))

    def with_density(
        self, built: Any, formula: Formula, given: dict[str, Array], arrays: Arrays
    ) -> Any:
        """The distribution, scored by a formula over arrays."""
        return Accurate(built, formula, given, arrays.dtypes["float"])

    def draw(self, built: Any, batch: tuple[int, ...], key: Any) -> Array:
        """One draw for each element of `batch`."""
        return built.expand(batch).sample(key)

    def bijector(self, region: Region) -> Any:
        """NumPyro's `biject_to` of the constraint."""
        return dist.biject_to(constraint(region))

    def default_bijector(self, built: Any) -> Any:
        """NumPyro's `biject_to` of the distribution's own support."""
        return dist.biject_to(built.support)

    def read(
        self,
        model: Any,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Reading:
        """A NumPyro model as a spec; see `read.read`."""
        return read(self, model, args, kwargs, options)

    def blackbox(
        self, model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> NumPyroBlackBox:
        """A model with its arguments, to be scored as it is."""
        return NumPyroBlackBox(model, args, kwargs)

    def write(self, spec: Spec, style: str | None = None) -> str:
        """The text of a NumPyro module; see `Joint.to_source`."""
        return write(spec, style)

    def stored(self, spec: Spec) -> dict[str, np.ndarray]:
        """The arrays that a written module loads from the `.npz` file beside it."""
        return stored(spec)

    def native(self, program: Program, **options: Any) -> Any:
        """A `JointDistribution` over all sites."""
        return from_program(program, **options)
