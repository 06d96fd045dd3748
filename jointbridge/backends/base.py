"""What a backend is: a table of differences and a dozen small methods.

To add one, subclass `Backend`, give the attributes and the abstract methods, and name the
class in the entry point group `jointbridge.backends`.  Everything else (scoring batches
of draws, gradients on both scales, draws, checks, the command line) follows from these.

    build(native)          constructor with arrays            -> a library's distribution
    log_prob(d, x)         one number for each batch element
    draw(d, batch, key)    a value of shape batch + event
    bijector(support)      unconstrained -> support
    native(joint)          the library's own joint object
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np

from jointbridge.backends.blackbox import BlackBox
from jointbridge.backends.lower import Argument, Formula, Native, Table
from jointbridge.backends.reading import Reading
from jointbridge.errors import UnsupportedError
from jointbridge.evaluate import Array, Arrays, Evaluator
from jointbridge.expression import Support
from jointbridge.spec import Spec

if TYPE_CHECKING:
    from jointbridge.backends.program import Program

Function = Callable[..., Any]


class Region(NamedTuple):
    """A support with its bounds as arrays."""

    support: Support
    bounds: dict[str, Array]


class Backend(ABC):
    """One library: how it spells, builds, scores and draws.

    Attributes:
        name: The name of the entry point.
        title: The library's own name, for people.
        packages: Distributions on PyPI whose versions a report names.
        table: What is spelled differently or missing.
        count_kind: The kind in which counts enter constructors and densities.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    packages: ClassVar[tuple[str, ...]]
    table: Table
    count_kind: ClassVar[str] = "int"

    # -- arrays ---------------------------------------------------------------

    @abstractmethod
    def arrays(self, dtype: str) -> Arrays:
        """The array library with floats of `dtype` (`float64` or `float32`)."""

    def precision(self, dtype: str) -> AbstractContextManager[None]:
        """A context in which arrays of `dtype` can be made; changes nothing for long."""
        del dtype
        return nullcontext()

    def default_dtype(self) -> str:
        """The width of floats that the library uses now, `float64` or `float32`."""
        return "float64"

    def jit(self, function: Function) -> Function:
        """The function compiled, where the library compiles."""
        return function

    @abstractmethod
    def value_and_grad(self, function: Function) -> Function:
        """`f(inputs: dict) -> (value, gradients: dict)` of a sum over draws.

        `function` maps a dict of arrays to an array of one number per draw; gradients
        have the shapes of the inputs.
        """

    @abstractmethod
    def keys(self, seed: int) -> AbstractContextManager[Iterator[Any]]:
        """A context that yields keys for `draw`, and leaves all random states alone."""

    def split(self, key: Any, number: int) -> Any:
        """`number` keys from one, stacked; the same again where keys are not needed."""
        return [key] * number

    # -- distributions --------------------------------------------------------

    @abstractmethod
    def constructor(self, name: str) -> Callable[..., Any]:
        """The library's class of that name, validation off."""

    def build(self, native: Native, evaluate: Evaluator, rank: int) -> Any:
        """The distribution that `native` spells, with `rank` batch axes in one draw."""
        rank += native.extra
        arguments = {}
        for name, value in native.arguments.items():
            if isinstance(value, Native):
                arguments[name] = self.build(value, evaluate, rank)
            elif isinstance(value, tuple):
                arguments[name] = [self.build(x, evaluate, rank) for x in value]
            elif isinstance(value, Argument):
                arguments[name] = self.argument(value, evaluate, rank)
            elif isinstance(value, Support):
                arguments[name] = self.region(value, evaluate, rank)
            else:
                arguments[name] = value
        built = self.constructor(native.constructor)(**arguments)
        if native.density is None:
            return built
        given = {n: self.argument(x, evaluate, rank) for n, x in native.given.items()}
        return self.with_density(built, native.density, given, evaluate.arrays)

    def with_density(
        self, dist: Any, formula: Formula, given: dict[str, Array], arrays: Arrays
    ) -> Any:
        """The distribution, scored by a formula instead of its own density.

        Args:
            dist: A distribution of the library.
            formula: See `accurate.log_density`.
            given: The parameters of the formula.
            arrays: The arrays that they are.
        """
        del dist, formula, given, arrays
        raise self.unsupported("score by a formula")

    def accurately(self) -> Self:
        """This backend, scoring accurately where its library is known to lose digits."""
        found = copy(self)
        found.table = replace(self.table, prefers_accurate=True)
        return found

    def argument(self, value: Argument, evaluate: Evaluator, rank: int) -> Array:
        """A parameter as an array, its own axes aligned behind the draws."""
        array = evaluate.aligned(value.node, rank + value.axes)
        wanted = "float" if value.kind == "float" else self.count_kind
        return evaluate.arrays.cast(array, wanted)

    def region(self, support: Support, evaluate: Evaluator, rank: int) -> Region:
        """A support with its bounds evaluated and aligned behind the draws."""
        bounds = {
            name: evaluate.arrays.cast(evaluate.aligned(node, rank), "float")
            for name, node in support.params
        }
        return Region(support, bounds)

    def log_prob(self, dist: Any, value: Array) -> Array:
        """The log density of `value`, one number for each batch element."""
        return dist.log_prob(value)

    @abstractmethod
    def draw(self, dist: Any, batch: tuple[int, ...], key: Any) -> Array:
        """Draws that fill a batch shape (draws, plates, own shape)."""

    # -- bijectors ------------------------------------------------------------

    @abstractmethod
    def bijector(self, region: Region) -> Any:
        """The library's own bijector from unconstrained space to a support."""

    def default_bijector(self, dist: Any) -> Any | None:
        """The bijector that the library itself chooses for a distribution's support."""
        del dist
        raise self.unsupported("say which bijector it chooses for a distribution")

    def forward(self, bijector: Any, free: Array) -> Array:
        """From unconstrained coordinates to a value."""
        return bijector(free)

    def inverse(self, bijector: Any, value: Array) -> Array:
        """From a value to unconstrained coordinates."""
        return bijector.inv(value)

    def log_det(self, bijector: Any, free: Array, value: Array) -> Array:
        """The log determinant of the Jacobian of `forward`."""
        return bijector.log_abs_det_jacobian(free, value)

    # -- the library's own objects --------------------------------------------

    @abstractmethod
    def native(self, program: Program, **options: Any) -> Any:
        """The library's own joint object for a program."""

    # -- models of the library's users ----------------------------------------

    def read(
        self,
        model: Any,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Reading:
        """A user's model of this library as a spec.

        Args:
            model: A model function, or a joint distribution of the library.
            args: Positional arguments for the model.
            kwargs: Keyword arguments for the model.
            options: How to read it; every importer says which it takes.

        Raises:
            ReadError: It cannot be said as a spec; names the site and the place.
        """
        del model, args, kwargs, options
        raise self.unsupported("read models")

    def blackbox(
        self, model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> BlackBox:
        """A user's model of this library with its arguments, to be scored as it is."""
        del model, args, kwargs
        raise self.unsupported("score models of its own")

    def write(self, spec: Spec, style: str | None = None) -> str:
        """The text of a module that a user of this library would have written.

        Args:
            spec: A spec without errors; data need not be bound.
            style: One of the backend's styles; its first one by default.

        Raises:
            UnsupportedError: The spec cannot be written for this library.
        """
        del spec, style
        raise self.unsupported("write source")

    def stored(self, spec: Spec) -> Mapping[str, np.ndarray]:
        """The arrays that a written module loads from the `.npz` file beside it."""
        del spec
        return {}

    def versions(self) -> dict[str, str]:
        """The installed versions of `packages`."""
        found = {}
        for package in self.packages:
            try:
                found[package] = version(package)
            except PackageNotFoundError:
                found[package] = "not installed"
        return found

    def unsupported(self, what: str, hint: str = "") -> UnsupportedError:
        """An error that says this backend cannot do `what`."""
        return UnsupportedError(f"{self.title} cannot {what}", hint=hint)
