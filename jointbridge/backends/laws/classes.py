"""Classes of a library for families that it lacks: what those of all libraries share.

A library gives its base class, which keeps a family's parameters, scores and draws by its
law; here it gets the family's name, signature, documentation and constraints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import Any

from jointbridge.backends.base import Region
from jointbridge.backends.laws.law import Law, region
from jointbridge.expression import Number
from jointbridge.families import FAMILIES, Family
from jointbridge.families import Parameter as Row


def class_of(name: str, law: Law, base: type, **more: Any) -> type:
    """A class of a family.

    Args:
        name: The family's.
        law: The family's.
        base: What it is made from, a class of the library; it stands in its module.
        **more: What stands in the class besides.
    """
    family = FAMILIES[name]
    body = {
        "__doc__": f"{family.meaning[0].upper()}{family.meaning[1:]}.",
        "__module__": base.__module__,
        "__qualname__": name,
        "family": family,
        "law": law,
    }
    found: type = type(base)(name, (base,), body | more)
    return found


def constrained(
    family: Family, constraints: Any, constraint: Callable[[Region], Any]
) -> dict[str, Any]:
    """The `support` and the `arg_constraints` of a class.

    Args:
        family: The row of the class.
        constraints: The library's module of constraints.
        constraint: The library's constraint for a support with its bounds.
    """

    def support(self: Any) -> Any:
        return constraint(region(self.family, self._arrays, self._given))

    domains = {n: domain(family, n) for n in family.parameters}
    return {
        "arg_constraints": {
            n: constraints.dependent if found is None else constraint(found)
            for n, found in domains.items()
        },
        "support": constraints.dependent_property(
            support, is_discrete=family.discrete, event_dim=len(family.axes)
        ),
    }


def constructor(
    base: type, rows: Mapping[str, Row], *others: Parameter
) -> Callable[..., None]:
    """The `__init__` of a class: its base's, with a signature of its own.

    Args:
        base: A class whose `__init__` takes anything; see `given_to`.
        rows: The parameters, by name.
        *others: What the library wants besides.
    """

    def __init__(self: Any, *args: Any, **keywords: Any) -> None:  # noqa: N807
        base.__init__(self, *args, **keywords)  # type: ignore[misc]

    __init__.__signature__ = signature_of(rows, *others)  # type: ignore[attr-defined]
    return __init__


def given_to(instance: Any, args: Any, keywords: Any) -> dict[str, Any]:
    """What a constructor was given, by name, with defaults for what was not."""
    bound = type(instance).__init__.__signature__.bind(instance, *args, **keywords)
    bound.apply_defaults()
    given = dict(bound.arguments)
    del given["self"]
    return given


def signature_of(rows: Mapping[str, Row], *others: Parameter) -> Signature:
    """What a class takes: its parameters, of alternatives any, then others."""
    kind = Parameter.POSITIONAL_OR_KEYWORD
    own = [Parameter("self", kind)]
    for p in rows.values():
        default = p.default.value if p.default else Parameter.empty
        own.append(Parameter(p.name, kind, default=None if p.choice else default))
    return Signature([*own, *others])


def domain(family: Family, name: str) -> Region | None:
    """The domain of a parameter, or None where it depends on others."""
    support = family.parameters[name].domain
    numbers = [node for _, node in support.params if isinstance(node, Number)]
    if len(numbers) < len(support.params):
        return None
    names = (n for n, _ in support.params)
    bounds = {n: node.value for n, node in zip(names, numbers, strict=True)}
    return Region(support, bounds)
