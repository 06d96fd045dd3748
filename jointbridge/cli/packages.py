"""The packages behind a backend, from the metadata of what registered it.

Nothing is imported: an extra of the backend's name (`jointbridge[NAME]`) lists its
packages; a backend in a package of its own needs what that package needs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import (
    Distribution,
    EntryPoint,
    PackageNotFoundError,
    entry_points,
    packages_distributions,
    version,
)
from importlib.util import find_spec

from jointbridge import backends as registry
from jointbridge.errors import BackendError, did_you_mean

_REQUIREMENT = re.compile(
    r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*\(?([^;)]*)\)?\s*(?:;(.*))?$"
)
_BOUND = re.compile(r"(>=|<=|==|<|>)\s*([0-9][0-9A-Za-z.]*)")

#: What the oracles of the conformance suite need, beyond what jointbridge itself does.
_ORACLES = ("mpmath", "flint", "scipy")

_HOLDS = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}


@dataclass(frozen=True)
class Package:
    """A package that a backend needs.

    Attributes:
        name: Its name on PyPI.
        bounds: The versions that were tested, as written in the requirement.
        version: The version installed, or None.
    """

    name: str
    bounds: str
    version: str | None

    @property
    def tested(self) -> bool:
        """Whether the installed version is within the bounds."""
        if self.version is None:
            return False
        here = _numbers(self.version)
        return all(
            _HOLDS[sign](here[: len(bound)] if sign == "==" else here, bound)
            for sign, text in _BOUND.findall(self.bounds)
            for bound in [_numbers(text)]
        )


def entry_point(name: str) -> EntryPoint:
    """Where the backend called `name` is registered."""
    return entry_points(group=registry.GROUP)[name]


def packages(name: str) -> tuple[Package, ...]:
    """The packages that the backend called `name` needs."""
    dist = entry_point(name).dist
    found = [_requirement(text) for text in (dist.requires or [])] if dist else []
    extra = [p for p, marker in found if f"extra=='{name}'" in marker]
    return tuple(extra or [p for p, marker in found if "extra==" not in marker])


def installed(name: str) -> bool:
    """Whether all packages of a backend are there; they may still not work."""
    return all(package.version for package in packages(name))


def require(name: str) -> None:
    """Make sure that a backend is registered and its packages are there.

    Raises:
        BackendError: It is not, with the command that helps.
    """
    known = registry.names()
    if name not in known:
        raise BackendError(f"no backend {name!r}", hint=did_you_mean(name, known))
    missing = [p.name for p in packages(name) if p.version is None]
    if missing:
        message = f"backend {name!r} is not installed: {', '.join(missing)} missing"
        raise BackendError(message, hint=fix(name))


def fix(name: str) -> str:
    """The command that installs what a backend needs."""
    dist = entry_point(name).dist
    return f'pip install "{_spelled(dist, name)}"'


def shared_modules(name: str) -> dict[str, list[str]]:
    """Modules of a backend's packages that several packages have installed."""
    mine = {_canonical(p.name) for p in packages(name)}
    found = {}
    for module, dists in packages_distributions().items():
        owners = sorted({_canonical(d) for d in dists})
        if len(owners) > 1 and mine & set(owners) and not module.startswith("_"):
            found[module] = owners
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _spelled(dist: Distribution | None, name: str) -> str:
    if dist is None:
        return name
    extras = dist.metadata.get_all("Provides-Extra") or []
    return f"{dist.name}[{name}]" if name in extras else dist.name


def _requirement(text: str) -> tuple[Package, str]:
    match = _REQUIREMENT.match(text)
    assert match, f"not a requirement: {text!r}"
    name, bounds, marker = match.groups()
    try:
        here: str | None = version(name)
    except PackageNotFoundError:
        here = None
    plain = re.sub(r"\s", "", marker or "").replace('"', "'")
    return Package(name, bounds.strip(), here), plain


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", text.split("+")[0]))


def require_oracles() -> None:
    """Make sure that exact numbers can be computed at all.

    Raises:
        BackendError: A package of the oracles is missing.
    """
    if missing := [name for name in _ORACLES if find_spec(name) is None]:
        message = f"the oracles need {', '.join(missing)}"
        raise BackendError(message, hint='pip install "jointbridge[conformance]"')
