"""The types of names and nodes, inferred once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jointbridge.expression import Distribution
from jointbridge.shapes.basic import DistributionType
from jointbridge.shapes.distributions import distribution
from jointbridge.shapes.expressions import expression
from jointbridge.spec import Type


@dataclass
class Scope:
    """The types of the names in sight, and of every node asked about so far."""

    names: dict[str, Type] = field(default_factory=dict)
    _seen: dict[int, tuple[Any, Any]] = field(default_factory=dict, repr=False)

    def child(self, names: Mapping[str, Type]) -> Scope:
        """A scope that sees `names` as well."""
        return Scope({**self.names, **names})

    def type(self, node: Any) -> Type:
        """The type of an expression.

        Raises:
            SpecError: Shapes or kinds do not fit, or a name is unknown.
        """
        return self._once(node, expression)  # type: ignore[no-any-return]

    def distribution(self, node: Distribution) -> DistributionType:
        """Batch and event shape of a distribution.

        Raises:
            SpecError: A parameter has a wrong shape or kind.
        """
        return self._once(node, distribution)  # type: ignore[no-any-return]

    def _once(self, node: Any, rule: Callable[[Any, Scope], Any]) -> Any:
        # The node is kept beside its type so that its id stays its own.
        found = self._seen.get(id(node))
        if found is None:
            found = self._seen[id(node)] = (node, rule(node, self))
        return found[1]
