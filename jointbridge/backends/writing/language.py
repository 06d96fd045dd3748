"""What a library's language says in its own way: rows of functions, and a few methods."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from jointbridge.backends.lower import Table
from jointbridge.backends.writing.python import Code, call, fill, literal
from jointbridge.expression import Call, Distribution, Support
from jointbridge.families import FAMILIES
from jointbridge.functions import FUNCTIONS
from jointbridge.shapes import widest

if TYPE_CHECKING:
    from jointbridge.backends.writing.expressions import Expressions

#: A template in terms of a function's arguments and options, or a function that writes.
Spelling: TypeAlias = "str | Callable[[Expressions, Call], Code]"


class Language(ABC):
    """How a library says what the expression language and the catalogue say.

    Attributes:
        title: The library's name, for people.
        table: How its families are spelled.
        imports: By the name that code uses, the statement that imports it.
        functions: By function, a template: `"jnp.sum(x, axis=axis)"`. A keyword of an
            option that is not written is left out. Operators need no row.
        constants: Templates of `inf` and `pi`.
        constructors: A template of a distribution's class, `"dist.{}"`.
        transforms: By transform, a template over its parameters and `domain`.
        positional: By class of the library, its positional parameters; of a class of the
            catalogue they are the catalogue's.
        defaults: Whether classes have the catalogue's defaults.
        native_data: Whether data are arrays of the library and not NumPy's.
        takes_numbers: Whether functions and effects take plain numbers for arrays.
    """

    title: ClassVar[str]
    table: ClassVar[Table]
    imports: ClassVar[Mapping[str, str]]
    functions: ClassVar[Mapping[str, Spelling]]
    constants: ClassVar[Mapping[str, str]]
    constructors: ClassVar[str]
    transforms: ClassVar[Mapping[str, str]]
    positional: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    defaults: ClassVar[bool] = True
    native_data: ClassVar[bool] = False
    takes_numbers: ClassVar[bool] = True

    # -- numbers and kinds ----------------------------------------------------

    def number(self, value: float) -> Code:
        """A literal."""
        if isinstance(value, float) and abs(value) in _NAMED:
            sign = "-" if value < 0 else ""
            return fill(f"{sign}{self.constants[_NAMED[abs(value)]]}")
        return literal(value)

    @abstractmethod
    def array(self, code: Code, kind: str | None = None) -> Code:
        """An array of the library from a number or an array of NumPy's."""

    @abstractmethod
    def cast(self, code: Code, kind: str) -> Code:
        """An array of the library as another kind."""

    def wanted(self, node: Call, kinds: list[str], kind: str) -> list[str]:
        """The kinds to which a function's arguments must be brought.

        By default an array library like NumPy, which finds a common kind by itself, save
        that it adds bools as bools and complements integers bit by bit.

        Args:
            node: The call.
            kinds: The kinds of its arguments.
            kind: The kind of its value.
        """
        rule = FUNCTIONS[node.function].kind
        if node.function == "one_hot":
            return ["int"]
        if node.function in ("floor", "round"):  # NumPy's keep integers
            return ["float"]
        if node.function == "where":
            return ["bool", *kinds[1:]]
        if rule == "bool":
            return ["bool"] * len(kinds)
        if rule == "numeric" and kinds and widest(kinds) == "bool":
            return ["int"] * len(kinds)
        if node.function == "power" and kind == "float" and "float" not in kinds:
            return ["float", *kinds[1:]]
        return kinds

    @abstractmethod
    def vector(self, items: Sequence[Code]) -> Code:
        """A vector of scalars."""

    @abstractmethod
    def broadcast(self, code: Code, shape: Code) -> Code:
        """An array broadcast to a shape."""

    def index(self, code: Code) -> Code:
        """An array of ints where it stands in an index."""
        return code

    # -- distributions --------------------------------------------------------

    def places(self, constructor: str) -> tuple[str, ...]:
        """The parameters of a class that people give by position."""
        if constructor in self.positional:
            return self.positional[constructor]
        row = FAMILIES.get(constructor)
        if row is None:
            return ()
        return tuple(p for p in row.positional if not row.parameters[p].choice)

    def check(
        self, constructor: str, batch: tuple[int, ...], event: tuple[int, ...]
    ) -> None:
        """Refuse a class that cannot take parameters of a batch or an event shape.

        Raises:
            UnsupportedError: It means something else by them, or has no density.
        """
        del constructor, batch, event

    def brings(self, constructor: str, event: tuple[int, ...]) -> bool:
        """Whether a module brings a class, as the library's is none for such values."""
        del constructor, event
        return False

    def construct(
        self, constructor: str, positional: Sequence[Code], keywords: Mapping[str, Code]
    ) -> Code:
        """A distribution from its class and its parameters."""
        return call(self.constructors.format(constructor), positional, **keywords)

    def parameter(self, code: Code, kind: str, wanted: str) -> Code:
        """A parameter of a distribution, `kind` where `wanted` is asked for."""
        del kind, wanted
        return code

    def scored(self, code: Code, kind: str, dist: Distribution) -> Code:
        """A value of some kind where a distribution scores it."""
        del kind, dist
        return code

    def widened(self, code: Code, batch: Code) -> Code:
        """A distribution of a list that has fewer batch axes than the whole."""
        del batch
        return code

    def transform(
        self, name: str, params: Mapping[str, Code], domain: Code | None
    ) -> Code:
        """A transform in the library's own words.

        Args:
            name: Its row.
            params: Its parameters.
            domain: The constraint of what it is applied to; None for all reals.
        """
        return fill(self.transforms[name], **params, domain=domain)

    @abstractmethod
    def support(self, support: Support, bounds: Sequence[Code]) -> Code:
        """A support in the library's own words."""

    @abstractmethod
    def improper(self, constraint: Code, batch: Code, event: Code) -> Code:
        """A density of 1 on a support."""


_NAMED = {math.inf: "inf", math.pi: "pi"}
