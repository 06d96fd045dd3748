"""jointbridge: one joint distribution, every probabilistic programming language.

    import jointbridge as jb

    @jb.model
    def eight_schools(sigma, y): ...

    joint = eight_schools(sigma, y)      # a jb.Joint
    jb.check(joint)                      # do the backends agree?

Importing jointbridge imports no framework; names are looked up when first used.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

__version__ = "0.1.0"

#: Where the public names live that are not words of the authoring language.
_HOMES = {
    "Joint": "jointbridge.joint",
    "load": "jointbridge.joint",
    "loads": "jointbridge.joint",
    "model": "jointbridge.joint",
    "validate": "jointbridge.document",
    "schema": "jointbridge.document",
    "Limits": "jointbridge.document",
    "check": "jointbridge.comparison",
    "compare": "jointbridge.comparison",
    "Comparison": "jointbridge.comparison",
    "Report": "jointbridge.comparison",
    "JointBridgeError": "jointbridge.errors",
    "SpecError": "jointbridge.errors",
    "LimitError": "jointbridge.errors",
    "FileError": "jointbridge.errors",
    "BackendError": "jointbridge.errors",
    "ReadError": "jointbridge.backends.reading",
    "UnsupportedError": "jointbridge.errors",
    "UnsamplableError": "jointbridge.errors",
    "ValueMismatchError": "jointbridge.errors",
}


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if find_spec(f"jointbridge.{name}"):
        return import_module(f"jointbridge.{name}")
    author = import_module("jointbridge.author")
    if name in author.names():
        return getattr(author, name)
    # A backend's own module, as `jb.numpyro`, and its importer, as `jb.from_numpyro`.
    backends = import_module("jointbridge.backends")
    if name.startswith("from_") and name.removeprefix("from_") in backends.names():
        return import_module("jointbridge.joint").reader(name.removeprefix("from_"))
    if name in backends.names():
        return backends.module(name)
    hint = import_module("jointbridge.errors").did_you_mean(name, __dir__())
    message = f"module 'jointbridge' has no attribute {name!r}; {hint}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    author = import_module("jointbridge.author")
    readers = {f"from_{n}" for n in import_module("jointbridge.backends").names()}
    return sorted({*globals(), *_HOMES, *author.names(), *readers})
