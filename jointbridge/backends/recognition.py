"""Which library a model is written for, without importing any of them.

What a function refers to is followed through its globals, closures and helper functions;
the packages that these names come from belong to one backend or another.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from types import CodeType, FunctionType, ModuleType
from typing import Any

from jointbridge import backends
from jointbridge.errors import UnsupportedError

#: Helper functions are followed through so many calls.
_DEPTH = 6

_OURS = "jointbridge"


def recognise(model: Any) -> str | None:
    """The backend that a model is written for; None where nothing says so.

    Raises:
        UnsupportedError: It refers to several libraries.
    """
    roots = set(_roots(model, _DEPTH, set()))
    found = [name for name, own in packages().items() if own & roots]
    if len(found) > 1:
        names = ", ".join(backends.get(n).title for n in found)
        message = f"the model refers to several libraries: {names}"
        raise UnsupportedError(message, code="usage", hint="say which one it is for")
    return found[0] if found else None


def is_ours(model: Any) -> bool:
    """Whether a function is written with jointbridge's own words."""
    return _OURS in set(_roots(model, _DEPTH, set()))


@functools.cache
def packages() -> dict[str, frozenset[str]]:
    """The top-level packages that belong to one backend alone."""
    owners = _owners()
    return {
        name: frozenset(p for p, of in owners.items() if of == {name})
        for name in backends.names()
    }


@functools.cache
def _owners() -> dict[str, set[str]]:
    """The top-level packages that backends need, with the backends that need them."""
    needed = {name: _needed(name) for name in backends.names()}
    owners = {
        package: {n for n, all_ in needed.items() if all_ & set(map(_plain, sources))}
        for package, sources in packages_distributions().items()
    }
    return {package: of for package, of in owners.items() if of}


def _needed(name: str) -> set[str]:
    """The projects that a backend needs, by the metadata of what registered it."""
    point = backends.entry_point(name)
    requires = (point.dist.requires or []) if point.dist else []
    extra = [r for r in requires if re.search(rf"extra == ['\"]{name}['\"]", r)]
    return {_plain(re.split(r"[^\w.-]", r)[0]) for r in extra or requires}


def _plain(project: str) -> str:
    return re.sub(r"[-_.]+", "-", project).lower()


def _roots(value: Any, depth: int, seen: set[int]) -> Iterator[str]:
    """The top-level packages that a value comes from or refers to."""
    if depth == 0 or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, ModuleType):
        yield value.__name__.partition(".")[0]
    elif isinstance(value, functools.partial):
        yield from _roots(value.func, depth, seen)
    elif isinstance(value, FunctionType):
        root = (value.__module__ or "").partition(".")[0]
        yield root
        # What a library's own functions refer to says nothing of the model.
        for found in () if root in _owners() or root == _OURS else _referred(value):
            yield from _roots(found, depth - 1, seen)
    elif hasattr(value, "__func__"):
        yield from _roots(value.__func__, depth, seen)
    else:
        kind = value if isinstance(value, type) else type(value)
        yield from (base.__module__.partition(".")[0] for base in kind.__mro__)
        yield (getattr(value, "__module__", None) or "").partition(".")[0]


def _referred(function: FunctionType) -> Iterator[Any]:
    for name in _names(function.__code__):
        if name in function.__globals__:
            yield function.__globals__[name]
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not bound yet
            continue
    if hasattr(function, "__wrapped__"):
        yield function.__wrapped__
    yield from _imported(function.__code__)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _imported(code: CodeType) -> Iterator[ModuleType]:
    """Modules that are imported inside of the function."""
    import dis
    import sys

    for step in dis.get_instructions(code):
        if step.opname == "IMPORT_NAME" and step.argval in sys.modules:
            yield sys.modules[step.argval]
