"""Where in the user's source something happens, and what the user calls it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pyro
import torch

import jointbridge

#: Folders of the libraries: a user's own code lies elsewhere.
_LIBRARIES = tuple(
    str(Path(str(module.__file__)).parent) + "/"
    for module in (jointbridge, pyro, torch)
)
_OTHERS = ("contextlib.py", "functools.py", "inspect.py", "abc.py")


def user_frame() -> FrameType | None:
    """The innermost frame that is not a library's."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the public way copies
    while frame is not None and _is_library(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _is_library(filename: str) -> bool:
    return filename.startswith((*_LIBRARIES, "<frozen")) or filename.endswith(_OTHERS)


def place_of(frame: FrameType | None) -> str:
    """`model.py:12`; empty where there is no frame."""
    if frame is None:
        return ""
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


def local_tensors(frame: FrameType | None) -> Iterator[tuple[str, Any]]:
    """The tensors that a frame has names for."""
    if frame is not None and frame.f_code.co_name != "<module>":
        for name, value in frame.f_locals.items():
            if isinstance(value, torch.Tensor) and not name.startswith(("_", ".")):
                yield name, value
