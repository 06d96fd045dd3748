"""What a row of the table says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confusion:
    """One row.

    Attributes:
        name: What it is called.
        says: What one model does and the other does not.
        fix: What to do about it.
    """

    name: str
    says: str
    fix: str


@dataclass(frozen=True)
class Parameter(Confusion):
    """A parameter is something else, `x` in the text of `becomes`."""

    parameters: tuple[str, ...] = ()
    becomes: str = ""


@dataclass(frozen=True)
class Family(Confusion):
    """The family is another one."""

    family: str = ""
    becomes: str = ""


@dataclass(frozen=True)
class Value(Confusion):
    """The density is taken at another value."""

    families: tuple[str, ...] = ()
    becomes: str = ""


@dataclass(frozen=True)
class Plus(Confusion):
    """Something is added to the log density of each copy; parameters may stand in it."""

    plus: str = ""
