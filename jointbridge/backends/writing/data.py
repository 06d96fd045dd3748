"""Data as code: arrays that a person can read, or a file beside the module."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from jointbridge.backends.writing.code import string
from jointbridge.backends.writing.documents import WIDTH
from jointbridge.spec import Data, Spec

#: As many numbers as are written into a module; more go into a file.
MOST = 200


def stored(spec: Spec, arguments: Mapping[str, str]) -> dict[str, np.ndarray]:
    """The arrays that a written module reads from the `.npz` file beside it.

    Args:
        spec: The spec that was written.
        arguments: By data, the argument of the model that takes it.
    """
    bound = {arguments[d.name]: d.values for d in spec.data if d.values is not None}
    if sum(values.size for values in bound.values()) <= MOST:
        return {}
    return bound


def table(spec: Spec, arguments: Mapping[str, str]) -> str:
    """`DATA = {…}` with all bound data, or nothing where there is none."""
    bound = [d for d in spec.data if d.values is not None]
    if not bound or stored(spec, arguments):
        return ""
    entries = [entry for d in bound for entry in _entry(arguments[d.name], d)]
    flat = [_flat(arguments[d.name], d) for d in bound]
    text = "\n".join(["DATA = {", *entries, "}"])
    if any(len(line) > WIDTH for line in flat):
        return f"# fmt: off\n{text}\n# fmt: on\n"
    return f"{text}\n"


def _flat(key: str, data: Data) -> str:
    return f"    {string(key)}: {_array(data)},"


def _entry(key: str, data: Data) -> Iterator[str]:
    line = _flat(key, data)
    assert data.values is not None
    if len(line) <= WIDTH:
        yield line
        return
    yield f"    {string(key)}: np.array(["
    if data.type.rank == 1:
        yield from _filled([_number(x) for x in data.values.tolist()])
    else:
        yield from (f"        {_nested(row)}," for row in data.values.tolist())
    yield f"    ]{_dtype(data)}),"


def _array(data: Data) -> str:
    assert data.values is not None
    if not data.type.shape:
        return _number(data.values.item())
    return f"np.array({_nested(data.values.tolist())}{_dtype(data)})"


def _dtype(data: Data) -> str:
    """The kind of an array without numbers, which says nothing of it."""
    return "" if data.type.size else f", dtype={data.type.kind}"


def _filled(items: list[str]) -> Iterator[str]:
    line = " " * 8
    for item in items:
        if len(line) + len(item) + 2 > WIDTH:
            yield line.rstrip()
            line = " " * 8
        line += f"{item}, "
    yield line.rstrip()


def _nested(values: object) -> str:
    if isinstance(values, list):
        return f"[{', '.join(map(_nested, values))}]"
    return _number(values)


def _number(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"{'-' if value < 0 else ''}np.{'nan' if value != value else 'inf'}"
    return repr(value)
