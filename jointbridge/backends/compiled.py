"""A joint compiled for one backend: checked values in, the library's arrays out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from jointbridge.analysis import Site, why_not_samplable
from jointbridge.backends.base import Backend
from jointbridge.backends.program import Program
from jointbridge.backends.values import check_values
from jointbridge.errors import UnsamplableError, ValueMismatchError
from jointbridge.evaluate import Array
from jointbridge.spec import Deterministic, Param, Spec, Type, samples

Values = Mapping[str, Any]


class Compiled:
    """Scores, draws and transforms of one joint on one backend.

    Values are dicts of anything NumPy takes, each of the site's shape with any common
    leading axes of draws; results are the library's own arrays, one number per draw.

    Args:
        spec: The joint; all its data must be bound.
        backend: The backend to compute with.
        dtype: The width of floats, `float64` or `float32`.
        **more: As for `Walker`.

    Raises:
        SpecError: The spec has errors or unbound data.
        UnsupportedError: The backend cannot express the joint.
    """

    def __init__(
        self, spec: Spec, backend: Backend, dtype: str = "float64", **more: bool
    ) -> None:
        if dtype not in ("float64", "float32"):
            message = f"dtype must be float64 or float32, got {dtype!r}"
            raise ValueMismatchError(message, code="usage")
        self.program = Program(spec, backend, dtype, **more)
        self.backend = backend
        self.dtype = dtype
        self._jitted: dict[str, Callable[..., Any]] = {}

    @property
    def sites(self) -> dict[str, Site]:
        """All sites with their shapes and supports."""
        return self.program.analysis.sites

    @cached_property
    def free_types(self) -> dict[str, Type]:
        """The types of the unconstrained coordinates of the latent sites."""
        latent = self.program.analysis.latent
        return {n: Type(s.free, s.type.kind) for n, s in latent.items()}

    @cached_property
    def value_types(self) -> dict[str, Type]:
        """The types of the values of all sites and params."""
        types = {n: s.type for n, s in self.sites.items()}
        scope = self.program.scope.names
        for statement in self.program.spec.statements:
            if isinstance(statement, Param):
                types[statement.name] = scope[statement.name]
        return types

    # -- scores ---------------------------------------------------------------

    def log_prob(self, values: Values) -> Array:
        """The log density, one number for each draw.

        Args:
            values: A value for every latent site. Observed sites take their data unless
                they are given too.

        Raises:
            ValueMismatchError: A site is missing, unknown or of the wrong shape.
        """
        return self._run("log_prob", self.program.log_prob_total, self._values(values))

    def log_prob_parts(self, values: Values) -> dict[str, Array]:
        """The log density of each site and factor, one number for each draw."""
        checked = self._values(values)
        draws = self._draws_of(values)
        parts = self._run("parts", lambda v: self.program.score(v)[0], checked)
        with self.backend.precision(self.dtype):
            return {n: self._broadcast(x, draws) for n, x in parts.items()}

    def value_and_grad(self, values: Values) -> tuple[Array, dict[str, Array]]:
        """The log density and its gradients for the latent continuous sites."""
        return self._gradient("grad", self.program.log_prob_total, self._values(values))

    def log_prob_unconstrained(self, free: Values) -> Array:
        """The log density of unconstrained coordinates, Jacobian included."""
        return self._run("free", self.program.log_prob_free, self._free(free))

    def value_and_grad_unconstrained(
        self, free: Values
    ) -> tuple[Array, dict[str, Array]]:
        """The unconstrained log density and its gradients."""
        return self._gradient("grad free", self.program.log_prob_free, self._free(free))

    # -- draws ----------------------------------------------------------------

    def sample(
        self, seed: int = 0, sample_shape: tuple[int, ...] = ()
    ) -> dict[str, Array]:
        """Draws of every site and deterministic value.

        Args:
            seed: The same seed gives the same draws on the same versions.
            sample_shape: Leading axes of draws.

        Raises:
            UnsamplableError: The joint has no forward sampler; the message says why.
        """
        if reason := why_not_samplable(self.program.analysis):
            raise UnsamplableError(
                f"cannot draw from this joint: {reason}",
                hint="run MCMC on the native model instead",
            )
        keep = [
            given.name
            for s in self.program.spec.statements
            for given in (samples(s) if not isinstance(s, Deterministic) else (s,))
        ]
        with self.backend.precision(self.dtype), self.backend.keys(seed) as keys:
            drawn = self.program.draw(keys, tuple(sample_shape))
            scope = self.program.scope.names
            return {
                n: self._broadcast(drawn[n], (*sample_shape, *scope[n].shape))
                for n in keep
            }

    # -- unconstrained coordinates --------------------------------------------

    def constrain(self, free: Values) -> dict[str, Array]:
        """Values of the latent sites from unconstrained coordinates."""
        return self._named(
            "constrain", lambda f: self.program.constrain(f)[0], self._free(free)
        )

    def unconstrain(self, values: Values) -> dict[str, Array]:
        """Unconstrained coordinates of values of the latent sites."""
        return self._named(
            "unconstrain", self.program.unconstrain, self._values(values)
        )

    def deterministic(self, values: Values) -> dict[str, Array]:
        """The deterministic values that follow from values of the sites."""
        wanted = [
            s.name for s in self.program.spec.statements if isinstance(s, Deterministic)
        ]

        def compute(v: Mapping[str, Array]) -> dict[str, Array]:
            _, env = self.program.score(v)
            return {n: env[n] for n in wanted}

        return self._named("deterministic", compute, self._values(values))

    def native(self, **options: Any) -> Any:
        """The library's own joint object."""
        with self.backend.precision(self.dtype):
            return self.backend.native(self.program, **options)

    def numpy(self, x: Array) -> np.ndarray:
        """A NumPy copy of an array of this backend."""
        return self.program.arrays.numpy(x)

    # -- machinery ------------------------------------------------------------

    def _run(
        self, key: str, function: Callable[..., Any], values: dict[str, Any]
    ) -> Any:
        with self.backend.precision(self.dtype):
            if key not in self._jitted:
                self._jitted[key] = self.backend.jit(function)
            return self._jitted[key](values)

    def _named(
        self, key: str, function: Callable[..., Any], values: dict[str, Any]
    ) -> dict[str, Array]:
        return dict(self._run(key, function, values))

    def _gradient(
        self, key: str, function: Callable[..., Any], values: dict[str, Any]
    ) -> tuple[Array, dict[str, Array]]:
        latent = self.program.analysis.latent
        wrt = {n for n in values if n in latent and not latent[n].discrete}
        fixed = {n: x for n, x in values.items() if n not in wrt}

        def both(moving: dict[str, Array], still: dict[str, Array]) -> Any:
            inner = self.backend.value_and_grad(lambda m: function({**m, **still}))
            return inner(moving)

        with self.backend.precision(self.dtype):
            if key not in self._jitted:
                self._jitted[key] = self.backend.jit(both)
            moving = {n: values[n] for n in wrt}
            return self._jitted[key](moving, fixed)  # type: ignore[no-any-return]

    def _values(self, values: Values) -> dict[str, Array]:
        needed = set(self.program.analysis.latent)
        return self._arrays(values, self.value_types, needed)

    def _free(self, free: Values) -> dict[str, Array]:
        return self._arrays(free, self.free_types, set(self.free_types))

    def _arrays(
        self, values: Values, types: Mapping[str, Type], needed: set[str]
    ) -> dict[str, Array]:
        arrays = self.program.arrays
        checked = check_values(values, types, needed, arrays.holds)
        with self.backend.precision(self.dtype):
            return {
                n: arrays.cast(x, types[n].kind)
                if arrays.holds(x)
                else arrays.array(x, types[n].kind)
                for n, x in checked.items()
            }

    def _draws_of(self, values: Values) -> tuple[int, ...]:
        shapes = [
            np.shape(x)[: np.ndim(x) - self.value_types[n].rank]
            for n, x in values.items()
        ]
        return tuple(np.broadcast_shapes(*shapes)) if shapes else ()

    def _broadcast(self, x: Array, shape: tuple[int, ...]) -> Array:
        return self.program.arrays.functions["broadcast"](x, shape)
