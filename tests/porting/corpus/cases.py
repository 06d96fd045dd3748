"""What a case of the corpus is, and how the cases of a library are found.

Every module in a library's folder ends with a tuple `CASES`.  Modules are imported in
the library's float64, as their authors would have set it at the top of a script.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.porting.native import LIBRARIES

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A model of a library's user, with what it is called with.

    Attributes:
        name: Unique in its library.
        model: A model function; for a library of joint objects a function that makes one.
        args: What `model` is called with.
        kwargs: What `model` is called with, by name.
        refused: The code of the error with which a reader has to refuse it.
        late: Written when the readers were finished; counted apart.
        values: Values of sites that neither a map from the reals nor a draw can give.
    """

    name: str
    model: Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    refused: str | None = None
    late: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


@cache
def cases(library: str) -> tuple[Case, ...]:
    """The cases of a library, in the order of its modules."""
    found: list[Case] = []
    with LIBRARIES[library].float64():
        for path in sorted((FOLDER / library).glob("*.py")):
            found += import_module(f"{__package__}.{library}.{path.stem}").CASES
    names = [case.name for case in found]
    assert len(set(names)) == len(names), f"two cases of {library} have one name"
    return tuple(found)
