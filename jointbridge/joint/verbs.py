"""`Joint`: a spec with verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from jointbridge import backends, document, passes, picture
from jointbridge.analysis import analyse, why_not_samplable
from jointbridge.backends.compiled import Compiled
from jointbridge.backends.reading import Reading
from jointbridge.document.files import write_all
from jointbridge.spec import Spec, Type

Values = Mapping[str, Any]


class Joint:
    """A joint distribution: an ordered list of named sites.

    Two joints are equal when their specs are. `joint.to_NAME()` builds the native object
    of the backend `NAME`, as `joint.native("NAME")` does.

    Args:
        spec: What the joint says.
        reading: How it was read from a model, where it was.
    """

    def __init__(self, spec: Spec, reading: Reading | None = None) -> None:
        self.spec = spec
        #: What was folded, frozen and assumed when the joint was read from a model.
        self.reading = reading
        self._compiled: dict[tuple[str, str, bool], Compiled] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Joint) and self.spec == other.spec

    def __hash__(self) -> int:
        return hash(self.digest())

    # -- files ----------------------------------------------------------------

    def save(self, path: str, *, overwrite: bool = False) -> None:
        """Write the joint to a file, all of it or nothing.

        Raises:
            FileError: The file exists and `overwrite` is false, or cannot be written.
        """
        document.save(self.spec, path, overwrite=overwrite)

    def dumps(self) -> str:
        """The text of the joint's file."""
        return document.dumps(self.spec)

    def digest(self) -> str:
        """A SHA-256 of what the joint says."""
        return document.digest(self.spec)

    # -- native objects -------------------------------------------------------

    def compile(
        self,
        backend: str | None = None,
        *,
        dtype: str = "float64",
        accurate: bool = False,
    ) -> Compiled:
        """The joint compiled for one backend, kept for the next time.

        Args:
            backend: The name of a backend; the reference by default.
            dtype: The width of floats, `float64` or `float32`.
            accurate: Whether families of which the library is known to lose digits are
                scored by the catalogue's own formula.

        Raises:
            BackendError: The backend is not installed.
            UnsupportedError: The backend cannot express the joint.
        """
        key = (backend or backends.REFERENCE, dtype, accurate)
        if key not in self._compiled:
            found = backends.get(key[0])
            found = found.accurately() if accurate else found
            self._compiled[key] = Compiled(self.spec, found, dtype)
        return self._compiled[key]

    def native(
        self,
        backend: str,
        *,
        dtype: str | None = None,
        accurate: bool = False,
        **options: Any,
    ) -> Any:
        """The backend's own joint object.

        Args:
            backend: The name of a backend.
            dtype: The width of floats; what the library is set to by default.
            accurate: As in `compile`.
            **options: What the backend takes besides, as `pin_observed=True`.
        """
        dtype = dtype or backends.get(backend).default_dtype()
        compiled = self.compile(backend, dtype=dtype, accurate=accurate)
        return compiled.native(**options)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        backend = name.removeprefix("to_")
        if name.startswith("to_") and backend in backends.names():
            return partial(self.native, backend)
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(f"to_{name}" for name in backends.names())]

    def to_source(self, language: str, *, style: str | None = None) -> str:
        """The text of a module that says the joint in a library's own words.

        It needs nothing of jointbridge.

        Args:
            language: The name of a backend.
            style: One of its styles; the first one by default.

        Raises:
            UnsupportedError: The joint cannot be said in that library.
        """
        text: str = backends.get(language).write(self.spec, style)
        return text

    # -- numbers --------------------------------------------------------------

    def log_prob(
        self,
        values: Values,
        *,
        backend: str | None = None,
        dtype: str = "float64",
        accurate: bool = False,
    ) -> np.ndarray:
        """The log density, one number for each draw.

        Args:
            values: A value for each unobserved site, with common leading axes of draws.
            backend: The name of a backend; the reference by default.
            dtype: The width of floats.
            accurate: As in `compile`.

        Returns:
            An array of the shape of the leading axes. Outside the support it is -inf.

        Raises:
            ValueMismatchError: A site is missing, unknown or of the wrong shape.
        """
        compiled = self.compile(backend, dtype=dtype, accurate=accurate)
        return compiled.numpy(compiled.log_prob(values))

    def log_prob_parts(
        self,
        values: Values,
        *,
        backend: str | None = None,
        dtype: str = "float64",
        accurate: bool = False,
    ) -> dict[str, np.ndarray]:
        """The log density of each site and factor, one number for each draw."""
        compiled = self.compile(backend, dtype=dtype, accurate=accurate)
        return _numpy(compiled, compiled.log_prob_parts(values))

    def grad_log_prob(
        self,
        values: Values,
        *,
        backend: str | None = None,
        dtype: str = "float64",
        accurate: bool = False,
    ) -> dict[str, np.ndarray]:
        """The gradient of the log density for each unobserved continuous site."""
        compiled = self.compile(backend, dtype=dtype, accurate=accurate)
        return _numpy(compiled, compiled.value_and_grad(values)[1])

    def sample(
        self,
        seed: int = 0,
        sample_shape: int | tuple[int, ...] = (),
        *,
        backend: str | None = None,
        dtype: str = "float64",
    ) -> dict[str, np.ndarray]:
        """Draws of every site and deterministic value.

        Args:
            seed: The same seed, backend and versions give the same draws.
            sample_shape: Leading axes of draws.
            backend: The name of a backend; the reference by default.
            dtype: The width of floats.

        Raises:
            UnsamplableError: The joint has no forward sampler; the message says why.
        """
        shape = (
            (sample_shape,) if isinstance(sample_shape, int) else tuple(sample_shape)
        )
        compiled = self.compile(backend, dtype=dtype)
        return _numpy(compiled, compiled.sample(seed, shape))

    # -- looking --------------------------------------------------------------

    def shapes(self) -> dict[str, Type]:
        """The shape and kind of one draw of every name, data included."""
        return dict(analyse(self.spec).scope.names)

    @property
    def samplable(self) -> bool:
        """Whether draws follow from the statements; see `why_not_samplable`."""
        return self.why_not_samplable is None

    @property
    def why_not_samplable(self) -> str | None:
        """The reason why there is no forward sampler, or None."""
        return why_not_samplable(analyse(self.spec))

    def to_mermaid(self) -> str:
        """The graph of the joint as Mermaid text."""
        return picture.to_mermaid(self.spec)

    def to_dot(self) -> str:
        """The graph of the joint as DOT text, for Graphviz."""
        return picture.to_dot(self.spec)

    def to_svg(self) -> str:
        """The graph of the joint as SVG text."""
        return picture.to_svg(self.spec)

    def render(self, path: str | PathLike[str]) -> None:
        """Write the graph of the joint to a file: `.svg`, `.dot` or `.mmd`.

        Raises:
            FileError: The file has another ending, or cannot be written.
        """
        text = picture.text_for(self.spec, Path(path).suffix)
        write_all({Path(path).absolute(): text.encode()}, overwrite=True)

    def _repr_html_(self) -> str:
        return picture.to_svg(self.spec)

    def __rich__(self) -> Any:
        from jointbridge.picture.tables import summary  # rich is needed here alone

        return summary(self.spec)

    def __repr__(self) -> str:
        sites = ", ".join(s.name for s in self.spec.samples)
        return f"Joint({self.spec.name}: {sites})"

    # -- editing --------------------------------------------------------------

    def bind(self, **data: Any) -> Joint:
        """The joint with values for its data, by name."""
        return Joint(passes.bind(self.spec, data))

    def condition(self, **values: Any) -> Joint:
        """The joint with sites observed at these values."""
        return Joint(passes.condition(self.spec, values))

    def rename(self, mapping: Mapping[str, str]) -> Joint:
        """The joint with other names for sites, data or plates."""
        return Joint(passes.rename(self.spec, mapping))


def _numpy(compiled: Compiled, arrays: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {name: compiled.numpy(x) for name, x in arrays.items()}
