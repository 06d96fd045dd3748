"""Written modules, run as their readers would run them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from jointbridge import Joint
from jointbridge.backends.writing.effects import Effects
from jointbridge.backends.writing.model import model_function
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
    return OPENERS[library.name](module, joint)


def _numpyro(module: ModuleType, joint: Joint) -> Opened:
    from jointbridge.backends.numpyro.write import NumPyro

    function, data = _model(module, joint, NumPyro())
    return Opened(function, (), data)


def _pyro(module: ModuleType, joint: Joint) -> Opened:
    import torch

    from jointbridge.backends.pyro.write_language import PyroLanguage

    function, data = _model(module, joint, PyroLanguage())
    tensors = {n: torch.as_tensor(np.array(x)) for n, x in data.items()}
    return Opened(function, (), tensors)


def _model(
    module: ModuleType, joint: Joint, language: Effects
) -> tuple[Callable[..., Any], Mapping[str, Any]]:
    """The function of a model, and its arguments."""
    written = model_function(language, joint.spec)
    data = {written.arguments[d.name]: d.values for d in joint.spec.data}
    function = getattr(module, written.code.name)
    return function, _taken(function, getattr(module, "DATA", data))


def _taken(function: Callable[..., Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the data that a function takes; what it has itself is left to it."""
    parameters = inspect.signature(function).parameters.values()
    wanted = (p.name for p in parameters if p.default is p.empty or p.name in data)
    return {n: data[n] for n in wanted}


@dataclass(frozen=True)
class Pinned:
    """A written joint of TFP with the values of its observed components.

    Attributes:
        joint: What the written function makes.
        pins: What the written `observed` gives.
        components: By site, what its component is called.
        stems: By site in a loop, what its components are called before the step.
    """

    joint: Any
    pins: Mapping[str, Any]
    components: Mapping[str, str]
    stems: Mapping[str, str]

    #: Its values come by name.
    dtype: ClassVar[dict[str, Any]] = {}

    def log_prob(self, **values: Any) -> Any:
        """At values of the latent sites."""
        given = dict(self._components(values))
        assert not given.keys() & self.pins.keys()
        return self.joint.log_prob(**given, **self.pins)

    def _flat_resolve_names(self) -> tuple[str, ...]:
        """The names that values come by, as TFP's joints are asked for them: sites."""
        return (*self.components, *self.stems)

    def _components(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for site, value in values.items():
            if site in self.stems:
                steps = enumerate(value)
                yield from ((f"{self.stems[site]}_{t}", x) for t, x in steps)
            else:
                yield self.components[site], value


def _tfp(module: ModuleType, joint: Joint) -> Opened:
    from jointbridge.backends.tfp.write_model import Parts

    parts = Parts(joint.spec)
    names = parts.identifiers
    data = getattr(module, "DATA", {names[d.name]: d.values for d in parts.spec.data})
    function = getattr(module, parts.title)
    made = function(**_taken(function, data))
    observed = getattr(module, "observed", _nothing)
    pins = observed(**_taken(observed, data))
    components = {c.name: names[c.name] for c in parts.components}
    return Opened(Pinned(made, pins, components, parts.stems))


def _nothing() -> dict[str, Any]:
    return {}


OPENERS = {"numpyro": _numpyro, "pyro": _pyro, "tfp": _tfp}
