"""Pyro distributions and constraints from the catalogue's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pyro.distributions as dist
import torch
from torch.distributions import biject_to

from jointbridge.backends.arrays.torch import (
    TorchArrays,
    keys,
    precision,
    value_and_grad,
)
from jointbridge.backends.base import Backend, Region
from jointbridge.backends.lower import Formula
from jointbridge.backends.program import Program
from jointbridge.backends.pyro import distributions as ours
from jointbridge.backends.pyro import regions
from jointbridge.backends.pyro.accurate import Accurate
from jointbridge.backends.pyro.blackbox import PyroBlackBox
from jointbridge.backends.pyro.combinators import COMBINATORS
from jointbridge.backends.pyro.copula import GaussianCopula
from jointbridge.backends.pyro.elementwise import ELEMENTWISE
from jointbridge.backends.pyro.joint_distribution import from_program
from jointbridge.backends.pyro.laws import CLASSES, projected_normal
from jointbridge.backends.pyro.mended import MENDED
from jointbridge.backends.pyro.read import read_model
from jointbridge.backends.pyro.state_space import GaussianStateSpace
from jointbridge.backends.pyro.table import TABLE
from jointbridge.backends.pyro.truncated import Truncated
from jointbridge.backends.pyro.vectors import VECTORS
from jointbridge.backends.pyro.wishart import WISHARTS
from jointbridge.backends.pyro.wrapped import WRAPPED
from jointbridge.backends.pyro.write import stored, write
from jointbridge.backends.reading import Reading
from jointbridge.evaluate import Array, Arrays
from jointbridge.spec import Spec

#: Classes that stand in for Pyro's of the same name, or that it lacks.
OURS = {
    found.__name__: found
    for found in (
        ours.BetaBinomial,
        ours.LKJCholesky,
        ours.LogNormal,
        ours.MixtureSameFamily,
        ours.Multinomial,
        ours.MultivariateNormal,
        ours.RelaxedBernoulli,
        ours.StudentT,
        ours.Uniform,
        ours.VonMises,
        GaussianCopula,
        GaussianStateSpace,
        Truncated,
        *CLASSES.values(),
        *ELEMENTWISE.values(),
        *MENDED.values(),
        *VECTORS.values(),
        *WISHARTS.values(),
        *WRAPPED.values(),
    )
}


class PyroBackend(Backend):
    """Pyro on PyTorch."""

    name = "pyro"
    title = "Pyro"
    packages = ("pyro-ppl", "torch")
    table = TABLE
    count_kind = "float"

    arrays = staticmethod(TorchArrays)
    precision = staticmethod(precision)
    value_and_grad = staticmethod(value_and_grad)
    keys = staticmethod(keys)

    def constructor(self, name: str) -> Callable[..., Any]:
        """The distribution class of that name, validation off."""
        if name == "ImproperUniform":
            return regions.improper_uniform
        if name == "ProjectedNormal":
            return partial(projected_normal, validate_args=False)
        found = OURS.get(name) or COMBINATORS.get(name) or getattr(dist, name)
        return partial(found, validate_args=False)

    def with_density(
        self, built: Any, formula: Formula, given: dict[str, Array], arrays: Arrays
    ) -> Any:
        """The distribution, scored by a formula over arrays."""
        return Accurate(built, formula, given, arrays)

    def draw(self, built: Any, batch: tuple[int, ...], key: Any) -> Array:
        """One draw for each element of `batch`."""
        del key
        with torch.no_grad():
            return built.expand(torch.Size(batch)).sample()

    def bijector(self, region: Region) -> Any:
        """Torch's `biject_to` of the constraint."""
        return regions.bijector(region)

    def default_bijector(self, built: Any) -> Any:
        """Torch's `biject_to` of the distribution's own support."""
        return biject_to(built.support)

    def blackbox(
        self, model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> PyroBlackBox:
        """A model with its arguments, to be scored as it is."""
        return PyroBlackBox(model, args, kwargs)

    def read(
        self,
        model: Any,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Reading:
        """The spec of a model function, a handled one or a `PyroModule`."""
        return read_model(self, model, args, kwargs, options)

    def write(self, spec: Spec, style: str | None = None) -> str:
        """The text of a Pyro module; see `Joint.to_source`."""
        return write(spec, style)

    def stored(self, spec: Spec) -> dict[str, np.ndarray]:
        """The arrays that a written module loads from the `.npz` file beside it."""
        return stored(spec)

    def native(self, program: Program, **options: Any) -> Any:
        """A `JointDistribution` over all sites."""
        return from_program(program, **options)
