"""The authoring API: models written in Python, with NumPyro's words.

Families and functions are looked up in their tables: a new row is a new word.
"""

from __future__ import annotations

from typing import Any

from jointbridge.author.arrays import Declared as Declared
from jointbridge.author.models import Model as Model
from jointbridge.author.models import model as model
from jointbridge.author.plates import plate as plate
from jointbridge.author.recurrence import scan as scan
from jointbridge.author.value import Value as Value
from jointbridge.author.vocabulary import family, function, transform
from jointbridge.author.vocabulary import supports as supports
from jointbridge.author.words import array as array
from jointbridge.author.words import data as data
from jointbridge.author.words import deterministic as deterministic
from jointbridge.author.words import factor as factor
from jointbridge.author.words import let as let
from jointbridge.author.words import param as param
from jointbridge.author.words import sample as sample
from jointbridge.errors import did_you_mean
from jointbridge.families import FAMILIES, TRANSFORMS
from jointbridge.functions import FUNCTIONS

#: The words that are no rows of a table.
WORDS = {"model", "sample", "plate", "data", "deterministic", "let", "factor", "param"}
WORDS |= {"scan", "array", "Declared", "supports"}


def names() -> frozenset[str]:
    """Every word of the authoring API."""
    return frozenset(WORDS).union(FAMILIES, TRANSFORMS, FUNCTIONS)


def __getattr__(name: str) -> Any:
    if name in FAMILIES:
        return family(name)
    if name in TRANSFORMS:
        return transform(name)
    if name in FUNCTIONS:
        return function(name)
    hint = "" if name.startswith("_") else f"; {did_you_mean(name, names())}"
    message = f"module {__name__!r} has no attribute {name!r}{hint}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(names())
