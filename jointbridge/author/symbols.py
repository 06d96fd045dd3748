"""What is symbolic besides values: distributions and supports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from jointbridge.author.location import where
from jointbridge.author.origin import Origin
from jointbridge.errors import SpecError
from jointbridge.expression import Distribution, Support
from jointbridge.shapes import DistributionType
from jointbridge.syntax import show

#: What NumPyro's distributions have as methods, and where it is said here.
_ELSEWHERE = {
    "expand": "independent copies are jb.sample(name, dist, shape=(3,)) or a jb.plate",
    "to_event": "leave it out: all axes of a site are summed; see shape= of jb.sample",
    "mask": "jb.sample(name, dist, mask=...)",
    "sample": "jb.sample(name, dist)",
    "log_prob": "jb.log_prob(dist, value)",
}


@dataclass(frozen=True, slots=True)
class Dist:
    """A distribution with symbolic parameters, for `jb.sample` and `jb.log_prob`."""

    node: Distribution
    type: DistributionType
    origin: Origin

    def __repr__(self) -> str:
        return show(self.node)

    def __getattr__(self, name: str) -> NoReturn:
        message = f"a family of jointbridge has no .{name}"
        if hint := _ELSEWHERE.get(name):
            raise SpecError(message, code="usage", hint=hint, path=where())
        raise AttributeError(message)


@dataclass(frozen=True, slots=True)
class Region:
    """A support whose bounds may be symbolic."""

    node: Support
    origin: Origin

    def __repr__(self) -> str:
        return show(self.node)
