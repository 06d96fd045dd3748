"""Written modules, run as their readers would run them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from jointbridge import Joint
from jointbridge.backends.writing.names import identifier
from tests.porting.native import Library, Opened


def load(text: str, path: Path) -> ModuleType:
    """A module from its text, by way of a file."""
    path.write_text(text, encoding="utf-8")
    found = spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    sys.modules[path.stem] = module  # for what asks where its code stands
    try:
        found.loader.exec_module(module)
    finally:
        del sys.modules[path.stem]
    return module


def open_written(library: Library, joint: Joint, text: str, folder: Path) -> Opened:
    """The model of a written module, with the data it is to be called with."""
    module = load(text, folder / f"written_{library.name}.py")
    function = getattr(module, identifier(joint.spec.name))
    data = _data(module, function, joint)
    return library.open(function, (), data)


def _data(module: ModuleType, function: Any, joint: Joint) -> Mapping[str, Any]:
    """`DATA` of the module; what is stored beside it comes from the spec."""
    if hasattr(module, "DATA"):
        return module.DATA
    takes = inspect.signature(function).parameters
    by_identifier = {identifier(d.name): d.values for d in joint.spec.data}
    return {n: by_identifier[n.rstrip("_")] for n in takes}
