"""What a row of the catalogue says, and the signature text it is written in.

loc: real[K] = 0, covariance_matrix: positive_definite[K, K] | scale_tril: …

name: domain[event axes] = default      `|` between parameters of which exactly one
                                        is given; a domain may name earlier
                                        parameters, `high: greater_than(low)`, and axes,
                                        `concentration: greater_than(K - 1)`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from jointbridge.expression import Call, Name, Number, Support
from jointbridge.support import SUPPORTS

#: Domains of parameters that are not arrays.
DISTRIBUTION, SUPPORT, STATIC_SIZE = "distribution", "support", "size"
DISTRIBUTIONS, TRANSFORM = "distributions", "transform"
_SPECIAL = {DISTRIBUTION, DISTRIBUTIONS, SUPPORT, STATIC_SIZE, TRANSFORM}

_PARAMETER = re.compile(
    r"(?P<name>\w+): (?P<domain>\w+)(?:\((?P<bounds>[^)]*)\))?"
    r"(?:\[(?P<axes>[^\]]*)\])?(?: = (?P<default>\S+))?$"
)


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, its domain and the names of its event axes.

    Attributes:
        domain: The set of allowed values, or one of `distribution`, `distributions`,
            `support`, `transform`, `size`.
        axes: Names of the trailing axes; equal names mean equal sizes.
        default: The value where it is not written, or None where it must be.
        choice: Parameters with the same number exclude each other; 0 for none.
    """

    name: str
    domain: Support
    axes: tuple[str, ...] = ()
    default: Number | None = None
    choice: int = 0

    @property
    def special(self) -> str | None:
        """`distribution`, `support`, `size` and the like where it is not an array."""
        return self.domain.name if self.domain.name in _SPECIAL else None


@dataclass(frozen=True)
class Family:
    """One row of the catalogue.

    Attributes:
        name: NumPyro's name for it.
        signature: The parameters, in NumPyro's order, as signature text.
        support: The values it gives mass to, as a support over the parameters.
        axes: Names of the event axes of a value.
        meaning: One line for people.
        log_density: The density as an expression over `value` and the parameters.
        source: Where the density is written down.
        measure: What the density is a density against.
        truncates: Whether `Truncated` may take it (it has a distribution function).
        improper: Whether its mass is infinite, so that it has no draws.
        same_as: Another family that it is, its parameters in terms of this one's.
        cdf: The distribution function, where censored families need it.
    """

    name: str
    signature: str
    support: str
    meaning: str
    log_density: str
    source: str
    axes: tuple[str, ...] = ()
    measure: str = "Lebesgue"
    truncates: bool = False
    improper: bool = False
    same_as: str = ""
    cdf: str = ""

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in order."""
        return parameters(self.signature)

    @cached_property
    def choices(self) -> dict[int, tuple[str, ...]]:
        """Groups of parameters of which exactly one is given."""
        groups: dict[int, tuple[str, ...]] = {}
        for p in self.parameters.values():
            if p.choice:
                groups[p.choice] = (*groups.get(p.choice, ()), p.name)
        return groups

    @cached_property
    def alternatives(self) -> frozenset[str]:
        """The parameters that stand in one of these groups."""
        return frozenset(n for names in self.choices.values() for n in names)

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """The parameters that positions fill: of alternatives, the first."""
        others = {n for names in self.choices.values() for n in names[1:]}
        return tuple(n for n in self.parameters if n not in others)

    @property
    def discrete(self) -> bool:
        """Whether values are counted rather than measured."""
        return self.measure == "counting"


def parameters(signature: str) -> dict[str, Parameter]:
    """The parameters that a signature text says, by name, in order."""
    rows: dict[str, Parameter] = {}
    parts = re.split(r", (?=\w+:)", signature) if signature else []
    for number, part in enumerate(parts, start=1):
        names = part.split(" | ")
        for text in names:
            parameter = _parameter(text, number if len(names) > 1 else 0)
            rows[parameter.name] = parameter
    return rows


def _parameter(text: str, choice: int) -> Parameter:
    match = _PARAMETER.match(text)
    if match is None:
        msg = f"not a parameter: {text!r}"
        raise ValueError(msg)
    name, domain, bounds, axes, default = match.groups()
    return Parameter(
        name,
        _domain(domain, bounds.split(", ") if bounds else []),
        tuple(re.findall(r"\w+", axes or "")),
        None if default is None else _number(default),
        choice,
    )


def _domain(name: str, bounds: list[str]) -> Support:
    if name in _SPECIAL:
        return Support(name)
    row = SUPPORTS[name]
    return Support(name, tuple(zip(row.bounds, map(_bound, bounds), strict=True)))


def _bound(text: str) -> Name | Number | Call:
    """A bound of a domain: a number, a name, or a name less a number."""
    name, minus, less = text.partition(" - ")
    if minus:
        return Call("subtract", (Name(name), _number(less)))
    return Name(name) if name.isidentifier() else _number(name)


def _number(text: str) -> Number:
    return Number(int(text) if text.lstrip("-").isdigit() else float(text))
