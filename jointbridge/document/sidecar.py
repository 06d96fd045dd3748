"""Large arrays in one safetensors file beside the JSON.

A reference names a plain file in the same folder; it is opened without following
links, read once, and every array is held against the digest in the reference:

    bytes ──► safetensors ──► array bytes ── sha256 == reference? ──► array
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save as to_bytes

from jointbridge.document.context import Context, wrong
from jointbridge.document.files import read_bounded
from jointbridge.document.lexical import describe
from jointbridge.document.rows import Form
from jointbridge.errors import FileError, SpecError
from jointbridge.spec import KINDS, Data

SUFFIX = ".safetensors"
#: Arrays of more elements than this are written beside the JSON.
LARGE = 4096
_HEADER = 2**20
_LITTLE = {"float": "<f8", "int": "<i8", "bool": "|b1"}

#: What each kind may be stored as; all of them widen without loss.
_STORED_AS = {
    "F64": ("float", "<f8"),
    "F32": ("float", "<f4"),
    "F16": ("float", "<f2"),
    "I64": ("int", "<i8"),
    "I32": ("int", "<i4"),
    "I16": ("int", "<i2"),
    "I8": ("int", "|i1"),
    "U32": ("int", "<u4"),
    "U16": ("int", "<u2"),
    "U8": ("int", "|u1"),
    "BOOL": ("bool", "|u1"),
}


@dataclass(frozen=True)
class Stored:
    """A reference to an array in a file."""

    file: str
    key: str
    kind: str
    shape: tuple[int, ...]
    sha256: str
    allow_nonfinite: bool = False


def _file_name(value: Any, _: str, __: Context) -> str:
    if not isinstance(value, str):
        raise wrong(f"expected a file name, got {describe(value)}")
    plain = PurePosixPath(value).name == value == PureWindowsPath(value).name
    if not plain or not value.isprintable() or not value.endswith(SUFFIX):
        message = f"{value[:80]!r} is not a plain name of a {SUFFIX} file"
        raise wrong(message, "put the file in the same folder", "data")
    return value


def _digest(value: Any, _: str, __: Context) -> str:
    digits = isinstance(value, str) and set(value) <= set("0123456789abcdef")
    if digits and len(value) == 64:
        return str(value)
    raise wrong(f"expected 64 hexadecimal digits, got {describe(value)}", "", "data")


FILE_NAME = Form(
    _file_name, str, {"type": "string", "pattern": r"^[^/\\:]+\.safetensors$"}
)
DIGEST = Form(_digest, str, {"type": "string", "pattern": "^[0-9a-f]{64}$"})


def read_stored(stored: Stored, context: Context) -> np.ndarray:
    """The array that a reference means.

    Raises:
        SpecError: The file is missing, broken, or not what the reference says.
        LimitError: There are too many elements.
    """
    context.count_elements(math.prod(stored.shape))
    tensors = _open(stored.file, context)
    context.wanted.setdefault(stored.file, set()).add(stored.key)
    if stored.key not in tensors:
        message = f"{stored.file} has no array {stored.key!r}"
        raise wrong(
            message, f"it has {', '.join(map(repr, sorted(tensors)[:8]))}", "data"
        )
    return _checked(stored, tensors[stored.key])


def _open(name: str, context: Context) -> Mapping[str, Any]:
    if name not in context.files:
        context.files[name] = _load(name, context)
    if isinstance(context.files[name], SpecError):
        raise SpecError(context.files[name].problems)
    return context.files[name]  # type: ignore[no-any-return]


def _load(name: str, context: Context) -> Mapping[str, Any] | SpecError:
    if context.folder is None:
        hint = "load the spec from a path, or give a folder"
        return wrong(f"{name} lies beside a file, and this is a text", hint, "data")
    most = 8 * context.limits.max_elements + _HEADER
    try:
        raw = read_bounded(context.folder / name, most, follow=False)
        return dict(deserialize(raw))  # type: ignore[no-untyped-call]
    except FileError as error:
        return wrong(error.problems[0].message, error.problems[0].hint, "data")
    except SafetensorError as error:
        return wrong(f"{name} is not a safetensors file: {error}", "", "data")


def _checked(stored: Stored, tensor: Mapping[str, Any]) -> np.ndarray:
    raw, shape = tensor["data"], tuple(tensor["shape"])
    if hashlib.sha256(raw).hexdigest() != stored.sha256:
        message = f"the bytes of {stored.key!r} do not have the digest in the spec"
        raise wrong(message, "the two files do not belong together", "data")
    if shape != stored.shape:
        message = f"{stored.key!r} has shape {list(shape)}, not {list(stored.shape)}"
        raise wrong(message, "", "data")
    kind, dtype = _STORED_AS.get(tensor["dtype"], ("", ""))
    if kind != stored.kind:
        message = (
            f"{stored.key!r} is stored as {tensor['dtype']}, which is no {stored.kind}"
        )
        able = [name for name, (k, _) in _STORED_AS.items() if k == stored.kind]
        raise wrong(message, f"use one of {', '.join(able)}", "data")
    array = np.frombuffer(raw, dtype=dtype).reshape(shape)
    if kind == "bool" and array.max(initial=0) > 1:
        raise wrong(f"{stored.key!r} has bytes that are neither 0 nor 1", "", "data")
    if kind == "float" and not stored.allow_nonfinite and not np.isfinite(array).all():
        hint = 'write "allow_nonfinite": true if they are meant'
        raise wrong(f"{stored.key!r} has values that are not finite", hint, "data")
    return array.astype(KINDS[kind])


def check_leftovers(context: Context) -> None:
    """Report arrays in files that no reference of the document means."""
    for name, tensors in context.files.items():
        if isinstance(tensors, SpecError):
            continue
        for key in sorted(set(tensors) - context.wanted.get(name, set()))[:8]:
            message = f"{name} has an array {key!r} that the spec does not mention"
            context.report("data", "$.data", message, "leave it out")


# -- writing ------------------------------------------------------------------


def large(data: Iterable[Data]) -> list[Data]:
    """The data that are written beside the JSON."""
    return [d for d in data if d.values is not None and d.values.size > LARGE]


def reference(data: Data, file: str) -> dict[str, Any]:
    """What the JSON says in place of a stored array."""
    nonfinite = data.type.kind == "float" and not np.isfinite(_little(data)).all()
    return {
        "file": file,
        "key": _key(data),
        "kind": data.type.kind,
        "shape": list(data.type.shape),
        "sha256": array_digest(data),
        **({"allow_nonfinite": True} if nonfinite else {}),
    }


def array_digest(data: Data) -> str:
    """The sha256 of an array's bytes, little endian in C order."""
    return hashlib.sha256(_little(data).data).hexdigest()


def sidecar_bytes(data: Iterable[Data]) -> bytes:
    """A safetensors file with all of these arrays."""
    return to_bytes({_key(d): _little(d) for d in data})


def _key(data: Data) -> str:
    # A bare name could be `__metadata__`, which safetensors keeps for itself.
    return f"data.{data.name}"


def _little(data: Data) -> np.ndarray:
    return np.ascontiguousarray(data.values, dtype=_LITTLE[data.type.kind])
