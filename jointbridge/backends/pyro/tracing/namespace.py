"""The arrays that the user knows by a name: arguments, closures, globals, fields."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, MethodType
from typing import Any

import numpy as np
import torch

#: How far into containers and objects is looked, and how many are looked at.
_DEPTH, _MOST = 6, 10_000


class Namespace:
    """Arrays by name, the arguments of the model first.

    Args:
        model: The model, possibly inside handlers.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
    """

    def __init__(
        self, model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        self.arrays: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._seen: dict[int, Any] = {}
        self._least_rank = 0
        for name, value in arguments(model, args, kwargs).items():
            self._visit(name, value, 0)
        #: A number that stands somewhere around the model is no data, unless in a
        #: dictionary, as data are kept in.
        self._least_rank = 1
        self._visit("", model, 0)

    def find(self, x: torch.Tensor) -> str:
        """The name of a tensor; empty where it has none."""
        return self._names.get(id(x), "")

    def like(self, values: np.ndarray) -> str:
        """The name of NumPy's array with these values; empty where there is none.

        A tensor is known by its identity; of an array, torch has only a copy.
        """
        for name, array in self.arrays.items():
            if isinstance(array, np.ndarray) and np.array_equal(array, values):
                return name
        return ""

    def _visit(self, name: str, value: Any, depth: int, *, entry: bool = False) -> None:
        if depth > _DEPTH or id(value) in self._seen or len(self._seen) > _MOST:
            return
        if isinstance(value, (torch.Tensor, np.ndarray)):
            self._seen[id(value)] = value
            ranked = entry or len(value.shape) >= self._least_rank
            if ranked and _is_data(value):
                self._add(name or "data", value)
        elif not isinstance(value, _CLOSED):
            self._seen[id(value)] = value
            entries = isinstance(value, Mapping)
            for word, inner in _inside(name, value):
                self._visit(word, inner, depth + 1, entry=entries)

    def _add(self, name: str, array: Any) -> None:
        unique, number = name, 1
        while unique in self.arrays:
            number += 1
            unique = f"{name}_{number}"
        self.arrays[unique] = array
        self._names[id(array)] = unique


#: What has no data inside, or only what nobody has a name for.
_CLOSED: tuple[type, ...] = (
    str,
    bytes,
    int,
    float,
    complex,
    type,
    type(None),
    type(inspect),
    torch.dtype,
)
_CLOSED += (
    torch.distributions.Distribution,
    torch.distributions.constraints.Constraint,
)


def arguments(
    model: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments of a call by the names of the parameters."""
    function = unwrapped(model)
    if isinstance(function, torch.nn.Module):
        function = function.forward
    try:
        return bound(function, args, kwargs)
    except (TypeError, ValueError):
        numbered = {f"arg_{n}": value for n, value in enumerate(args)}
        return {**numbered, **kwargs}


def bound(
    function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Arguments by parameter, those in `**kwargs` under their own names.

    Raises:
        TypeError: The function does not take them.
    """
    call = inspect.signature(function).bind(*args, **kwargs)
    found = dict(call.arguments)
    for parameter in call.signature.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            found.update(found.pop(parameter.name, {}))
    return found


def unwrapped(model: Any) -> Any:
    """The function of the user, without Pyro's handlers around it."""
    while True:
        if isinstance(model, functools.partial):
            handles = getattr(model.func, "__name__", "") == _WRAP
            if not handles and (model.args or model.keywords):
                return model
            model = model.args[1] if handles else model.func
        elif hasattr(model, "msngr") and hasattr(model, "fn"):
            model = model.fn
        else:
            return model


#: What Pyro puts between a handler and the function that it handles.
_WRAP = "_context_wrap"


def _inside(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What something holds, with a name for each part."""
    match value:
        case Mapping():
            yield from ((str(key), item) for key, item in value.items())
        case tuple() | list():
            if len(value) < 1000:
                yield from ((f"{name}_{n}", item) for n, item in enumerate(value))
        case functools.partial():
            yield from (("", item) for item in value.args)
            yield from value.keywords.items()
            yield "", value.func
        case MethodType():
            yield "", value.__self__
            yield "", value.__func__
        case FunctionType():
            yield from _variables(value)
        case torch.nn.Module():
            yield from vars(value)["_buffers"].items()
            own = vars(value).items()
            yield from ((k, v) for k, v in own if not k.startswith("_"))
            yield "", getattr(value, "forward", None)
        case _ if hasattr(value, "__dict__"):
            yield from vars(value).items()


def _variables(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """The variables of a function that are not its own: closures and globals."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in cells:
        try:
            yield name, cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    for name in sorted(_names(function.__code__)):
        if name in function.__globals__:
            yield name, function.__globals__[name]


def _names(code: CodeType) -> set[str]:
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _is_data(array: Any) -> bool:
    if isinstance(array, torch.Tensor):
        return not (array.is_complex() or isinstance(array, torch.nn.Parameter))
    return array.dtype.kind in "fiub"


def as_numpy(array: Any) -> np.ndarray:
    """A NumPy copy of a tensor or an array."""
    if isinstance(array, torch.Tensor):
        return array.detach().cpu().numpy().copy()
    return np.array(array)
