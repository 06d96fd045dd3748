"""Values that a caller gives, held against the sites they are for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from jointbridge.errors import Problem, SpecError, ValueMismatchError, did_you_mean
from jointbridge.spec import Type


def check_values(
    values: Mapping[str, Any],
    types: Mapping[str, Type],
    needed: set[str],
    is_native: Callable[[Any], bool],
) -> dict[str, Any]:
    """The values as NumPy arrays; a library's own arrays, traced ones too, stay.

    Args:
        values: What was given, by name.
        types: What each name takes.
        needed: Names that must be given.
        is_native: Whether something is already an array of the library.

    Raises:
        ValueMismatchError: Names, shapes, kinds or leading axes are wrong; all of it is
            listed.
    """
    problems = [
        Problem("values", name, f"no value for site {name!r}")
        for name in sorted(needed - set(values))
    ]
    found: dict[str, Any] = {}
    for name, value in values.items():
        try:
            found[name] = _checked(name, value, types, is_native)
        except SpecError as error:
            problems += error.at(name).problems
    problems += _leading(found, types)
    if problems:
        raise ValueMismatchError(problems)
    return found


def _checked(
    name: str, value: Any, types: Mapping[str, Type], is_native: Callable[[Any], bool]
) -> Any:
    if name not in types:
        hint = did_you_mean(name, types)
        raise SpecError(f"no site {name!r}", code="values", hint=hint)
    array = value if is_native(value) else _numbers(value, types[name])
    shape, wanted = tuple(array.shape), types[name].shape
    if shape[max(0, len(shape) - len(wanted)) :] != wanted:
        message = f"expected shape {list(wanted)}, got {list(shape)}"
        hint = "leading axes of draws may come before it"
        raise SpecError(message, code="values", hint=hint)
    return array


def _numbers(value: Any, type_: Type) -> np.ndarray:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise SpecError(f"not an array: {error}", code="values") from None
    if array.dtype.kind not in "fiub":
        raise SpecError(f"expected numbers, got {array.dtype}", code="values")
    fractional = array.dtype.kind == "f" and np.any(array != np.floor(array))
    if type_.kind == "int" and fractional:
        raise SpecError("expected whole numbers: the site counts", code="values")
    return array


def _leading(found: Mapping[str, Any], types: Mapping[str, Type]) -> list[Problem]:
    """The axes before the sites' own must be the same, or absent."""
    draws = {
        n: tuple(x.shape[: len(x.shape) - types[n].rank]) for n, x in found.items()
    }
    if len(set(draws.values()) - {()}) < 2:
        return []
    listed = ", ".join(f"{n}: {list(d)}" for n, d in draws.items() if d)
    hint = "give every site the same leading axes of draws"
    return [Problem("values", "", f"leading axes differ: {listed}", hint)]
