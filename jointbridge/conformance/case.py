"""A case: a family in one form, with parameters, values and its textbook density."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from jointbridge.expression import Distribution, Name, substitute
from jointbridge.syntax import make_distribution, parse, show


@dataclass(frozen=True)
class Case:
    """One row of the suite.

    Attributes:
        params: Typical parameters. Numbers and lists of them are free: gradients are asked
            for them. A text is a literal of the distribution, such as a size.
        values: Typical and tail values inside the support, and off its edges.
        density: The log density, as a function of the value and then of the parameters in
            their order, in the arithmetic of `oracles`.
        text: The distribution over the names of `params`, for families that take families;
            others are written from their parameters.
        name: The family, then words for the form.
    """

    params: Mapping[str, Any]
    values: Sequence[Any]
    density: Callable[..., Any]
    text: str = ""
    name: str = ""

    @property
    def family(self) -> str:
        """The family's name in the catalogue."""
        return self.name.split()[0]

    @cached_property
    def free(self) -> dict[str, Any]:
        """The parameters that are numbers, or lists of them."""
        return {n: x for n, x in self.params.items() if not isinstance(x, str)}

    @cached_property
    def distribution(self) -> Distribution:
        """The distribution, with a name for each free parameter."""
        return self._over({n: Name(n) for n in self.free})

    def at(self, given: Mapping[str, Any]) -> Distribution:
        """The distribution with literal parameters."""
        return self._over({n: parse(json.dumps(given[n])) for n in self.free})

    def with_names(
        self, given: Mapping[str, Any], names: Mapping[str, Name]
    ) -> Distribution:
        """The distribution with literal parameters, some of them under other names."""
        literal = {n: parse(json.dumps(given[n])) for n in self.free}
        return self._over({**literal, **names})

    def written(self) -> str:
        """The distribution with its typical parameters, as text."""
        return show(self.at(self.free))

    def exact(self, value: Any, given: Mapping[str, Any]) -> Any:
        """The oracle's log density, in the arithmetic of the numbers given.

        Args:
            value: A number, or lists of numbers.
            given: The free parameters, alike.
        """
        filled = [
            json.loads(x) if isinstance(x, str) else given[n]
            for n, x in self.params.items()
        ]
        return self.density(value, *filled)

    def _over(self, nodes: Mapping[str, Any]) -> Distribution:
        if self.text:
            filled: Distribution = substitute(parse(self.text), nodes)
            return filled
        literal = {n: parse(x) for n, x in self.params.items() if isinstance(x, str)}
        ordered = {n: {**nodes, **literal}[n] for n in self.params}
        return make_distribution(self.family, [], ordered)


def named(rows: Mapping[str, Case]) -> dict[str, Case]:
    """The rows of a table, each with its name."""
    return {name: replace(case, name=name) for name, case in rows.items()}
